"""Every page a role has, as Chromium draws it: no fault of accessibility, nothing too wide."""

import pytest

from mentorship.permissions import Role
from tests.browser.conftest import SCREENS, check_axe, check_fits
from tests.test_permissions import address, pages_of

# These pages speak the language of the child they are handed to.
FOR_THE_CHILD = "/children/<int:child_id>/interests"
ROLES = [Role.COORDINATOR, Role.MENTOR, Role.MANAGER, Role.ADMINISTRATOR]


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize("role", ROLES)
def test_every_page_can_be_used_by_everybody(live, world, sign_in_as, role, language):
    page = sign_in_as(world.roles[role], language)
    for rule in pages_of(role, with_people=True):
        page.set_viewport_size(SCREENS["phone"])
        page.goto(live.config["ADDRESS"] + address(live, rule, world.home.ids))
        if not rule.startswith(FOR_THE_CHILD):
            assert page.get_attribute("html", "lang") == language
        check_fits(page)
        if language == "ru":  # the rules of axe ask nothing of the language
            check_axe(page)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_colours_have_contrast_by_day_and_by_night(live, world, sign_in_as, scheme):
    page = sign_in_as(world.roles[Role.COORDINATOR], "ru")
    page.emulate_media(color_scheme=scheme)
    for path in ("/today", "/matches", "/mentors/new"):
        page.goto(live.config["ADDRESS"] + path)
        check_axe(page)
