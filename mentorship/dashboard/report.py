"""What waits in the regions of the people somebody supervises, in numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentorship.accounts.models import User
from mentorship.accounts.queries import stand_ins, supervised_by
from mentorship.check_ins.models import CheckIn, Rung, RungStep
from mentorship.check_ins.queries import on_hold
from mentorship.children.models import Child
from mentorship.closing.models import Closure
from mentorship.concerns.models import Concern
from mentorship.concerns.queries import WAITING
from mentorship.matches.models import Match
from mentorship.meetings.models import Meeting
from mentorship.permissions import Role
from mentorship.places.models import Centre
from mentorship.signs.models import Sign

KINDS = ("worries", "overdue", "rungs", "unread", "closings", "signs")


@dataclass(frozen=True)
class Line:
    """One coordinator: how much of each kind waits in their regions, and who covers them now."""

    user: User
    counts: Mapping[str, int]
    cover: User | None = None


def team(session: Session, user: User, on: date, at: datetime) -> list[Line]:
    """The coordinators somebody supervises, each with what waits; as many statements for one."""
    people = [row for row in supervised_by(session, user) if row.role == Role.COORDINATOR]
    if not people:
        return []
    by_region = counts_by_region(session, on, at)
    away = stand_ins(session, on)
    return [Line(row, _of(row, by_region, on), away.get(row.id)) for row in people]


def _of(user: User, by_region: Mapping[str, Mapping[str, int]], on: date) -> dict[str, int]:
    covers = user.scope_on(on).covers
    return {
        kind: sum(number for region, number in by_region[kind].items() if covers(region))
        for kind in KINDS
    }


def counts_by_region(session: Session, on: date, at: datetime) -> dict[str, dict[str, int]]:
    """How much of each kind waits in each region: one statement a kind."""
    late = (
        CheckIn.held_on.is_(None),
        CheckIn.missed_on.is_(None),
        CheckIn.due_on < on,
        ~on_hold(CheckIn.match_id),
    )
    region = select(Centre.region, func.count()).group_by(Centre.region)
    contacts = _matched(region, CheckIn.match_id).where(*late, Match.ended_on.is_(None))
    climbed = contacts.join(Rung, Rung.check_in_id == CheckIn.id).where(
        Rung.step == RungStep.SUPERVISOR
    )
    unread = _matched(region, Meeting.match_id).where(Meeting.read_at.is_(None))
    signs = _matched(region, Sign.match_id).where(
        Sign.ended_on.is_(None), Match.ended_on.is_(None), Sign.noted_at.is_(None)
    )
    worries: Any = region.join(Child, Child.centre_id == Centre.id).join(
        Concern, Concern.child_id == Child.id
    )
    found: dict[str, Any] = {
        "worries": worries.where(WAITING, Concern.review_by < at),
        "overdue": contacts,
        "rungs": climbed,
        "unread": unread,
        "closings": _matched(region, Closure.match_id).where(Closure.done_at.is_(None)),
        "signs": signs,
    }
    return {kind: {row[0]: row[1] for row in session.execute(found[kind])} for kind in KINDS}


def _matched(query: Any, match_id: Any) -> Any:
    """The rows of a table by the region of the child of their match."""
    table = match_id.class_
    return (
        query.select_from(table)
        .join(Match, Match.id == match_id)
        .join(Child, Child.id == Match.child_id)
        .join(Centre, Centre.id == Child.centre_id)
    )


def totals(lines: Sequence[Line]) -> dict[str, int]:
    """All of them together."""
    return {kind: sum(line.counts[kind] for line in lines) for kind in KINDS}
