from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from mentorship.audit import AuditEntry
from mentorship.check_ins import queries, services, store
from mentorship.check_ins.models import CheckIn, ContactKind, ContactPolicy, ContactState
from mentorship.check_ins.schedule import wanted
from mentorship.errors import AlreadyDone, Invalid
from mentorship.matches.models import Preparation
from tests import factories
from tests.factories import KOSTANAY

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
DAY = timedelta(days=1)
OUTCOME = {"held_on": ON, "way": "phone", "rating": 4, "next_step": None}


@pytest.fixture
def coordinator(database):
    return factories.coordinator(database)


@pytest.fixture
def match(database):
    return factories.eligible_match(database, started_on=ON)


def rows_of(session, match, kind=None):
    rows = queries.check_ins_of_match(session, match.id)
    return [row for row in rows if kind is None or row.kind == kind]


def facts(session, match):
    return {(row.id, row.kind, row.number, row.due_on) for row in rows_of(session, match)}


def plan_says(session, match, kind, until):
    dues = wanted(store.versions(session), kind, match.started_on, until)
    return [due.on for due in dues]


def at(day):
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)


def record(session, row, held_on, by, **given):
    data = OUTCOME | {"held_on": held_on}
    services.record_check_in(session, row, data, by=by.id, at=at(held_on), **given)


def test_a_new_match_has_the_contacts_of_every_kind_by_the_plan(database, match):
    assert services.replan(database, match, on=ON) > 0
    for kind in ContactKind:
        rows = rows_of(database, match, kind)
        assert [row.due_on for row in rows] == plan_says(
            database, match, kind, ON + store.PLANNED_AHEAD
        )
        assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    first = rows_of(database, match)[0]
    assert (first.due_on, first.slot) == (date(2026, 3, 4), 2)


def test_planning_twice_changes_nothing(database, match):
    services.replan(database, match, on=ON)
    before = facts(database, match)
    assert services.replan(database, match, on=ON) == 0
    assert services.plan_all(database, on=ON) == 0
    assert facts(database, match) == before


def test_planning_later_adds_what_is_missing_and_keeps_every_row(database, match, coordinator):
    services.replan(database, match, on=ON)
    before = facts(database, match)
    record(database, rows_of(database, match, "mentor")[0], ON + 3 * DAY, coordinator)
    assert services.plan_all(database, on=ON + 90 * DAY) > 0
    after = facts(database, match)
    assert before < after
    until = ON + 90 * DAY + store.PLANNED_AHEAD
    for kind in ContactKind:
        found = [row.due_on for row in rows_of(database, match, kind)]
        assert found == plan_says(database, match, kind, until)


def test_after_months_without_the_scheduler_every_day_that_passed_has_its_contact(database, match):
    services.plan_all(database, on=ON)
    services.plan_all(database, on=ON + 500 * DAY)
    for kind in ContactKind:
        until = ON + 500 * DAY + store.PLANNED_AHEAD
        found = [row.due_on for row in rows_of(database, match, kind)]
        assert found == plan_says(database, match, kind, until)


def test_closed_matches_are_not_planned(database):
    adult = factories.eligible_mentor(database, on=ON)
    young = factories.eligible_child(database, on=ON)
    closed = factories.match(
        database, mentor=adult, child=young, started_on=ON - 9 * DAY, ended_on=ON
    )
    assert services.plan_all(database, on=ON) == services.replan(database, closed, on=ON) == 0


def test_the_plan_counts_from_the_first_meeting_once_it_is_recorded(database, match):
    services.replan(database, match, on=ON)
    proposal = factories.proposal(
        database, mentor=match.mentor, child=match.child, start_on=ON, status="approved"
    )
    database.add(
        Preparation(
            proposal=proposal, mentor=match.mentor, child=match.child, start_on=ON,
            status="started", match=match, opened_at=AT, mentor_due_on=ON,
            first_meeting_on=ON + 8 * DAY,
        )
    )  # fmt: skip
    ids = {row.slot: row.id for row in rows_of(database, match, "mentor")}
    services.replan(database, match, on=ON + 1 * DAY)
    moved = rows_of(database, match, "mentor")
    assert moved[0].due_on == date(2026, 3, 12)  # 10 March is the meeting
    assert {row.slot: row.id for row in moved}.items() >= ids.items() - {(213, 0)}


def test_a_hold_takes_what_is_ahead_off_the_plan_and_its_end_brings_it_back_later(
    database, match, coordinator
):
    services.replan(database, match, on=ON)
    record(database, rows_of(database, match, "mentor")[0], ON + 2 * DAY, coordinator)
    hold = factories.hold(database, match=match, opened_at=at(ON + 10 * DAY))
    services.plan_all(database, on=ON + 11 * DAY)
    left = rows_of(database, match)
    assert [(row.kind, row.due_on) for row in left] == [
        ("mentor", date(2026, 3, 4)),
        ("child", date(2026, 3, 4)),
    ]
    hold.ended_at = at(ON + 40 * DAY)
    services.plan_all(database, on=ON + 41 * DAY)
    second = rows_of(database, match, "mentor")[1]
    assert (second.slot, second.number) == (14, 2)
    assert second.due_on == date(2026, 4, 15)  # 16 March and the 30 days on hold


def test_what_fell_due_during_a_hold_was_never_due(database, match):
    services.replan(database, match, on=ON)
    hold = factories.hold(database, match=match, opened_at=at(ON + 10 * DAY))
    hold.ended_at = at(ON + 20 * DAY)  # the nightly job ran on none of these days
    services.replan(database, match, on=ON + 20 * DAY)
    second = rows_of(database, match, "mentor")[1]
    assert (second.slot, second.due_on) == (14, date(2026, 3, 26))
    services.mark_missed(database, on=ON + 25 * DAY)
    assert second.missed_on is None


def test_a_contact_that_was_overdue_only_for_want_of_the_first_meeting_moves_with_it(
    database, match
):
    services.replan(database, match, on=ON)
    proposal = factories.proposal(
        database, mentor=match.mentor, child=match.child, start_on=ON, status="approved"
    )
    pair = Preparation(
        proposal=proposal, mentor=match.mentor, child=match.child, start_on=ON,
        status="started", match=match, opened_at=AT, mentor_due_on=ON,
        first_meeting_on=ON + 8 * DAY,
    )  # fmt: skip
    database.add(pair)
    first = rows_of(database, match, "mentor")[0]
    assert first.state(ON + 8 * DAY) == ContactState.OVERDUE
    services.replan(database, match, on=ON + 9 * DAY)
    assert (first.due_on, first.state(ON + 9 * DAY)) == (ON + 10 * DAY, ContactState.DUE)


def test_a_contact_held_early_is_not_planned_again(database, match, coordinator):
    services.replan(database, match, on=ON)
    first, second = rows_of(database, match, "mentor")[:2]
    record(database, first, ON + 2 * DAY, coordinator)
    record(database, second, ON + 9 * DAY, coordinator)
    assert (second.days_late, second.state(ON)) == (-5, ContactState.HELD)
    services.plan_all(database, on=ON + 10 * DAY)
    factories.hold(database, match=match, opened_at=at(ON + 11 * DAY), ended_at=at(ON + 30 * DAY))
    services.replan(database, match, on=ON + 30 * DAY)
    slots = [row.slot for row in rows_of(database, match, "mentor")]
    assert slots.count(14) == 1
    assert sorted(slots) == slots


def new_policy(session, from_on, **stages):
    default = session.scalars(select(ContactPolicy)).one()
    row = ContactPolicy(
        version=f"v{from_on}",
        stages=default.stages | stages,
        source="design",
        owner="Programme",
        made_at=AT,
        in_force_from=from_on,
    )
    session.add(row)
    session.flush()
    return row


def test_a_new_policy_changes_only_what_is_ahead_and_ids_of_what_stays_stay(
    database, match, coordinator
):
    services.replan(database, match, on=ON)
    before = {row.slot: row for row in rows_of(database, match, "mentor")}
    record(database, before[2], ON + 2 * DAY, coordinator)
    other = {"within": 2, "days": [10, 20, 28], "stages": [[2, 12], [6, None]]}
    change = ON + 20 * DAY
    policy = new_policy(database, change, mentor=other)
    children = {(row.id, row.due_on) for row in rows_of(database, match, "child")}
    services.plan_all(database, on=change)
    after = {row.slot: row for row in rows_of(database, match, "mentor")}
    assert list(after) == [2, 14, 20, 28, 61, 122, 183]
    assert [after[slot].id for slot in (2, 14, 28, 61)] == [
        before[slot].id for slot in (2, 14, 28, 61)
    ]
    assert after[20].policy_id == policy.id
    assert after[20].number > before[61].number
    assert {(row.id, row.due_on) for row in rows_of(database, match, "child")} >= children
    assert services.plan_all(database, on=change) == 0


def test_the_next_contact_is_the_earliest_open_one_that_is_near(database, match, coordinator):
    services.replan(database, match, on=ON)
    first, second = rows_of(database, match, "mentor")[:2]
    on = ON + 3 * DAY
    assert services.next_contact(database, match.id, ContactKind.MENTOR, on).id == first.id
    record(database, first, on, coordinator)
    assert services.next_contact(database, match.id, ContactKind.MENTOR, on).id == second.id
    assert services.next_contact(database, match.id, ContactKind.REVIEW, on) is None


def test_a_held_contact_keeps_what_came_of_it_and_who_recorded_it(database, match, coordinator):
    row = factories.check_in(database, match=match, due_on=ON)
    services.record_check_in(database, row, OUTCOME, by=coordinator.id, at=AT)
    kept = (row.held_on, row.way, row.rating, row.recorded_by, row.recorded_at)
    assert kept == (ON, "phone", 4, coordinator.id, AT)
    entry = database.scalars(select(AuditEntry)).one()
    assert entry.action == "recorded_check_in"
    assert entry.details == {"match": match.id, "kind": "mentor"}


def test_one_talk_can_be_the_contacts_of_several_voices(database, match, coordinator):
    rows = [
        factories.check_in(database, match=match, due_on=ON, kind=kind)
        for kind in ("mentor", "child", "carer")
    ]
    record(database, rows[0], ON + DAY, coordinator, also=rows[1:])
    assert {(row.held_on, row.rating, row.days_late) for row in rows} == {(ON + DAY, 4, 1)}
    assert len(database.scalars(select(AuditEntry)).all()) == 3


def refusals(session, match, coordinator):
    """What cannot be recorded: the contact, what is recorded of it, and the refusal."""
    ahead = [factories.check_in(session, match=match, due_on=ON + days * DAY) for days in (20, 50)]
    held = factories.check_in(session, match=match, due_on=ON, kind="child", held_on=ON)
    away = factories.eligible_match(session, started_on=ON)
    other = factories.check_in(session, match=away, due_on=ON)
    adult = factories.eligible_mentor(session, on=ON)
    young = factories.eligible_child(session, on=ON)
    closed = factories.match(
        session, mentor=adult, child=young, started_on=ON - 90 * DAY, ended_on=ON - DAY
    )
    missed = factories.check_in(session, match=closed, due_on=ON - 30 * DAY, missed_on=ON - 2 * DAY)
    return {
        "already_recorded": (held, {}, ()),
        "before_start": (ahead[0], {"held_on": ON - DAY}, ()),
        "earlier_contact_first": (ahead[1], {}, ()),
        "contact_of_another_match": (ahead[0], {}, (other,)),
        "after_end": (missed, {}, ()),
    }


@pytest.mark.parametrize(
    "code",
    [
        "already_recorded",
        "before_start",
        "earlier_contact_first",
        "contact_of_another_match",
        "after_end",
    ],
)
def test_what_cannot_be_recorded_is_refused_and_leaves_nothing(database, match, coordinator, code):
    row, given, also = refusals(database, match, coordinator)[code]
    before = (row.held_on, row.missed_on, row.way)
    with pytest.raises((AlreadyDone, Invalid), match=code):
        services.record_check_in(
            database, row, OUTCOME | given, also=also, by=coordinator.id, at=AT
        )
    assert (row.held_on, row.missed_on, row.way) == before
    assert database.scalars(select(AuditEntry)).all() == []


def test_a_contact_is_missed_when_the_next_of_its_kind_falls_due(database, match, coordinator):
    services.replan(database, match, on=ON)
    first, second, third = rows_of(database, match, "mentor")[:3]
    assert services.mark_missed(database, on=second.due_on - DAY) == 0
    assert services.mark_missed(database, on=second.due_on) == 2  # the child's, too
    assert (first.missed_on, first.state(ON)) == (second.due_on, ContactState.MISSED)
    services.mark_missed(database, on=third.due_on + 20 * DAY)  # the job did not run on the day
    assert second.missed_on == third.due_on
    record(database, first, first.due_on + DAY, coordinator)
    assert (first.missed_on, first.state(ON), first.days_late) == (None, ContactState.HELD, 1)


def test_an_end_takes_what_is_ahead_and_keeps_what_was_missed(database, match):
    services.replan(database, match, on=ON)
    on = ON + 20 * DAY
    services.mark_missed(database, on=on)
    assert services.end_schedule(database, match, on=on, at=AT) == 2
    left = [(row.kind, row.slot, row.missed_on) for row in rows_of(database, match)]
    assert sorted(left) == [
        ("child", 2, date(2026, 3, 16)),
        ("child", 14, on),
        ("mentor", 2, date(2026, 3, 16)),
        ("mentor", 14, on),
    ]
    assert services.end_schedule(database, match, on=on, at=AT) == 0


def test_a_match_that_ended_in_another_way_is_tidied_in_the_night(database, match):
    services.replan(database, match, on=ON)
    match.ended_on, match.closure_reason = ON + 5 * DAY, "mentor_moved"
    match.ended_as_planned, match.ended_by = False, "mentor"
    database.flush()
    assert services.mark_missed(database, on=ON + 6 * DAY) == 2
    assert {row.missed_on for row in rows_of(database, match)} == {ON + 5 * DAY}


def test_the_list_of_due_check_ins_holds_open_ones_of_open_matches_of_ones_own_regions(
    database, match, coordinator
):
    early, today = (
        factories.check_in(database, match=match, due_on=ON + days * DAY) for days in (-3, 0)
    )
    factories.check_in(database, match=match, due_on=ON + DAY)
    factories.check_in(database, match=match, due_on=ON - DAY, held_on=ON, rating=3)
    missed = factories.check_in(database, match=match, due_on=ON - DAY, kind="child", missed_on=ON)
    away = factories.eligible_match(database, started_on=ON, region=KOSTANAY)
    factories.check_in(database, match=away, due_on=ON)
    resting = factories.eligible_match(database, started_on=ON)
    factories.check_in(database, match=resting, due_on=ON)
    factories.hold(database, match=resting)
    found = database.scalars(queries.open_check_ins(coordinator, ON).order_by(CheckIn.due_on)).all()
    assert found == [early, today]
    assert database.scalars(queries.missed_check_ins(coordinator)).all() == [missed]
