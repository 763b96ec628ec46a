"""The process that records an obstacle is killed half-way: nothing is left half-done."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from mentorship.audit import AuditEntry
from mentorship.database import Base
from mentorship.mentors.models import Mentor
from tests.qualification.test_adverse import Scene

ROOT = Path(__file__).parents[2]
KILLED_AT = (
    "clearance",
    "suspension",
    "status_change",
    "hold",
    "telling",
    "review",
    "message",
    "commit",
)


def snapshot(store):
    """How many rows every table has, and each status there is."""
    store.rollback()
    counts = {
        table.name: store.scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }
    names = ("mentor", "proposal", "preparation", "match")
    tables = Base.metadata.tables
    rows = {name: store.execute(select(tables[name]).order_by("id")).all() for name in names}
    store.rollback()  # nobody waits for this reader
    return counts, rows


@pytest.fixture
def scene(store):
    made = Scene(store)
    store.commit()
    return made


@pytest.fixture
def record(scene, config):
    """Records an obstacle in another process that dies at a table: how it ended."""
    environment = os.environ | {
        "DATABASE_URL": config.database_url,
        "VAR_DIR": str(config.var),
        "PII_KEYS": config.pii_keys[0],
        "MENTORSHIP_ENV": "demo",
    }
    ids = [str(scene.mentor.id), str(scene.own.id)]
    scene.session.rollback()
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.qualification.killed", *ids],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def record(table):
        program.stdin.write(f"{table}\n")
        program.stdin.flush()
        return int(program.stdout.readline())

    try:
        yield record
    finally:
        program.kill()
        program.communicate(timeout=20)


def test_a_process_killed_anywhere_leaves_nothing_and_the_next_one_does_it_all(
    scene, store, record
):
    mentor_id = scene.mentor.id
    before = snapshot(store)
    for table in KILLED_AT:
        assert record(table) == -signal.SIGKILL, table
        assert snapshot(store) == before, f"something is left after {table}"
    assert record("no such table") == 0
    store.expire_all()
    mentor = store.get_one(Mentor, mentor_id)
    assert mentor.status == "suspended" and len(mentor.suspensions) == 1
    assert [match.on_hold for match in scene.matches] == [True, True]
    counts, _ = snapshot(store)
    assert {name: counts[name] - before[0][name] for name in ("hold", "review", "telling")} == {
        "hold": 2,
        "review": 2,
        "telling": 2,
    }
    assert counts["message"] - before[0]["message"] == 5
    assert store.scalars(select(AuditEntry.action)).all().count("suspended_mentor") == 1
