"""The day an adverse clearance arrives, with everything it must touch."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from mentorship.audit import AuditEntry
from mentorship.matches.models import PreparationStatus, ProposalStatus
from mentorship.mentors.models import MentorStatus
from mentorship.messages.models import Message
from mentorship.people.vocabulary import Sex
from mentorship.qualification import services
from mentorship.qualification.models import Suspension
from mentorship.reviews.models import ReviewCause
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
DAY = timedelta(days=1)
BASE = "http://127.0.0.1:8000"
ADVERSE = {
    "kinds": ["prosecution"],
    "result": "adverse",
    "checked_on": ON,
    "valid_until": None,
    "issuer": "Прокуратура",
    "number": "7",
}


class Scene:
    """A mentor with two matches in two regions, a proposal, a draft and a pair on the way."""

    def __init__(self, session):
        self.session = session
        self.mentor = factories.eligible_mentor(session, on=ON, capacity=5, last_name="Тәлімгеров")
        self.own, self.other, self.far, self.nowhere = (
            factories.coordinator(session, regions=regions)
            for regions in ((KARAGANDA,), (KARAGANDA, KOSTANAY), (KOSTANAY,), ("79",))
        )
        office = factories.authority(session, region=KARAGANDA)
        self.letter = factories.specialist(
            session, authority=office, from_on=ON - 90 * DAY, email="kense@example.org"
        )
        self.signs_in = factories.specialist(
            session, authority=office, from_on=ON - 90 * DAY, user=factories.manager(session)
        )
        self.near = self._child(case_manager=self.letter)
        self.away = self._child(region=KOSTANAY, case_manager=self.signs_in)
        self.matches = [
            factories.match(session, mentor=self.mentor, child=child, started_on=ON - 30 * DAY)
            for child in (self.near, self.away)
        ]
        self.open = factories.proposal(
            session, mentor=self.mentor, child=self._child(), start_on=ON
        )
        self.draft = factories.proposal(
            session,
            mentor=self.mentor,
            child=self._child(),
            round=factories.matching_round(session, start_on=ON, stage="draft"),
            status=ProposalStatus.DRAFT,
        )
        self.pair = factories.preparation(
            session, mentor=self.mentor, child=self._child(), opened_at=AT - DAY, owner_id=None
        )
        session.flush()

    def _child(self, **given):
        return factories.eligible_child(
            self.session, on=ON, last_name="Балаев", sex=Sex.FEMALE, **given
        )

    def record(self, **changed):
        return services.record_clearances(
            self.session, self.mentor, ADVERSE | changed, by=self.own.id, at=AT, base_url=BASE
        )


@pytest.fixture
def scene(database):
    return Scene(database)


def test_everything_follows_at_once(scene, database):
    (suspension,) = scene.record()
    assert scene.mentor.status == MentorStatus.SUSPENDED
    assert (suspension.cause, suspension.kind) == ("clearance_adverse", "prosecution")
    assert (suspension.was, suspension.opened_by, suspension.opened_at) == (
        "active",
        scene.own.id,
        AT,
    )
    assert suspension.withdrawn == 2
    assert (scene.open.status, scene.open.decline_reason) == ("declined", "no_longer_allowed")
    assert scene.pair.status == PreparationStatus.ENDED
    for match in scene.matches:
        database.refresh(match)
        assert match.on_hold and match.is_open
        (telling,), (review,), (hold,) = match.tellings, match.reviews, match.holds
        assert {row.cause for row in (telling, review, hold)} == {ReviewCause.MENTOR_SUSPENDED}
        assert telling.due_at == AT + timedelta(hours=24) and telling.done_at is None
    change = scene.mentor.changes[0]
    assert (change.was, change.now, change.reason) == ("active", "suspended", "clearance_adverse")


def test_everybody_who_must_know_is_told_once_and_no_name_is_written(scene, database):
    scene.record()
    letters = database.scalars(select(Message).order_by(Message.id)).all()
    told = {(row.kind, row.user_id or row.address) for row in letters}
    assert told == {
        ("mentor_suspended", scene.own.id),
        ("mentor_suspended", scene.other.id),
        ("matches_on_hold", scene.far.id),
        ("child_on_hold", scene.signs_in.user_id),
        ("child_on_hold_by_letter", "kense@example.org"),
    }
    assert len(letters) == len(told)
    for letter in letters:
        text = letter.subject + letter.body
        for name in ("Тәлімгеров", "Балаев", scene.mentor.first_name, scene.near.first_name):
            assert name not in text
        assert "prosecution" not in text.casefold()
    assert {row.language for row in letters if row.address} == {"kk"}


def test_the_audit_names_every_act_and_who_did_it(scene, database):
    scene.record()
    entries = database.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    actions = [entry.action for entry in entries]
    assert {
        "recorded_clearances",
        "changed_mentor_status",
        "withdrew_proposal",
        "ended_preparation",
        "held_match",
        "opened_review",
        "suspended_mentor",
    } <= set(actions)
    assert actions.count("held_match") == 2
    assert {entry.actor_id for entry in entries} == {scene.own.id}
    assert not [entry for entry in entries if "Прокуратура" in str(entry.details)]


def test_a_second_obstacle_opens_a_second_suspension_but_no_second_hold(scene, database):
    scene.record()
    assert scene.record() == []
    (second,) = scene.record(kinds=["psychiatric"])
    assert second.was == MentorStatus.ACTIVE
    assert len(database.scalars(select(Suspension)).all()) == 2
    for match in scene.matches:
        database.refresh(match)
        assert len(match.holds) == len(match.reviews) == len(match.tellings) == 1


@pytest.mark.parametrize("result", ["clear", "pending"])
def test_a_clear_or_pending_result_suspends_nobody(scene, database, result):
    assert scene.record(result=result) == []
    assert scene.mentor.status == MentorStatus.ACTIVE
    assert scene.open.status == ProposalStatus.OPEN
    assert database.scalars(select(Message)).all() == []


def test_an_obstacle_in_a_check_that_nobody_asks_for_is_only_recorded(scene):
    assert scene.record(kinds=["marital"]) == []
    assert scene.mentor.status == MentorStatus.ACTIVE
    assert scene.mentor.latest_clearances["marital"].result == "adverse"
