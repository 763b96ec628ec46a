"""Every page a role has, as Chromium draws it: no fault of accessibility, nothing too wide."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from mentorship.permissions import Role
from tests.browser.conftest import SCREENS, check_axe, check_fits
from tests.test_permissions import address, pages_of

# These pages speak the language of the child they are handed to.
FOR_THE_CHILD = (
    "/children/<int:child_id>/interests",
    "/v/",
    "/surveys/<int:survey_id>/tablet",
    "/surveys/<int:survey_id>/thanks",
)
ROLES = [Role.COORDINATOR, Role.MENTOR, Role.MANAGER, Role.ADMINISTRATOR]
# In portions, so that both test processes have something to do.
PORTIONS = [
    *((Role.COORDINATOR, number, 4) for number in range(4)),
    *((role, 0, 1) for role in ROLES[1:]),
]


def seen_before(rule, role):
    """Whether somebody further up has this page too: then its colours are measured there."""
    earlier = ROLES[: ROLES.index(role)]
    return any(rule in pages_of(other, with_people=True) for other in earlier)


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize(("role", "number", "portions"), PORTIONS)
def test_every_page_can_be_used_by_everybody(
    live, world, sign_in_as, role, number, portions, language
):
    page = sign_in_as(world.roles[role], language)
    page.set_viewport_size(SCREENS["phone"])
    if language == "kk":
        page.add_init_script(AXE_SCRIPT)
    for place, rule in enumerate(pages_of(role, with_people=True)[number::portions]):
        page.goto(live.config["ADDRESS"] + address(live, rule, world.home.ids))
        if not rule.startswith(FOR_THE_CHILD):
            assert page.get_attribute("html", "lang") == language
        check_fits(page)
        if place == 0:
            check_axe(page)  # head and foot are the same on all of them
        else:
            check_axe(page, contrast_of="h1" if seen_before(rule, role) else "main")


PALE = "<p style='color: #bbb; background: #fff'>Өте ақшыл сөз</p>"


@pytest.mark.parametrize("contrast_of", [None, "main"])
@pytest.mark.parametrize(("inside", "fault"), [("<input>", "label"), (PALE, "color-contrast")])
def test_a_fault_of_a_page_is_found(page, inside, fault, contrast_of):
    page.set_content(f"<html lang='kk'><title>Бет</title><main>{inside}</main></html>")
    with pytest.raises(AssertionError, match=fault):
        check_axe(page, contrast_of)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_colours_have_contrast_by_day_and_by_night(live, world, sign_in_as, scheme):
    page = sign_in_as(world.roles[Role.COORDINATOR])
    page.emulate_media(color_scheme=scheme)
    for path in ("/today", "/matches", "/mentors/new"):
        page.goto(live.config["ADDRESS"] + path)
        check_axe(page)
