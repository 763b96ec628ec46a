from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

import matching
from mentorship.accounts.models import User
from mentorship.children.models import Child, ConsentKind, Placement
from mentorship.children.queries import has_consent, of_mentoring_age
from mentorship.matches.models import (
    Proposal,
    ProposalOrigin,
    ProposalStatus,
    Round,
    RoundStage,
)
from mentorship.matches.problem import unpack
from mentorship.matches.queries import is_free
from mentorship.mentors.models import (
    Certificate,
    Clearance,
    ClearanceKind,
    ClearanceResult,
    Mentor,
    MentorPause,
    MentorStatus,
)
from mentorship.places.models import Centre

RUNNING = (RoundStage.QUEUED, RoundStage.COMPUTING)


def running_round(session: Session, regions: Collection[str]) -> Round | None:
    """A round of some of these regions that waits or is being computed."""
    query = select(Round).where(Round.stage.in_(RUNNING)).options(joinedload(Round.author))
    wanted = set(regions)
    return next((row for row in session.scalars(query) if wanted & set(row.regions)), None)


def next_round(session: Session) -> Round | None:
    """The round that has waited longest for the jobs process."""
    query = select(Round).where(Round.stage == RoundStage.QUEUED).order_by(Round.id).limit(1)
    return session.scalars(query).first()


def children_taken(session: Session) -> set[int]:
    """Children with a mentor, or with an approved pair on the way to one."""
    return set(session.scalars(select(Child.id).where(~is_free())))


def children_suggested(session: Session) -> set[int]:
    """Children for whom a person has suggested a mentor, and nobody has decided yet."""
    suggested = select(Proposal.child_id).where(
        Proposal.status == ProposalStatus.OPEN, Proposal.origin != ProposalOrigin.ROUND
    )
    return set(session.scalars(suggested))


def unfit_mentors(session: Session, draft: Round, on: date) -> set[int]:
    """Mentors of a draft's pairs who are not active or away by now, or lack a paper on a day."""
    of_draft = select(Proposal.mentor_id).where(Proposal.round_id == draft.id)
    away = select(MentorPause.mentor_id).where(
        MentorPause.from_on <= on, MentorPause.until_on.is_(None) | (MentorPause.until_on >= on)
    )
    certified = select(Certificate.mentor_id).where(
        Certificate.revoked_on.is_(None), Certificate.expires_on >= on
    )
    unfit = or_(
        Mentor.status != MentorStatus.ACTIVE,
        Mentor.id.in_(away),
        Mentor.id.not_in(certified),
        Mentor.id.in_(_not_cleared(on)),
    )
    return set(session.scalars(select(Mentor.id).where(Mentor.id.in_(of_draft), unfit)))


def _not_cleared(on: date) -> Select[Any]:
    """Mentors whose newest clearance of a required kind does not allow them to mentor on a day."""
    required = select(ClearanceKind.code).where(ClearanceKind.required)
    newer = aliased(Clearance)
    later = or_(
        newer.checked_on > Clearance.checked_on,
        and_(newer.checked_on == Clearance.checked_on, newer.id > Clearance.id),
    )
    replaced = exists().where(
        newer.mentor_id == Clearance.mentor_id, newer.kind == Clearance.kind, later
    )
    wrong = or_(Clearance.result != ClearanceResult.CLEAR, Clearance.valid_until < on)
    return select(Clearance.mentor_id).where(Clearance.kind.in_(required), wrong, ~replaced)


def unfit_children(session: Session, draft: Round, on: date) -> set[int]:
    """Children of a draft's pairs who have moved since, lack a consent, or are too old by a day."""
    of_draft = select(Proposal.child_id).where(Proposal.round_id == draft.id)
    before = aliased(Placement)
    moved = select(Placement.child_id).where(
        Placement.recorded_at > draft.created_at,
        exists().where(before.child_id == Placement.child_id, before.id < Placement.id),
    )
    fit = and_(
        of_mentoring_age(on), Child.id.not_in(moved), *(has_consent(kind) for kind in ConsentKind)
    )
    return set(session.scalars(select(Child.id).where(Child.id.in_(of_draft), ~fit)))


def rounds_ahead(session: Session, asked: Round) -> int:
    """How many rounds the jobs process will take before this one."""
    waiting = select(func.count()).where(Round.stage.in_(RUNNING), Round.id < asked.id)
    return session.scalar(waiting) or 0


@dataclass(frozen=True)
class Difference:
    """How one plan differs from another, with the people behind the engine's ids."""

    plans: matching.Diff
    pairs_before: int
    pairs_after: int
    mentors: dict[int, Mentor]
    children: dict[int, Child]


def difference(session: Session, user: User, before: Round, after: Round) -> Difference | None:
    """Who gains, loses or changes a mentor from one round to the other; only people in scope.

    None when one of them has no record.
    """
    try:
        plans = [unpack(row.record or b"").plan for row in (before, after)]
    except matching.ProblemError:
        return None
    found = matching.diff(*plans)
    changed = [*found.gained, *found.lost, *found.moved]
    if found.worst_off:
        changed.append(found.worst_off)
    mentor_ids = {each.before for each in changed} | {each.after for each in changed}
    children = select(Child).join(Child.centre).where(Child.id.in_([c.child for c in changed]))
    mentors = select(Mentor).where(Mentor.id.in_(mentor_ids - {None}))
    return Difference(
        found,
        len(plans[0].pairs),
        len(plans[1].pairs),
        {row.id: row for row in session.scalars(user.scope.limit(mentors, Mentor.region))},
        {row.id: row for row in session.scalars(user.scope.limit(children, Centre.region))},
    )
