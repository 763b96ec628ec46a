from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from mentorship.check_ins import ladder, services
from mentorship.check_ins.models import CheckIn, Rung
from mentorship.errors import AlreadyDone, Invalid
from mentorship.messages.models import Message
from mentorship.reviews.models import Hold, Review
from tests import factories

ON = date(2026, 3, 2)
DAY = timedelta(days=1)
URL = "http://127.0.0.1:8000"


def at(day):
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)


@pytest.fixture
def boss(database):
    return factories.coordinator(database, all_regions=True)


@pytest.fixture
def coordinator(database, boss):
    return factories.coordinator(database, supervisor_id=boss.id)


@pytest.fixture
def match(database, coordinator):
    found = factories.eligible_match(database, started_on=ON - 60 * DAY)
    factories.mentor_user(database, mentor=found.mentor)
    return found


@pytest.fixture
def overdue(database, match):
    return factories.check_in(database, match=match, due_on=ON)


def climb(session, on):
    return ladder.climb(session, on=on, at=at(on), base_url=URL)


def steps(session, row):
    query = select(Rung).where(Rung.check_in_id == row.id).order_by(Rung.id)
    return [(r.step, (r.reached_on - ON).days, r.done_on) for r in session.scalars(query)]


def written(session):
    return [(m.kind, m.user_id) for m in session.scalars(select(Message).order_by(Message.id))]


def test_an_overdue_contact_climbs_day_by_day_and_each_step_happens_once(
    database, match, overdue, boss
):
    for days in range(30):
        climb(database, ON + days * DAY)
        climb(database, ON + days * DAY)
    assert steps(database, overdue) == [
        ("remind", 3, ON + 3 * DAY),
        ("call", 7, None),
        ("supervisor", 14, ON + 14 * DAY),
        ("review", 21, ON + 21 * DAY),
    ]
    assert written(database) == [
        ("contact_wanted", match.mentor.user_id),
        ("contacts_overdue_long", boss.id),
    ]
    review = database.scalars(select(Review)).one()
    assert (review.cause, review.match_id) == ("overdue_contacts", match.id)
    assert database.scalars(select(Hold)).all() == []


def test_after_a_week_of_downtime_it_stands_where_it_should_and_nobody_is_written_to_twice(
    database, match, coordinator, boss
):
    user = match.mentor.user
    for number in range(3):
        other = factories.eligible_match(database, started_on=ON - 60 * DAY)
        factories.check_in(database, match=other, due_on=ON - number * DAY)
    rows = [
        factories.check_in(database, match=match, due_on=ON + days * DAY, number=days + 9)
        for days in (0, 1)
    ]
    done = climb(database, ON + 16 * DAY)
    assert done == {"remind": 5, "call": 5, "supervisor": 5}
    assert [step for step, *_ in steps(database, rows[0])] == ["remind", "call", "supervisor"]
    assert written(database) == [
        ("contact_wanted", user.id),
        ("contacts_overdue_long", boss.id),
    ]
    message = database.scalars(select(Message).where(Message.user_id == boss.id)).one()
    assert message.subject.endswith(": 5")
    for text in (message.subject, message.body):
        assert match.child.last_name not in text


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("mentor", ["remind", "call", "supervisor", "review"]),
        ("child", ["call", "supervisor", "review"]),
        ("carer", ["call", "supervisor"]),
        ("review", ["supervisor"]),
    ],
)
def test_each_kind_of_contact_has_its_own_steps(database, match, kind, expected):
    row = factories.check_in(database, match=match, due_on=ON, kind=kind)
    climb(database, ON + 40 * DAY)
    assert [step for step, *_ in steps(database, row)] == expected


def test_recording_the_contact_ends_the_ladder(database, overdue, coordinator):
    climb(database, ON + 8 * DAY)
    data = {"held_on": ON + 9 * DAY, "way": "phone", "rating": None, "next_step": None}
    by = coordinator.id
    services.record_check_in(database, overdue, data, by=by, at=at(ON + 9 * DAY))
    climb(database, ON + 60 * DAY)
    rungs = database.scalars(
        select(Rung).order_by(Rung.id).execution_options(populate_existing=True)
    ).all()
    assert [(r.step, r.done_on, r.done_by) for r in rungs] == [
        ("remind", ON + 8 * DAY, None),
        ("call", ON + 9 * DAY, by),
    ]


def test_days_on_hold_are_not_counted_and_nothing_climbs_meanwhile(database, match, overdue):
    hold = factories.hold(database, match=match, opened_at=at(ON + 2 * DAY))
    assert not climb(database, ON + 30 * DAY)
    hold.ended_at = at(ON + 30 * DAY)
    database.flush()
    assert not climb(database, ON + 30 * DAY)  # two days count
    assert climb(database, ON + 31 * DAY) == {"remind": 1}


@pytest.mark.parametrize("state", ["held", "missed", "closed", "planned"])
def test_only_open_overdue_contacts_of_open_matches_climb(database, state):
    ended = {"ended_on": ON} if state == "closed" else {}
    adult = factories.eligible_mentor(database, on=ON)
    young = factories.eligible_child(database, on=ON)
    match = factories.match(database, mentor=adult, child=young, started_on=ON - 9 * DAY, **ended)
    given = {"held": {"held_on": ON}, "missed": {"missed_on": ON}}.get(state, {})
    due_on = ON + 50 * DAY if state == "planned" else ON
    factories.check_in(database, match=match, due_on=due_on, **given)
    assert not climb(database, ON + 30 * DAY)


def test_where_nobody_can_be_told_the_step_stays_open(database):
    match = factories.eligible_match(database, started_on=ON - 60 * DAY)  # no account, no staff
    row = factories.check_in(database, match=match, due_on=ON)
    climb(database, ON + 14 * DAY)
    assert [done for _, _, done in steps(database, row)] == [None, None, None]
    assert written(database) == []


def test_a_call_is_noted_once_and_the_contact_stays_open(database, overdue, coordinator):
    climb(database, ON + 8 * DAY)
    call = {"called_on": ON + 8 * DAY, "note": "Алмады", "by": coordinator.id}
    now = at(ON + 8 * DAY)
    for day in (ON - DAY, ON + 9 * DAY):
        with pytest.raises(Invalid, match="called_before_due"):
            ladder.note_call(database, overdue, **(call | {"called_on": day}), at=now)
    ladder.note_call(database, overdue, **call, at=now)
    database.flush()
    with pytest.raises(AlreadyDone, match="no_call_to_make"):
        ladder.note_call(database, overdue, **call, at=now)
    rung = database.scalars(select(Rung).where(Rung.step == "call")).one()
    assert (rung.done_on, rung.done_by, rung.note) == (ON + 8 * DAY, coordinator.id, "Алмады")
    assert database.get_one(CheckIn, overdue.id).held_on is None


def test_no_call_is_to_be_made_before_the_contact_has_climbed_there(database, overdue, coordinator):
    with pytest.raises(AlreadyDone, match="no_call_to_make"):
        ladder.note_call(database, overdue, called_on=ON, note="x", by=coordinator.id, at=at(ON))
