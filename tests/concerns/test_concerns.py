"""A worry: how it is raised, who owns and reads it, and how it comes to its end."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text

from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.concerns import endings, queries, services
from mentorship.concerns.models import Concern, ConcernEvent
from mentorship.concerns.services import log_meeting_with_worry, review_concern
from mentorship.errors import AlreadyDone, DomainError, Impossible, Invalid
from mentorship.meetings.models import Meeting
from mentorship.reviews.models import Hold, Review, Telling
from mentorship.settings.services import change_setting
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
DAY = timedelta(days=1)
WORRY = "Бала мектептен қорқады дейді"
MEETING = {
    "held_on": ON,
    "kind": "in_person",
    "minutes": 90,
    "activity": "Шахмат",
    "went": 2,
    "notes": None,
    "next_on": None,
}


@pytest.fixture
def match(database):
    return factories.eligible_match(database, started_on=ON - DAY)


@pytest.fixture
def mentor(database, match):
    return factories.mentor_user(database, mentor=match.mentor)


@pytest.fixture
def people(database):
    """Two coordinators of the region."""
    return [factories.coordinator(database) for _ in range(2)]


def kinds(database, concern):
    database.flush()
    query = select(ConcernEvent).where(ConcernEvent.concern_id == concern.id)
    return [row.kind for row in database.scalars(query.order_by(ConcernEvent.id))]


def test_a_worry_opens_a_concern_to_be_looked_at_within_a_day(database, match, mentor):
    data = MEETING | {"worry": WORRY}
    meeting = log_meeting_with_worry(database, match, data, by=mentor.id, at=AT)
    concern = database.scalars(select(Concern)).one()
    assert (concern.match_id, concern.meeting_id, concern.text) == (match.id, meeting.id, WORRY)
    assert (concern.child_id, concern.origin) == (match.child_id, "meeting")
    assert (concern.raised_by, concern.raised_at) == (mentor.id, AT)
    assert concern.review_by == AT + timedelta(hours=24)
    assert (concern.state, concern.severity, concern.owner_id) == ("waiting", "worry", None)
    assert not concern.is_overdue(AT + DAY) and concern.is_overdue(AT + DAY + timedelta(seconds=1))


def test_the_time_for_the_first_look_is_a_setting(database, match, people):
    given = {"source": "x", "owner": "x", "decided_on": ON, "by": people[0].id, "at": AT}
    change_setting(database, "concern.review_hours", 6, **given)
    concern = services.raise_concern(database, match, WORRY, by=None, at=AT)
    assert concern.review_by == AT + timedelta(hours=6)


@pytest.mark.parametrize("worry", [None, ""])
def test_a_meeting_without_a_worry_opens_nothing(database, match, mentor, worry):
    log_meeting_with_worry(database, match, MEETING | {"worry": worry}, by=mentor.id, at=AT)
    assert database.scalars(select(Concern)).all() == []


def test_a_refused_meeting_leaves_no_concern(database, match, mentor):
    data = MEETING | {"worry": WORRY, "held_on": ON - 2 * DAY}
    with pytest.raises(Invalid):
        log_meeting_with_worry(database, match, data, by=mentor.id, at=AT)
    assert database.scalars(select(Concern)).all() == []
    assert database.scalars(select(Meeting)).all() == []


def test_a_worry_needs_no_match_and_no_author_and_may_come_while_meetings_are_on_hold(
    database, match, people
):
    child = factories.eligible_child(database, on=ON)
    alone = services.raise_concern(
        database, None, WORRY, child=child, origin="staff", by=people[0].id, at=AT
    )
    assert (alone.child_id, alone.match_id) == (child.id, None)
    factories.hold(database, match=match)
    asked = services.raise_concern(
        database, match, WORRY, origin="child", severity="serious", by=None, at=AT
    )
    assert (asked.origin, asked.severity, asked.raised_by) == ("child", "serious", None)


def test_what_was_done_at_once_stands_in_the_timeline_with_its_time(database, match, mentor):
    before = AT - timedelta(minutes=20)
    concern = services.raise_concern(
        database,
        match,
        WORRY,
        severity="danger",
        steps=["called_102", "child_safe"],
        happened_at=before,
        by=mentor.id,
        at=AT,
    )
    steps = [(row.step, row.happened_at, row.at) for row in concern.events[1:]]
    assert steps == [("called_102", before, AT), ("child_safe", before, AT)]


def test_the_database_never_sees_what_was_written(database, match, people):
    concern = services.raise_concern(database, match, WORRY, by=None, at=AT)
    review_concern(database, concern, text=WORRY, by=people[0].id, at=AT)
    database.flush()
    kept = database.scalars(text("select text from concern")).all()
    kept += database.scalars(text("select text from concern_event where text is not null")).all()
    assert len(kept) == 2 and all(WORRY not in line for line in kept)
    database.expire_all()
    assert concern.text == WORRY


def test_a_concern_is_looked_at_first_by_one_person_who_then_answers_for_it(
    database, match, people
):
    concern = factories.concern(database, match=match)
    first, second = people
    review_concern(database, concern, text="Сөйлестік", steps=["called_111"], by=first.id, at=AT)
    with pytest.raises(AlreadyDone, match="already_reviewed"):
        review_concern(database, concern, text="Басқа", by=second.id, at=AT + DAY)
    assert (concern.reviewed_by, concern.reviewed_at) == (first.id, AT)
    assert (concern.owner_id, concern.state) == (first.id, "under_way")
    assert kinds(database, concern) == ["owner", "reviewed", "step"]


def test_the_audit_log_says_what_was_done_but_not_what_it_says(database, match, mentor, people):
    data = MEETING | {"worry": WORRY}
    log_meeting_with_worry(database, match, data, by=mentor.id, at=AT)
    concern = database.scalars(select(Concern)).one()
    review_concern(database, concern, text="Қадам", by=people[0].id, at=AT)
    database.flush()
    entries = database.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    actions = ["logged_meeting", "raised_concern", "reviewed_concern"]
    assert [entry.action for entry in entries] == actions
    assert all(WORRY not in str(e.details) and "Қадам" not in str(e.details) for e in entries)


# Every verb in every state, by the one who asked to close it and by somebody else.

STATES = ("waiting", "under_way", "asked", "closed")
TABLE = {
    "review": ("under_way", "already_reviewed", "already_reviewed", "concern_closed"),
    "note": ("waiting", "under_way", "asked", "concern_closed"),
    "give": ("waiting", "under_way", "asked", "concern_closed"),
    "restrict": ("waiting", "under_way", "asked", "concern_closed"),
    "open_up": ("not_restricted", "not_restricted", "not_restricted", "concern_closed"),
    "pause": ("waiting", "under_way", "asked", "concern_closed"),
    "ask": ("review_first", "asked", "close_asked_already", "concern_closed"),
    "sign": ("close_not_asked", "close_not_asked", "closed", "concern_closed"),
    "sign_own": ("close_not_asked", "close_not_asked", "close_needs_second", "concern_closed"),
    "back": ("close_not_asked", "close_not_asked", "under_way", "concern_closed"),
    "reopen": ("concern_is_open", "concern_is_open", "concern_is_open", "waiting"),
}


def in_state(database, match, state, asker, signer):
    concern = factories.concern(database, match=match, owner_id=asker.id)
    how = {"by": asker.id, "at": AT}
    if state != "waiting":
        review_concern(database, concern, text="x", **how)
    if state in ("asked", "closed"):
        endings.ask_to_close(database, concern, outcome="helped", text="x", **how)
    if state == "closed":
        endings.sign_closing(database, concern, by=signer.id, at=AT)
    return concern


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", TABLE)
def test_each_verb_leads_from_each_state_where_the_table_says(database, match, people, verb, state):
    asker, signer = people
    concern = in_state(database, match, state, asker, signer)
    how = {"by": signer.id, "at": AT}
    acts = {
        "review": lambda: review_concern(database, concern, text="x", **how),
        "note": lambda: services.add_note(database, concern, text="x", **how),
        "give": lambda: services.give_to(database, concern, signer, **how),
        "restrict": lambda: services.restrict(database, concern, [signer], **how),
        "open_up": lambda: services.open_up(database, concern, **how),
        "pause": lambda: services.pause_match(database, concern, text="x", base_url="", **how),
        "ask": lambda: endings.ask_to_close(database, concern, outcome="helped", text="x", **how),
        "sign": lambda: endings.sign_closing(database, concern, **how),
        "sign_own": lambda: endings.sign_closing(database, concern, by=asker.id, at=AT),
        "back": lambda: endings.send_back(database, concern, text="x", **how),
        "reopen": lambda: endings.reopen(database, concern, text="x", review_by=AT + DAY, **how),
    }
    expected = TABLE[verb][STATES.index(state)]
    if expected in STATES:
        acts[verb]()
        database.flush()
        assert concern.state == expected
    else:
        with pytest.raises(DomainError, match=expected):
            acts[verb]()
        assert concern.state == state


def test_a_reopened_concern_keeps_its_timeline_and_its_clock_begins_anew(database, match, people):
    asker, signer = people
    concern = in_state(database, match, "closed", asker, signer)
    concern.told_at = concern.reminded_at = AT
    later = AT + 30 * DAY
    endings.reopen(database, concern, text="Қайта", review_by=later + DAY, by=signer.id, at=later)
    assert (concern.told_at, concern.reminded_at, concern.review_by) == (None, None, later + DAY)
    assert kinds(database, concern) == ["reviewed", "asked", "closed", "reopened"]
    assert concern.owner_id == asker.id


@pytest.mark.parametrize("outcome", ["earlier"])
def test_no_new_concern_is_closed_with_one_signature(database, match, people, outcome):
    concern = in_state(database, match, "under_way", *people)
    with pytest.raises(Invalid):
        endings.ask_to_close(database, concern, outcome=outcome, text="x", by=people[0].id, at=AT)


def test_a_pause_holds_the_match_has_it_reviewed_and_the_child_and_the_mentor_told(
    database, match, mentor, people
):
    concern = in_state(database, match, "under_way", *people)
    how = {"base_url": "http://x", "by": people[0].id, "at": AT}
    services.pause_match(database, concern, text="Неге", **how)
    database.flush()
    for table in (Hold, Review, Telling):
        assert database.scalars(select(table)).one().cause == "concern"
    with pytest.raises(AlreadyDone, match="match_paused_already"):
        services.pause_match(database, concern, text="Неге", **how)
    alone = factories.concern(database, child=match.child)
    with pytest.raises(Impossible, match="no_match_to_pause"):
        services.pause_match(database, alone, text="Неге", **how)


def test_only_who_works_in_the_region_owns_or_reads_a_concern(database, match, people):
    concern = factories.concern(database, match=match)
    how = {"by": people[0].id, "at": AT}
    others = (
        factories.coordinator(database, regions=(KOSTANAY,)),
        factories.manager(database),
        factories.coordinator(database, active=False),
    )
    for other in others:
        with pytest.raises(Invalid, match="reader_outside"):
            services.give_to(database, concern, other, **how)
        with pytest.raises(Invalid, match="reader_outside"):
            services.restrict(database, concern, [other], **how)
    services.give_to(database, concern, people[1], **how)
    with pytest.raises(AlreadyDone, match="owner_already"):
        services.give_to(database, concern, people[1], **how)


def test_a_restricted_concern_is_read_by_owner_readers_and_supervisor_alone(
    database, match, people
):
    boss = factories.coordinator(database)
    owner = factories.coordinator(database, supervisor_id=boss.id)
    named, other = people
    concern = factories.concern(database, match=match, owner_id=owner.id)
    services.restrict(database, concern, [named], by=owner.id, at=AT)
    database.flush()

    def reads(user):
        return queries.find_concern(database, user, concern.id) is not None

    assert [reads(user) for user in (owner, named, boss, other)] == [True, True, True, False]
    rows = database.execute(queries.listed(other, {}, AT)).all()
    assert [(row[0].id, row[1]) for row in rows] == [(concern.id, False)]
    hidden = queries.listed(other, {"severity": concern.severity}, AT)
    assert database.execute(hidden).all() == []
    assert database.scalars(queries.open_concerns(other)).all() == []
    services.restrict(database, concern, [], by=owner.id, at=AT)
    database.flush()
    assert not reads(named)
    services.open_up(database, concern, by=owner.id, at=AT)
    database.flush()
    assert reads(other)


def test_who_restricts_a_concern_goes_on_reading_it(database, match, people):
    concern = factories.concern(database, match=match, owner_id=people[0].id)
    services.restrict(database, concern, [], by=people[1].id, at=AT)
    database.flush()
    assert [row.user_id for row in concern.readers] == [people[1].id]
    fresh = factories.concern(database, match=match)
    services.restrict(database, fresh, [], by=people[1].id, at=AT)
    assert (fresh.owner_id, fresh.readers) == (people[1].id, [])


def test_a_mentor_is_told_of_their_own_worries_alone(database, match, mentor):
    own = factories.concern(database, match=match, raised_by=mentor.id)
    factories.concern(database, match=match)
    assert queries.raised_by(database, mentor) == [own]


def test_numbers_are_those_of_the_regions(database, match, people):
    for state in STATES:
        in_state(database, match, state, *people)
    away = factories.eligible_match(database, started_on=ON, region=KOSTANAY)
    factories.concern(database, match=away)
    late = clock.now()
    found = queries.in_numbers(database, people[0], late)
    assert found == {"waiting": 1, "under_way": 1, "asked": 1, "closed": 1, "overdue": 1}
    assert (
        queries.in_numbers(database, factories.coordinator(database, regions=()), late)["waiting"]
        == 0
    )
    assert KARAGANDA in people[0].scope.regions
