"""Somebody else meets the child for some days: who may, what they see, and how it ends."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from mentorship.audit import AuditEntry
from mentorship.errors import AlreadyDone, Impossible, Invalid, NotEligible
from mentorship.meetings import absences
from mentorship.meetings.models import Meeting, Substitute
from mentorship.meetings.queries import find_own
from mentorship.mentors.models import MentorPause
from mentorship.messages.models import Message
from tests import factories

DAY = timedelta(days=1)
HELD = {"went": "4", "activity": "Кітап оқыдық", "minutes": "60"}


@pytest.fixture
def at(today):
    return datetime.combine(today, time(12), UTC)


@pytest.fixture
def asked(store, match, today):
    return factories.substitute(store, match=match, from_on=today, until_on=today + 9 * DAY)


def appoint(store, asked, mentor, at, **changed):
    facts = {
        "from_on": asked.from_on,
        "until_on": asked.until_on,
        "child_agreed_on": asked.from_on,
        "note": None,
        "by": factories.coordinator(store).id,
        "at": at,
    }
    absences.appoint(store, asked, mentor.id, **(facts | changed))
    store.commit()


def test_a_mentor_says_when_they_are_away_and_a_coordinator_finds_somebody(
    phone, desk, sign_in, store, match, helper, today
):
    phone.submit(
        "/my-away",
        until_on=f"{today + 9 * DAY:%d.%m.%Y}",
        reason="leave",
        substitute="true",
        wish="Көмекшиев",
    )
    assert store.scalars(select(MentorPause)).one().until_on == today + 9 * DAY
    row = store.scalars(select(Substitute)).one()
    told = store.scalars(select(Message).where(Message.kind == "substitute_asked")).one()
    assert "Еркежан" not in told.body and "Ұстазов" not in told.body
    assert "Құпия" in desk.page("/substitutes").text
    page = desk.page(f"/substitutes/{row.id}")
    assert "Көмекшиев" in page.text and "The mentor suggests" in page.text
    desk.send(page, mentor=f"{helper.id}", child_agreed_on=f"{today:%d.%m.%Y}")
    kinds = set(store.scalars(select(Message.kind)))
    assert {"substitute_appointed", "standing_in"} <= kinds
    theirs = sign_in(helper.user).page("/my-children")
    assert "Еркежан" in theirs.text and "You stand in until" in theirs.text


def test_the_substitute_writes_entries_and_reads_none_of_the_mentors(
    sign_in, phone, store, match, asked, helper, at, today
):
    factories.meeting(
        store, match=match, held_on=today - DAY, notes="Құпия жазба", logged_by=match.mentor.user_id
    )
    appoint(store, asked, helper, at)
    other = sign_in(helper.user)
    page = other.page(f"/my-matches/{match.id}")
    assert "Құпия жазба" not in page.html and "Шахмат" not in page.html
    other.submit(f"/my-matches/{match.id}/meetings/new", **HELD)
    assert "Кітап оқыдық" in other.page(f"/my-matches/{match.id}").text
    assert "Кітап оқыдық" in phone.page(f"/my-matches/{match.id}").text
    read = store.scalars(select(AuditEntry).where(AuditEntry.action == "read_child")).all()
    assert helper.user_id in {row.actor_id for row in read}
    for closed in ("slot",):
        assert other.get(f"/my-matches/{match.id}/{closed}").status_code == 404


def pages(match):
    return [
        f"/my-matches/{match.id}{rest}" for rest in ("", "/meetings/new", "/meetings/cancelled")
    ]


def lose(name, store, match, asked, helper, today):
    """What ends a substitute's view of the child."""
    if name == "before the first day":
        asked.from_on = today + DAY
    elif name == "after the last day":
        asked.from_on, asked.until_on = today - 5 * DAY, today - DAY
    elif name == "suspended":
        helper.status = "suspended"
    elif name == "away":
        factories.pause(store, mentor=helper, from_on=today, until_on=today)
    elif name == "certificate over":
        helper.certificates[0].expires_on = today - DAY
    elif name == "in dispute with the child":
        factories.conflict(store, mentor=helper, child_id=match.child_id, since_on=today)
    elif name == "match closed":
        match.ended_on, match.closure_reason = today, "other"
        match.ended_as_planned, match.ended_by = True, "mentor"
    else:
        asked.status, asked.ended_at = "ended", factories.AT


@pytest.mark.parametrize(
    "name",
    [
        *("before the first day", "after the last day", "suspended", "away", "certificate over"),
        *("in dispute with the child", "match closed", "ended early"),
    ],
)
def test_outside_their_days_or_once_a_rule_refuses_they_see_nothing(
    sign_in, store, match, asked, helper, at, today, name
):
    appoint(store, asked, helper, at)
    other = sign_in(helper.user)
    assert [other.get(page).status_code for page in pages(match)] == [200] * 3
    lose(name, store, match, asked, helper, today)
    store.commit()
    assert [other.get(page).status_code for page in pages(match)] == [404] * 3
    assert "Еркежан" not in other.page("/my-children").text
    answer = other.post(f"/my-matches/{match.id}/as-planned", data={"slot_on": f"{today}"})
    assert answer.status_code in (400, 404)
    assert store.scalars(select(Meeting)).all() == []


def refuse(name, store, match, asked, helper, begun, today):
    """A wish that cannot be granted: who is asked for, what changes, and the error."""
    if name == "certificate ends in between":
        helper.certificates[0].expires_on = today + 4 * DAY
        return helper, {}, NotEligible
    if name == "in dispute":
        factories.conflict(store, mentor=helper, child_id=match.child_id, since_on=begun)
        return helper, {}, NotEligible
    if name == "suspended":
        helper.status = "suspended"
        return helper, {}, NotEligible
    if name == "their own mentor":
        return match.mentor, {}, Invalid
    if name == "ends before it begins":
        return helper, {"until_on": today - DAY}, Invalid
    if name == "somebody else stands in":
        third = factories.eligible_mentor(store, on=begun)
        factories.substitute(
            store, match=match, mentor=third, from_on=today + 9 * DAY, until_on=today + 20 * DAY
        )
        return helper, {}, AlreadyDone
    asked.status, asked.decided_at = "declined", factories.AT
    return helper, {}, AlreadyDone


@pytest.mark.parametrize(
    "name",
    [
        *("certificate ends in between", "in dispute", "suspended", "their own mentor"),
        *("ends before it begins", "somebody else stands in", "decided before"),
    ],
)
def test_nobody_is_appointed_whom_a_rule_refuses(
    store, match, asked, helper, begun, at, today, name
):
    mentor, changed, error = refuse(name, store, match, asked, helper, begun, today)
    store.commit()
    with pytest.raises(error):
        appoint(store, asked, mentor, at, **changed)


def test_a_full_mentor_may_stand_in_because_it_takes_no_place(
    store, match, asked, helper, begun, at, today
):
    young = factories.eligible_child(store, on=begun)
    factories.match(store, mentor=helper, child=young, started_on=begun)
    appoint(store, asked, helper, at)
    assert find_own(store, helper.user, match.id, today).substitute is asked


def test_only_those_who_may_are_offered(store, match, asked, helper, begun, today):
    barred = factories.eligible_mentor(store, on=begun, last_name="Тыйымов")
    factories.conflict(store, mentor=barred, child_id=match.child_id, since_on=begun)
    factories.mentor(store, birth_date=begun.replace(year=1980), last_name="Қағазсыз")
    store.commit()
    reader = factories.coordinator(store)
    offered = [mentor.id for mentor, _ in absences.possible_substitutes(store, reader, asked)]
    assert offered == [helper.id]


def test_it_is_ended_early_once(store, match, asked, helper, at):
    by = factories.coordinator(store).id
    with pytest.raises(Impossible):
        absences.end_substitute(store, asked, by=by, at=at)
    appoint(store, asked, helper, at)
    absences.end_substitute(store, asked, by=by, at=at)
    store.commit()
    with pytest.raises(Impossible):
        absences.end_substitute(store, asked, by=by, at=at)


def test_the_mentor_reads_why_nobody_stands_in(desk, store, match, asked):
    store.commit()
    desk.submit(f"/substitutes/{asked.id}/decline", note="Ешкім бос емес")
    store.expire_all()
    assert (asked.status, asked.note) == ("declined", "Ешкім бос емес")
    told = store.scalars(select(Message).where(Message.kind == "substitute_declined")).one()
    assert told.user_id == match.mentor.user_id


def test_another_mentors_entry_is_not_taken_back_nor_another_child_written_about(
    sign_in, store, match, helper, today, begun
):
    row = factories.meeting(
        store, match=match, held_on=today, logged_by=match.mentor.user_id, as_planned=True
    )
    factories.slot(store, match=match, from_on=begun)
    store.commit()
    other = sign_in(helper.user)
    page = other.page("/my-help")
    token = page.values(page.form())["csrf_token"][0]
    for address in (
        f"/my-meetings/{row.id}/take-back",
        f"/my-matches/{match.id}/as-planned",
        f"/my-matches/{match.id}/slot/end",
        f"/my-matches/{match.id}/meetings/cancelled",
    ):
        answer = other.post(address, data={"csrf_token": token, "slot_on": f"{today}"})
        assert answer.status_code == 404, address
    assert len(store.scalars(select(Meeting)).all()) == 1
