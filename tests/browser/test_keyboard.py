"""A round decided without a mouse: the keys of the list, in a real Chromium."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from mentorship import clock
from mentorship.accounts.models import User
from mentorship.database import db
from mentorship.matches.models import Proposal, Round
from tests import factories
from tests.browser.conftest import check_axe, check_fits
from tests.world import World

TABS = 60  # more than any page has before its list


@pytest.fixture
def round_id(live: Flask, world: World) -> int:
    """A round with six open pairs."""
    with live.app_context():
        today = clock.today()
        found = factories.matching_round(
            db.session, start_on=today, mentors=6, children=6, points=300, bound=300
        )
        for number in range(6):
            factories.proposal(
                db.session,
                mentor=factories.eligible_mentor(db.session, on=today),
                child=factories.eligible_child(db.session, on=today),
                round=found,
                points=100 - number,
            )
        db.session.commit()
        return found.id


@pytest.fixture
def statuses(live: Flask, round_id: int):
    """The statuses of the round's pairs as the list shows them."""

    def statuses() -> list[str]:
        with live.app_context():
            rows = select(Proposal.status).where(Proposal.round_id == round_id)
            return list(db.session.scalars(rows.order_by(Proposal.points.desc())))

    return statuses


def press(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def tab_to_the_list(page: Page) -> None:
    """Tab as somebody without a mouse does, until a row has the focus."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('form[data-rows] tbody tr')"):
            return
    raise AssertionError("no row takes the focus")


def focused(page: Page) -> int:
    """Which row of the list has the focus."""
    return int(
        page.evaluate("[...document.querySelectorAll('tbody tr')].indexOf(document.activeElement)")
    )


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_several_pairs_are_approved_and_undone_with_the_keyboard_alone(
    sign_in_as, world, round_id, statuses, language, base_url
):
    page = sign_in_as(world.home.coordinator, language)
    page.goto(f"{base_url}/rounds/{round_id}")
    tab_to_the_list(page)
    assert focused(page) == 0
    press(page, "Space j j Space ArrowDown k ArrowDown Space")
    assert focused(page) == 3
    expect(page.locator("tbody input:checked")).to_have_count(3)
    press(page, "Space")
    expect(page.locator("tbody input:checked")).to_have_count(2)
    press(page, "a")
    undo = page.locator(".notice.done form button")
    expect(undo).to_be_visible()
    assert statuses() == ["approved", "open", "approved", "open", "open", "open"]
    check_axe(page)
    undo.press("Enter")
    page.wait_for_load_state()
    expect(page.locator(".notice.done form")).to_have_count(0)
    assert statuses() == ["open"] * 6


def test_ticked_pairs_are_declined_with_the_keyboard_alone(
    sign_in_as, world, round_id, statuses, base_url
):
    page = sign_in_as(world.home.coordinator)
    page.goto(f"{base_url}/rounds/{round_id}")
    tab_to_the_list(page)
    press(page, "Space j Space d")
    expect(page.locator("fieldset#reason")).to_be_visible()
    check_axe(page)
    for _ in range(TABS):
        press(page, "Tab")
        if page.evaluate("document.activeElement.name") == "reason":
            break
    press(page, "Space ArrowDown Enter")
    expect(page.locator(".notice.done form button")).to_be_visible()
    assert statuses()[:3] == ["declined", "declined", "open"]


def test_d_without_a_tick_declines_the_pair_one_is_on(sign_in_as, world, round_id, base_url):
    page = sign_in_as(world.home.coordinator)
    page.goto(f"{base_url}/rounds/{round_id}")
    tab_to_the_list(page)
    press(page, "j d")
    expect(page.locator("fieldset#reason")).to_be_visible()
    expect(page.locator("main ul.rows li")).to_have_count(1)


def test_the_keys_are_shown_and_hidden_and_enter_opens_a_proposal(
    sign_in_as, world, round_id, base_url
):
    page = sign_in_as(world.home.coordinator)
    page.goto(f"{base_url}/rounds/{round_id}")
    keys = page.locator("details.keys")
    expect(keys).to_have_attribute("open", "")
    check_axe(page)
    check_fits(page)
    tab_to_the_list(page)
    press(page, "?")
    expect(keys).not_to_have_attribute("open", "")
    press(page, "j Enter")
    page.wait_for_url("**/proposals/*")


def test_letters_do_nothing_while_the_focus_is_elsewhere(
    sign_in_as, world, round_id, statuses, base_url
):
    page = sign_in_as(world.home.coordinator)
    page.goto(f"{base_url}/rounds/{round_id}")
    page.locator("tbody input").first.check()
    page.locator("#filter-status").focus()
    press(page, "a d j")
    assert page.url.endswith(f"/rounds/{round_id}")
    assert statuses() == ["open"] * 6


def test_without_javascript_ticks_and_buttons_do_the_same(
    live, browser, world, round_id, statuses, base_url
):
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    page = context.new_page()
    with live.app_context():
        email = db.session.get_one(User, world.home.coordinator.id).email
    page.goto("/sign-in")
    page.fill("#email", email)
    page.fill("#password", factories.PASSWORD)
    page.locator("#password").press("Enter")
    page.goto(f"/rounds/{round_id}")
    expect(page.locator("details.keys")).to_be_hidden()
    for number in (0, 2):
        page.locator("tbody input[type=checkbox]").nth(number).press("Space")
    page.locator("form[data-rows] button.main").press("Enter")
    expect(page.locator(".notice.done form button")).to_be_visible()
    context.close()
    assert statuses() == ["approved", "open", "approved", "open", "open", "open"]


def test_going_back_and_pressing_again_does_no_harm(
    sign_in_as, world, round_id, statuses, live, base_url
):
    page = sign_in_as(world.home.coordinator)
    page.goto(f"{base_url}/rounds/{round_id}")
    tab_to_the_list(page)
    press(page, "Space a")
    expect(page.locator(".notice.done form button")).to_be_visible()
    page.go_back()
    expect(page.locator("tbody input:checked")).to_have_count(0)  # nor is the next pair ticked
    tab_to_the_list(page)
    press(page, "a")
    expect(page.locator(".notice.done")).to_be_visible()
    assert statuses() == ["approved", "open", "open", "open", "open", "open"]
    with live.app_context():
        assert db.session.get_one(Round, round_id).stage == "published"
