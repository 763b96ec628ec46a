"""A match ends in one place and at once; what its ending misses stays visible until it is done."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from mentorship.check_ins.models import CheckIn
from mentorship.closing import queries, services
from mentorship.closing.models import Closure, ClosureStep
from mentorship.errors import AlreadyDone, DomainError, Invalid, Stale
from mentorship.matches.models import Ruling
from mentorship.reviews.models import Hold, Review, Telling
from tests import factories
from tests.factories import KOSTANAY

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
DAY = timedelta(days=1)
ENDING = {
    "ended_on": ON,
    "ended_as_planned": False,
    "closure_reason": "mentor_moved",
    "ended_by": "mentor",
    "closure_note": None,
}
SAID = {"done_on": ON, "who": "Тәрбиеші", "answer": None, "until_on": None, "note": "Сөз"}


@pytest.fixture
def match(database):
    return factories.eligible_match(database, started_on=ON - 90 * DAY)


@pytest.fixture
def staff(database):
    return factories.coordinator(database).id


@pytest.fixture
def end(database, staff):
    def end(match, **given):
        data = ENDING | given
        return services.close_match(database, match, data, version=match.version, by=staff, at=AT)

    return end


@pytest.mark.parametrize(
    ("planned", "unwilling", "kind"),
    [
        (True, False, "planned"),
        (False, False, "early"),
        (False, True, "unilateral"),
        (True, True, "unilateral"),
    ],
)
def test_each_kind_of_ending_has_its_own_steps(match, end, planned, unwilling, kind):
    closure = end(match, ended_as_planned=planned, unwilling=unwilling)
    assert closure.kind == kind
    steps = [row.step for row in closure.steps]
    assert steps == list(services.STEPS[kind]) and len(set(steps)) == len(steps)
    assert ("support" in steps) == (kind != "planned")
    assert ("other_side" in steps) == (kind == "unilateral")
    assert {"told_child", "told_mentor", "goodbye", "contact", "goals"} < set(steps)
    assert {"view_child", "view_mentor", "view_carer", "child_again", "mentor_again"} < set(steps)
    assert all(row.state == "open" for row in closure.steps) and closure.done_at is None
    assert closure.due_on == ON + 14 * DAY


def test_with_a_match_ends_all_that_is_open_about_it_but_never_the_telling(database, match, end):
    factories.hold(database, match=match, opened_at=AT - timedelta(hours=2))
    factories.review(database, match=match, due_on=ON)
    factories.telling(database, match=match, due_at=AT)
    late = factories.check_in(database, match=match, due_on=ON - 9 * DAY)
    ahead = factories.check_in(database, match=match, due_on=ON + 30 * DAY).id
    goal = factories.goal(database, match=match, agreed_on=ON - 20 * DAY)
    slot = factories.slot(database, match=match, from_on=ON - 30 * DAY)
    end(match)
    database.flush()
    database.expire_all()
    assert not match.is_open and match.closure_reason == "mentor_moved"
    assert database.scalars(select(Hold)).one().ended_at == AT
    assert database.scalars(select(Review)).one().decision == "close"
    assert database.scalars(select(Telling)).one().done_at is None
    assert late.missed_on == ON and database.get(CheckIn, ahead) is None
    assert goal.ended_on == ON
    assert slot.until_on is not None


@pytest.mark.parametrize(
    ("given", "version", "code"),
    [
        ({"ended_on": ON - 91 * DAY}, 0, "before_start"),
        ({}, 1, "changed_meanwhile"),
    ],
)
def test_a_refused_closing_ends_nothing(database, match, staff, given, version, code):
    factories.hold(database, match=match)
    with pytest.raises((Invalid, Stale), match=code):
        services.close_match(
            database, match, ENDING | given, version=match.version + version, by=staff, at=AT
        )
    assert database.scalars(select(Closure)).all() == []
    assert database.scalars(select(Hold)).one().ended_at is None


def test_a_match_is_closed_once(match, end):
    end(match)
    with pytest.raises(AlreadyDone, match="match_closed"):
        end(match)


# Every verb on a step in every state.

TABLE = {
    ("open", "record"): "done",
    ("open", "leave out"): "cannot",
    ("done", "record"): "closing_step_done",
    ("done", "leave out"): "closing_step_done",
    ("cannot", "record"): "done",
    ("cannot", "leave out"): "cannot",
    ("missing", "record"): "closing_step_unknown",
    ("missing", "leave out"): "closing_step_unknown",
}


@pytest.mark.parametrize(("state", "verb"), TABLE)
def test_each_verb_leads_from_each_state_where_the_table_says(
    database, match, end, staff, state, verb
):
    closure = end(match)
    how = {"by": staff, "at": AT}
    code = "other_side" if state == "missing" else "goodbye"
    if state == "done":
        services.record_step(database, closure, code, SAID, **how)
    elif state == "cannot":
        services.leave_out(database, closure, code, because="Себеп", **how)
    acts = {
        "record": lambda: services.record_step(database, closure, code, SAID, **how),
        "leave out": lambda: services.leave_out(database, closure, code, because="x", **how),
    }
    expected = TABLE[state, verb]
    if expected in ("done", "cannot"):
        acts[verb]()
        database.flush()
        assert closure.step(code).state == expected
    else:
        with pytest.raises(DomainError, match=expected):
            acts[verb]()


@pytest.mark.parametrize(
    ("done_on", "code"), [(ON + DAY, "closing_step_ahead"), (ON - 91 * DAY, "before_start")]
)
def test_a_step_is_done_while_the_match_was_there_or_after_and_not_ahead(
    database, match, end, staff, done_on, code
):
    closure = end(match)
    with pytest.raises(Invalid, match=code):
        services.record_step(
            database, closure, "goodbye", SAID | {"done_on": done_on}, by=staff, at=AT
        )


def test_a_closure_is_complete_when_no_step_is_open_and_not_before(database, match, end, staff):
    closure = end(match)
    user = factories.coordinator(database)
    steps = [row.step for row in closure.steps]
    for step in steps[:-1]:
        services.leave_out(database, closure, step, because="Себеп", by=staff, at=AT)
        assert closure.done_at is None
        assert database.scalars(queries.open_closures(user)).all() == [closure]
    data = SAID | {"answer": "now"}
    services.record_step(database, closure, steps[-1], data, by=staff, at=AT)
    assert closure.done_at == AT
    assert database.scalars(queries.open_closures(user)).all() == []


def test_who_is_not_ready_is_held_back_from_rounds(database, match, end, staff):
    closure = end(match)
    how = {"reason": "Дайын емес", "by": staff, "at": AT}
    later = SAID | {"answer": "later", "until_on": ON + 60 * DAY}
    services.record_step(database, closure, "child_again", later, **how)
    services.record_step(database, closure, "mentor_again", SAID | {"answer": "no"}, **how)
    found = database.scalars(select(Ruling).order_by(Ruling.id)).all()
    assert [(row.kind, row.until) for row in found] == [
        ("hold_child", ON + 59 * DAY),
        ("hold_mentor", None),
    ]
    assert (found[0].child_id, found[1].mentor_id) == (match.child_id, match.mentor_id)


def test_who_is_ready_or_held_back_already_is_not_held_back_again(database, match, end, staff):
    factories.ruling(database, kind="hold_child", child=match.child)
    closure = end(match)
    how = {"reason": "Дайын емес", "by": staff, "at": AT}
    services.record_step(database, closure, "child_again", SAID | {"answer": "no"}, **how)
    services.record_step(database, closure, "mentor_again", SAID | {"answer": "now"}, **how)
    assert len(database.scalars(select(Ruling)).all()) == 1


@pytest.mark.parametrize("day", [None, ON, ON - DAY])
def test_ready_later_needs_a_later_day(database, match, end, staff, day):
    closure = end(match)
    data = SAID | {"answer": "later", "until_on": day}
    with pytest.raises(Invalid, match="ready_later_when"):
        services.record_step(database, closure, "child_again", data, by=staff, at=AT)


def test_what_people_said_is_kept_encrypted(database, match, end, staff):
    closure = end(match)
    services.record_step(database, closure, "view_child", SAID | {"answer": "2"}, by=staff, at=AT)
    database.flush()
    kept = database.scalars(text("select note from closure_step where note is not null")).one()
    assert SAID["note"] not in kept
    assert database.scalars(select(ClosureStep).where(ClosureStep.note.is_not(None))).one()


def test_the_same_two_people_begin_again_with_a_match_that_knows_its_past(
    database, match, end, staff
):
    end(match)
    match.mentor.capacity = 2
    proposal = factories.proposal(
        database, mentor=match.mentor, child=match.child, start_on=ON + DAY
    )
    again = factories.start_match(database, proposal.id, by=staff, on=ON + DAY, at=AT + DAY)
    assert again.previous_id == match.id
    database.expire_all()
    assert (again.previous, match.following) == (match, again)


def test_a_first_match_of_two_people_has_no_past(database, match, end, staff):
    end(match)
    other = factories.eligible_child(database, on=ON)
    proposal = factories.proposal(database, mentor=match.mentor, child=other, start_on=ON + DAY)
    begun = factories.start_match(database, proposal.id, by=staff, on=ON + DAY, at=AT + DAY)
    assert begun.previous_id is None


def test_closings_of_another_region_are_not_seen(database, match, end):
    end(match)
    stranger = factories.coordinator(database, regions=(KOSTANAY,))
    assert database.scalars(queries.visible_closures(stranger)).all() == []
    assert queries.find_closure(database, stranger, match.id) is None


def test_there_is_one_way_to_end_a_match():
    """Whoever sets the end of a match does it through `closing.services.close_match`."""
    root = Path(services.__file__).parents[1]
    found = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if "matches.close_match(" in path.read_text("utf-8")
        or ".ended_on = data" in path.read_text("utf-8")
    }
    assert found == {"closing/services.py", "matches/services.py"}
