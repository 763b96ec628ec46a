from datetime import UTC, date, datetime

from mentorship.mentors.models import MentorStatus, StatusChange
from mentorship.retention import queries
from mentorship.retention.spells import MentorRow
from tests import factories

BORN = date(1990, 2, 3)


def leave(session, mentor, at, reason="own_wish", now=MentorStatus.RETIRED):
    mentor.status = now
    session.add(
        StatusChange(
            mentor_id=mentor.id,
            was=MentorStatus.ACTIVE,
            now=now,
            reason=reason,
            changed_at=at,
        )
    )
    session.flush()


def test_a_row_of_a_mentor_says_from_when_until_when_and_why_and_nothing_of_who(database):
    adult = factories.mentor(database, birth_date=BORN)
    for day in (date(2025, 3, 1), date(2024, 3, 1)):
        factories.certificate(database, mentor=adult, issued_on=day, expires_on=None)
    leave(database, adult, datetime(2025, 8, 31, 20, tzinfo=UTC))  # the next day in Kazakhstan
    assert queries.mentor_rows(database) == [
        MentorRow(adult.id, "35", True, date(2024, 3, 1), date(2025, 9, 1), "own_wish")
    ]


def test_somebody_who_became_active_again_has_not_left(database):
    adult = factories.mentor(database, birth_date=BORN)
    leave(database, adult, datetime(2025, 3, 1, tzinfo=UTC))
    leave(database, adult, datetime(2025, 5, 1, tzinfo=UTC), now=MentorStatus.ACTIVE)
    (row,) = queries.mentor_rows(database)
    assert not row.has_left


def test_the_last_leaving_counts_and_who_applies_again_has_left(database):
    adult = factories.mentor(database, birth_date=BORN)
    leave(database, adult, datetime(2025, 3, 1, tzinfo=UTC))
    leave(database, adult, datetime(2025, 5, 1, tzinfo=UTC), "programme_decision")
    leave(database, adult, datetime(2025, 6, 1, tzinfo=UTC), now=MentorStatus.CANDIDATE)
    (row,) = queries.mentor_rows(database)
    assert (row.has_left, row.left_on, row.reason) == (
        True,
        date(2025, 5, 1),
        "programme_decision",
    )


def test_candidates_are_no_mentors_yet(database):
    factories.mentor(database, birth_date=BORN, status=MentorStatus.CANDIDATE)
    assert queries.mentor_rows(database) == []
