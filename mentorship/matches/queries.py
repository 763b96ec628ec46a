from collections.abc import Collection, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, func, select, union
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from mentorship.accounts.models import User
from mentorship.audit import AuditEntry
from mentorship.children.models import Child
from mentorship.children.queries import of_mentoring_age
from mentorship.i18n import like_patterns
from mentorship.matches.models import (
    Match,
    Preparation,
    PreparationStatus,
    Proposal,
    ProposalStatus,
    Round,
    RoundStage,
    Ruling,
    RulingKind,
)
from mentorship.mentors.models import NEVER_PROPOSED, Mentor
from mentorship.places.models import Centre

# What the rules and points ask about a person.
MENTOR_PARTS = (
    Mentor.languages,
    Mentor.interests,
    Mentor.certificates,
    Mentor.clearances,
    Mentor.skills,
    Mentor.pauses,
    Mentor.matches,
)
CHILD_PARTS = (
    Child.languages,
    Child.interests,
    Child.consents,
    Child.needs,
    Child.matches,
    Child.sibling_group,
    Child.relatives,
)

Row = TypeVarTuple("Row")


def mentors_for_round(session: Session, regions: Collection[str]) -> Sequence[Mentor]:
    """Mentors of these regions who have not retired, with all that the rules ask about."""
    query = (
        select(Mentor)
        .where(Mentor.region.in_(regions), Mentor.status.not_in(NEVER_PROPOSED))
        .options(*(selectinload(part) for part in MENTOR_PARTS))
        .order_by(Mentor.id)
    )
    return session.scalars(query).all()


def is_free() -> ColumnElement[bool]:
    """The child has no mentor, and no approved pair on the way to one."""
    matched = select(Match.child_id).where(Match.ended_on.is_(None))
    promised = select(Preparation.child_id).where(Preparation.status == PreparationStatus.OPEN)
    return Child.id.not_in(matched) & Child.id.not_in(promised)


def children_for_round(
    session: Session, regions: Collection[str], start_on: date, centres: Collection[int] = ()
) -> Sequence[Child]:
    """Children of 10 to 17 in organisations of these regions, or of some centres, still free."""
    query = (
        select(Child)
        .join(Child.centre)
        .where(Centre.region.in_(regions), of_mentoring_age(start_on))
        .where(is_free())
        .options(contains_eager(Child.centre), *(selectinload(part) for part in CHILD_PARTS))
        .order_by(Child.id)
    )
    return session.scalars(query.where(Child.centre_id.in_(centres)) if centres else query).all()


def places_taken(session: Session, mentor_ids: Collection[int] | None = None) -> dict[int, int]:
    """Open matches and preparations by mentor."""
    taken: dict[int, int] = {}
    for table, is_open in (
        (Match, Match.ended_on.is_(None)),
        (Preparation, Preparation.status == PreparationStatus.OPEN),
    ):
        query = select(table.mentor_id, func.count()).where(is_open).group_by(table.mentor_id)
        if mentor_ids is not None:
            query = query.where(table.mentor_id.in_(mentor_ids))
        for mentor_id, count in session.execute(query):
            taken[mentor_id] = taken.get(mentor_id, 0) + count
    return taken


def child_taken(session: Session, child_id: int) -> str | None:
    """Why a child is not free: the code, or None."""
    matched = select(Match.id).where(Match.child_id == child_id, Match.ended_on.is_(None))
    if session.scalar(matched.limit(1)):
        return "child_has_match"
    promised = select(Preparation.id).where(
        Preparation.child_id == child_id, Preparation.status == PreparationStatus.OPEN
    )
    return "child_on_the_way" if session.scalar(promised.limit(1)) else None


def standing_rulings(session: Session, on: date) -> Sequence[Ruling]:
    """What people have decided before the engine is asked and still stands on a day."""
    query = select(Ruling).where(
        Ruling.lifted_at.is_(None), (Ruling.until.is_(None)) | (Ruling.until >= on)
    )
    return session.scalars(query.order_by(Ruling.id)).all()


def held_back(session: Session, on: date, mentor_id: int, child_id: int) -> bool:
    """Whether somebody holds this mentor or this child back on a day."""
    held = select(Ruling.id).where(
        Ruling.kind.in_((RulingKind.HOLD_MENTOR, RulingKind.HOLD_CHILD)),
        (Ruling.mentor_id == mentor_id) | (Ruling.child_id == child_id),
        Ruling.lifted_at.is_(None),
        (Ruling.until.is_(None)) | (Ruling.until >= on),
    )
    return session.scalar(held.limit(1)) is not None


def held_people(session: Session, on: date) -> tuple[set[int], set[int]]:
    """The mentors and the children whom somebody holds back on a day."""
    rulings = standing_rulings(session, on)
    return (
        {row.mentor_id for row in rulings if row.kind == RulingKind.HOLD_MENTOR and row.mentor_id},
        {row.child_id for row in rulings if row.kind == RulingKind.HOLD_CHILD and row.child_id},
    )


def locked_mentor_of(session: Session, proposal_id: int) -> Mentor:
    """The mentor of a proposal, locked, with what the rules ask about as it is now."""
    proposed = select(Proposal.mentor_id).where(Proposal.id == proposal_id).scalar_subquery()
    query = select(Mentor).where(Mentor.id == proposed)
    found: Mentor = session.scalars(_locked(query, MENTOR_PARTS)).one()
    return found


def locked_mentor(session: Session, mentor_id: int) -> Mentor:
    """A mentor, locked, with what the rules ask about as it is now."""
    query = select(Mentor).where(Mentor.id == mentor_id)
    found: Mentor = session.scalars(_locked(query, MENTOR_PARTS)).one()
    return found


def locked_open_proposals(session: Session, child_id: int) -> Sequence[Proposal]:
    """The open proposals of a child, locked."""
    query = select(Proposal).where(
        Proposal.child_id == child_id, Proposal.status == ProposalStatus.OPEN
    )
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()


def open_proposal_ids(session: Session, child_id: int) -> set[int]:
    """The open proposals of a child, as they are at this moment."""
    query = select(Proposal.id).where(
        Proposal.child_id == child_id, Proposal.status == ProposalStatus.OPEN
    )
    return set(session.scalars(query))


def locked_mentors_around(session: Session, child_id: int) -> Sequence[Mentor]:
    """The mentors of a child's open proposals, pairs on the way and match, locked in their order.

    Whoever locks a child and then mentors would wait in a ring with those who approve.
    """
    around = union(
        select(Proposal.mentor_id).where(
            Proposal.child_id == child_id, Proposal.status == ProposalStatus.OPEN
        ),
        select(Preparation.mentor_id).where(
            Preparation.child_id == child_id, Preparation.status == PreparationStatus.OPEN
        ),
        select(Match.mentor_id).where(Match.child_id == child_id, Match.ended_on.is_(None)),
    )
    query = select(Mentor).where(Mentor.id.in_(select(around.subquery().c.mentor_id)))
    return session.scalars(_locked(query.order_by(Mentor.id), ())).all()


def open_matches(
    session: Session, *, mentor_id: int | None = None, child_id: int | None = None
) -> Sequence[Match]:
    """The open matches of a mentor or of a child, locked, in the order of their ids.

    One that somebody closes at this moment is waited for, and is not among them.
    """
    query = select(Match).where(Match.ended_on.is_(None)).order_by(Match.id)
    if mentor_id is not None:
        query = query.where(Match.mentor_id == mentor_id)
    if child_id is not None:
        query = query.where(Match.child_id == child_id)
    fresh = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(fresh).all()


def ended_before(session: Session, mentor_id: int, child_id: int) -> int | None:
    """The last match of the same two people, which has ended."""
    query = select(Match.id).where(
        Match.mentor_id == mentor_id, Match.child_id == child_id, Match.ended_on.is_not(None)
    )
    return session.scalar(query.order_by(Match.ended_on.desc(), Match.id.desc()).limit(1))


def locked_child(session: Session, child_id: int) -> Child:
    """A child, locked, with what the rules ask about as it is now."""
    query = select(Child).where(Child.id == child_id)
    found: Child = session.scalars(_locked(query, (*CHILD_PARTS, Child.centre))).one()
    return found


def _locked(query: Select[Any], parts: Collection[Any]) -> Select[Any]:
    """The page may have read these rows before it waited for the lock: read them all again."""
    return (
        query.options(*(selectinload(part) for part in parts))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def find_round(session: Session, user: User, round_id: int) -> Round | None:
    """One round, when every one of its regions is in scope."""
    found = session.get(Round, round_id, options=[joinedload(Round.author)])
    if found is None or not all(user.scope.covers(region) for region in found.regions):
        return None
    return found


def recent_rounds(session: Session, user: User, most: int = 20) -> list[Round]:
    """The newest rounds in scope."""
    newest = select(Round).options(joinedload(Round.author)).order_by(Round.id.desc()).limit(400)
    seen = (
        found
        for found in session.scalars(newest)
        if all(user.scope.covers(region) for region in found.regions)
    )
    return list(islice(seen, most))


def comparable_rounds(session: Session, user: User, one: Round, most: int = 5) -> list[Round]:
    """The newest other rounds of the same regions that have a plan."""
    planned = (RoundStage.DRAFT, RoundStage.PUBLISHED, RoundStage.DISCARDED)
    newest = (
        select(Round)
        .where(Round.stage.in_(planned), Round.id != one.id, Round.created_by.is_not(None))
        .order_by(Round.id.desc())
        .limit(100)
    )
    seen = (row for row in session.scalars(newest) if row.regions == one.regions and row.versions)
    return list(islice(seen, most))


def visible_proposals(user: User) -> Select[Proposal]:
    """Proposals for children somebody may see, with both people and the centre."""
    query = (
        select(Proposal)
        .join(Proposal.child)
        .join(Child.centre)
        .join(Proposal.mentor)
        .options(
            contains_eager(Proposal.child).contains_eager(Child.centre),
            contains_eager(Proposal.mentor),
        )
    )
    return user.scope.limit(user.scope.limit(query, Centre.region), Mentor.region)


def find_proposal(session: Session, user: User, proposal_id: int) -> Proposal | None:
    """One visible proposal with everything its page shows."""
    query = (
        visible_proposals(user)
        .where(Proposal.id == proposal_id)
        .options(
            joinedload(Proposal.round),
            joinedload(Proposal.decider),
            *(selectinload(Proposal.mentor, part) for part in MENTOR_PARTS),
            *(selectinload(Proposal.child, part) for part in CHILD_PARTS),
        )
    )
    return session.scalars(query).first()


def last_change(session: Session, proposal: Proposal) -> tuple[str, datetime | None]:
    """Who changed a proposal last, and when; no name when it was the service itself."""
    if proposal.status == ProposalStatus.SUPERSEDED:  # many at once, without an entry for each
        decider = proposal.decider
        return (decider.name if decider else "", proposal.decided_at)
    latest = (
        select(User.name, AuditEntry.at)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.subject_type == "proposal", AuditEntry.subject_id == proposal.id)
        .order_by(AuditEntry.id.desc())
    )
    found = session.execute(latest.limit(1)).first()
    return (found[0] or "", found[1]) if found else ("", proposal.decided_at)


def status_counts(session: Session, round_id: int) -> dict[str, int]:
    """How many proposals of a round have each status."""
    query = select(Proposal.status, func.count()).where(Proposal.round_id == round_id)
    return {row[0]: row[1] for row in session.execute(query.group_by(Proposal.status))}


def visible_matches(user: User) -> Select[Match]:
    """The matches somebody may see: of children in their regions; a mentor's own."""
    query = (
        select(Match)
        .join(Match.child)
        .join(Child.centre)
        .join(Match.mentor)
        .options(
            contains_eager(Match.child).contains_eager(Child.centre), contains_eager(Match.mentor)
        )
    )
    if user.role == "mentor":
        return query.where(Mentor.user_id == user.id)
    return user.scope.limit(query, Centre.region)


def open_matches_with_papers(user: User | None) -> Select[Match]:
    """Open matches somebody may see (None: all), with all that the rules ask about."""
    query = select(Match).join(Match.child).join(Child.centre).join(Match.mentor)
    child, mentor = contains_eager(Match.child), contains_eager(Match.mentor)
    loaded = (
        query.where(Match.ended_on.is_(None))
        .options(child.contains_eager(Child.centre))
        .options(*(child.selectinload(part) for part in CHILD_PARTS))
        .options(*(mentor.selectinload(part) for part in MENTOR_PARTS))
        .order_by(Match.id)
    )
    return loaded if user is None else user.scope.limit(loaded, Centre.region)


def about_visible_matches(user: User, table: type[Any]) -> Select[Any]:
    """Rows of a table with a `match`, where the child lives in somebody's regions.

    Both people and the centre are loaded with them.
    """
    match = contains_eager(table.match)
    query = (
        select(table)
        .join(table.match)
        .join(Match.child)
        .join(Child.centre)
        .join(Match.mentor)
        .options(match.contains_eager(Match.child).contains_eager(Child.centre))
        .options(match.contains_eager(Match.mentor))
    )
    return user.scope.limit(query, Centre.region)


def find_match(session: Session, user: User, match_id: int) -> Match | None:
    """One visible match."""
    return session.scalars(visible_matches(user).where(Match.id == match_id)).first()


def by_either_name(query: Select[*Row], q: str) -> Select[*Row]:
    """The same, kept to pairs in which a typed word begins a name of the mentor or of the child."""
    for pattern in like_patterns(q):
        named = Mentor.search_key.like(pattern, escape="\\")
        query = query.where(named | Child.search_key.like(pattern, escape="\\"))
    return query


def search_matches(user: User, q: str, filters: dict[str, str]) -> Select[Any]:
    """Visible matches by either name and filters: state, region."""
    query = visible_matches(user)
    query = by_either_name(query, q)
    if "region" in filters:
        query = query.where(Centre.region == filters["region"])
    if filters.get("state") == "open":
        query = query.where(Match.ended_on.is_(None))
    elif filters.get("state") == "closed":
        query = query.where(Match.ended_on.is_not(None))
    return query
