from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, selectinload

from mentorship.accounts.models import User
from mentorship.agreements.queries import on_the_way
from mentorship.candidates.queries import unowned_candidates
from mentorship.check_ins.models import CheckIn
from mentorship.check_ins.queries import SOON, open_check_ins
from mentorship.concerns.models import Concern
from mentorship.concerns.queries import open_concerns
from mentorship.matches.models import Match, Proposal, ProposalStatus
from mentorship.matches.queries import visible_proposals
from mentorship.mentors.models import Certificate, Mentor, MentorStatus
from mentorship.mentors.queries import visible_mentors
from mentorship.qualification.models import Suspension
from mentorship.qualification.queries import lifts_to_decide
from mentorship.reviews.models import Review, Telling
from mentorship.reviews.queries import open_reviews, open_tellings

SHOWN = 10
EXPIRES_SOON = timedelta(days=60)


@dataclass(frozen=True)
class Group:
    """One kind of matter: the first rows, and how many there are in all."""

    rows: list[Any]
    total: int


@dataclass(frozen=True)
class Today:
    """A coordinator's work list, most urgent first."""

    concerns: Group
    tellings: Group
    lifts: Group
    reviews: Group
    overdue: Group
    due: Group
    proposals: Group
    on_the_way: Group
    stuck: int
    certificates: Group
    applications: int

    @property
    def is_empty(self) -> bool:
        groups = (self.concerns, self.tellings, self.lifts, self.reviews, self.overdue, self.due)
        more = (self.proposals, self.on_the_way, self.certificates)
        return not self.applications and not any(group.total for group in groups + more)


def todays_work(session: Session, user: User, on: date) -> Today:
    """What needs doing today in somebody's regions."""
    overdue = open_check_ins(user, on - timedelta(days=1))
    due = open_check_ins(user, on + SOON).where(CheckIn.due_on >= on)
    waiting = visible_proposals(user).where(Proposal.status == ProposalStatus.OPEN)
    asked = Proposal.question.is_not(None) & Proposal.answered_at.is_(None)
    pairs = on_the_way(session, user)
    return Today(
        concerns=_group(session, open_concerns(user), Concern.review_by),
        tellings=_group(session, open_tellings(user), Telling.due_at),
        lifts=_group(session, lifts_to_decide(user), Suspension.lift_asked_at),
        reviews=_group(session, open_reviews(user), Review.due_on),
        overdue=_group(session, overdue, CheckIn.due_on),
        due=_group(session, due, CheckIn.due_on),
        proposals=_group(session, waiting, case((asked, 0), else_=1), Proposal.points.desc()),
        on_the_way=Group(pairs[:SHOWN], len(pairs)),
        stuck=sum(pair.is_overdue(on) for pair in pairs),
        certificates=_group(session, _expiring(user, on), Mentor.sort_key),
        applications=_count(session, unowned_candidates(user)),
    )


def _count(session: Session, query: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def _group(session: Session, query: Select[Any], *order: Any) -> Group:
    total = _count(session, query)
    rows = session.scalars(query.order_by(*order).limit(SHOWN)).all() if total else []
    return Group(list(rows), total)


def _expiring(user: User, on: date) -> Select[Any]:
    """Active mentors with a match whose certificate is missing, over, or over soon."""
    lasting = select(Certificate.mentor_id).where(Certificate.expires_on > on + EXPIRES_SOON)
    matched = select(Match.mentor_id).where(Match.ended_on.is_(None))
    return (
        visible_mentors(user)
        .where(
            Mentor.status == MentorStatus.ACTIVE,
            Mentor.id.in_(matched),
            Mentor.id.not_in(lasting),
        )
        .options(selectinload(Mentor.certificates))
    )
