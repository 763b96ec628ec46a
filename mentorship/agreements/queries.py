from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, String, cast, literal, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from mentorship.accounts.models import User
from mentorship.agreements.facts import StepState, next_due_on, next_steps
from mentorship.children.models import Child
from mentorship.matches.models import (
    Match,
    Preparation,
    PreparationStatus,
    Proposal,
    ProposalStatus,
)
from mentorship.matches.queries import CHILD_PARTS, MENTOR_PARTS
from mentorship.mentors.models import Mentor
from mentorship.messages.models import Message
from mentorship.places.models import Centre

OPEN, STARTED = PreparationStatus.OPEN, PreparationStatus.STARTED


def visible_preparations(user: User) -> Select[Preparation]:
    """Preparations of people somebody may see; a mentor's own."""
    query = (
        select(Preparation)
        .join(Preparation.child)
        .join(Child.centre)
        .join(Preparation.mentor)
        .options(
            contains_eager(Preparation.child).contains_eager(Child.centre),
            contains_eager(Preparation.mentor),
            joinedload(Preparation.owner),
            joinedload(Preparation.match),
        )
    )
    if user.role == "mentor":
        return query.where(Mentor.user_id == user.id)
    return user.scope.limit(user.scope.limit(query, Centre.region), Mentor.region)


def find_preparation(session: Session, user: User, preparation_id: int) -> Preparation | None:
    """One visible preparation with everything its page shows."""
    query = (
        visible_preparations(user)
        .where(Preparation.id == preparation_id)
        .options(
            joinedload(Preparation.proposal),
            *(selectinload(Preparation.mentor, part) for part in MENTOR_PARTS),
            *(selectinload(Preparation.child, part) for part in CHILD_PARTS),
        )
    )
    return session.scalars(query).first()


def own_preparations(session: Session, user: User) -> Sequence[Preparation]:
    """The pairs on the way of the mentor who is signed in."""
    query = visible_preparations(user).where(Preparation.status == OPEN)
    return session.scalars(query.order_by(Preparation.opened_at)).all()


def under_way(session: Session, child_id: int) -> Preparation | Proposal | None:
    """What is open about a child: the pair on the way, else the proposal to decide on."""
    approved = select(Preparation).where(
        Preparation.child_id == child_id, Preparation.status == OPEN
    )
    proposed = select(Proposal).where(
        Proposal.child_id == child_id, Proposal.status == ProposalStatus.OPEN
    )
    return (
        session.scalars(approved.options(joinedload(Preparation.mentor))).first()
        or session.scalars(proposed.options(joinedload(Proposal.mentor))).first()
    )


def names_of(session: Session, user_ids: Collection[int | None]) -> dict[int, str]:
    """Who recorded what: names by id of the user."""
    wanted = {number for number in user_ids if number is not None}
    found = session.execute(select(User.id, User.name).where(User.id.in_(wanted)))
    return {row.id: row.name for row in found}


@dataclass(frozen=True)
class OnTheWay:
    """One line of the list: a preparation, what can be done now, and by when."""

    preparation: Preparation
    next: list[StepState]
    due_on: date

    def is_overdue(self, on: date) -> bool:
        return self.due_on < on


def on_the_way(
    session: Session, user: User, region: str | None = None, step: str | None = None
) -> list[OnTheWay]:
    """Every pair between approval and first meeting, what is stuck longest first.

    One statement: there are never more of them than mentors have places.
    """
    query = visible_preparations(user).where(
        (Preparation.status == OPEN)
        | (
            (Preparation.status == STARTED)
            & Preparation.first_meeting_on.is_(None)
            & Preparation.match.has(Match.ended_on.is_(None))
        )
    )
    if region:
        query = query.where(Centre.region == region)
    rows = [OnTheWay(row, next_steps(row), next_due_on(row)) for row in session.scalars(query)]
    if step:
        rows = [row for row in rows if any(state.step == step for state in row.next)]
    return sorted(rows, key=lambda row: (row.due_on, row.preparation.id))


def open_preparations(session: Session) -> Sequence[Preparation]:
    """All pairs on the way to a match, with all that the rules ask about.

    In the order in which whoever decides locks mentors.
    """
    query = select(Preparation).join(Preparation.child).where(Preparation.status == OPEN)
    loaded = query.options(
        contains_eager(Preparation.child).joinedload(Child.centre),
        joinedload(Preparation.owner),
        *(selectinload(Preparation.mentor, part) for part in MENTOR_PARTS),
        *(selectinload(Preparation.child, part) for part in CHILD_PARTS),
    )
    return session.scalars(loaded.order_by(Preparation.mentor_id, Preparation.id)).all()


def silent_mentors(
    session: Session, *, not_told: str | None = None, due_before: date | None = None
) -> Sequence[Preparation]:
    """Open preparations whose mentor has not answered.

    `not_told` leaves out those whose mentor cannot sign in or has had this kind of message;
    `due_before` asks for a last day that has passed.
    """
    query = (
        select(Preparation)
        .join(Preparation.mentor)
        .where(Preparation.status == OPEN, Preparation.mentor_answer.is_(None))
        .options(
            contains_eager(Preparation.mentor).joinedload(Mentor.user),
            joinedload(Preparation.owner),
        )
    )
    if not_told is not None:
        key = literal(f"{not_told}:").concat(cast(Preparation.id, String))
        told = select(Message.id).where(Message.key == key)
        query = query.where(Mentor.user_id.is_not(None), ~told.exists())
    if due_before is not None:
        query = query.where(Preparation.mentor_due_on < due_before)
    return session.scalars(query.order_by(Preparation.id)).all()
