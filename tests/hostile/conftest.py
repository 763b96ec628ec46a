from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from mentorship.database import engine_options
from mentorship.errors import DomainError
from tests import factories

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
BASE = "http://127.0.0.1:8000"
WAIT_S = 60


@pytest.fixture
def one(database):
    return factories.coordinator(database).id


@pytest.fixture
def at_once(config):
    """Runs acts in sessions of their own that begin together: 'done' or a refusal's code."""
    engine = create_engine(config.database_url, pool_size=12, **engine_options(config.database_url))

    def once(act):
        with Session(engine) as session:
            try:
                act(session)
                session.commit()
            except DomainError as error:
                session.rollback()
                return error.code
            return "done"

    def run(act, barrier):
        barrier.wait(WAIT_S)
        for _ in range(4):
            try:
                return once(act)
            except OperationalError as busy:  # SQLite's one writer: they press the button again
                assert "database is locked" in str(busy)
        raise AssertionError("the database was busy for too long")

    def at_once(*acts):
        barrier = Barrier(len(acts))
        with ThreadPoolExecutor(len(acts)) as pool:
            futures = [pool.submit(run, act, barrier) for act in acts]
            return [future.result(WAIT_S) for future in futures]

    yield at_once
    engine.dispose()
