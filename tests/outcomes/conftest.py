from datetime import UTC, date, datetime

import pytest

from tests import factories

START = date(2026, 1, 5)
ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)


@pytest.fixture
def match(database):
    return factories.eligible_match(database, started_on=START)


@pytest.fixture
def by(database):
    return factories.coordinator(database).id
