import io
from datetime import date

import pytest
from sqlalchemy import select

from mentorship.papers.models import Paper
from mentorship.papers.store import store_in
from tests import factories
from tests.factories import KARAGANDA

DAY = date(2026, 2, 2)


@pytest.fixture
def desk(store, sign_in):
    return sign_in(factories.coordinator(store, regions=(KARAGANDA,)))


@pytest.fixture
def clearance(store):
    """The first clearance of a mentor of region 35."""
    return factories.eligible_mentor(store, on=DAY).clearances[0]


@pytest.fixture
def files_kept(config):
    """The store of the running service."""
    return store_in(config)


@pytest.fixture
def send(desk):
    """`send(row, data, name)`: the coordinator uploads a file for this row."""

    def send(row, data, name="scan.pdf", client=desk):
        word = type(row).__tablename__
        person = f"mentors/{row.mentor_id}" if hasattr(row, "mentor_id") else None
        address = f"/{person or f'children/{row.child_id}'}/papers/new?{word}={row.id}"
        return client.submit(address, scan=(io.BytesIO(data), name))

    return send


@pytest.fixture
def kept(store):
    """The only paper there is."""
    return lambda: store.scalars(select(Paper)).one()
