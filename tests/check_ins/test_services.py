from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from mentorship.audit import AuditEntry
from mentorship.check_ins import queries, services
from mentorship.check_ins.models import CheckIn, SpokeWith
from mentorship.check_ins.schedule import due_dates
from mentorship.errors import AlreadyDone, Invalid
from mentorship.meetings import queries as meeting_queries
from mentorship.meetings import services as meeting_services
from mentorship.meetings.models import Meeting
from tests import factories
from tests.factories import KOSTANAY

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
DAY = timedelta(days=1)
OUTCOME = {"held_on": ON, "spoke_with": ["mentor", "child"], "rating": 4, "next_step": None}
MEETING = {
    "held_on": ON,
    "kind": "in_person",
    "minutes": 90,
    "activity": "Шахмат",
    "went": 4,
    "notes": None,
    "next_on": None,
}


@pytest.fixture
def coordinator(database):
    return factories.coordinator(database)


@pytest.fixture
def match(database):
    return factories.eligible_match(database, started_on=ON)


def numbers_and_dates(session, match):
    return [(row.number, row.due_on) for row in queries.check_ins_of_match(session, match.id)]


def test_planning_twice_plans_once(database, match):
    added = services.plan_check_ins(database, match, on=ON)
    planned = numbers_and_dates(database, match)
    assert len(planned) == added > 0
    assert services.plan_check_ins(database, match, on=ON) == 0
    assert numbers_and_dates(database, match) == planned


def test_planning_later_adds_what_is_missing_and_keeps_what_is_held(database, match, coordinator):
    services.plan_check_ins(database, match, on=ON)
    first = queries.check_ins_of_match(database, match.id)[0]
    services.record_check_in(
        database, first, OUTCOME | {"held_on": ON + 15 * DAY}, by=coordinator.id, at=AT
    )
    before = numbers_and_dates(database, match)
    services.plan_check_ins(database, match, on=ON + 400 * DAY)
    after = numbers_and_dates(database, match)
    assert after[: len(before)] == before
    until = ON + 400 * DAY + services.PLANNED_AHEAD
    assert [due for _, due in after] == due_dates(ON, until)
    assert [number for number, _ in after] == list(range(1, len(after) + 1))
    assert first.held_on == ON + 15 * DAY


def test_schedules_that_run_out_are_extended_once_and_closed_matches_are_left(database):
    fresh = factories.eligible_match(database, started_on=ON)
    old = factories.eligible_match(database, started_on=ON - 700 * DAY)
    bare = factories.eligible_match(database, started_on=ON - 5 * DAY)
    closed = factories.eligible_match(database, started_on=ON - 700 * DAY)
    services.plan_check_ins(database, fresh, on=ON)
    services.plan_check_ins(database, old, on=ON - 700 * DAY)
    closed.ended_on, closed.closure_reason = ON, "mentor_moved"
    closed.ended_as_planned, closed.ended_by = False, "mentor"
    assert services.extend_schedules(database, on=ON) > 0
    assert services.extend_schedules(database, on=ON) == 0
    for match in (fresh, old, bare):
        until = ON + services.PLANNED_AHEAD
        found = [due for _, due in numbers_and_dates(database, match)]
        assert found == due_dates(match.started_on, until)
    assert numbers_and_dates(database, closed) == []


def test_a_held_check_in_keeps_who_spoke_and_who_recorded(database, match, coordinator):
    row = factories.check_in(database, match=match, due_on=ON)
    services.record_check_in(database, row, OUTCOME, by=coordinator.id, at=AT)
    assert (row.held_on, row.rating, row.recorded_by, row.recorded_at) == (
        ON,
        4,
        coordinator.id,
        AT,
    )
    assert row.voices == [SpokeWith.MENTOR, SpokeWith.CHILD]
    entry = database.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.details) == ("recorded_check_in", {"match": match.id})


def test_a_check_in_is_recorded_once(database, match, coordinator):
    row = factories.check_in(database, match=match, due_on=ON)
    services.record_check_in(database, row, OUTCOME, by=coordinator.id, at=AT)
    with pytest.raises(AlreadyDone, match="already_recorded"):
        services.record_check_in(database, row, OUTCOME | {"rating": 1}, by=coordinator.id, at=AT)
    assert row.rating == 4


def test_nothing_is_held_before_the_match_began(database, match, coordinator):
    row = factories.check_in(database, match=match, due_on=ON + 14 * DAY)
    early = {"held_on": ON - DAY}
    with pytest.raises(Invalid, match="before_start"):
        services.record_check_in(database, row, OUTCOME | early, by=coordinator.id, at=AT)
    with pytest.raises(Invalid, match="before_start"):
        meeting_services.log_meeting(database, match, MEETING | early, by=coordinator.id, at=AT)
    assert row.held_on is None
    assert database.scalars(select(Meeting)).all() == []
    services.record_check_in(database, row, OUTCOME, by=coordinator.id, at=AT)
    assert (
        meeting_services.log_meeting(database, match, MEETING, by=coordinator.id, at=AT).held_on
        == ON
    )


def test_no_meeting_is_logged_for_a_closed_match(database, coordinator):
    adult, young = (
        factories.eligible_mentor(database, on=ON),
        factories.eligible_child(database, on=ON),
    )
    closed = factories.match(
        database, mentor=adult, child=young, started_on=ON - 9 * DAY, ended_on=ON - DAY
    )
    with pytest.raises(AlreadyDone, match="match_closed"):
        meeting_services.log_meeting(database, closed, MEETING, by=coordinator.id, at=AT)


def test_the_list_of_due_check_ins_holds_open_ones_of_open_matches_of_ones_own_regions(
    database, match, coordinator
):
    wanted = [factories.check_in(database, match=match, due_on=ON + days * DAY) for days in (-3, 0)]
    factories.check_in(database, match=match, due_on=ON + DAY)
    factories.check_in(
        database, match=match, due_on=ON - DAY, held_on=ON, spoke_with="mentor", rating=3
    )
    away = factories.eligible_match(database, started_on=ON, region=KOSTANAY)
    factories.check_in(database, match=away, due_on=ON)
    adult, young = (
        factories.eligible_mentor(database, on=ON),
        factories.eligible_child(database, on=ON),
    )
    closed = factories.match(
        database, mentor=adult, child=young, started_on=ON - 9 * DAY, ended_on=ON
    )
    factories.check_in(database, match=closed, due_on=ON - DAY)
    found = database.scalars(queries.open_check_ins(coordinator, ON).order_by(CheckIn.due_on)).all()
    assert found == wanted


def test_the_last_meeting_of_a_mentors_page_is_the_one_held_last(database, match):
    user = factories.mentor_user(database, mentor=match.mentor)
    late = factories.meeting(database, match=match, held_on=ON + 20 * DAY, next_on=ON + 30 * DAY)
    factories.meeting(database, match=match, held_on=ON + 5 * DAY)  # logged later
    (mine,) = meeting_queries.my_matches(database, user, ON + 21 * DAY)
    assert (mine.last, mine.next_on, mine.meetings) == (late, ON + 30 * DAY, 2)


def test_a_next_meeting_in_the_past_is_not_shown_as_next(database, match):
    user = factories.mentor_user(database, mentor=match.mentor)
    factories.meeting(database, match=match, held_on=ON, next_on=ON + 7 * DAY)
    assert meeting_queries.my_matches(database, user, ON + 7 * DAY)[0].next_on == ON + 7 * DAY
    assert meeting_queries.my_matches(database, user, ON + 8 * DAY)[0].next_on is None
