"""A child answers on the tablet, in a real Chromium: by touch, by keys, without scripts."""

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from mentorship import clock
from mentorship.concerns.models import Concern
from mentorship.database import db
from mentorship.matches.models import Match
from mentorship.voices import services
from mentorship.voices.facts import Voice
from mentorship.voices.models import VoiceAnswer
from mentorship.voices.transport import code_of, token_of
from tests.browser.conftest import check_axe, check_fits
from tests.world import World

TABLET, PHONE = {"width": 768, "height": 1024}, {"width": 360, "height": 740}
NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}


def make(live: Flask, world: World, voice: str = "child", language: str = "kk") -> tuple[str, str]:
    """A new link: its address and its digits."""
    with live.app_context():
        match = db.session.get_one(Match, world.home.ids["match_id"])
        secret = live.config["SECRET_KEY"]
        link = services.make_link(
            db.session,
            match,
            Voice(voice),
            language=language,
            secret=secret,
            by=world.home.coordinator.id,
            at=clock.now(),
        )
        db.session.commit()
        return f"/v/{token_of(link, secret)}", code_of(link.nonce, secret)


def said(live: Flask) -> VoiceAnswer:
    with live.app_context():
        return db.session.scalars(select(VoiceAnswer)).one()


@pytest.mark.parametrize(
    ("screen", "code"), [(TABLET, "kk"), (PHONE, "ru")], ids=["tablet", "phone"]
)
def test_a_child_touches_a_face_for_each_picture(live, world, page, base_url, screen, code):
    address, _ = make(live, world, language="en")
    page.set_viewport_size(screen)
    page.goto(base_url + address)
    page.get_by_role("button", name=NAMES[code], exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", code)
    for view in ("hello", "1", "2", "3", "4", "5"):
        if view != "hello":
            page.wait_for_url(f"**/{view}")
        check_fits(page)
        box = page.locator(".help button").bounding_box()
        assert box["height"] >= 56 and box["y"] + box["height"] <= screen["height"]
        if view in ("hello", "1"):
            check_axe(page)
        if view == "hello":
            page.locator("a.go").click()
            continue
        face = page.locator(".faces button").nth(1)
        assert face.bounding_box()["height"] >= 56
        assert face.locator("use").evaluate("use => use.getBoundingClientRect().width") > 30
        expect(page.locator(".dots [aria-current=step]")).to_have_count(1)
        face.click()
    page.wait_for_url("**/thanks")
    check_fits(page)
    check_axe(page)
    assert set(said(live).answers.values()) == {4}


def test_with_the_keyboard_alone_a_child_answers_and_asks_to_talk(live, world, page, base_url):
    address, _ = make(live, world)
    page.set_viewport_size(TABLET)
    page.goto(base_url + address)
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/1")
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.wait_for_url("**/2")
    page.locator(".help button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/talking")
    check_axe(page)
    expect(page.locator("a[href='tel:111']")).to_be_visible()
    page.locator("a.go").press("Enter")
    page.wait_for_url("**/2")
    assert said(live).wants_to_talk
    with live.app_context():
        assert db.session.scalars(select(Concern).where(Concern.origin == "child")).one()


def test_without_scripts_the_digits_open_the_page_and_five_touches_answer(
    live, world: World, browser, base_url
):
    _, digits = make(live, world)
    plain = browser.new_context(
        java_script_enabled=False, viewport=TABLET, base_url=base_url, has_touch=True
    )
    tab = plain.new_page()
    tab.goto("/v")
    tab.locator("#code").fill(f"{digits[:3]} {digits[3:6]} {digits[6:]}")
    tab.locator("button.go").tap()
    tab.locator("a.go").tap()
    for _ in range(5):
        tab.locator(".faces button").first.tap()
    tab.wait_for_url("**/thanks")
    assert plain.cookies() == []
    tab.go_back()
    tab.goto(f"{base_url}/v")
    plain.close()
    assert said(live).finished_at is not None


def test_a_carer_answers_and_the_used_page_shows_111(live, world, page, base_url):
    address, _ = make(live, world, "carer", "ru")
    page.set_viewport_size(PHONE)
    page.goto(base_url + address)
    check_fits(page)
    check_axe(page)
    for question in page.locator("fieldset").all():
        question.locator("label").nth(2).click()
    page.fill("#note", "Всё хорошо.")
    page.locator("button.go").click()
    page.wait_for_url("**/thanks")
    page.goto(base_url + address)
    expect(page.locator("a[href='tel:111']")).to_be_visible()
    check_axe(page)
    assert said(live).answers == dict.fromkeys(("calm", "reliable", "wanted", "agreed", "go_on"), 3)
