from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Subquery,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from mentorship.accounts.models import User
from mentorship.children.models import Child
from mentorship.i18n import like_patterns
from mentorship.matches.models import Match
from mentorship.mentors.models import (
    Certificate,
    Clearance,
    ClearanceKind,
    ClearanceResult,
    Mentor,
    MentorStatus,
)
from mentorship.papers.models import Paper
from mentorship.qualification.facts import CERTIFICATE, PaperState, Soon
from mentorship.qualification.models import Suspension

WORKING = (MentorStatus.ACTIVE, MentorStatus.PAUSED)
MENTORING = (*WORKING, MentorStatus.SUSPENDED)
FAR_AWAY = date(9999, 12, 31)  # sorts after every day, the same way in every database
_S = PaperState


def newest_clearances(*, answers_only: bool, mentor_ids: Any = None) -> Subquery:
    """The newest clearance of each mentor and kind; `answers_only`: what is pending is no answer.

    `mentor_ids`: only of these, a list or a query.
    """
    place = func.row_number().over(
        partition_by=(Clearance.mentor_id, Clearance.kind),
        order_by=(Clearance.checked_on.desc(), Clearance.id.desc()),
    )
    columns = (Clearance.mentor_id, Clearance.kind, Clearance.result, Clearance.valid_until)
    query = select(*columns, place.label("place"))
    if answers_only:
        query = query.where(Clearance.result != ClearanceResult.PENDING)
    if mentor_ids is not None:
        query = query.where(Clearance.mentor_id.in_(mentor_ids))
    ranked = query.subquery()
    return select(ranked).where(ranked.c.place == 1).subquery()


def papers_on(
    day: date, soon: date, mentors: Select[Any], *, answers_only: bool = False
) -> Subquery:
    """The certificate and every required clearance of these mentors, and its state on a day.

    `mentors` is a query for ids; `soon` the last day that ends soon. Columns: mentor_id, paper
    (a kind's code, or "certificate"), until, state, due_on (FAR_AWAY where there is no day).
    """
    certificates = (
        select(
            Mentor.id.label("mentor_id"),
            literal(CERTIFICATE).label("paper"),
            func.max(Certificate.expires_on).label("until"),
            case((func.max(Certificate.expires_on).is_not(None), "clear")).label("result"),
            literal(1).label("months"),
        )
        .outerjoin(
            Certificate,
            (Certificate.mentor_id == Mentor.id) & Certificate.revoked_on.is_(None),
        )
        .where(Mentor.id.in_(mentors))
        .group_by(Mentor.id)
    )
    newest = newest_clearances(answers_only=answers_only, mentor_ids=mentors)
    clearances = (
        select(
            Mentor.id,
            ClearanceKind.code,
            newest.c.valid_until,
            newest.c.result,
            ClearanceKind.months,
        )
        .select_from(Mentor)
        .join(ClearanceKind, ClearanceKind.required.is_(True))
        .outerjoin(
            newest, (newest.c.mentor_id == Mentor.id) & (newest.c.kind == ClearanceKind.code)
        )
        .where(Mentor.id.in_(mentors))
    )
    papers = union_all(certificates, clearances).subquery()
    until = papers.c.until
    state = case(
        (papers.c.result.is_(None), _S.MISSING),
        (papers.c.result == ClearanceResult.ADVERSE, _S.ADVERSE),
        (papers.c.result == ClearanceResult.PENDING, _S.PENDING),
        (until.is_(None) & papers.c.months.is_(None), _S.IN_FORCE),
        (until.is_(None), _S.MISSING),
        (until < day, _S.EXPIRED),
        (until <= soon, _S.SOON),
        else_=_S.IN_FORCE,
    )
    dated = case((state.in_((_S.EXPIRED, _S.SOON, _S.IN_FORCE)), until), else_=null())
    due_on = func.coalesce(dated, FAR_AWAY, type_=until.type)
    return select(
        papers.c.mentor_id,
        papers.c.paper,
        until,
        cast(state, String).label("state"),
        due_on.label("due_on"),
    ).subquery()


def fallen_mentors(session: Session, day: date) -> Sequence[int]:
    """Working mentors with an answer that refuses them on a day: run out, or an obstacle."""
    working = select(Mentor.id).where(Mentor.status.in_(WORKING))
    papers = papers_on(day, day, working, answers_only=True)
    query = select(papers.c.mentor_id).where(papers.c.state.in_((_S.EXPIRED, _S.ADVERSE)))
    return session.scalars(query.distinct().order_by(papers.c.mentor_id)).all()


class Due:
    """Papers that somebody has to see to, of the mentors somebody may see."""

    def __init__(self, user: User, day: date, notices: tuple[int, int, int]) -> None:
        self.user, self.day = user, day
        self.first, self.second, self.last = (day + timedelta(days=n) for n in notices)

    def mentors(self, q: str, filters: dict[str, str]) -> tuple[Select[Any], ColumnElement[Any]]:
        """Ids of mentors with such papers, and the first day one of them ends: the column.

        Finding them reads every paper, so that the list does it once, not again for a count.
        """
        own = self.user.scope.limit(select(Mentor.id), Mentor.region)
        own = own.where(Mentor.status.in_(MENTORING))
        for pattern in like_patterns(q):
            own = own.where(Mentor.search_key.like(pattern, escape="\\"))
        if "region" in filters:
            own = own.where(Mentor.region == filters["region"])
        papers = papers_on(self.day, self.first, own)
        wanted = select(papers.c.mentor_id, func.min(papers.c.due_on).label("due_on"))
        found = wanted.where(*self._asked(papers, filters)).group_by(papers.c.mentor_id).subquery()
        query = select(Mentor.id, found.c.due_on).join(found, found.c.mentor_id == Mentor.id)
        return query, found.c.due_on

    def people(self, session: Session, ids: Collection[int]) -> dict[int, Mentor]:
        """These mentors by their ids."""
        query = select(Mentor).where(Mentor.id.in_(ids))
        return {mentor.id: mentor for mentor in session.scalars(query)}

    def papers(
        self, session: Session, ids: Collection[int], filters: dict[str, str]
    ) -> dict[int, list[Any]]:
        """The papers of these mentors that are asked for, the first to end first."""
        papers = papers_on(self.day, self.first, select(Mentor.id).where(Mentor.id.in_(ids)))
        query = (
            select(papers)
            .outerjoin(ClearanceKind, ClearanceKind.code == papers.c.paper)
            .where(*self._asked(papers, filters))
            .order_by(papers.c.due_on, func.coalesce(ClearanceKind.position, 0))
        )
        found: dict[int, list[Any]] = {}
        for row in session.execute(query):
            found.setdefault(row.mentor_id, []).append(row)
        return found

    def _asked(self, papers: Subquery, filters: dict[str, str]) -> Iterator[ColumnElement[bool]]:
        yield papers.c.state != _S.IN_FORCE
        if "kind" in filters:
            yield papers.c.paper == filters["kind"]
        ends = {Soon.LAST: self.last, Soon.SECOND: self.second, Soon.FIRST: self.first}
        soon = filters.get("soon")
        if soon in ends:
            yield (papers.c.state == _S.SOON) & (papers.c.until <= ends[Soon(soon)])
        elif soon == Soon.EXPIRED:
            yield papers.c.state == _S.EXPIRED
        elif soon == Soon.MISSING:
            yield papers.c.state.in_((_S.MISSING, _S.PENDING, _S.ADVERSE))


def own_papers(session: Session, mentor_id: int, day: date, soon_days: int) -> Sequence[Any]:
    """The certificate and every required clearance of one mentor, in the order they are asked."""
    mentors = select(Mentor.id).where(Mentor.id == mentor_id)
    papers = papers_on(day, day + timedelta(days=soon_days), mentors)
    query = select(papers).outerjoin(ClearanceKind, ClearanceKind.code == papers.c.paper)
    return session.execute(query.order_by(func.coalesce(ClearanceKind.position, 0))).all()


def scans_of(session: Session, mentor_id: int) -> Sequence[Paper]:
    """The scans that were uploaded for a mentor, the newest first."""
    query = select(Paper).where(Paper.mentor_id == mentor_id).order_by(Paper.id.desc())
    return session.scalars(query).all()


def ending_papers(session: Session, day: date, last: date) -> Sequence[Any]:
    """Papers of mentors that end between two days, with the mentor's region and account."""
    papers = papers_on(day, last, select(Mentor.id).where(Mentor.status.in_(MENTORING)))
    query = (
        select(papers.c.mentor_id, papers.c.paper, papers.c.until, Mentor.region, Mentor.user_id)
        .join(Mentor, Mentor.id == papers.c.mentor_id)
        .where(papers.c.state == _S.SOON)
        .order_by(papers.c.mentor_id, papers.c.until)
    )
    return session.execute(query).all()


def visible_suspensions(user: User) -> Select[Suspension]:
    """Suspensions of mentors in somebody's regions."""
    query = select(Suspension).join(Suspension.mentor)
    return user.scope.limit(query, Mentor.region)


def find_suspension(session: Session, user: User, suspension_id: int) -> Suspension | None:
    """One visible suspension, with who did what to it."""
    people = (Suspension.mentor, Suspension.opener, Suspension.asker, Suspension.lifter)
    query = visible_suspensions(user).options(*(joinedload(part) for part in people))
    return session.scalars(query.where(Suspension.id == suspension_id)).first()


def open_suspensions(session: Session, mentor_id: int) -> Sequence[Suspension]:
    """What holds a mentor back now, the oldest first."""
    query = select(Suspension).where(
        Suspension.mentor_id == mentor_id, Suspension.lifted_at.is_(None)
    )
    return session.scalars(query.order_by(Suspension.id)).all()


def search_suspensions(user: User, q: str, filters: dict[str, str]) -> Select[Any]:
    """Suspensions of mentors who are suspended now, by name, region and whether one is asked."""
    query = visible_suspensions(user).where(
        Suspension.lifted_at.is_(None), Mentor.status == MentorStatus.SUSPENDED
    )
    for pattern in like_patterns(q):
        query = query.where(Mentor.search_key.like(pattern, escape="\\"))
    if "region" in filters:
        query = query.where(Mentor.region == filters["region"])
    if "asked" in filters:
        asked = Suspension.lift_asked_by.is_not(None)
        query = query.where(asked if filters["asked"] == "yes" else ~asked)
    parts = (selectinload(Suspension.asker), selectinload(Suspension.opener))
    return query.options(joinedload(Suspension.mentor), *parts)


def lifts_to_decide(user: User) -> Select[Any]:
    """Suspensions that a colleague asks to lift: somebody else has to be the second person."""
    waiting = visible_suspensions(user).where(
        Suspension.lifted_at.is_(None),
        Suspension.lift_asked_at.is_not(None),
        Suspension.lift_asked_by != user.id,
        Mentor.status == MentorStatus.SUSPENDED,  # who retired since has nothing to be lifted
    )
    return waiting.options(contains_eager(Suspension.mentor), joinedload(Suspension.asker))


def holds_of(session: Session, mentor_id: int) -> Sequence[Match]:
    """The mentor's open matches with child, case manager, holds and tellings."""
    query = (
        select(Match)
        .where(Match.mentor_id == mentor_id, Match.ended_on.is_(None))
        .options(
            joinedload(Match.child).joinedload(Child.centre),
            selectinload(Match.holds),
            selectinload(Match.tellings),
            selectinload(Match.reviews),
        )
        .order_by(Match.id)
    )
    return session.scalars(query).all()
