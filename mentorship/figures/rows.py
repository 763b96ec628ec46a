"""The rows behind a figure, for those who may see people: whom it counts, page by page.

The same conditions as in `flows.py` and `stocks.py`; people whom the reader may not see are left
out, so there can be fewer rows than the figure says.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, exists, select, tuple_
from sqlalchemy.orm import aliased, contains_eager

from mentorship.accounts.models import User
from mentorship.candidates.models import Candidate
from mentorship.check_ins.models import CheckIn
from mentorship.check_ins.queries import IS_OPEN, on_hold
from mentorship.children.models import Child
from mentorship.children.queries import of_mentoring_age, visible_children
from mentorship.clock import ALMATY
from mentorship.figures.matched import was_due
from mentorship.figures.models import MatchFact
from mentorship.figures.vocabulary import Tongue
from mentorship.matches.models import Match
from mentorship.matches.queries import about_visible_matches, visible_matches
from mentorship.meetings.models import Meeting
from mentorship.mentors.models import Certificate, Mentor, MentorStatus
from mentorship.mentors.queries import visible_mentors
from mentorship.places.models import Centre


@dataclass(frozen=True)
class Asked:
    """Who asks, and of which regions, part and days; `on`: the day of the figures."""

    user: User
    regions: Sequence[str]
    part: str | None
    first: date
    last: date
    on: date


@dataclass(frozen=True)
class Source:
    """Where the rows of a count are: the kind of each, a query, and the day it is counted on."""

    kind: str
    query: Callable[[Asked], Select[Any]]
    day: Any = None


def _matches(asked: Asked) -> Select[Any]:
    query = visible_matches(asked.user).join(MatchFact, MatchFact.match_id == Match.id)
    return query.where(MatchFact.region.in_(asked.regions))


def _begun(asked: Asked) -> Select[Any]:
    return _matches(asked).where(Match.started_on.between(asked.first, asked.last))


def _ended(asked: Asked) -> Select[Any]:
    query = _matches(asked).where(Match.ended_on.between(asked.first, asked.last))
    return query.where(MatchFact.ending == asked.part) if asked.part else query


def _first_of_mentor(asked: Asked) -> Select[Any]:
    """Matches that were a certified mentor's first."""
    earlier = aliased(MatchFact)
    mine = (MatchFact.started_on, MatchFact.match_id)
    before = exists().where(
        earlier.mentor_id == MatchFact.mentor_id,
        tuple_(earlier.started_on, earlier.match_id) < tuple_(*mine),
    )
    certified = exists().where(
        Certificate.mentor_id == MatchFact.mentor_id, Certificate.issued_on <= MatchFact.started_on
    )
    return _begun(asked).where(~before, certified)


def _first_of_child(asked: Asked) -> Select[Any]:
    """Matches for which a child had waited: the first since then."""
    earlier = aliased(MatchFact)
    mine = (MatchFact.started_on, MatchFact.match_id)
    before = exists().where(
        earlier.child_id == MatchFact.child_id,
        earlier.started_on >= Child.waiting_since,
        tuple_(earlier.started_on, earlier.match_id) < tuple_(*mine),
    )
    return _begun(asked).where(Child.waiting_since <= MatchFact.started_on, ~before)


def _under_way(asked: Asked) -> Select[Any]:
    query = visible_matches(asked.user).where(Centre.region.in_(asked.regions))
    return query.where(Match.ended_on.is_(None), Match.started_on <= asked.on)


def _paused(asked: Asked) -> Select[Any]:
    return _under_way(asked).where(on_hold(Match.id))


def _contacts(asked: Asked) -> Select[Any]:
    query = about_visible_matches(asked.user, CheckIn)
    placed = query.join(MatchFact, MatchFact.match_id == CheckIn.match_id)
    placed = placed.where(MatchFact.region.in_(asked.regions))
    return placed.where(CheckIn.kind == asked.part) if asked.part else placed


def _due(asked: Asked) -> Select[Any]:
    between = CheckIn.due_on.between(asked.first, asked.last)
    return _contacts(asked).where(between, *was_due(asked.on, MatchFact.ended_on))


def _on_time(asked: Asked) -> Select[Any]:
    return _due(asked).where(CheckIn.held_on <= CheckIn.due_on)


def _missed(asked: Asked) -> Select[Any]:
    return _due(asked).where(CheckIn.missed_on.is_not(None))


def _late(asked: Asked) -> Select[Any]:
    between = CheckIn.held_on.between(asked.first, asked.last)
    return _contacts(asked).where(between, CheckIn.held_on > CheckIn.due_on)


def _overdue(asked: Asked) -> Select[Any]:
    query = about_visible_matches(asked.user, CheckIn).where(Centre.region.in_(asked.regions))
    late = query.where(*IS_OPEN, CheckIn.due_on < asked.on, ~on_hold(CheckIn.match_id))
    late = late.where(Match.ended_on.is_(None))
    return late.where(CheckIn.kind == asked.part) if asked.part else late


def _meetings(asked: Asked) -> Select[Any]:
    query = about_visible_matches(asked.user, Meeting)
    placed = query.join(MatchFact, MatchFact.match_id == Meeting.match_id)
    between = Meeting.held_on.between(asked.first, asked.last)
    return placed.where(MatchFact.region.in_(asked.regions), between)


def _held(asked: Asked) -> Select[Any]:
    return _meetings(asked).where(Meeting.cancelled_by.is_(None))


def _cancelled(asked: Asked) -> Select[Any]:
    query = _meetings(asked).where(Meeting.cancelled_by.is_not(None))
    return query.where(Meeting.cancelled_by == asked.part) if asked.part else query


def _children(asked: Asked) -> Select[Any]:
    query = visible_children(asked.user).options(contains_eager(Child.centre))
    placed = query.where(Centre.region.in_(asked.regions), of_mentoring_age(asked.on))
    if asked.part == Tongue.OTHER:
        return placed.where(Child.first_language.not_in((Tongue.KAZAKH, Tongue.RUSSIAN)))
    return placed.where(Child.first_language == asked.part) if asked.part else placed


def _waiting(asked: Asked) -> Select[Any]:
    matched = exists().where(Match.child_id == Child.id, Match.ended_on.is_(None))
    return _children(asked).where(~matched)


def _mentors(asked: Asked) -> Select[Any]:
    query = visible_mentors(asked.user).where(Mentor.region.in_(asked.regions))
    return query.where(Mentor.status == MentorStatus.ACTIVE)


def _idle(asked: Asked) -> Select[Any]:
    matched = exists().where(Match.mentor_id == Mentor.id, Match.ended_on.is_(None))
    return _mentors(asked).where(~matched)


def _certified(asked: Asked) -> Select[Any]:
    query = select(Certificate).join(Certificate.mentor).options(contains_eager(Certificate.mentor))
    between = Certificate.issued_on.between(asked.first, asked.last)
    seen = asked.user.scope.limit(query.where(between), Mentor.region)
    return seen.where(Mentor.region.in_(asked.regions))


def _applied(asked: Asked) -> Select[Any]:
    query = select(Candidate).join(Candidate.mentor).options(contains_eager(Candidate.mentor))
    start, end = (
        datetime.combine(day, time(), ALMATY).astimezone(UTC)
        for day in (asked.first, asked.last + timedelta(days=1))
    )
    between = (Candidate.applied_at >= start, Candidate.applied_at < end)
    seen = asked.user.scope.limit(query.where(*between), Mentor.region)
    return seen.where(Mentor.region.in_(asked.regions))


CONTACTS_DUE = Source("contact", _due, CheckIn.due_on)
UNDER_WAY = Source("match", _under_way, Match.started_on)
IDLE = Source("mentor", _idle, Mentor.sort_key)
SOURCES: dict[str, Source] = {
    "contacts_due": CONTACTS_DUE,
    "contacts_on_time": Source("contact", _on_time, CheckIn.due_on),
    "contacts_missed": Source("contact", _missed, CheckIn.due_on),
    "contacts_overdue": Source("contact", _overdue, CheckIn.due_on),
    "meetings_held": Source("meeting", _held, Meeting.held_on),
    "meetings_cancelled": Source("meeting", _cancelled, Meeting.held_on),
    "matches_begun": Source("match", _begun, Match.started_on),
    "matches_ended": Source("match", _ended, Match.ended_on),
    "matches_active": UNDER_WAY,
    "matches_on_hold": Source("match", _paused, Match.started_on),
    "children_eligible": Source("child", _children, Child.sort_key),
    "children_waiting": Source("child", _waiting, Child.waiting_since),
    "mentors_active": Source("mentor", _mentors, Mentor.sort_key),
    "mentors_idle": IDLE,
    "certificates_issued": Source("certificate", _certified, Certificate.issued_on),
    "applications": Source("candidate", _applied, Candidate.applied_at),
    "share_on_time": CONTACTS_DUE,
    "share_missed": CONTACTS_DUE,
    "share_cancelled": Source("meeting", _meetings, Meeting.held_on),
    "hours_per_meeting": Source("meeting", _held, Meeting.held_on),
    "days_to_match_mentor": Source("match", _first_of_mentor, Match.started_on),
    "days_to_match_child": Source("match", _first_of_child, Match.started_on),
    "days_late": Source("contact", _late, CheckIn.held_on),
    "coverage": UNDER_WAY,
    "share_idle": IDLE,
}
"""Of a share, the rows of the whole it is taken of; of a mean, the rows it is taken over."""
TIES: dict[str, Any] = {
    "contact": CheckIn.id,
    "meeting": Meeting.id,
    "match": Match.id,
    "child": Child.id,
    "mentor": Mentor.id,
    "certificate": Certificate.id,
    "candidate": Candidate.mentor_id,
}
WITHOUT_PARTS = {"mentors_active", "mentors_free"}
"""Counts whose parts are worked out in Python: their rows are of all parts together."""
