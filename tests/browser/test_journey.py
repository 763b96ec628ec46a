"""One story in a real browser, from two new people to a meeting and a worry.

In Kazakh it is told to its end; in Russian and English until the pair is approved, because what
follows is the same scripts and forms in other words.
"""

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from mentorship.database import db
from mentorship.messages.models import Message
from tests.browser.conftest import SCREENS, check_axe
from tests.factories import fictional_iin

PASSWORD = "жасыл-дала-жаңбыр"
WORRY = "Бала бірінші рет үндемей отырды."


def typed(day: date) -> str:
    return day.strftime("%d.%m.%Y")


def fill(page: Page, **values: Any) -> None:
    """Fill a form by the names of its fields: text, a choice, ticks or languages."""
    for name, value in values.items():
        field = page.locator(f"main [name='{name}']")
        if isinstance(value, dict):
            for code, level in value.items():
                page.select_option(f"select[name='{name}.{code}']", level)
        elif isinstance(value, list):
            for code in value:
                page.check(f"input[name='{name}'][value='{code}']")
        elif field.first.get_attribute("type") == "radio":
            page.check(f"input[name='{name}'][value='{value}']")
        elif field.evaluate("node => node.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(str(value))


def visit(page: Page, path: str) -> None:
    page.goto(urljoin(page.url, path))


def fits(phone: Page) -> None:
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not phone.evaluate(wide)


def send(page: Page) -> None:
    page.click("main form.sheet button.main")


def register_mentor(page: Page, today: date) -> None:
    visit(page, "/mentors/new")
    check_axe(page)
    fill(
        page,
        last_name="Жарылқасынова",
        first_name="Ұлболсын",
        sex="female",
        birth_date=typed(date(1985, 4, 12)),
        iin=fictional_iin(),
        phone="8 701 000 00 07",
        email="ulbolsyn@example.org",
        region="35",
        town="Қарағанды",
        reach_km=40,
        capacity=1,
        languages={"kk": "fluent", "ru": "basic"},
        interests=["dombra", "chess"],
        certificate_number="KZ-2026-0007",
        certificate_issuer="«Өркен» ұлттық институты",
        certificate_issued_on=typed(today - timedelta(days=30)),
        certificate_expires_on=typed(today + timedelta(days=700)),
    )
    send(page)
    expect(page.locator("#iin_confirmed")).to_be_visible()  # the IIN says another birth date
    page.check("#iin_confirmed")
    send(page)
    page.click(".next-step a.main")
    fill(
        page,
        kinds=["criminal_record", "prosecution", "psychiatric", "narcological", "health"],
        result="clear",
        checked_on=typed(today - timedelta(days=10)),
        valid_until=typed(today + timedelta(days=350)),
    )
    send(page)
    expect(page.locator(".next-step form button.main")).to_be_visible()
    check_axe(page)


def register_child(page: Page, today: date) -> None:
    visit(page, "/children/new")
    check_axe(page)
    page.locator("#centre_id").select_option(index=1)
    fill(
        page,
        last_name="Өтепбергенов",
        first_name="Ғалымжан",
        sex="male",
        birth_date=typed(today.replace(year=today.year - 12, day=1)),
        waiting_since=typed(today - timedelta(days=400)),
        first_language="kk",
        languages={"kk": "fluent"},
        interests=["dombra"],
        guardian_consent_on=typed(today - timedelta(days=20)),
        guardian_consent_by="Директор",
        own_consent_on=typed(today - timedelta(days=19)),
        data_consent_on=typed(today - timedelta(days=20)),
        data_consent_by="Директор",
    )
    send(page)
    expect(page.locator("h1")).to_have_text("Өтепбергенов Ғалымжан")


def approve_the_pair(page: Page) -> None:
    visit(page, "/rounds")
    check_axe(page)
    send(page)
    page.wait_for_url(re.compile(r"/rounds/\d+$"))
    check_axe(page)
    page.click("text=Өтепбергенов Ғалымжан")
    expect(page.locator("#mentor")).to_contain_text("Жарылқасынова Ұлболсын")
    expect(page.locator("#why")).to_be_visible()
    check_axe(page)
    page.click("main form[action$='/approve'] button.main")
    page.wait_for_url(re.compile(r"/agreements/\d+$"))
    expect(page.locator("#steps + ol > li")).to_have_count(5)
    check_axe(page)


def invite_mentor(page: Page, live: Flask) -> str:
    """Press the button on the mentor's page; the address in the message they get."""
    page.click("dl.facts a[href^='/mentors/']")
    page.click(".next-step form button.main")
    expect(page.locator(".notice.done")).to_be_visible()
    with live.app_context():
        body = db.session.scalars(select(Message.body).order_by(Message.id.desc())).first()
    found = re.search(r"/password/\S+", str(body))
    assert found
    return found[0]


def accept_the_child(phone: Page, link: str) -> None:
    """The mentor sets a password, reads who is proposed, and presses the button."""
    phone.goto(link)
    fill(phone, password=PASSWORD, again=PASSWORD)
    check_axe(phone)
    send(phone)
    fill(phone, email="ulbolsyn@example.org", password=PASSWORD)
    send(phone)
    expect(phone.locator("main")).to_contain_text("Ғалымжан")
    assert "Өтепбергенов" not in phone.content()
    check_axe(phone)
    phone.click(".next-step a.main")
    phone.wait_for_url(re.compile(r"/my-proposals/\d+$"))
    assert "Өтепбергенов" not in phone.content()
    check_axe(phone)
    fits(phone)
    phone.click("button[name='answer'][value='accepted']")
    expect(phone.locator(".notice.done").first).to_be_visible()
    check_axe(phone)


def begin_the_match(page: Page, pair: str) -> None:
    """Both consents and the agreement of the three; the first meeting with staff present."""
    said = {"agrees": "yes", "language": "kk"}
    visit(page, f"{pair}/child")
    check_axe(page)
    fill(page, **said)
    send(page)
    visit(page, f"{pair}/guardian")
    fill(page, name="Директор", **said)
    send(page)
    page.click(f"a[href='{pair}/agreement']")
    check_axe(page)
    fill(page, number="35-2026/17")
    send(page)
    page.click(f"a[href='{pair}/first-meeting']")
    fill(page, held_with="Тәрбиеші")
    send(page)
    expect(page.locator("#steps + ol .tag.done")).to_have_count(5)
    check_axe(page)
    page.click("dl.facts a[href^='/matches/']")
    expect(page.locator("#schedule + table tbody tr").nth(2)).to_be_visible()  # three voices
    check_axe(page)


def log_first_meeting(phone: Page, today: date) -> None:
    visit(phone, "/my-children")
    check_axe(phone)
    phone.click(".next-step a.main")
    check_axe(phone)
    fill(
        phone,
        held_on=typed(today),
        kind="in_person",
        minutes=90,
        activity="Домбыра тарттық",
        went="4",
        next_on=typed(today + timedelta(days=7)),
        worry=WORRY,
    )
    send(phone)
    expect(phone.locator(".notice.done")).to_be_visible()
    fits(phone)


def review_and_close(page: Page) -> None:
    visit(page, "/today")
    check_axe(page)
    page.locator("section", has=page.locator("#worries")).locator("a.button").last.click()
    expect(page.locator("main")).to_contain_text(WORRY)
    check_axe(page)
    page.locator("main .next-step a.main").click()
    fill(page, text="Тәрбиешімен сөйлестім, ертең баламен кездесемін.")
    check_axe(page)
    send(page)
    visit(page, "/matches?q=галымжан")
    page.click("tbody th a")
    page.locator("a[href$='/close']").click()
    check_axe(page)
    fill(page, ended_as_planned="early", closure_reason="mentor_moved", ended_by="mentor")
    send(page)
    expect(page.locator(".notice.done")).to_be_visible()
    expect(page.locator("a[href$='/close']")).to_have_count(0)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_two_people_are_registered_matched_cared_for_and_parted(
    language: str, live: Flask, browser: Browser, base_url: str, world: Any, sign_in_as: Any
) -> None:
    today = date.today()
    page = sign_in_as(world.home.coordinator, language)
    register_mentor(page, today)
    register_child(page, today)
    approve_the_pair(page)
    expect(page.locator("html")).to_have_attribute("lang", language)
    if language != "kk":
        return
    pair = urlsplit(page.url).path
    link = invite_mentor(page, live)
    context = browser.new_context(viewport=SCREENS["phone"], base_url=base_url)
    phone = context.new_page()
    accept_the_child(phone, link)
    begin_the_match(page, pair)
    log_first_meeting(phone, today)
    context.close()
    review_and_close(page)
