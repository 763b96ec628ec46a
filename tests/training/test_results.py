from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import matching
from mentorship.audit import AuditEntry
from mentorship.children.models import ChildNeed
from mentorship.errors import DomainError
from mentorship.matches.problem import engine_child, engine_mentor
from mentorship.mentors.models import MentorSkill
from mentorship.settings.services import change_setting
from mentorship.training import certificates, results
from mentorship.training.facts import Result
from mentorship.training.models import CorrectionReason, Outcome
from mentorship.training.report import trained
from tests import factories
from tests.training.conftest import ABSENT, AT, ON, came, enrolled

DAY = timedelta(days=1)


@pytest.fixture
def trauma(database):
    return factories.course(database, hours=16, has_test=True, skills=["trauma"])


@pytest.fixture
def held(database, staff, trauma):
    """Somebody with a seat in a session that is held today."""
    training = factories.training(database, starts_on=ON, course=trauma)
    return enrolled(database, training, by=staff)


def write(database, row, result, staff, on=ON):
    results.record_results(database, row.session, {row.id: result}, by=staff, on=on, at=AT)


def correct(database, row, result, staff, reason=CorrectionReason.MISTYPED):
    results.correct_result(database, row, result, reason=reason, by=staff, on=ON, at=AT)


def skills(database, row):
    query = database.query(MentorSkill).filter_by(mentor_id=row.mentor_id)
    return {skill.skill: skill.earned_on for skill in query}


@pytest.mark.parametrize(("score", "passed"), [(0, False), (69, False), (70, True), (100, True)])
def test_the_test_is_passed_from_the_percent_of_the_setting_on(
    database, staff, held, score, passed
):
    write(database, held, came(score), staff)
    assert held.passed is passed
    assert skills(database, held) == ({"trauma": ON} if passed else {})


def test_the_percent_in_force_is_kept_with_the_score(database, staff, held):
    facts = {"source": "order", "owner": "Programme", "decided_on": ON, "by": staff, "at": AT}
    change_setting(database, "training.passing_percent", 90, **facts)
    write(database, held, came(85), staff)
    entry = database.query(AuditEntry).filter_by(action="recorded_training_result").one()
    assert held.passed is False
    assert entry.details["passing_percent"] == 90
    assert entry.details["now"]["score"] == 85


def test_a_course_without_a_test_is_passed_by_coming(database, staff):
    course = factories.course(database, skills=["grief"])
    row = enrolled(database, factories.training(database, starts_on=ON, course=course), by=staff)
    write(database, row, came(), staff)
    assert row.outcome is Outcome.PASSED
    assert skills(database, row) == {"grief": ON}


def test_attendance_first_and_the_score_later_is_no_correction(database, staff, held):
    write(database, held, came(), staff)
    assert held.outcome is Outcome.TEST_AHEAD
    write(database, held, came(88, test_on=ON), staff)
    assert held.outcome is Outcome.PASSED
    with pytest.raises(DomainError, match="result_recorded"):
        write(database, held, came(12), staff)


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (Result(True), "hours_outside"),
        (came(hours="0"), "hours_outside"),
        (came(hours="16.1"), "hours_outside"),
        (came(101), "score_outside"),
        (came(-1), "score_outside"),
        (Result(True, Decimal(8), 80), "test_date_outside"),
        (came(80, test_on=ON - DAY), "test_date_outside"),
        (came(80, test_on=ON + DAY), "test_date_outside"),
        (Result(False, Decimal(8)), "result_of_absent"),
        (Result(False, None, 80, ON), "result_of_absent"),
    ],
)
def test_a_result_that_cannot_be_is_refused(database, staff, held, result, code):
    with pytest.raises(DomainError) as refused:
        write(database, held, result, staff)
    assert refused.value.code == code
    assert held.attended is None


def test_a_course_without_a_test_takes_no_score(database, staff):
    row = enrolled(database, factories.training(database, starts_on=ON), by=staff)
    with pytest.raises(DomainError, match="course_without_test"):
        write(database, row, came(80), staff)


def test_a_place_of_another_session_is_refused(database, staff, held):
    other = factories.training(database, starts_on=ON)
    with pytest.raises(DomainError, match="not_enrolled"):
        results.record_results(database, other, {held.id: ABSENT}, by=staff, on=ON, at=AT)


def test_correcting_to_not_passed_takes_the_skill_away(database, staff, held):
    write(database, held, came(80), staff)
    correct(database, held, came(40), staff, CorrectionReason.OTHER_PERSON)
    assert skills(database, held) == {}
    entry = database.query(AuditEntry).filter_by(action="corrected_training_result").one()
    assert (entry.actor_id, entry.details["reason"]) == (staff, "other_person")
    assert (entry.details["was"]["score"], entry.details["now"]["score"]) == (80, 40)
    assert entry.details["was"]["passed"] and not entry.details["now"]["passed"]


def test_a_skill_that_another_course_gives_too_stays(database, staff, held, trauma):
    earlier = factories.training(database, starts_on=ON - 30 * DAY, course=trauma)
    factories.enrolment(
        database,
        training=earlier,
        mentor=held.mentor,
        attended=True,
        hours=16,
        score=90,
        passed=True,
        test_on=ON - 30 * DAY,
        recorded_at=AT,
    )
    write(database, held, came(80), staff)
    assert skills(database, held) == {"trauma": ON - 30 * DAY}
    correct(database, held, ABSENT, staff)
    assert skills(database, held) == {"trauma": ON - 30 * DAY}


def test_a_skill_that_came_with_the_register_is_not_taken_away(database, staff, held):
    known = MentorSkill(mentor_id=held.mentor_id, skill="trauma", earned_on=date(2024, 5, 1))
    database.add(known)
    write(database, held, came(80), staff)
    correct(database, held, ABSENT, staff)
    assert skills(database, held) == {"trauma": date(2024, 5, 1)}


def test_correcting_the_day_of_the_test_moves_the_day_of_the_skill(database, staff, trauma):
    training = factories.training(
        database, starts_on=ON - 3 * DAY, ends_on=ON - 2 * DAY, course=trauma
    )
    row = enrolled(database, training, by=staff)
    write(database, row, came(80, test_on=ON - 2 * DAY), staff)
    correct(database, row, came(80, test_on=ON), staff)
    assert skills(database, row) == {"trauma": ON}


def test_a_result_under_a_certificate_in_force_is_not_taken_back(database, staff):
    adult = factories.mentor(database, birth_date=date(1985, 1, 1))
    row = factories.passed(database, mentor=adult, on=ON)
    facts = {"issuer": "Қор", "issued_on": ON, "by": staff, "on": ON, "at": AT}
    issued = certificates.issue_certificate(database, row, **facts)
    database.flush()
    with pytest.raises(DomainError, match="certificate_rests_on_result"):
        correct(database, row, came(20, hours="36"), staff)
    issued.revoked_on, issued.revoked_reason = ON, "error"
    correct(database, row, came(20, hours="36"), staff)
    assert row.outcome is Outcome.NOT_PASSED


def test_a_mentor_who_passed_is_preferred_for_a_child_with_the_need(database, staff, trauma):
    adult = factories.eligible_mentor(database, on=ON)
    child = factories.eligible_child(database, on=ON)
    child.needs = [ChildNeed(need="trauma")]
    database.flush()
    training = factories.training(database, starts_on=ON, course=trauma)
    row = factories.enrolment(database, training=training, mentor=adult)

    def points():
        problem = matching.Problem(
            mentors=(engine_mentor(adult, 0, ON),), children=(engine_child(child),), start_on=ON
        )
        plan = matching.propose(problem, matching.Policy.default())
        (pair,) = plan.pairs
        return dict(pair.parts).get("training", 0)

    before = points()
    write(database, row, came(80), staff)
    assert engine_mentor(adult, 0, ON).skills == {"trauma"}
    assert points() > before
    correct(database, row, ABSENT, staff)
    assert points() == before


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.tuples(st.integers(0, 700), st.booleans(), st.integers(1, 80), st.booleans()),
        max_size=8,
    )
)
def test_hours_are_the_sum_of_what_was_attended(database, told):
    outer = database.begin_nested()
    adult = factories.mentor(database, birth_date=date(1985, 1, 1))
    since = date(2025, 3, 10)
    hours = year = Decimal(0)
    for ago, attended, tenths, gone in told:
        day = ON - timedelta(days=ago)
        amount = Decimal(tenths) / 10 if attended else None
        training = factories.training(database, starts_on=day)
        training.cancelled_at = AT if gone else None
        factories.enrolment(
            database, training=training, mentor=adult, attended=attended, hours=amount
        )
        if attended and not gone:
            hours += amount
            year += amount if day >= since else 0
    found = trained(database, adult, ON)
    assert (found.hours, found.hours_of_year) == (hours, year)
    outer.rollback()
