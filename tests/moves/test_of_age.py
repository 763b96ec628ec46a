"""Turning 18: what the nightly job does, once, also on 29 February."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from mentorship.jobs import moves as jobs
from mentorship.matches.models import Preparation, Proposal
from mentorship.messages.models import Message
from mentorship.reviews.models import Hold, Review
from tests import factories
from tests.factories import KOSTANAY

DAY = timedelta(days=1)


@pytest.fixture
def run(database, config):
    """Runs a job on a day."""

    def run(job, on):
        return job(database, config, on, datetime(on.year, on.month, on.day, 1, tzinfo=UTC))

    return run


def match_of(database, birth_date, on):
    match = factories.eligible_match(database, started_on=on - 100 * DAY)
    match.child.birth_date = birth_date
    factories.mentor_user(database, mentor=match.mentor)
    database.flush()
    return match


def reviews(database):
    return [row.cause for row in database.scalars(select(Review))]


@pytest.mark.parametrize(
    ("born", "birthday"),
    [
        (date(2008, 3, 2), date(2026, 3, 2)),
        (date(2008, 2, 29), date(2026, 3, 1)),  # not a leap year
        (date(2010, 2, 28), date(2028, 2, 28)),
        (date(2010, 3, 1), date(2028, 3, 1)),
        (date(2008, 12, 31), date(2026, 12, 31)),
    ],
)
def test_a_match_is_reviewed_on_the_day_the_child_turns_18_and_not_before(
    database, run, born, birthday
):
    match = match_of(database, born, birthday)
    assert match.child.comes_of_age_on == birthday
    assert run(jobs.review_who_turned_18, birthday - DAY) == "0 turned 18"
    assert reviews(database) == []
    assert run(jobs.review_who_turned_18, birthday) == "1 turned 18"
    assert reviews(database) == ["turned_18"]
    assert match.is_open and database.scalars(select(Hold)).all() == []


def test_the_job_does_it_once_and_catches_up_after_a_night_without_it(database, run):
    coordinator = factories.coordinator(database)
    match = match_of(database, date(2008, 3, 2), date(2026, 3, 2))
    assert run(jobs.review_who_turned_18, date(2026, 3, 9)) == "1 turned 18"
    assert run(jobs.review_who_turned_18, date(2026, 3, 9)) == "0 turned 18"
    assert run(jobs.review_who_turned_18, date(2026, 3, 10)) == "0 turned 18"
    letters = database.scalars(select(Message).order_by(Message.id)).all()
    found = [(letter.kind, letter.user_id) for letter in letters]
    assert found == [("match_under_review", match.mentor.user_id), ("turned_18", coordinator.id)]
    # decided: the two may part in their own time, and the job does not ask again
    review = database.scalars(select(Review)).one()
    review.decision, review.decided_at = "adapt", factories.AT
    database.flush()
    assert run(jobs.review_who_turned_18, date(2026, 3, 11)) == "0 turned 18"


def test_what_is_proposed_or_on_the_way_for_somebody_of_18_ends(database, run):
    on = date(2026, 3, 2)
    adult = factories.eligible_mentor(database, on=on, capacity=3)
    one, two, young = (factories.eligible_child(database, on=on) for _ in range(3))
    one.birth_date = two.birth_date = date(2008, 3, 2)
    factories.proposal(database, mentor=adult, child=one, start_on=on)
    factories.preparation(database, mentor=adult, child=two, opened_at=factories.AT)
    kept = factories.proposal(database, mentor=adult, child=young, start_on=on)
    assert run(jobs.review_who_turned_18, on) == "2 turned 18"
    assert database.scalars(select(Preparation)).one().status == "ended"
    still_open = database.scalars(select(Proposal).where(Proposal.status == "open")).all()
    assert still_open == [kept]


def test_coordinators_hear_a_season_ahead_how_many_turn_18(database, run):
    on = date(2026, 3, 2)  # a Monday
    here, away = factories.coordinator(database), factories.coordinator(database, regions=("39",))
    for days in (0, 1, 90, 91):
        match_of(database, (on + days * DAY).replace(year=2008), on)
    factories.eligible_child(database, on=on, birth_date=date(2008, 3, 20))  # without a mentor
    assert run(jobs.tell_of_who_turns_18, on) == "1 written"
    assert run(jobs.tell_of_who_turns_18, on + DAY) == "0 written"  # once a week
    letter = database.scalars(select(Message)).one()
    assert letter.user_id == here.id and letter.user_id != away.id
    assert letter.subject == "Children who turn 18 soon: 2"
    assert "90 days" in letter.body


def test_the_region_of_the_child_decides_who_hears_of_it(database, run):
    on = date(2026, 3, 2)
    away = factories.coordinator(database, regions=(KOSTANAY,))
    factories.coordinator(database)
    match = factories.eligible_match(database, started_on=on, region=KOSTANAY)
    match.child.birth_date = date(2008, 3, 2)
    database.flush()
    run(jobs.review_who_turned_18, on)
    assert [row.user_id for row in database.scalars(select(Message))] == [away.id]
