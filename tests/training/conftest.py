from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from mentorship.training import services
from mentorship.training.facts import Result
from tests import factories

ON = date(2026, 3, 10)
AT = datetime(2026, 3, 10, 6, tzinfo=UTC)


@pytest.fixture
def staff(database):
    return factories.coordinator(database).id


def came(score=None, *, hours="8", test_on=ON):
    return Result(True, Decimal(hours), score, test_on if score is not None else None)


ABSENT = Result(False)


def enrolled(database, training, *, by=None, on=None, **mentor):
    """Somebody with a seat, through the service."""
    adult = factories.mentor(database, birth_date=date(1985, 1, 1), **mentor)
    day = on or training.starts_on
    return services.enrol(database, training, [adult.id], by=by, on=day, at=AT)[0]
