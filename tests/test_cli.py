import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import time_machine
from cryptography.fernet import Fernet
from sqlalchemy import func, select, text

from mentorship import cli, clock, create_app
from mentorship.accounts.models import User
from mentorship.database import db
from mentorship.demo.services import Filled
from mentorship.encryption import keyring
from mentorship.jobs.timetable import TIMETABLE
from mentorship.matches.models import Proposal, Round, RoundStage
from mentorship.mentors.models import Mentor
from mentorship.people.queries import find_by_iin
from mentorship.rounds.services import ask_for_round
from tests import factories
from tests.conftest import PII_KEY, make_config

ROOT = Path(__file__).parents[1]
ON = date(2026, 3, 2)


@pytest.fixture
def run(app, store):
    """`run("command", ...)`: as from a shell, with the test's own rows committed."""

    def run(*words, **given):
        store.commit()
        result = app.test_cli_runner().invoke(args=[str(word) for word in words], **given)
        store.expire_all()
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        assert "Traceback" not in result.output
        return result

    return run


@pytest.fixture(autouse=True)
def same_keys_afterwards():
    yield
    keyring.configure((PII_KEY,))


CREATE = ("create-user", "Dana@Example.org", "--name", "Дана Әлімқызы")


@pytest.fixture
def service():
    """Makes further services on the test's database; each gives its connections back."""
    made = []

    def make(settings):
        made.append(create_app(settings))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def test_a_created_user_gets_a_link_that_works(run, client, store, sign_in):
    result = run(*CREATE, "--role", "coordinator", "--region", "35", "--region", "Ұлытау облысы")
    assert result.exit_code == 0
    user = store.scalars(select(User)).one()
    assert (user.email, user.role) == ("dana@example.org", "coordinator")
    assert user.scope.regions == {"35", "62"}
    path = result.output.split("http://127.0.0.1:8000")[1].strip()
    client.submit(path, "/password", password="tort bes alty", again="tort bes alty")
    sign_in(user, "tort bes alty")


def test_a_password_can_come_from_standard_input(run, store, sign_in):
    result = run(*CREATE, "--role", "administrator", "--password-stdin", input="alty jeti segiz\n")
    assert result.exit_code == 0 and "http" not in result.output
    sign_in(store.scalars(select(User)).one(), "alty jeti segiz")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--role", "coordinator"), "Choose at least one option."),
        (("--role", "coordinator", "--region", "Mars"), "Unknown region: Mars."),
        (("--role", "mentor"), "'mentor' is not one of"),
        (("--role", "manager", "--all-regions", "--password-stdin"), "at least 10 characters"),
    ],
)
def test_wrong_words_for_a_user_stop_with_a_sentence(run, store, words, sentence):
    result = run(*CREATE, *words, input="short\n")
    assert result.exit_code == 2 and sentence in result.stderr
    assert store.scalar(select(func.count()).select_from(User)) == 0


def test_the_same_user_twice_is_refused(run):
    assert run(*CREATE, "--role", "manager", "--all-regions").exit_code == 0
    again = run(*CREATE, "--role", "manager", "--all-regions")
    assert again.exit_code == 1
    assert again.stderr == "Error: A user with this e-mail address already exists.\n"


@time_machine.travel("2026-03-02 06:00+00:00", tick=False)
def test_propose_stores_a_round_and_prints_its_figures(run, store):
    factories.eligible_mentor(store, on=ON)
    factories.eligible_child(store, on=ON)
    factories.eligible_child(store, on=ON)
    result = run("propose", "--region", "35", "--start-on", "2026-03-10", "--json")
    figures = json.loads(result.stdout)
    found = store.scalars(select(Round)).one()
    assert result.exit_code == 0
    assert (found.start_on, found.regions, found.created_by) == (date(2026, 3, 10), ["35"], None)
    assert list(figures) == [
        "round", "mentors", "children", "proposals", "points", "bound", "seconds",
    ]  # fmt: skip
    assert (figures["round"], figures["mentors"], figures["children"]) == (found.id, 1, 2)
    assert figures["proposals"] == store.scalar(select(func.count()).select_from(Proposal)) == 1
    assert figures["points"] == figures["bound"] == found.points
    lines = run("propose").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(figures)


@pytest.mark.parametrize("words", [("--region", "99"), ("--start-on", "soon")])
def test_propose_refuses_what_it_cannot_read(run, store, words):
    assert run("propose", *words).exit_code == 2
    assert store.scalar(select(func.count()).select_from(Round)) == 0


@time_machine.travel("2026-03-02 06:00+00:00", tick=False)
def test_propose_refuses_a_day_in_the_past(run):
    result = run("propose", "--start-on", "01.03.2026")
    assert result.exit_code == 2 and "cannot be in the past" in result.stderr


JOBS = [job.name for job in TIMETABLE]


@time_machine.travel("2026-03-02 06:00+00:00", tick=False)
def test_run_jobs_once_says_a_line_for_each_job_and_repeats_nothing(run):
    first, second = run("run-jobs", "--once"), run("run-jobs", "--once")
    assert first.exit_code == second.exit_code == 0
    assert "check_in_reminders" in first.stdout and "already done" not in first.stdout
    said = [line for line in second.stdout.splitlines() if line.split()[0] in JOBS]
    assert [line.split()[0] for line in said if "already done" not in line] == [
        "tell_of_worries",
        "ask_mentors",
        "send_outbox",
    ]
    assert len(said) == len(JOBS)


def test_run_jobs_once_computes_the_rounds_that_wait(run, store):
    asked = ask_for_round(
        store,
        regions=[factories.KARAGANDA],
        start_on=clock.today(),
        by=None,
        at=clock.now(),
    )
    store.commit()
    assert "1 computed" in run("run-jobs", "--once").stdout
    store.refresh(asked)
    assert asked.stage == RoundStage.PUBLISHED


def test_a_wrong_mail_server_stops_the_jobs_with_a_sentence(config, tmp_path, service):
    app = service(make_config(config.database_url, tmp_path, mail_url="mail.example.org"))
    result = app.test_cli_runner().invoke(args=["run-jobs", "--once"])
    assert result.exit_code == 1 and "MAIL_URL" in result.stderr


def test_demo_refuses_a_database_with_people(run, store):
    factories.coordinator(store)
    result = run("demo")
    assert result.exit_code == 1 and "needs an empty one" in result.stderr


def test_demo_tells_what_it_made(run, monkeypatch):
    made = Filled(centres=1, mentors=2, children=3, left=4, matches=5, open_matches=6)
    monkeypatch.setattr(cli.demo, "fill", lambda *_, **__: made)
    assert run("demo").stdout.startswith("1 centres, 2 mentors, 3 children (4 more have left)")


def test_rotated_keys_open_every_iin_without_the_old_key(store, config, tmp_path, service):
    iin = factories.fictional_iin()
    mentor = factories.mentor(store, birth_date=date(1990, 1, 1), iin=iin)
    child = factories.child(store, birth_date=date(2012, 1, 1))
    concern = factories.concern(store, child=child, text="A worry")
    store.commit()
    new = Fernet.generate_key().decode()
    both = service(make_config(config.database_url, tmp_path, pii_keys=(new, PII_KEY)))
    before = store.scalar(text("select iin from mentor"))
    store.commit()
    result = both.test_cli_runner().invoke(args=["rotate-keys"])
    assert result.stdout.startswith("1 mentor rows, 0 child rows, 1 concern rows, ")
    keyring.configure((new,))
    assert store.scalar(text("select iin from mentor")) != before
    store.expire_all()
    assert store.get(Mentor, mentor.id).iin == iin
    assert concern.text == "A worry"
    assert find_by_iin(store, Mentor, iin) is not None


def test_a_row_no_key_opens_stops_the_rotation(store, config, tmp_path, service):
    factories.mentor(store, birth_date=date(1990, 1, 1), iin=factories.fictional_iin())
    store.commit()
    lost = Fernet.generate_key().decode()
    other = service(make_config(config.database_url, tmp_path, pii_keys=(lost,)))
    result = other.test_cli_runner().invoke(args=["rotate-keys"])
    assert result.exit_code == 1 and "not in PII_KEYS" in result.stderr


def from_a_shell(*words, **settings):
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *words],
        cwd=ROOT,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_database_without_tables_is_told_in_a_sentence(tmp_path):
    url = f"sqlite:///{tmp_path}/new.db"
    done = from_a_shell("propose", VAR_DIR=str(tmp_path), DATABASE_URL=url)
    assert done.returncode == 1 and "db upgrade" in done.stderr
    assert "Traceback" not in done.stderr


def test_production_without_settings_is_refused_in_a_sentence(tmp_path):
    done = from_a_shell("demo", MENTORSHIP_ENV="production", VAR_DIR=str(tmp_path))
    assert done.returncode == 1 and "production needs these settings" in done.stderr
    assert "Traceback" not in done.stderr
