"""What may be done to a candidate, in which status, and what stays when it may not."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.candidates import services
from mentorship.candidates.models import Candidate, CandidateStep
from mentorship.candidates.queries import way_of_candidate
from mentorship.candidates.vocabulary import Step, StepOutcome
from mentorship.errors import AlreadyDone, Impossible, Invalid, NotEligible
from mentorship.mentors.models import MentorStatus, StatusChange
from mentorship.mentors.policies import REASONS
from mentorship.web.words import MENTOR_REASONS
from tests import factories
from tests.candidates.conftest import ADULT, DAY, complete, instant
from tests.factories import KARAGANDA, KOSTANAY

S = MentorStatus


@pytest.fixture
def by(database):
    return factories.coordinator(database, regions=(KARAGANDA,))


@pytest.fixture
def who(by, today):
    return {"by": by.id, "on": today}


VERBS = {
    "take_over": lambda s, c, w, at: services.take_over(s, c, **w),
    "assign_step": lambda s, c, w, at: services.assign_step(
        s, c, Step.ACTIVE, owner=None, due_on=w["on"] + DAY, **w
    ),
    "plan_visit": lambda s, c, w, at: services.plan_visit(s, c, Step.INTERVIEW, w["on"], **w),
    "record_outcome": lambda s, c, w, at: services.record_outcome(
        s, c, Step.HOUSING, StepOutcome.POSITIVE, held_on=w["on"], note=None, at=at, **w
    ),
    "refuse": lambda s, c, w, at: services.refuse(s, c, "other", None, by=w["by"], at=at),
    "withdraw": lambda s, c, w, at: services.withdraw(s, c, "other", None, by=w["by"], at=at),
    "apply_again": lambda s, c, w, at: services.apply_again(
        s, c.mentor, language="kk", by=w["by"], at=at
    ),
}
# Which verbs are possible in each status; every other one raises Impossible.
POSSIBLE = {
    S.CANDIDATE: set(VERBS) - {"apply_again"},
    S.ACTIVE: set(),
    S.PAUSED: set(),
    S.SUSPENDED: set(),
    S.RETIRED: {"apply_again"},
    S.REFUSED: {"apply_again"},
    S.WITHDRAWN: {"apply_again"},
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", S)
def test_each_verb_in_each_status(database, by, who, today, status, verb):
    row = factories.candidate(
        database,
        **ADULT,
        status=status,
        applied_at=instant(today - 9 * DAY),
        done={"application": today - 8 * DAY},
    )
    if status in (S.REFUSED, S.WITHDRAWN):
        row.ended_as, row.ended_at = status, clock.now()
    elif status != S.CANDIDATE:
        row.ended_as, row.ended_at = "activated", clock.now()
    database.commit()
    if verb in POSSIBLE[status]:
        VERBS[verb](database, row, who, clock.now())
        database.commit()
        wanted = {"refuse": S.REFUSED, "withdraw": S.WITHDRAWN}.get(verb, S.CANDIDATE)
        assert row.mentor.status == wanted
        return
    with pytest.raises(Impossible):
        VERBS[verb](database, row, who, clock.now())
    database.rollback()
    assert row.mentor.status == status
    assert len(database.scalars(select(CandidateStep)).all()) == 1


def test_every_reason_has_its_words():
    assert {code for codes in REASONS.values() for code in codes} == set(MENTOR_REASONS)
    assert set(REASONS) == set(S)


@pytest.mark.parametrize("step", [s for s in Step if s not in ("interview", "housing")])
def test_only_the_interview_and_the_visit_are_planned(database, who, today, step):
    row = complete(database, today)
    with pytest.raises(Impossible, match="step_by_itself"):
        services.plan_visit(database, row, step, today, **who)


@pytest.mark.parametrize("step", ["clearances", "training", "test", "certificate", "active"])
def test_nobody_closes_by_hand_what_papers_close(database, who, today, step):
    row = complete(database, today)
    with pytest.raises(Impossible, match="step_by_itself"):
        services.record_outcome(
            database,
            row,
            Step(step),
            StepOutcome.POSITIVE,
            held_on=today,
            note=None,
            at=clock.now(),
            **who,
        )


@pytest.mark.parametrize("step", ["interview", "housing"])
def test_no_step_is_done_before_the_application_is_accepted(database, who, today, step):
    row = factories.candidate(database, **ADULT, applied_at=instant(today))
    said = {"held_on": today, "note": None, "at": clock.now(), **who}
    with pytest.raises(Impossible, match="application_first"):
        services.record_outcome(database, row, Step(step), StepOutcome.POSITIVE, **said)
    with pytest.raises(Impossible, match="application_first"):
        services.plan_visit(database, row, Step(step), today, **who)


@pytest.mark.parametrize(
    ("ago", "code"), [(-1, "step_ahead"), (0, None), (9, None), (10, "before_application")]
)
@pytest.mark.parametrize("step", ["application", "interview", "housing"])
def test_a_step_is_done_between_the_application_and_today(database, who, today, step, ago, code):
    done = {} if step == "application" else {"application": today - 9 * DAY}
    row = factories.candidate(database, **ADULT, applied_at=instant(today - 9 * DAY), done=done)
    held = {"held_on": today - ago * DAY, "note": None, "at": clock.now(), **who}
    if code is None:
        services.record_outcome(database, row, Step(step), StepOutcome.POSITIVE, **held)
        return
    with pytest.raises(Invalid, match=code):
        services.record_outcome(database, row, Step(step), StepOutcome.POSITIVE, **held)


def test_a_conclusion_is_replaced_only_by_somebody_who_knows_it(database, who, today):
    row = complete(database, today)
    said = {"held_on": today, "note": "Қате", "at": clock.now(), **who}
    with pytest.raises(AlreadyDone, match="step_recorded"):
        services.record_outcome(database, row, Step.INTERVIEW, StepOutcome.NEGATIVE, **said)
    services.record_outcome(
        database, row, Step.INTERVIEW, StepOutcome.NEGATIVE, **said, correcting=True
    )
    database.flush()
    assert way_of_candidate(database, row, today).next_action == "refuse"
    entry = database.scalars(
        select(AuditEntry).where(AuditEntry.action == "recorded_candidate_step")
    ).one()
    assert (entry.details["was"], entry.details["now"]) == ("positive", "negative")


def test_a_step_is_given_only_to_somebody_who_may_see_the_candidate(database, who, today):
    row = complete(database, today, but=("certificate",))
    elsewhere = factories.coordinator(database, regions=(KOSTANAY,))
    manager = factories.manager(database)
    left = factories.coordinator(database, regions=(KARAGANDA,), active=False)
    for user in (elsewhere, manager, left):
        with pytest.raises(Invalid, match="owner_outside"):
            services.assign_step(database, row, Step.CERTIFICATE, owner=user, due_on=None, **who)
    with pytest.raises(Invalid, match="due_in_past"):
        services.assign_step(database, row, Step.CERTIFICATE, owner=None, due_on=today - DAY, **who)
    with pytest.raises(AlreadyDone, match="step_done"):
        services.assign_step(database, row, Step.TRAINING, owner=None, due_on=None, **who)
    here = factories.coordinator(database, regions=(KARAGANDA,))
    services.assign_step(database, row, Step.CERTIFICATE, owner=here, due_on=today + DAY, **who)
    database.flush()
    now = way_of_candidate(database, row, today).now
    assert (now.step, now.owner_id, now.due_on) == (Step.CERTIFICATE, here.id, today + DAY)


def test_who_takes_over_sees_to_the_step_that_is_under_way(database, who, by, today):
    row = complete(database, today, but=("certificate",))
    other = factories.coordinator(database, regions=(KARAGANDA,))
    services.assign_step(database, row, Step.CERTIFICATE, owner=other, due_on=None, **who)
    database.flush()
    services.take_over(database, row, **who)
    database.flush()
    assert way_of_candidate(database, row, today).now.owner_id == by.id
    assert row.owner_id == by.id


ALL = ("application", "interview", "housing", "clearances", "training", "test", "certificate")


@pytest.mark.parametrize("step", ALL)
def test_nobody_becomes_active_while_a_step_is_missing(database, by, today, step):
    but = {step} | ({"certificate"} if step in ("training", "test") else set())
    row = complete(database, today, but=tuple(but))
    if step == "test":
        place = factories.passed(database, mentor=row.mentor, on=today - 6 * DAY)
        place.passed, place.score = False, 10
        database.flush()
    with pytest.raises(NotEligible, match="steps_missing"):
        activate(database, row, by, today)
    assert row.mentor.status == S.CANDIDATE


def activate(session, row, by, today, capacity=2):
    given = {"capacity": capacity, "reach_km": 30, "on": today, "at": clock.now()}
    services.activate(session, row, by=by.id, **given)


def test_a_candidate_becomes_active_and_the_history_says_who_and_why(database, by, today):
    row = complete(database, today)
    activate(database, row, by, today)
    database.flush()
    mentor = row.mentor
    assert (mentor.status, mentor.capacity, mentor.reach_km) == (S.ACTIVE, 2, 30)
    change = database.scalars(select(StatusChange)).one()
    assert (change.was, change.now, change.reason) == (S.CANDIDATE, S.ACTIVE, "activated")
    assert change.changed_by == by.id
    way = way_of_candidate(database, row, today)
    assert all(state.is_done for state in way.steps)
    with pytest.raises(Impossible, match="not_a_candidate"):
        activate(database, row, by, today)


def test_a_candidate_has_no_more_children_than_the_setting_allows(database, by, today):
    row = complete(database, today)
    with pytest.raises(Invalid, match="too_many_children"):
        activate(database, row, by, today, capacity=5)


def test_the_rules_of_matching_are_asked_once_more(database, by, today):
    row = complete(database, today)
    row.mentor.birth_date = today - timedelta(days=17 * 365)
    database.flush()
    with pytest.raises(NotEligible, match="mentor_not_ready") as refused:
        activate(database, row, by, today)
    assert refused.value.params["rules"] == ["mentor_under_age"]


def test_an_earlier_try_is_kept_when_somebody_tries_again(database, by, who, today):
    row = complete(database, today)
    at = clock.now()
    services.refuse(database, row, "housing_negative", "Жөндеу керек", by=by.id, at=at)
    database.flush()
    assert (row.ended_as, row.end_reason, row.mentor.status) == (
        "refused",
        "housing_negative",
        S.REFUSED,
    )
    services.apply_again(database, row.mentor, language="kk", by=by.id, at=at)
    database.flush()
    way = way_of_candidate(database, row, today)
    assert (row.attempt, row.ended_as, way.now.step) == (2, None, Step.APPLICATION)
    said = {"held_on": today, "note": None, "at": at, **who}
    services.record_outcome(database, row, Step.APPLICATION, StepOutcome.POSITIVE, **said)
    services.record_outcome(database, row, Step.INTERVIEW, StepOutcome.POSITIVE, **said)
    database.flush()
    kept = database.scalars(select(CandidateStep).order_by(CandidateStep.id)).all()
    assert [(each.attempt, each.step) for each in kept] == [
        (1, "application"),
        (1, "interview"),
        (1, "housing"),
        (2, "application"),
        (2, "interview"),
    ]
    changes = database.scalars(select(StatusChange).order_by(StatusChange.id)).all()
    assert [(c.now, c.reason) for c in changes] == [
        ("refused", "housing_negative"),
        ("candidate", "applied_again"),
    ]


def test_a_retired_mentor_of_an_old_register_may_try_again(database, by, today):
    mentor = factories.mentor(database, **ADULT, status=S.RETIRED)
    services.apply_again(database, mentor, language="ru", by=by.id, at=clock.now())
    database.flush()
    row = database.scalars(select(Candidate)).one()
    assert (row.mentor_id, row.attempt, row.owner_id) == (mentor.id, 1, by.id)


@pytest.mark.parametrize(
    ("verb", "reason"), [("refuse", "own_wish"), ("withdraw", "housing_negative"), ("refuse", "x")]
)
def test_a_reason_belongs_to_its_end(database, by, today, verb, reason):
    row = complete(database, today)
    with pytest.raises(Invalid, match="reason_unknown"):
        getattr(services, verb)(database, row, reason, None, by=by.id, at=clock.now())
    assert row.mentor.status == S.CANDIDATE
