from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from mentorship.accounts.models import User
from mentorship.children.models import Child
from mentorship.children.queries import visible_children
from mentorship.i18n import like_patterns
from mentorship.matches.models import (
    Preparation,
    PreparationStatus,
    Proposal,
    ProposalStatus,
    Ruling,
    RulingKind,
)
from mentorship.matches.queries import visible_proposals
from mentorship.mentors.models import Mentor
from mentorship.mentors.queries import visible_mentors
from mentorship.places.models import Centre
from mentorship.web.numbers import row_id

MOST_FOUND = 8


def stands(on: date) -> ColumnElement[bool]:
    """Rulings that nobody has lifted and whose last day has not passed."""
    return Ruling.lifted_at.is_(None) & (Ruling.until.is_(None) | (Ruling.until >= on))


def visible_rulings(user: User) -> Select[Any]:
    """Rulings about people somebody may see: both, where it is about a pair."""
    query = (
        select(Ruling)
        .outerjoin(Ruling.mentor)
        .outerjoin(Ruling.child)
        .outerjoin(Child.centre)
        .options(
            contains_eager(Ruling.mentor),
            contains_eager(Ruling.child).contains_eager(Child.centre),
            joinedload(Ruling.recorder),
            joinedload(Ruling.lifter),
        )
    )
    if user.scope.regions is None:
        return query
    own = sorted(user.scope.regions)
    return query.where(
        or_(Ruling.mentor_id.is_(None), Mentor.region.in_(own)),
        or_(Ruling.child_id.is_(None), Centre.region.in_(own)),
    )


def search_rulings(user: User, filters: dict[str, str], on: date) -> Select[Any]:
    """Visible rulings by filters: kind, state, one mentor, one child."""
    query = visible_rulings(user)
    if "kind" in filters:
        query = query.where(Ruling.kind == filters["kind"])
    if filters.get("state") in ("standing", "ended"):
        query = query.where(stands(on) if filters["state"] == "standing" else ~stands(on))
    for name, column in (("mentor", Ruling.mentor_id), ("child", Ruling.child_id)):
        if name in filters:
            query = query.where(column == row_id(filters[name]))
    return query


def find_ruling(session: Session, user: User, ruling_id: int) -> Ruling | None:
    """One visible ruling."""
    found: Ruling | None = session.scalars(
        visible_rulings(user).where(Ruling.id == ruling_id)
    ).first()
    return found


def standing_ruling(
    session: Session, kind: RulingKind, mentor_id: int | None, child_id: int | None, on: date
) -> Ruling | None:
    """The ruling of this kind about these people that stands on a day."""
    query = select(Ruling).where(Ruling.kind == kind, stands(on))
    if mentor_id is not None:
        query = query.where(Ruling.mentor_id == mentor_id)
    if child_id is not None:
        query = query.where(Ruling.child_id == child_id)
    return session.scalars(query.options(joinedload(Ruling.recorder))).first()


def open_proposal_of(session: Session, child_id: int) -> Proposal | None:
    """The proposal of a child that awaits a decision."""
    query = select(Proposal).where(
        Proposal.child_id == child_id, Proposal.status == ProposalStatus.OPEN
    )
    return session.scalars(query).first()


def open_preparation_of(session: Session, proposal_id: int) -> Preparation | None:
    """What the approval of a proposal opened, while it is open."""
    query = select(Preparation).where(
        Preparation.proposal_id == proposal_id, Preparation.status == PreparationStatus.OPEN
    )
    return session.scalars(query).first()


def chosen_proposals(
    session: Session, user: User, proposal_ids: Collection[int]
) -> Sequence[Proposal]:
    """Those of some proposals that somebody may see, by mentor: everybody locks in this order."""
    query = visible_proposals(user).where(Proposal.id.in_(proposal_ids))
    found: Sequence[Proposal] = session.scalars(
        query.order_by(Proposal.mentor_id, Proposal.id)
    ).all()
    return found


def search_proposals(user: User, q: str, filters: dict[str, str]) -> Select[Any]:
    """Visible proposals by either name and filters: status, origin, an unanswered question."""
    query = visible_proposals(user).where(Proposal.status != ProposalStatus.DRAFT)
    for pattern in like_patterns(q):
        named = Mentor.search_key.like(pattern, escape="\\")
        query = query.where(named | Child.search_key.like(pattern, escape="\\"))
    for name, column in (("status", Proposal.status), ("origin", Proposal.origin)):
        if name in filters:
            query = query.where(column == filters[name])
    if filters.get("question") == "open":
        query = query.where(unanswered())
    return query


def unanswered() -> ColumnElement[bool]:
    """Open proposals with a question that nobody has answered."""
    return (
        (Proposal.status == ProposalStatus.OPEN)
        & Proposal.question.is_not(None)
        & Proposal.answered_at.is_(None)
    )


def children_named(session: Session, user: User, q: str) -> Sequence[Child]:
    """A few visible children by name, who still live in an organisation."""
    query = visible_children(user).where(Child.left_on.is_(None))
    for pattern in like_patterns(q):
        query = query.where(Child.search_key.like(pattern, escape="\\"))
    loaded = query.options(contains_eager(Child.centre)).order_by(Child.sort_key, Child.id)
    return session.scalars(loaded.limit(MOST_FOUND)).all()


def mentors_named(session: Session, user: User, q: str) -> Sequence[Mentor]:
    """A few visible mentors by name."""
    query = visible_mentors(user)
    for pattern in like_patterns(q):
        query = query.where(Mentor.search_key.like(pattern, escape="\\"))
    return session.scalars(query.order_by(Mentor.sort_key, Mentor.id).limit(MOST_FOUND)).all()
