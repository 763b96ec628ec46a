"""Who is suspended does not become active by applying anew."""

import pytest

from mentorship import clock
from mentorship.candidates import services
from mentorship.errors import NotEligible
from mentorship.mentors.models import MentorStatus
from mentorship.mentors.services import change_status
from mentorship.qualification.models import SuspensionCause
from mentorship.qualification.queries import lifts_to_decide
from tests import factories
from tests.candidates.conftest import ADULT, complete
from tests.factories import KARAGANDA, KOSTANAY

NAME = {"last_name": "Тұңғышбаев", "first_name": "Ерасыл"}


@pytest.fixture
def today():
    return clock.today()


def suspended(session, **given):
    facts = {**ADULT, **NAME, "region": KOSTANAY, "status": MentorStatus.SUSPENDED}
    mentor = factories.mentor(session, **(facts | given))
    factories.suspension(session, mentor=mentor, cause=SuspensionCause.COMPLAINT, reason="x")
    return mentor


def activate(session, candidate, by, today):
    given = {"capacity": 1, "reach_km": 50, "by": by, "on": today, "at": clock.now()}
    services.activate(session, candidate, **given)


@pytest.mark.parametrize("typed", [NAME, NAME | {"last_name": "ТУНГЫШБАЕВ"}])
@pytest.mark.parametrize("since", ["suspended", "retired"])
def test_a_new_application_of_a_suspended_mentor_does_not_make_them_active(
    database, one, today, typed, since
):
    earlier = suspended(database, patronymic="Қанатұлы")
    if since == "retired":
        given = {"reason": "own_wish", "by": one, "at": clock.now()}
        change_status(database, earlier, MentorStatus.RETIRED, **given)
    anew = complete(database, today, **typed)
    with pytest.raises(NotEligible) as caught:
        activate(database, anew, one, today)
    assert caught.value.code == "mentor_suspended"
    assert anew.mentor.status == MentorStatus.CANDIDATE


def test_another_person_of_the_name_and_birth_date_is_told_apart_by_the_iin(database, one, today):
    suspended(database, iin=factories.fictional_iin())
    namesake = complete(database, today, **NAME, iin=factories.fictional_iin())
    activate(database, namesake, one, today)
    assert namesake.mentor.status == MentorStatus.ACTIVE


def test_somebody_of_another_birth_date_is_not_taken_for_a_suspended_mentor(database, one, today):
    suspended(database, birth_date=ADULT["birth_date"].replace(year=1975))
    other = complete(database, today, **NAME, iin=factories.fictional_iin())
    activate(database, other, one, today)
    assert other.mentor.status == MentorStatus.ACTIVE


def test_nobody_becomes_active_without_an_iin(database, one, today):
    """Another spelling of a name hides a suspension; the IIN does not."""
    unknown = complete(database, today, **NAME, iin=None)
    with pytest.raises(NotEligible) as caught:
        activate(database, unknown, one, today)
    assert caught.value.code == "iin_missing"
    assert unknown.mentor.status == MentorStatus.CANDIDATE


def test_nobody_is_asked_to_lift_the_suspension_of_who_retired_since(database, one, today):
    mentor = suspended(database, region=KARAGANDA)
    row = mentor.suspensions[0]
    row.lift_asked_by, row.lift_asked_at, row.lift_reason = one, clock.now(), "Clear"
    reader = factories.coordinator(database)
    assert database.scalars(lifts_to_decide(reader)).all() == [row]
    given = {"reason": "own_wish", "by": one, "at": clock.now()}
    change_status(database, mentor, MentorStatus.RETIRED, **given)
    assert database.scalars(lifts_to_decide(reader)).all() == []
