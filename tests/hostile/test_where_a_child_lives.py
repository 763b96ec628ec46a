"""A mentor who may not meet a child does not learn where the child lives now."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.matches.models import ClosureReason, Preparation, PreparationStatus
from tests import factories

DAY = timedelta(days=1)
NEW_HOME = "«Жасырын» отбасын қолдау орталығы"


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def match(store, today):
    """The child of an open match has moved to another centre."""
    found = factories.eligible_match(store, started_on=today - 30 * DAY)
    found.child.centre = factories.centre(store, name_kk=NEW_HOME, name_ru=NEW_HOME)
    began = datetime.combine(today - 40 * DAY, datetime.min.time(), UTC)
    pair = {"mentor": found.mentor, "child": found.child, "opened_at": began, "with_words": True}
    signed = {"agreement_number": "1", "agreement_on": found.started_on, "match_id": found.id}
    factories.preparation(store, **pair, **signed, status=PreparationStatus.STARTED)
    return found


@pytest.fixture
def addresses(store, match):
    pair = store.scalars(select(Preparation)).one().id
    own = f"/my-matches/{match.id}"
    return ("/my-children", own, f"{own}/meetings/new", f"/my-proposals/{pair}")


@pytest.fixture
def mentor(store, sign_in, match):
    return sign_in(factories.mentor_user(store, mentor=match.mentor))


def hold(store, match, today):
    factories.hold(store, match=match)


def suspend(store, match, today):
    match.mentor.status = "suspended"
    factories.hold(store, match=match, cause="mentor_suspended")


def close(store, match, today):
    match.ended_on, match.closure_reason = today, ClosureReason.OTHER
    match.ended_as_planned, match.ended_by, match.closed_at = False, "agreement", clock.now()


@pytest.mark.parametrize("end", [hold, suspend, close], ids=lambda end: end.__name__)
def test_no_page_of_the_mentor_names_the_centre(store, mentor, match, today, addresses, end):
    end(store, match, today)
    store.flush()
    for address in addresses:
        assert "Жасырын" not in mentor.page(address).text, address


def test_a_mentor_who_may_meet_the_child_reads_where(mentor, addresses):
    for address in addresses[:3]:
        assert "Жасырын" in mentor.page(address).text, address
