"""State x verb x role: what each can do to a consent, a review and a telling, and what not."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mentorship.children.models import ConsentKind
from mentorship.closing import services as closing
from mentorship.errors import DomainError, Impossible, Stale
from mentorship.matches.models import ClosureReason, EndedBy
from mentorship.moves import services
from mentorship.permissions import GRANTS, Permission, Role
from mentorship.reviews import services as reviews
from mentorship.reviews.models import ReviewDecision
from tests import factories

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def staff(database):
    return factories.coordinator(database).id


@pytest.fixture
def match(database):
    return factories.eligible_match(database, started_on=ON - 30 * DAY)


def outcome(act):
    """'done', or the code of the refusal."""
    try:
        act()
    except DomainError as error:
        return error.code
    return "done"


def consent_in(database, state, age):
    child = factories.child(database, birth_date=ON.replace(year=ON.year - age, day=1))
    if state != "missing":
        gone = {"withdrawn_on": ON - DAY} if state == "withdrawn" else {}
        for kind in ConsentKind:
            factories.consent(database, child=child, kind=kind, given_on=ON - 9 * DAY, **gone)
    return child


CONSENTS = [
    # state, verb, age, kind, outcome
    ("missing", "record", 12, "own", "done"),
    ("missing", "record", 9, "own", "consent_too_young"),
    ("missing", "record", 9, "guardian", "done"),
    ("missing", "record", 9, "data", "done"),
    ("missing", "withdraw", 12, "own", "consent_not_there"),
    ("in_force", "record", 12, "guardian", "consent_exists"),
    ("in_force", "withdraw", 12, "guardian", "done"),
    ("in_force", "withdraw", 12, "own", "done"),
    ("in_force", "withdraw", 12, "data", "done"),
    ("withdrawn", "record", 12, "data", "done"),
    ("withdrawn", "withdraw", 12, "data", "consent_not_there"),
    ("withdrawn", "withdraw", 12, "own", "consent_not_there"),
]


@pytest.mark.parametrize(("state", "verb", "age", "kind", "expected"), CONSENTS)
def test_a_consent_by_state_and_verb(database, staff, state, verb, age, kind, expected):
    child = consent_in(database, state, age)
    said = {"said_by": "Х", "said_on": ON, "reason": None, "on": ON, "base_url": "http://x"}
    acts = {
        "record": lambda: services.record_consent(
            database, child, kind, given_on=ON, given_by="Х", by=staff, at=AT
        ),
        "withdraw": lambda: services.withdraw_consent(
            database, child.id, kind, **said, by=staff, at=AT
        ),
    }
    assert outcome(acts[verb]) == expected
    assert (child.consent(kind) is not None) == (
        expected in ("done", "consent_exists") and verb == "record"
    )


CLOSING = {
    "ended_on": ON,
    "closure_reason": ClosureReason.CHILD_WISH,
    "ended_as_planned": False,
    "ended_by": EndedBy.CHILD,
    "closure_note": None,
}
REVIEWS = [
    # rules that refuse, verb, outcome
    ("none", "continue", "done"),
    ("none", "adapt", "done"),
    ("none", "adapt without words", "adapting_unsaid"),
    ("none", "decide to close", "close_the_match"),
    ("none", "close", "done"),
    ("reach", "continue", "review_refused"),
    ("reach", "adapt", "done"),
    ("reach", "close", "done"),
    ("consent", "continue", "review_refused"),
    ("consent", "adapt", "review_refused"),
    ("consent", "close", "done"),
    ("family", "continue", "review_refused"),
    ("family", "adapt", "review_refused"),
    ("family", "close", "done"),
    ("suspended", "continue", "review_refused"),
    ("suspended", "close", "done"),
    ("paused", "continue", "done"),
    ("decided", "continue", "review_decided"),
    ("decided", "adapt", "review_decided"),
    ("closed", "close", "match_closed"),
    ("closed", "continue", "review_decided"),
]


def in_state(database, match, state, staff):
    """The match with a hold and a review, and what refuses it, if anything."""
    factories.hold(database, match=match)
    cause = "consent_withdrawn"
    review = factories.review(database, match=match, due_on=ON + 7 * DAY, cause=cause)
    if state == "reach":
        match.mentor.reach_km = 1
        match.mentor.town = "Теміртау"
    elif state == "consent":
        match.child.consent("own").withdrawn_on = ON
    elif state == "family":
        match.child.left_on = ON
    elif state in ("suspended", "paused"):
        match.mentor.status = state
    elif state == "decided":
        review.decision, review.decided_at = "continue", AT
    elif state == "closed":
        closing.close_match(database, match, CLOSING, version=match.version, by=staff, at=AT)
    database.flush()
    return review


@pytest.mark.parametrize(("state", "verb", "expected"), REVIEWS)
def test_a_review_by_state_and_verb(database, staff, match, state, verb, expected):
    review = in_state(database, match, state, staff)
    was = review.decided_at

    def decide(decision, note=None):
        reviews.decide_review(database, review, decision, note=note, by=staff, at=AT)

    acts = {
        "continue": lambda: decide(ReviewDecision.CONTINUE),
        "adapt": lambda: decide(ReviewDecision.ADAPT, "online"),
        "adapt without words": lambda: decide(ReviewDecision.ADAPT),
        "decide to close": lambda: decide(ReviewDecision.CLOSE),
        "close": lambda: closing.close_match(
            database, match, CLOSING, version=match.version, by=staff, at=AT
        ),
    }
    assert outcome(acts[verb]) == expected
    if expected == "done":
        assert review.decided_at == AT and not match.on_hold
        assert all(hold.ended_at is not None for hold in match.holds)
    else:
        assert review.decided_at == was


@pytest.mark.parametrize("verb", ["plan", "tell"])
@pytest.mark.parametrize("state", ["open", "planned", "done"])
def test_a_telling_by_state_and_verb(database, staff, match, state, verb):
    telling = factories.telling(database, match=match, due_at=AT, opened_at=AT)
    plan = {"teller": "Мария", "beside": None, "planned_on": ON, "by": staff}
    tell = {"told_on": ON, "teller": "Мария", "beside": None, "note": None, "by": staff, "at": AT}
    if state != "open":
        reviews.plan_telling(database, telling, **plan)
    if state == "done":
        reviews.record_telling(database, telling, **tell)
    acts = {
        "plan": lambda: reviews.plan_telling(database, telling, **plan),
        "tell": lambda: reviews.record_telling(database, telling, **tell),
    }
    assert outcome(acts[verb]) == ("telling_done" if state == "done" else "done")


def test_a_child_is_not_told_before_anything_happened(database, staff, match):
    telling = factories.telling(database, match=match, due_at=AT, opened_at=AT)
    told = {"teller": "Мария", "beside": None, "note": None, "by": staff, "at": AT}
    act = lambda day: reviews.record_telling(database, telling, told_on=day, **told)  # noqa: E731
    assert outcome(lambda: act(ON - DAY)) == "told_before"
    assert outcome(lambda: act(ON)) == "done"


def test_only_coordinators_may_change_consents_placements_and_reviews():
    for permission in (Permission.EDIT_PEOPLE, Permission.CARE_FOR_MATCHES):
        assert {role for role in Role if permission in GRANTS[role]} == {Role.COORDINATOR}


def test_a_move_from_an_older_page_is_stale(database, staff):
    child = factories.eligible_child(database, on=ON)
    move = services.Move(services.PlacementForm.FAMILY, ON, "35")
    given = {"by": staff, "on": ON, "at": AT, "base_url": "http://x"}
    with pytest.raises(Stale):
        services.record_move(database, child.id, move, last=987, **given)
    with pytest.raises(Impossible):
        last = child.placement.id
        services.correct_move(database, child.id, move, last=last, **given)
