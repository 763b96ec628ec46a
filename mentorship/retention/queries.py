from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session

from mentorship.check_ins.models import CheckIn
from mentorship.check_ins.queries import IS_OPEN, on_hold
from mentorship.children.models import Child
from mentorship.children.queries import of_mentoring_age
from mentorship.matches.models import ClosureReason, EndedBy, Match
from mentorship.mentors.models import Mentor, MentorStatus
from mentorship.permissions import Scope
from mentorship.places.models import Centre


@dataclass(frozen=True)
class MatchRow:
    """What figures need of one match; `region` is that of the centre where the child lives."""

    region: str
    started_on: date
    ended_on: date | None
    ended_as_planned: bool | None
    reason: ClosureReason | None
    ended_by: EndedBy | None


def match_rows(session: Session, scope: Scope) -> Sequence[MatchRow]:
    """Every match of the regions in scope, in one statement, without a name or a number."""
    query = select(
        Centre.region,
        Match.started_on,
        Match.ended_on,
        Match.ended_as_planned,
        Match.closure_reason,
        Match.ended_by,
    )
    placed = query.select_from(Match).join(Match.child).join(Child.centre)
    return [MatchRow(*row) for row in session.execute(scope.limit(placed, Centre.region))]


def active_matches(session: Session, scope: Scope, on: date) -> dict[str, int]:
    """Matches that have begun and are not closed, by region."""
    query = select(Centre.region, func.count()).select_from(Match).join(Match.child)
    begun = query.join(Child.centre).where(Match.ended_on.is_(None), Match.started_on <= on)
    return _by_region(session, scope, begun, Centre.region)


def children_waiting(session: Session, scope: Scope, on: date) -> dict[str, int]:
    """Children of 10 to 17 who live in an organisation and have no open match, by region."""
    query = select(Centre.region, func.count()).select_from(Child).join(Child.centre)
    waiting = query.where(of_mentoring_age(on), ~exists().where(_open(Match.child_id, Child.id)))
    return _by_region(session, scope, waiting, Centre.region)


def mentors_free(session: Session, scope: Scope) -> dict[str, int]:
    """Active mentors with fewer open matches than they have places, by region."""
    taken = select(func.count()).select_from(Match).where(_open(Match.mentor_id, Mentor.id))
    query = select(Mentor.region, func.count()).where(
        Mentor.status == MentorStatus.ACTIVE, taken.scalar_subquery() < Mentor.capacity
    )
    return _by_region(session, scope, query, Mentor.region)


def children_living(session: Session, scope: Scope) -> int:
    """Children of any age who live in an organisation."""
    query = select(func.count()).select_from(Child).join(Child.centre)
    return session.scalar(scope.limit(query.where(Child.left_on.is_(None)), Centre.region)) or 0


def mentors_active(session: Session, scope: Scope) -> int:
    """Mentors whose status is active."""
    query = select(func.count()).where(Mentor.status == MentorStatus.ACTIVE)
    return session.scalar(scope.limit(query, Mentor.region)) or 0


def check_ins_overdue(session: Session, scope: Scope, on: date) -> dict[str, int]:
    """Contacts of open matches that were due before `on`, neither held nor missed, by region."""
    query = select(Centre.region, func.count()).select_from(CheckIn).join(CheckIn.match)
    overdue = (
        query.join(Match.child)
        .join(Child.centre)
        .where(*IS_OPEN, CheckIn.due_on < on, Match.ended_on.is_(None))
        .where(~on_hold(CheckIn.match_id))
    )
    return _by_region(session, scope, overdue, Centre.region)


def _open(column: Any, owner: Any) -> ColumnElement[bool]:
    return and_(column == owner, Match.ended_on.is_(None))


def _by_region(
    session: Session, scope: Scope, query: Select[str, int], region: Any
) -> dict[str, int]:
    counted = scope.limit(query, region).group_by(region)
    return {row[0]: row[1] for row in session.execute(counted)}
