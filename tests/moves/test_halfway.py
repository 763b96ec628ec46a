"""Whatever dies in the middle of a withdrawal or a move leaves nothing half done."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, func, select
from sqlalchemy.orm import Session

from mentorship.children.models import PlacementForm
from mentorship.database import Base, engine_options
from mentorship.moves import services
from tests import factories

ROOT = Path(__file__).parents[2]
ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
WRITES = ("INSERT", "UPDATE", "DELETE")


class Killed(Exception):
    pass


@pytest.fixture
def child(store):
    """With a match, and so with everything that a withdrawal or a move touches but pairs."""
    match = factories.eligible_match(store, started_on=ON)
    factories.mentor_user(store, mentor=match.mentor)
    store.commit()
    return match.child


@pytest.fixture
def staff(store):
    made = factories.coordinator(store).id
    store.commit()
    return made


def rows(engine):
    """Every row of every table, to compare."""
    with Session(engine) as session:
        return {
            table.name: sorted(map(repr, session.execute(select(table)).all()))
            for table in Base.metadata.sorted_tables
        }


def acts(child, staff):
    said = {"said_by": "Бала", "said_on": ON, "reason": None}
    given = {"by": staff, "on": ON, "at": AT, "base_url": "http://x"}
    move = services.Move(PlacementForm.FOSTER_FAMILY, ON, "35")
    last = child.placements[0].id
    return {
        "withdraw": lambda session: services.withdraw_consent(
            session, child.id, "guardian", **said, **given
        ),
        "move": lambda session: services.record_move(session, child.id, move, last=last, **given),
    }


@pytest.mark.parametrize("verb", ["withdraw", "move"])
def test_a_failure_at_any_write_leaves_every_table_as_it_was(config, store, child, staff, verb):
    act = acts(child, staff)[verb]
    store.commit()
    engine = create_engine(config.database_url, **engine_options(config.database_url))
    before, left, tried = rows(engine), 0, 0

    def count(_c, _cursor, statement, *_):
        nonlocal left
        if statement.split(None, 1)[0].upper() in WRITES:
            left -= 1
            if left < 0:
                raise Killed

    event.listen(engine, "before_cursor_execute", count)
    for tried in range(100):
        left = tried
        with Session(engine) as session:
            try:
                act(session)
                break
            except Killed:
                session.rollback()
        left = 1000
        assert rows(engine) == before, f"after {tried} writes"
    event.remove(engine, "before_cursor_execute", count)
    assert tried > 8  # consent or placements, hold, telling, review, messages, audit
    assert rows(engine) == before  # also of a whole one, as nobody committed
    engine.dispose()


DYING = """
import os, sys
from datetime import UTC, date, datetime
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
import mentorship
from mentorship.database import engine_options
from mentorship.moves import services
url, child, staff = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
on, at = date(2026, 3, 2), datetime(2026, 3, 2, 5, tzinfo=UTC)
with Session(create_engine(url, **engine_options(url))) as session:
    services.withdraw_consent(session, child, "own", said_by="x", said_on=on, reason=None,
        by=staff, on=on, at=at, base_url="http://x")
    session.flush()
    print("all but the commit", flush=True)
    os._exit(9)
"""


def test_a_process_killed_before_its_commit_leaves_nothing_and_the_next_one_does_it(
    config, store, child, staff
):
    store.commit()
    engine = create_engine(config.database_url, **engine_options(config.database_url))
    before = rows(engine)
    asked = [sys.executable, "-c", DYING, config.database_url, str(child.id), str(staff)]
    died = subprocess.run(
        asked, cwd=ROOT, env=os.environ.copy(), capture_output=True, text=True, timeout=60
    )
    assert died.returncode == 9 and "all but the commit" in died.stdout, died.stderr
    assert rows(engine) == before
    with Session(engine) as session:
        acts(child, staff)["withdraw"](session)
        session.commit()
    with Session(engine) as session:
        held = session.scalar(select(func.count()).select_from(Base.metadata.tables["hold"]))
        assert held == 1
    engine.dispose()
