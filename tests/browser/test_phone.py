"""A mentor writes without a network, in a real Chromium: nothing is lost, nothing is sent twice."""

import pytest
from playwright.sync_api import Error, expect
from sqlalchemy import select

from mentorship.accounts.models import User
from mentorship.database import db
from mentorship.meetings.models import Meeting
from tests import factories
from tests.browser.conftest import SCREENS, TIMEOUT_MS

TEXT = "Кітапханаға бардық, шахмат ойнадық"
KEPT = "Object.keys(localStorage).filter((key) => !key.endsWith(':who'))"


@pytest.fixture
def phone(context, live):
    """A tab of a phone; losing the network is no fault of the page."""
    page = context.new_page()
    page.set_viewport_size(SCREENS["phone"])
    page.set_default_timeout(TIMEOUT_MS)
    return page


@pytest.fixture
def enter(live, base_url, world):
    """`enter(page, person)`: sign in as a person would."""

    def sign_in(page, person):
        with live.app_context():
            user = db.session.get_one(User, person.id)
            user.language, email = "en", user.email
            db.session.commit()
        if "/sign-in" not in page.url:
            page.goto(f"{base_url}/sign-in")
        page.fill("#email", email)
        page.fill("#password", factories.PASSWORD)
        page.click("main form button.main")
        page.wait_for_url(lambda url: "/sign-in" not in url)

    return sign_in


@pytest.fixture
def sent(live, world):
    """What the service has of the match, beside what the small country began with."""

    def rows():
        with live.app_context():
            query = select(Meeting.activity, Meeting.client_id).where(
                Meeting.match_id == world.home.ids["match_id"], Meeting.client_id.is_not(None)
            )
            return db.session.execute(query).all()

    return rows


def new_entry(base_url, world):
    return f"{base_url}/my-matches/{world.home.ids['match_id']}/meetings/new"


def ready(page):
    """Once the worker has kept its pages, it answers for this one.

    The browser may give up an installation when the page is left in the middle of it; the next
    page begins it anew.
    """
    for _ in range(3):
        try:
            return wait_for_worker(page)
        except Error:
            page.reload()
    return wait_for_worker(page)


def wait_for_worker(page):
    page.evaluate(
        "Promise.race([navigator.serviceWorker.ready.then(() =>"
        " navigator.serviceWorker.controller || new Promise((done) =>"
        " navigator.serviceWorker.addEventListener('controllerchange', done))),"
        f" new Promise((_, late) => setTimeout(late, {TIMEOUT_MS // 3}))]).then(() => 1)"
    )


def write(page, text=TEXT):
    page.fill("#activity", text)
    page.check("input[name=went][value='4']")


def test_what_is_typed_without_a_network_is_sent_once_when_there_is_one(
    phone, context, enter, world, base_url, sent
):
    enter(phone, world.home.mentor)
    phone.goto(new_entry(base_url, world))
    ready(phone)
    context.set_offline(True)
    write(phone)
    phone.reload()  # the phone's own empty page, with what was typed
    expect(phone.locator("#activity")).to_have_value(TEXT)
    assert "Еркежан" not in phone.content()
    expect(phone.locator("input[name=went][value='4']")).to_be_checked()
    phone.click("button.main")
    expect(phone.locator("#unsent")).to_contain_text("kept on this phone")
    assert sent() == []
    phone.reload()
    expect(phone.locator("#unsent")).to_contain_text("kept on this phone")
    context.set_offline(False)
    phone.wait_for_url(f"{base_url}/my-matches/{world.home.ids['match_id']}")
    expect(phone.locator("main")).to_contain_text(TEXT)
    assert [row.activity for row in sent()] == [TEXT]
    assert phone.evaluate(KEPT) == []
    phone.goto(f"{base_url}/my-children")
    phone.wait_for_timeout(300)
    assert len(sent()) == 1


def test_a_wrong_entry_comes_back_and_an_answer_lost_on_the_way_makes_no_second_one(
    phone, context, enter, world, base_url, sent
):
    enter(phone, world.home.mentor)
    phone.goto(new_entry(base_url, world))
    ready(phone)
    lost = []

    def lose(route):
        """The service gets it, the phone never hears of it: once."""
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch())
            return route.abort()
        return route.continue_()

    write(phone)
    phone.fill("#minutes", "2")
    phone.click("button.main")
    expect(phone.locator("#minutes-error")).to_be_visible()
    expect(phone.locator("#activity")).to_have_value(TEXT)
    assert sent() == []
    context.route("**/meetings/new", lose)
    phone.fill("#minutes", "60")
    phone.click("button.main")
    expect(phone.locator("#unsent")).to_contain_text("kept on this phone")
    assert len(lost) == len(sent()) == 1
    phone.goto(f"{base_url}/my-children")
    expect(phone.locator("#unsent")).to_contain_text("are sent now: 1")
    assert len(sent()) == 1
    assert phone.evaluate(KEPT) == []


def test_a_draft_outlives_the_session_and_only_its_writer_sees_it(
    phone, context, enter, world, base_url, sent
):
    enter(phone, world.home.mentor)
    phone.goto(new_entry(base_url, world))
    ready(phone)
    write(phone)
    context.clear_cookies()  # the session is over
    phone.click("button.main")
    expect(phone.locator("#unsent")).to_contain_text("Sign in, and it is sent by itself.")
    phone.click("#unsent a")
    enter(phone, world.away.mentor)  # somebody else on the same phone
    phone.goto(f"{base_url}/my-children")
    phone.wait_for_timeout(300)
    expect(phone.locator("#unsent")).to_be_hidden()
    assert sent() == [] and len(phone.evaluate(KEPT)) == 1
    context.clear_cookies()
    phone.goto(f"{base_url}/sign-in")
    enter(phone, world.home.mentor)
    phone.goto(f"{base_url}/my-children")
    expect(phone.locator("#unsent")).to_contain_text("are sent now: 1")
    assert [row.activity for row in sent()] == [TEXT]
    assert phone.evaluate(KEPT) == []


def test_signing_out_asks_about_what_is_unsent_and_then_leaves_nothing(
    phone, context, enter, world, base_url, sent
):
    enter(phone, world.home.mentor)
    phone.goto(new_entry(base_url, world))
    ready(phone)
    write(phone)
    asked = []
    answers = iter(("dismiss", "accept"))

    def answer(dialog):
        asked.append(dialog.message)
        getattr(dialog, next(answers))()

    phone.on("dialog", answer)
    phone.click("form.leave button")
    expect(phone.locator("#activity")).to_have_value(TEXT)
    phone.click("form.leave button")
    phone.wait_for_url("**/sign-in")
    assert len(asked) == 2 and "not sent yet: 1" in asked[0]
    assert phone.evaluate("Object.keys(localStorage)") == []
    kept = phone.evaluate(
        "caches.keys().then((names) => Promise.all(names.map(async (name) => Promise.all("
        "(await (await caches.open(name)).keys()).map(async (key) => key.url + await ("
        "await caches.match(key)).text())))))"
    )
    [pages] = kept
    assert len(pages) == 6
    for text in pages:
        assert "Еркежан" not in text and world.home.names["last_name"] not in text
        assert "/my-matches/1" not in text
    assert sent() == []
