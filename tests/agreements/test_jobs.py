"""What happens to pairs on the way without anybody: asked, reminded, lapsed, refused; once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from mentorship.accounts.models import User
from mentorship.jobs import preparations as jobs
from mentorship.messages.models import Message
from tests import factories

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def owner(database):
    return factories.coordinator(database)


@pytest.fixture
def pair(database, owner):
    mentor = factories.eligible_mentor(database, on=ON)
    factories.mentor_user(database, mentor=mentor)
    child = factories.eligible_child(database, on=ON)
    who = {"opened_by": owner.id, "owner_id": owner.id}
    return factories.preparation(database, mentor=mentor, child=child, opened_at=AT, **who)


@pytest.fixture
def run(database, config):
    """Runs a job some time after the approval."""

    def run(job, after):
        at = AT + after
        return job(database, config, at.date(), at)

    return run


@pytest.fixture
def letters(database):
    """Kinds of the messages so far, and to whom."""

    def letters():
        rows = database.scalars(select(Message).order_by(Message.id)).all()
        return [(row.kind, row.user_id) for row in rows]

    return letters


def test_a_mentor_is_asked_once_when_the_approval_can_no_longer_be_taken_back(pair, run, letters):
    assert run(jobs.ask_mentors, timedelta(seconds=60)) == "0 written"
    assert run(jobs.ask_mentors, timedelta(seconds=61)) == "1 written"
    assert run(jobs.ask_mentors, timedelta(seconds=120)) == "0 written"
    assert letters() == [("pair_proposed", pair.mentor.user_id)]


def test_a_silent_mentor_is_reminded_once_after_three_days(pair, run, letters, database):
    assert run(jobs.remind_mentors, 2 * DAY) == "0 written"
    assert run(jobs.remind_mentors, 3 * DAY) == "1 written"
    assert run(jobs.remind_mentors, 3 * DAY) == "0 written"
    assert run(jobs.remind_mentors, 4 * DAY) == "0 written"
    assert letters() == [("pair_reminder", pair.mentor.user_id)]
    body = database.scalars(select(Message.body)).one()
    assert f"/my-proposals/{pair.id}" in body
    assert "12.03.2026" in body
    for name in (pair.child.first_name, pair.child.last_name, pair.mentor.last_name):
        assert name not in body


def test_a_mentor_who_answered_is_neither_asked_nor_reminded_nor_lapsed(pair, run, letters):
    pair.mentor_answer, pair.mentor_answered_at = "accepted", AT
    for job in (jobs.ask_mentors, jobs.remind_mentors, jobs.end_lapsed):
        assert run(job, 20 * DAY).startswith("0 ")
    assert letters() == []
    assert pair.is_open


def test_a_mentor_who_cannot_sign_in_gets_no_message(pair, run, letters):
    pair.mentor.user_id = None
    run(jobs.ask_mentors, DAY)
    run(jobs.remind_mentors, 5 * DAY)
    assert letters() == []


def test_a_mentor_whose_account_was_closed_gets_no_message(pair, run, letters, database):
    database.get(User, pair.mentor.user_id).active = False
    run(jobs.remind_mentors, 5 * DAY)
    assert letters() == []


def test_a_silent_pair_lapses_after_the_tenth_day_and_whoever_approved_is_told(
    pair, run, letters, owner
):
    assert run(jobs.end_lapsed, 10 * DAY) == "0 ended"
    assert pair.is_open
    assert run(jobs.end_lapsed, 11 * DAY) == "1 ended"
    assert run(jobs.end_lapsed, 11 * DAY) == "0 ended"
    assert (pair.status, pair.end_reason, pair.ended_by) == ("ended", "mentor_silent", None)
    assert pair.proposal.decided_by == owner.id
    assert letters() == [("preparation_lapsed", owner.id)]


def test_a_pair_that_a_rule_refuses_ends_and_others_go_on(database, pair, run, letters, owner):
    mentor = factories.eligible_mentor(database, on=ON)
    child = factories.eligible_child(database, on=ON)
    fine = factories.preparation(database, mentor=mentor, child=child, opened_at=AT)
    pair.mentor.certificates[0].expires_on = ON + DAY
    assert run(jobs.end_no_longer_allowed, DAY) == "0 ended"
    assert run(jobs.end_no_longer_allowed, 2 * DAY) == "1 ended"
    assert run(jobs.end_no_longer_allowed, 2 * DAY) == "0 ended"
    assert (pair.end_reason, pair.ended_by) == ("no_longer_allowed", None)
    assert fine.is_open
    assert letters() == [("preparation_refused", owner.id)]
