from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, selectinload

from mentorship.accounts.models import Leave, User
from mentorship.accounts.queries import leaves_of
from mentorship.agreements.queries import on_the_way
from mentorship.candidates.queries import unowned_candidates
from mentorship.check_ins.models import CheckIn
from mentorship.check_ins.queries import SOON, open_check_ins
from mentorship.closing.models import Closure
from mentorship.closing.queries import open_closures
from mentorship.concerns.models import Concern, ConcernOrigin
from mentorship.concerns.queries import open_concerns, to_sign
from mentorship.matches.models import Match, Proposal, ProposalStatus
from mentorship.matches.queries import visible_proposals
from mentorship.meetings.absences import visible_help, visible_substitutes
from mentorship.meetings.models import HelpRequest, Meeting, Substitute, SubstituteStatus
from mentorship.meetings.reading import entries
from mentorship.mentors.models import Certificate, Mentor, MentorStatus
from mentorship.mentors.queries import visible_mentors
from mentorship.qualification.models import Suspension
from mentorship.qualification.queries import lifts_to_decide
from mentorship.reviews.models import Review, Telling
from mentorship.reviews.queries import open_reviews, open_tellings
from mentorship.signs.models import Sign
from mentorship.signs.queries import GRAVITY, new_signs

SHOWN = 10
EXPIRES_SOON = timedelta(days=60)


@dataclass(frozen=True)
class Group:
    """One kind of matter: the first rows, how many there are in all, and the list of them."""

    key: str
    rows: Sequence[Any]
    total: int
    endpoint: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    late: int = 0

    @property
    def more(self) -> int:
        """How many are not on the page."""
        return self.total - len(self.rows)


@dataclass(frozen=True)
class Today:
    """A coordinator's work list, what is most dangerous first; only groups with something in."""

    groups: list[Group]
    covering: Sequence[Leave]
    own_leaves: Sequence[Leave]

    @property
    def is_empty(self) -> bool:
        return not self.groups

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups)


@dataclass(frozen=True)
class Desk:
    """Whose work is looked at, and when."""

    session: Session
    user: User
    on: date
    at: datetime

    def group(
        self, key: str, query: Select[Any], order: tuple[Any, ...], endpoint: str, **given: str
    ) -> Group:
        """Two statements: how many there are, and the first of them."""
        total = self.count(query)
        first = query.order_by(None).order_by(*order).limit(SHOWN)
        rows = self.session.scalars(first).unique().all() if total else []
        return Group(key, rows, total, endpoint, given)

    def count(self, query: Select[Any]) -> int:
        counted = select(func.count()).select_from(query.order_by(None).subquery())
        return self.session.scalar(counted) or 0


def todays_work(session: Session, user: User, on: date, at: datetime) -> Today:
    """What needs doing today in somebody's regions, and in those of whom they cover."""
    desk = Desk(session, user, on, at)
    found = [*_children(desk), *_contacts(desk), *_matches(desk), *_beginnings(desk)]
    return Today(
        [group for group in found if group.total],
        user.covering_on(on),
        leaves_of(session, user, on),
    )


def _children(desk: Desk) -> list[Group]:
    """What cannot wait: worries, a child who wants to talk, children and mentors left alone."""
    own, user = Concern.origin == ConcernOrigin.CHILD, desk.user
    by_time, waiting = (Concern.review_by, Concern.id), open_concerns(user)
    list_of = ("concerns.index",)
    asked = visible_help(user).where(HelpRequest.answered_at.is_(None))
    return [
        desk.group("worries", waiting.where(~own), by_time, *list_of, state="waiting"),
        desk.group("talks", waiting.where(own), by_time, *list_of, state="waiting"),
        desk.group("to_sign", to_sign(user), (Concern.asked_at,), *list_of, state="asked"),
        desk.group("tellings", open_tellings(user), (Telling.due_at,), "reviews.tellings"),
        desk.group("help", asked, (HelpRequest.asked_at,), "meetings.help_requests"),
        desk.group(
            "lifts",
            lifts_to_decide(user),
            (Suspension.lift_asked_at,),
            "qualification.suspensions",
            asked="yes",
        ),
    ]


def _contacts(desk: Desk) -> list[Group]:
    """Contacts that are late, matches to look at again, contacts of this week."""
    user, on, order = desk.user, desk.on, (CheckIn.due_on, CheckIn.id)
    with_rungs = selectinload(CheckIn.rungs)
    late = open_check_ins(user, on - timedelta(days=1)).options(with_rungs)
    due = open_check_ins(user, on + SOON).where(CheckIn.due_on >= on)
    return [
        desk.group("overdue", late, order, "check_ins.index", state="overdue"),
        desk.group("reviews", open_reviews(user), (Review.due_on,), "reviews.index"),
        desk.group("due", due, order, "check_ins.index", state="due"),
    ]


def _matches(desk: Desk) -> list[Group]:
    """What matches and their mentors say: signs, entries, wishes for a substitute."""
    user, asked = desk.user, Substitute.status == SubstituteStatus.ASKED
    signs = new_signs(user, desk.on)
    unread = entries(user, {})
    wishes = visible_substitutes(user).where(asked)
    newest = (Meeting.held_on.desc(), Meeting.id.desc())
    grave = (GRAVITY, Sign.since_on, Sign.id)
    return [
        desk.group("signs", signs, grave, "signs.index", state="new"),
        desk.group("unread", unread, newest, "meetings.index"),
        desk.group("substitutes", wishes, (Substitute.from_on,), "meetings.substitutes"),
    ]


def _beginnings(desk: Desk) -> list[Group]:
    """Pairs on the way, endings, proposals, papers and people who apply."""
    user, on = desk.user, desk.on
    pairs = on_the_way(desk.session, user)
    stuck = sum(pair.is_overdue(on) for pair in pairs)
    waiting = visible_proposals(user).where(Proposal.status == ProposalStatus.OPEN)
    asked = Proposal.question.is_not(None) & Proposal.answered_at.is_(None)
    best = (case((asked, 0), else_=1), Proposal.points.desc())
    board = Group(
        "applications",
        [],
        desk.count(unowned_candidates(user)),
        "candidates.board",
        {"owner": "nobody"},
    )
    return [
        Group("on_the_way", pairs[:SHOWN], len(pairs), "agreements.index", late=stuck),
        desk.group("closings", open_closures(user), (Closure.due_on,), "closing.index"),
        desk.group("proposals", waiting, best, "decisions.proposals", status="open"),
        desk.group("certificates", _expiring(user, on), (Mentor.sort_key,), "qualification.due"),
        board,
    ]


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
