"""One story in a real browser: from a public application on a phone to a mentor with a child."""

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SCREENS, check_axe, check_fits
from tests.browser.test_journey import fill, send, typed, visit
from tests.factories import REQUIRED_KINDS, fictional_iin

DAY = timedelta(days=1)


def apply_on_a_phone(phone: Page, base_url: str) -> str:
    """A visitor finds the form from the sign-in page, errs once, and gets a number."""
    phone.goto(f"{base_url}/sign-in")
    phone.click("main a[href='/apply']")
    expect(phone.locator("html")).to_have_attribute("lang", "kk")
    check_axe(phone)
    check_fits(phone)
    fill(
        phone,
        last_name="Төлеуғалиева",
        first_name="Шұғыла",
        sex="female",
        birth_date="12.04.1988",
        is_citizen="yes",
        phone="8 701 000 00 12",
        email="shugyla@example.org",
        region="35",
        town="Қарағанды",
        languages={"kk": "fluent", "ru": "basic"},
        weekdays=["5", "6"],
        motivation="Балалармен домбыра тартқым келеді.",
    )
    send(phone)  # the consent is missing
    expect(phone.locator("#consent-error")).to_be_visible()
    expect(phone.locator("#last_name")).to_have_value("Төлеуғалиева")
    check_axe(phone)
    check_fits(phone)
    phone.check("#consent")
    send(phone)
    phone.wait_for_url(re.compile(r"/apply/thanks$"))
    check_axe(phone)
    check_fits(phone)
    assert "Төлеуғалиева" not in phone.content()
    found = re.search(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", phone.inner_text("main"))
    assert found
    return found[0]


def do_next(page: Page) -> None:
    """Press the one button that says what to do next."""
    page.locator("section[aria-labelledby='way'] .next-step a.main").click()


def interview_and_visit(page: Page, today: date) -> None:
    do_next(page)
    check_axe(page)
    fill(page, outcome="positive")
    send(page)
    for _step in ("interview", "housing"):
        do_next(page)
        fill(page, planned_on=typed(today))
        check_axe(page)
        send(page)
        do_next(page)
        fill(page, outcome="positive", note="Жақсы")
        check_axe(page)
        send(page)


def bring_clearances(page: Page, today: date) -> None:
    do_next(page)
    ticked = page.locator("input[name='kinds']:checked")
    expect(ticked).to_have_count(len(REQUIRED_KINDS))
    fill(
        page,
        result="clear",
        checked_on=typed(today),
        valid_until=typed(today + 350 * DAY),
        issuer="eGov",
    )
    send(page)


def train_and_certify(page: Page, own: str, today: date) -> None:
    """A session of the compulsory course is planned, attended, tested; then the certificate."""
    visit(page, "/training/new")
    compulsory = page.locator("#course option:not([value=''])").first.get_attribute("value")
    fill(
        page,
        course=compulsory,
        region="35",
        starts_on=typed(today),
        ends_on=typed(today),
        place="Қарағанды, Бейбітшілік 5",
        seats=5,
        language="kk",
    )
    send(page)
    session = urlsplit(page.url).path
    visit(page, f"{session}/enrol?q=төлеуғалиева")
    page.locator("input[name='mentor']").first.check()
    send(page)
    visit(page, own)
    do_next(page)
    visit(page, f"{session}/results")
    page.locator("input[name^='came-'][value='yes']").check()
    page.locator("input[name^='score-']").fill("90")
    page.click("main form.block button.main")
    visit(page, own)
    do_next(page)
    fill(page, issuer="«Мейірім» қоры")
    send(page)
    visit(page, own)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_from_a_public_application_to_an_active_mentor(
    language: str, live: Flask, browser: Browser, base_url: str, world: Any, sign_in_as: Any
) -> None:
    today = date.today()
    context = browser.new_context(viewport=SCREENS["phone"], base_url=base_url)
    phone = context.new_page()
    reference = apply_on_a_phone(phone, base_url)
    context.close()

    page = sign_in_as(world.home.coordinator, language)
    visit(page, "/candidates")
    check_axe(page)
    check_fits(page)
    page.set_viewport_size(SCREENS["phone"])
    check_fits(page)
    page.set_viewport_size(SCREENS["desktop"])
    page.click("text=Төлеуғалиева Шұғыла")
    own = urlsplit(page.url).path
    expect(page.locator("main")).to_contain_text(reference)
    check_axe(page)
    page.click("form[action$='/take'] button")

    interview_and_visit(page, today)
    bring_clearances(page, today)
    train_and_certify(page, own, today)
    expect(page.locator("ol.way li.done")).to_have_count(7)
    visit(page, f"{own}/edit")
    fill(page, iin=fictional_iin())
    send(page)
    page.check("#iin_confirmed")
    send(page)
    do_next(page)
    check_axe(page)
    fill(page, capacity=2, reach_km=40)
    send(page)
    expect(page.locator("main .head .tag.done").first).to_be_visible()
    expect(page.locator("ol.way li.done")).to_have_count(8)

    visit(page, "/mentors/free")
    expect(page.locator("main")).to_contain_text("Төлеуғалиева Шұғыла")
    visit(page, own.replace("/mentors/", "/pairs/new?mentor="))
    expect(page.locator("main")).to_contain_text("Төлеуғалиева Шұғыла")
