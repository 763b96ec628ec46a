import re

import pytest

from mentorship.accounts.models import User
from mentorship.database import db
from tests import factories
from tests.browser.conftest import SCREENS, check_axe, check_fits

WORDS = {
    "kk": ("Қазақша", "kk"),
    "ru": ("Русский", "ru"),
    "en": ("English", "en"),
}


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("code", WORDS)
def test_the_sign_in_page_speaks_each_language(page, base_url, code, screen):
    page.set_viewport_size(SCREENS[screen])
    page.goto(f"{base_url}/sign-in")
    assert page.get_attribute("html", "lang") == "kk"
    name, lang = WORDS[code]
    page.get_by_role("button", name=name).click()
    assert page.get_attribute("html", "lang") == lang
    assert page.locator("h1").count() == 1
    check_axe(page)
    check_fits(page)


def test_the_titles_differ_between_languages(page, base_url):
    titles = set()
    for name, _ in WORDS.values():
        page.goto(f"{base_url}/sign-in")
        page.get_by_role("button", name=name).click()
        titles.add(page.title())
    assert len(titles) == 3


def test_a_wrong_password_is_told_beside_the_field_and_in_a_summary(page, base_url):
    page.goto(f"{base_url}/sign-in")
    page.fill("#email", "somebody@example.org")
    page.fill("#password", "wrong")
    page.click("main form button.main")
    assert page.locator("#password-error").is_visible()
    assert page.locator("[role=alert] a").get_attribute("href") == "#password"
    assert page.input_value("#email") == "somebody@example.org"
    check_axe(page)


def test_the_keyboard_alone_signs_in(page, base_url, live, world):
    page.goto(f"{base_url}/sign-in")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    page.focus("#email")
    page.keyboard.type(email_of(live, world.home.coordinator))
    page.keyboard.press("Tab")
    page.keyboard.type(factories.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/today(#main)?$"))


def email_of(live, person):
    with live.app_context():
        return db.session.get_one(User, person.id).email
