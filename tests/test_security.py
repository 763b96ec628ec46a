import re
from datetime import timedelta

import pytest
import structlog
import time_machine
from sqlalchemy import create_engine, update
from sqlalchemy.orm import Session

from mentorship import create_app, database
from mentorship.accounts.models import SignInAttempt, User
from mentorship.database import db
from mentorship.permissions import Permission, requires
from mentorship.web.once import UsedToken
from mentorship.web.security import HEADERS
from tests import factories
from tests.conftest import make_config, new_client


@pytest.fixture
def english(client):
    return reading_english(client)


def reading_english(client):
    with client.session_transaction() as session:
        session["language"] = "en"
    return client


def test_a_form_without_its_token_is_refused_in_words(english):
    answer = english.post("/sign-in", data={"email": "a@example.org", "password": "x"})
    assert answer.status_code == 400
    assert answer.page.h1 == "The page was open for too long"
    assert "Nothing was saved" in answer.page.text


def test_no_route_accepts_a_post_without_the_token(app, english):
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods:
            values = dict.fromkeys(rule.arguments, "1")
            for name, first in re.findall(r"<any\((\w+)[^)]*\):(\w+)>", rule.rule):
                values[first] = name
            path = rule.build(values, append_unknown=False)[1]
            if rule.rule == "/v" or rule.rule.startswith("/v/"):
                continue  # no session there: tests/voices/test_hostile.py
            assert english.post(path).status_code == 400, rule


def test_a_token_of_another_browser_is_refused(app, store, client):
    stranger = new_client(app)
    stolen = stranger.page("/sign-in").find("input", name="csrf_token").attrs["value"]
    client.page("/sign-in")
    answer = client.post("/language", data={"csrf_token": stolen, "language": "ru"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/sign-in", 200),
        ("GET", "/", 302),
        ("GET", "/users", 302),
        ("GET", "/nowhere", 404),
        ("GET", "/sign-out", 405),
        ("POST", "/sign-in", 400),
        ("GET", "/static/style.css", 200),
    ],
)
def test_every_answer_carries_the_protecting_headers(client, method, path, status):
    answer = client.open(path, method=method)
    assert answer.status_code == status
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_no_page_is_kept_by_the_browser_and_static_files_are(client):
    assert client.get("/sign-in").headers["Cache-Control"] == "no-store"
    assert client.get("/static/style.css").headers.get("Cache-Control") != "no-store"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client):
    cookie = client.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_outside_the_demo_the_cookie_and_the_site_travel_over_https_only(database_url, tmp_path):
    config = make_config(
        database_url, tmp_path, env="production", secure_cookies=True, base_url="https://127.0.0.1"
    )
    app = create_app(config)
    answer = app.test_client().get("/sign-in", base_url="https://127.0.0.1")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    with app.app_context():
        db.engine.dispose()


def test_a_changed_cookie_is_nobodys(client, store, sign_in):
    signed_in = sign_in(factories.administrator(store))
    value = signed_in.get_cookie("session").value
    client.set_cookie("session", value[:-2] + "xx")
    assert client.get("/users").status_code == 302


def attempt(client, email, password="wrong"):
    return client.submit("/sign-in", "/sign-in", email=email, password=password)


def test_after_five_wrong_passwords_even_the_right_one_waits_a_quarter_of_an_hour(client, store):
    user = factories.administrator(store)
    with time_machine.travel(factories.AT, tick=False) as now:
        english = reading_english(client)
        for _ in range(5):
            assert attempt(english, user.email).status_code == 422
        answer = attempt(english, user.email, factories.PASSWORD)
        assert answer.status_code == 429
        assert "Try again in 15 minutes" in answer.page.text
        now.shift(timedelta(minutes=15, seconds=1))
        assert attempt(english, user.email, factories.PASSWORD).status_code == 302


def test_the_wrong_passwords_of_one_user_do_not_shut_out_another(client, store):
    victim, other = factories.administrator(store), factories.administrator(store)
    for _ in range(6):
        attempt(client, victim.email)
    assert attempt(client, other.email, factories.PASSWORD).status_code == 302


def test_names_that_nobody_has_are_throttled_like_others(client, store):
    statuses = [attempt(client, "nobody@example.org").status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_one_address_cannot_try_many_names(client, store):
    for number in range(50):
        attempt(client, f"nobody{number}@example.org")
    assert attempt(client, "another@example.org").status_code == 429


def test_failed_attempts_keep_neither_names_nor_addresses(client, store):
    attempt(client, "somebody@example.org")
    kept = " ".join(row.subject_hash for row in store.query(SignInAttempt))
    assert "somebody" not in kept
    assert "127.0.0.1" not in kept


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(client, store):
    user = factories.administrator(store)
    texts = [attempt(client, email).page.text for email in (user.email, "x@example.org")]
    assert texts[0] == texts[1]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil:80"])
def test_another_host_name_is_refused(client, host):
    assert client.get("/sign-in", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize(
    "next_",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "evil.example",
    ],
)
def test_signing_in_leads_nowhere_outside(client, store, next_):
    user = factories.administrator(store)
    page = client.page("/sign-in")
    token = page.find("input", name="csrf_token").attrs["value"]
    answer = client.post(
        "/sign-in",
        query_string={"next": next_},
        data={
            "email": user.email,
            "password": factories.PASSWORD,
            "csrf_token": token,
        },
    )
    assert answer.status_code == 302
    assert re.match(r"/([^/\\\t]|$)", answer.headers["Location"])


@pytest.mark.parametrize("next_", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_choosing_a_language_leads_nowhere_outside(client, next_):
    page = client.page("/sign-in")
    answer = client.send(page, "/language", language="ru", next=next_)
    assert answer.headers["Location"] == "/"


def test_signing_in_leads_to_the_page_that_was_asked_for(client, store):
    user = factories.administrator(store)
    asked = client.get("/users?role=mentor").headers["Location"]
    answer = client.submit(asked, "/sign-in", email=user.email, password=factories.PASSWORD)
    assert answer.headers["Location"] == "/users?role=mentor"


SECRET = "Ахметова Әлия 991231690008"


@pytest.fixture
def breaking(own_app):
    """A client of a service whose page /breaks breaks with personal data in the error."""

    @requires(Permission.ANYONE)
    def breaks():
        raise RuntimeError(SECRET)

    own_app.add_url_rule("/breaks", view_func=breaks)
    client = new_client(own_app)
    client.may_fail = True
    with client.session_transaction() as session:
        session["language"] = "en"
    return client


def test_two_who_save_the_same_number_at_one_moment_get_a_sentence(own_app):
    @requires(Permission.ANYONE)
    def same():
        now = factories.AT
        db.session.add_all(UsedToken(token=t, used_at=now) for t in ("one", "two"))
        db.session.flush()
        db.session.execute(update(UsedToken).values(token="one"))

    own_app.add_url_rule("/same", view_func=same)
    answer = reading_english(new_client(own_app)).get("/same")
    assert answer.status_code == 409
    assert answer.page.h1 == "Somebody saved the same record at this moment"


def test_a_failure_shows_a_number_that_the_log_knows_and_nothing_else(breaking):
    with structlog.testing.capture_logs() as log:
        answer = breaking.get("/breaks")
    assert answer.status_code == 500
    assert answer.page.h1 == "Something went wrong"
    number = re.search(r"Request number: (\w+)", answer.page.text)[1]
    assert {entry["id"] for entry in log} == {number}
    assert [entry["event"] for entry in log] == ["unexpected", "answered"]
    assert log[0]["kind"] == "RuntimeError"
    for place in (str(log), answer.page.html):
        for word in SECRET.split():
            assert word not in place
    assert "Traceback" not in answer.page.html


def test_the_log_names_the_route_and_never_what_was_searched_for(store, sign_in):
    client = sign_in(factories.administrator(store))
    with structlog.testing.capture_logs() as log:
        client.page("/users?q=Ахметова")
    assert log[-1]["route"] == "/users"
    assert "Ахметова" not in str(log)
    assert "%D0" not in str(log)


def test_a_database_that_is_down_is_told_as_such(app, english, database_kind):
    nowhere = {
        "sqlite": "sqlite:////nonexistent/folder/x.db",
        "postgresql": "postgresql+psycopg://nobody@127.0.0.1:1/x",
    }[database_kind]
    with app.app_context():
        db.engines[None] = create_engine(nowhere)
    english.before = english.after = None
    with structlog.testing.capture_logs() as log:
        answer = english.get("/sign-in")
    assert answer.status_code == 503
    assert answer.page.h1 == "The database is not answering"
    assert log[0]["event"] == "database"


@pytest.mark.sqlite
def test_a_database_that_somebody_else_has_locked_is_told_as_such(app, english, store, monkeypatch):
    user = factories.administrator(store)
    page = english.page("/sign-in")
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 50)
    with app.app_context():
        db.engine.dispose()
        engine = db.engine
    english.before = english.after = None
    email = user.email
    store.close()
    with Session(engine) as writer:
        factories.centre(writer)
        answer = english.send(page, "/sign-in", email=email, password=factories.PASSWORD)
    assert answer.status_code == 503
    assert "Nothing was saved" in answer.page.text


def test_a_request_too_large_for_a_file_of_ten_megabytes_is_refused_in_words(english):
    answer = english.post("/language", data={"language": "x" * (11 * 1024 * 1024 + 1)})
    assert answer.status_code == 413
    assert "10 MB" in answer.page.text


def test_a_second_press_of_the_button_saves_nothing_twice(store, sign_in):
    client = sign_in(factories.administrator(store))
    page = client.page("/users/new")
    given = {
        "email": "new@example.org",
        "name": "Жаңа қолданушы",
        "role": "administrator",
        "language": "kk",
    }
    first, second = (client.send(page, **given) for _ in range(2))
    assert first.status_code == 302
    assert "This form has already been saved" in second.page.text
    assert store.query(User).filter_by(email="new@example.org").count() == 1


def test_what_people_type_is_shown_as_text_and_never_as_markup(store, sign_in):
    client = sign_in(factories.administrator(store))
    name = '<script src="/x.js"></script>"\'&'
    factories.user(store, name=name, email="markup@example.org", regions=("35",))
    page = client.page("/users?q=markup")
    assert name in page.text
    assert '<script src="/x.js">' not in page.html
