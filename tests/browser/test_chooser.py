"""A ten-year-old chooses pictures on the centre's tablet, in a real Chromium."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from mentorship.children.models import Child
from mentorship.database import db
from tests.browser.conftest import check_axe, check_fits
from tests.world import World

TABLET, PHONE = {"width": 800, "height": 1280}, {"width": 360, "height": 800}
NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
FOOTBALL = {"kk": "футбол", "ru": "футбол", "en": "football"}


def interests_of(live: Flask, child_id: int) -> set[str]:
    with live.app_context():
        child = db.session.get_one(Child, child_id)
        return {row.interest for row in child.interests}


@pytest.mark.parametrize("screen", [TABLET, PHONE], ids=["tablet", "phone"])
@pytest.mark.parametrize("code", ["kk", "ru", "en"])
def test_a_child_touches_pictures_in_their_own_language_and_says_done(
    live, world: World, sign_in_as, base_url, code, screen
):
    child_id = world.home.ids["child_id"]
    page = sign_in_as(world.home.coordinator, "en" if code != "en" else "kk")
    page.set_viewport_size(screen)
    page.goto(f"{base_url}/children/{child_id}/interests")
    page.get_by_role("button", name=NAMES[code], exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", code)
    expect(page.locator("h1")).to_contain_text("Еркежан")
    assert world.home.names["last_name"] not in page.content()
    check_fits(page)
    check_axe(page)
    football = page.locator(".tile", has=page.locator("input[value=football]"))
    expect(football).to_contain_text(FOOTBALL[code])
    assert football.locator("svg").bounding_box()["width"] >= 56
    box = football.bounding_box()
    assert box["width"] >= 90 and box["height"] >= 90
    football.click()
    page.locator(".tile", has=page.locator("input[value=chess]")).click()
    expect(page.locator("input[value=football]")).to_be_checked()
    page.locator(".finish button").click()
    page.wait_for_url("**/thanks?**")
    expect(page.locator("html")).to_have_attribute("lang", code)
    expect(page.locator("li.tile")).to_have_count(2)
    check_fits(page)
    check_axe(page)
    assert interests_of(live, child_id) == {"football", "chess"}
    page.locator(".adult a").click()
    page.wait_for_url(f"**/children/{child_id}")
    expect(page.locator("html")).to_have_attribute("lang", "en" if code != "en" else "kk")


def test_a_picture_is_drawn_and_not_only_named(live, world: World, sign_in_as, base_url):
    page = sign_in_as(world.home.coordinator, "kk")
    page.goto(f"{base_url}/children/{world.home.ids['child_id']}/interests")
    drawn = page.locator("use").evaluate_all(
        "uses => uses.filter(use => use.getBoundingClientRect().width > 10).length"
    )
    assert drawn == 68


def test_without_scripts_the_pictures_are_chosen_and_language_changed_all_the_same(
    live, world: World, sign_in_as, base_url, browser
):
    page = sign_in_as(world.home.coordinator, "kk")
    child_id = world.home.ids["child_id"]
    plain = browser.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state(), viewport=TABLET
    )
    tab = plain.new_page()
    tab.goto(f"{base_url}/children/{child_id}/interests")
    tab.locator("input[value=dombra]").check()
    tab.get_by_role("button", name="Русский").click()
    expect(tab.locator("html")).to_have_attribute("lang", "ru")
    expect(tab.locator("input[value=dombra]")).to_be_checked()
    tab.locator("input[value=dombra]").press("Enter")  # Enter says that one is done
    tab.wait_for_url("**/thanks?**")
    plain.close()
    assert interests_of(live, child_id) == {"dombra"}
