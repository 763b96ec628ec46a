from datetime import datetime, time, timedelta

import pytest

from mentorship import clock
from mentorship.clock import ALMATY
from tests import factories

DAY = timedelta(days=1)
ADULT = {"birth_date": clock.today().replace(year=clock.today().year - 35, day=1)}


def instant(day):
    """Nine in the morning of a day in Kazakhstan."""
    return datetime.combine(day, time(9), ALMATY)


def complete(session, today, *, but=(), **given):
    """A candidate who applied twenty days ago, and of whom every step is complete but some."""
    facts = {"iin": factories.fictional_iin(), **ADULT} | given
    row = factories.candidate(session, applied_at=instant(today - 20 * DAY), **facts)
    days = {"application": 19, "interview": 18, "housing": 15}
    for step, ago in days.items():
        if step not in but:
            factories.candidate_step(session, candidate=row, step=step, done_on=today - ago * DAY)
    adult, until = row.mentor, today + 300 * DAY
    if "clearances" not in but:
        factories.clearances(session, mentor=adult, checked_on=today - 12 * DAY, valid_until=until)
    if not {"training", "test"} & set(but):
        factories.passed(session, mentor=adult, on=today - 6 * DAY)
    if "certificate" not in but:
        factories.certificate(session, mentor=adult, issued_on=today - 4 * DAY, expires_on=until)
    return row


@pytest.fixture
def today():
    return clock.today()
