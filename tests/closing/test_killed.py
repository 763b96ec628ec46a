"""The process that closes a match is killed half-way: nothing is left half-closed."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.closing.models import Closure
from mentorship.database import Base
from mentorship.matches.models import Match
from tests import factories

ROOT = Path(__file__).parents[2]
KILLED_AT = (
    "update match",
    "update hold",
    "update review",
    "update check_in",
    "delete from check_in",
    "update slot",
    "update substitute",
    "update goal",
    "update survey",
    "insert into closure",
    "insert into closure_step",
    "insert into audit_entry",
    "commit",
)
WATCHED = ("match", "hold", "review", "check_in", "slot", "substitute", "goal", "survey")


def snapshot(store):
    """How many rows every table has, and every row of those a closing changes."""
    store.rollback()
    tables = Base.metadata.tables
    counts = {name: store.scalar(select(func.count()).select_from(t)) for name, t in tables.items()}
    rows = {name: store.execute(select(tables[name]).order_by("id")).all() for name in WATCHED}
    store.rollback()  # nobody waits for this reader
    return counts, rows


@pytest.fixture
def match(store):
    """A match with something open of everything that ends with it."""
    on = clock.today()
    made = factories.eligible_match(store, started_on=on - timedelta(days=90))
    factories.hold(store, match=made, opened_at=clock.now() - timedelta(hours=2))
    factories.review(store, match=made, due_on=on)
    factories.check_in(store, match=made, due_on=on - timedelta(days=9))
    factories.check_in(store, match=made, due_on=on + timedelta(days=60))
    factories.slot(store, match=made, from_on=on - timedelta(days=30))
    factories.substitute(
        store, match=made, from_on=on - timedelta(days=3), until_on=on + timedelta(days=9)
    )
    factories.goal(store, match=made, agreed_on=on - timedelta(days=20))
    factories.survey(store, match=made, side="mentor", due_on=on)
    store.commit()
    return made


@pytest.fixture
def close(match, store, config):
    """Closes the match in another process that dies at a place: how it ended."""
    environment = os.environ | {
        "DATABASE_URL": config.database_url,
        "VAR_DIR": str(config.var),
        "PII_KEYS": config.pii_keys[0],
        "MENTORSHIP_ENV": "demo",
    }
    ids = [str(match.id), str(factories.coordinator(store).id)]
    store.commit()
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.closing.killed", *ids],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def close(place):
        program.stdin.write(f"{place}\n")
        program.stdin.flush()
        return int(program.stdout.readline())

    try:
        yield close
    finally:
        program.kill()
        program.communicate(timeout=20)


def test_a_process_killed_anywhere_leaves_nothing_and_the_next_one_does_it_all(match, store, close):
    match_id = match.id
    before = snapshot(store)
    for place in KILLED_AT:
        assert close(place) == -signal.SIGKILL, place
        assert snapshot(store) == before, f"something is left after {place}"
    assert close("no such place") == 0
    store.expire_all()
    assert not store.get_one(Match, match_id).is_open
    closure = store.get_one(Closure, match_id)
    assert closure.kind == "unilateral" and len(closure.open_steps) == len(closure.steps) == 12
    counts, rows = snapshot(store)
    assert counts["check_in"] == before[0]["check_in"] - 1
    assert all(rows[name] != before[1][name] for name in WATCHED)
    assert store.scalars(select(AuditEntry.action)).all().count("closed_match") == 1
