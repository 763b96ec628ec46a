from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from mentorship.accounts.models import User
from mentorship.children.models import Child, Consent, ConsentKind, Placement
from mentorship.children.queries import of_age, visible_children
from mentorship.matches.models import (
    Match,
    Preparation,
    PreparationStatus,
    Proposal,
    ProposalStatus,
)
from mentorship.matches.queries import locked_child, locked_mentors_around
from mentorship.matches.services import hold_decisions
from mentorship.mentors.models import Mentor
from mentorship.places.models import Centre
from mentorship.reviews.models import Review, ReviewCause

ON_THE_WAY = Preparation.status == PreparationStatus.OPEN
PROPOSED = Proposal.status == ProposalStatus.OPEN


class _Changed(Exception):
    """Somebody proposed another mentor between two locks."""


def locked_around(session: Session, child_id: int) -> Child:
    """A child with everything that may end with a consent or a move, locked.

    Mentors, proposals, child, pairs on the way: as approving and proposing do, so that nobody
    waits in a ring. Where a new mentor was proposed meanwhile, the locks are given back first.
    No round is published until the transaction ends.
    """
    hold_decisions(session, shared=True)
    while True:
        try:
            with session.begin_nested():
                return _lock_all(session, child_id)
        except _Changed:
            continue


def _lock_all(session: Session, child_id: int) -> Child:
    known = {mentor.id for mentor in locked_mentors_around(session, child_id)}
    approved = select(Preparation.proposal_id).where(ON_THE_WAY, Preparation.child_id == child_id)
    proposals = select(Proposal).where(
        Proposal.child_id == child_id, or_(PROPOSED, Proposal.id.in_(approved))
    )
    fresh = {"populate_existing": True}
    session.scalars(
        proposals.order_by(Proposal.id).with_for_update().execution_options(**fresh)
    ).all()
    child = locked_child(session, child_id)
    pairs = select(Preparation).where(ON_THE_WAY, Preparation.child_id == child_id)
    session.scalars(
        pairs.order_by(Preparation.id).with_for_update().execution_options(**fresh)
    ).all()
    if {mentor.id for mentor in mentors_around(session, child_id)} - known:
        raise _Changed
    return child


def mentors_around(session: Session, child_id: int) -> Sequence[Mentor]:
    """The mentors of a child's open proposals, pairs on the way and match."""
    proposed = select(Proposal.mentor_id).where(Proposal.child_id == child_id, PROPOSED)
    promised = select(Preparation.mentor_id).where(Preparation.child_id == child_id, ON_THE_WAY)
    matched = select(Match.mentor_id).where(Match.child_id == child_id, Match.ended_on.is_(None))
    around = or_(Mentor.id.in_(proposed), Mentor.id.in_(promised), Mentor.id.in_(matched))
    return session.scalars(select(Mentor).where(around).order_by(Mentor.id)).all()


def promised_mentors(session: Session, child_id: int) -> Sequence[Mentor]:
    """The mentors who know of the child from a pair on the way."""
    promised = select(Preparation.mentor_id).where(Preparation.child_id == child_id, ON_THE_WAY)
    query = select(Mentor).where(Mentor.id.in_(promised)).options(joinedload(Mentor.user))
    return session.scalars(query.order_by(Mentor.id)).all()


@dataclass(frozen=True)
class AtStake:
    """What would end, or be looked at again: open proposals, pairs on the way, the match."""

    proposals: int
    on_the_way: int
    match: Match | None


def at_stake(session: Session, child_id: int) -> AtStake:
    """What is open about a child now."""
    proposals = select(func.count()).where(Proposal.child_id == child_id, PROPOSED)
    pairs = select(func.count()).where(Preparation.child_id == child_id, ON_THE_WAY)
    match = select(Match).where(Match.child_id == child_id, Match.ended_on.is_(None))
    return AtStake(
        session.scalar(proposals) or 0,
        session.scalar(pairs) or 0,
        session.scalars(match.options(joinedload(Match.mentor))).first(),
    )


def placements_of(session: Session, child_id: int) -> list[Placement]:
    """Where a child has lived, newest first, as it is now."""
    query = (
        select(Placement)
        .where(Placement.child_id == child_id)
        .options(joinedload(Placement.centre))
        .order_by(Placement.id.desc())
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def consents_of(session: Session, child_id: int) -> list[Consent]:
    """Every consent that was ever given, newest first, with who recorded it."""
    query = (
        select(Consent)
        .where(Consent.child_id == child_id)
        .options(joinedload(Consent.recorder).lazyload(User.regions))
        .order_by(Consent.given_on.desc(), Consent.id.desc())
    )
    return list(session.scalars(query))


def mentor_consents_of(session: Session, child_id: int) -> Sequence[Preparation]:
    """Pairs on the way, and earlier ones, for which the child or the representative said yes."""
    query = (
        select(Preparation)
        .where(Preparation.child_id == child_id)
        .where(
            Preparation.child_consent_on.is_not(None) | Preparation.guardian_consent_on.is_not(None)
        )
        .options(joinedload(Preparation.mentor), joinedload(Preparation.match))
        .order_by(Preparation.id.desc())
    )
    return session.scalars(query).all()


def last_withdrawal(session: Session, child_id: int, kind: ConsentKind) -> date | None:
    """The last day on which a consent of this kind was taken back."""
    query = select(func.max(Consent.withdrawn_on))
    return session.scalar(query.where(Consent.child_id == child_id, Consent.kind == kind))


def open_centres(session: Session) -> Sequence[Centre]:
    """Every centre of the country that is open, in alphabetical order."""
    query = select(Centre).where(Centre.open).order_by(Centre.region, Centre.sort_key)
    return session.scalars(query).all()


def came_of_age(session: Session, on: date) -> Sequence[int]:
    """Children of 18 about whom something is still open, or whose match nobody looked at yet."""
    seen = select(Review.match_id).where(Review.cause == ReviewCause.TURNED_18)
    proposed = select(Proposal.child_id).where(PROPOSED)
    promised = select(Preparation.child_id).where(ON_THE_WAY)
    unseen = select(Match.child_id).where(Match.ended_on.is_(None), Match.id.not_in(seen))
    concerned = or_(Child.id.in_(proposed), Child.id.in_(promised), Child.id.in_(unseen))
    query = select(Child.id).where(of_age(on), concerned).order_by(Child.id)
    return session.scalars(query).all()


def turning_18(session: Session, user: User, on: date, until: date) -> int:
    """How many children with a mentor, or on the way to one, turn 18 after a day and by another."""
    matched = select(Match.child_id).where(Match.ended_on.is_(None))
    promised = select(Preparation.child_id).where(ON_THE_WAY)
    query = visible_children(user).where(
        of_age(until),
        ~of_age(on),
        or_(Child.id.in_(matched), Child.id.in_(promised)),
    )
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def regions_of(session: Session, child_ids: Sequence[int]) -> list[str]:
    """The region of each of these children."""
    query = select(Centre.region).join(Child, Child.centre_id == Centre.id)
    return list(session.scalars(query.where(Child.id.in_(child_ids))))
