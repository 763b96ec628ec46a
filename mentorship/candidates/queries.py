from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from mentorship.accounts.models import User
from mentorship.candidates.facts import StepState, Way, way_of
from mentorship.candidates.models import Candidate, CandidateStep
from mentorship.candidates.policies import Asked, Held, Known, Paper, Place, Recorded
from mentorship.i18n import as_day, like_patterns
from mentorship.mentors.models import Certificate, Clearance, Mentor, MentorStatus
from mentorship.mentors.queries import clearance_kinds
from mentorship.permissions import Role, Scope
from mentorship.settings.services import value
from mentorship.training.models import Course, CourseKind, Enrolment, TrainingSession


@dataclass(frozen=True)
class Row:
    """A candidate in a list: a few facts about who it is, and how far they have come."""

    mentor_id: int
    full_name: str
    sort_key: str
    region: str
    town: str
    phone: str | None
    attempt: int
    way: Way

    @property
    def now(self) -> StepState:
        """The step under way; only candidates whose way goes on are in lists."""
        state = self.way.now
        if state is None:
            raise ValueError("this way has ended")
        return state


def asked_kinds(session: Session) -> list[Asked]:
    """The kinds of clearance without which nobody mentors."""
    return [Asked(k.code, k.months is None) for k in clearance_kinds(session) if k.required]


def find_candidate(session: Session, user: User, mentor_id: int) -> Candidate | None:
    """A candidate of somebody's regions, with their record."""
    query = select(Candidate).join(Candidate.mentor).where(Candidate.mentor_id == mentor_id)
    query = query.options(joinedload(Candidate.mentor), joinedload(Candidate.owner))
    return session.scalars(user.scope.limit(query, Mentor.region)).first()


def way_of_candidate(session: Session, candidate: Candidate, on: date) -> Way:
    """How far one candidate has come."""
    chosen = select(Candidate.mentor_id).where(Candidate.mentor_id == candidate.mentor_id)
    return ways(session, chosen, on)[candidate.mentor_id]


def ways(session: Session, chosen: Select[Any], on: date) -> dict[int, Way]:
    """How far the candidates of a query have come, by id, in a constant number of statements."""
    kinds = asked_kinds(session)
    days = value(session, "candidate.step_days")
    return {
        mentor_id: way_of(known, kinds, on, days)
        for mentor_id, known in _known(session, chosen, [kind.code for kind in kinds])
    }


def _known(
    session: Session, chosen: Select[Any], kinds: Sequence[str]
) -> Iterable[tuple[int, Known]]:
    own = Candidate.mentor_id.in_(chosen)
    recorded = _recorded(session, chosen)
    papers = _papers(session, chosen, kinds)
    places = _places(session, chosen)
    certificates = _certificates(session, chosen)
    columns = (
        Candidate.mentor_id,
        Candidate.applied_at,
        Candidate.owner_id,
        Candidate.ended_as,
        Candidate.ended_at,
    )
    for mentor_id, applied_at, owner_id, ended_as, ended_at in session.execute(
        select(*columns).where(own)
    ):
        yield (
            mentor_id,
            Known(
                applied_on=as_day(applied_at),
                owner_id=owner_id,
                ended_as=ended_as,
                ended_on=as_day(ended_at) if ended_at else None,
                recorded=recorded.get(mentor_id, {}),
                papers=papers.get(mentor_id, ()),
                places=places.get(mentor_id, ()),
                certificates=certificates.get(mentor_id, ()),
            ),
        )


def _grouped(rows: Iterable[Any], make: Callable[..., Any]) -> dict[int, list[Any]]:
    """Rows that begin with a mentor's id, by it."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(make(*row[1:]))
    return found


def _recorded(session: Session, chosen: Select[Any]) -> dict[int, Mapping[str, Recorded]]:
    """What people wrote about the steps of the try that is under way, or was the last."""
    row = CandidateStep
    columns = (row.owner_id, row.due_on, row.planned_on, row.done_on, row.outcome, row.note)
    query = (
        select(row.mentor_id, row.step, *columns, row.recorded_by)
        .join(row.candidate)
        .where(row.mentor_id.in_(chosen), row.attempt == Candidate.attempt)
    )
    found: dict[int, dict[str, Recorded]] = defaultdict(dict)
    for line in session.execute(query):
        found[line[0]][line[1]] = Recorded(*line[2:])
    return dict(found)


def _papers(session: Session, chosen: Select[Any], kinds: Sequence[str]) -> dict[int, list[Paper]]:
    paper = Clearance
    columns = (paper.id, paper.kind, paper.result, paper.checked_on, paper.valid_until)
    query = select(paper.mentor_id, *columns).where(
        paper.mentor_id.in_(chosen), paper.kind.in_(kinds)
    )
    return _grouped(session.execute(query), Paper)


def _places(session: Session, chosen: Select[Any]) -> dict[int, list[Place]]:
    held = TrainingSession
    query = (
        select(
            Enrolment.mentor_id,
            Enrolment.id,
            held.id,
            held.starts_on,
            held.ends_on,
            Course.has_test,
            Enrolment.attended,
            Enrolment.passed,
            Enrolment.test_on,
            Enrolment.certificate_id,
        )
        .join(Enrolment.session)
        .join(held.course)
        .where(
            Enrolment.mentor_id.in_(chosen),
            Course.kind == CourseKind.COMPULSORY,
            Enrolment.cancelled_at.is_(None),
            held.cancelled_at.is_(None),
        )
        .order_by(Enrolment.id)
    )
    return _grouped(session.execute(query), Place)


def _certificates(session: Session, chosen: Select[Any]) -> dict[int, list[Held]]:
    paper = Certificate
    columns = (paper.id, paper.issued_on, paper.expires_on, paper.revoked_on)
    query = select(paper.mentor_id, *columns).where(paper.mentor_id.in_(chosen))
    return _grouped(session.execute(query), Held)


def candidates_now(
    session: Session, scope: Scope, on: date, *, region: str | None = None, q: str = ""
) -> list[Row]:
    """Everybody on the way in these regions, most urgent first."""
    mine = (
        select(Candidate.mentor_id)
        .join(Candidate.mentor)
        .where(Mentor.status == MentorStatus.CANDIDATE, Candidate.ended_as.is_(None))
    )
    mine = scope.limit(mine, Mentor.region)
    if region:
        mine = mine.where(Mentor.region == region)
    for pattern in like_patterns(q):
        mine = mine.where(Mentor.search_key.like(pattern, escape="\\"))
    found = ways(session, mine, on)
    columns = (Mentor.id, Mentor.last_name, Mentor.first_name, Mentor.patronymic)
    more = (Mentor.sort_key, Mentor.region, Mentor.town, Mentor.phone, Candidate.attempt)
    people: Any = session.execute(
        select(*columns, *more).join(Mentor.candidate).where(Mentor.id.in_(mine))
    )
    rows = [
        Row(id, " ".join(filter(None, names)), key, kato, town, phone, attempt, found[id])
        for id, *names, key, kato, town, phone, attempt in people
    ]
    return sorted((row for row in rows if row.way.now), key=_urgency)


def unowned_candidates(user: User) -> Select[Any]:
    """Everybody on the way in somebody's regions whom nobody has taken on yet."""
    query = (
        select(Candidate.mentor_id)
        .join(Candidate.mentor)
        .where(
            Mentor.status == MentorStatus.CANDIDATE,
            Candidate.ended_as.is_(None),
            Candidate.owner_id.is_(None),
        )
    )
    return user.scope.limit(query, Mentor.region)


def _urgency(row: Row) -> tuple[Any, ...]:
    """What is due first comes first; of those due together, who has waited longest."""
    now = row.now
    return now.due_on or date.max, now.started_on or date.max, row.sort_key, row.mentor_id


def all_ways(session: Session, scope: Scope, on: date) -> list[tuple[str, Way]]:
    """The last try of everybody who ever applied in these regions, with the region."""
    mine = scope.limit(select(Candidate.mentor_id).join(Candidate.mentor), Mentor.region)
    found = ways(session, mine, on)
    homes = session.execute(select(Mentor.id, Mentor.region).where(Mentor.id.in_(mine)))
    return [(region, found[id]) for id, region in homes]


def twice_known(session: Session, phones: Iterable[str | None]) -> set[str]:
    """Of these phone numbers, those that more than one record of the register has."""
    asked = {phone for phone in phones if phone}
    if not asked:
        return set()
    query = select(Mentor.phone).where(Mentor.phone.in_(asked)).group_by(Mentor.phone)
    return {str(phone) for phone in session.scalars(query.having(func.count() > 1))}


def same_phone(session: Session, mentor: Mentor) -> Sequence[Mentor]:
    """Other records with this mentor's phone number, in every region."""
    if not mentor.phone:
        return []
    query = select(Mentor).where(Mentor.phone == mentor.phone, Mentor.id != mentor.id)
    return session.scalars(query.order_by(Mentor.id)).all()


def possible_owners(session: Session, region: str) -> dict[str, str]:
    """Coordinators who may see people of a region, as options: id as text to name."""
    query = select(User).where(User.role == Role.COORDINATOR, User.active.is_(True))
    users = session.scalars(query.order_by(User.name, User.id))
    return {str(user.id): user.name for user in users if user.scope.covers(region)}


def names_of(session: Session, user_ids: Iterable[int | None]) -> dict[int, str]:
    """Names of people who work here, by id."""
    asked = {id for id in user_ids if id is not None}
    if not asked:
        return {}
    query = select(User.id, User.name).where(User.id.in_(asked))
    return {row.id: row.name for row in session.execute(query)}


def step_row(session: Session, candidate: Candidate, step: str) -> CandidateStep | None:
    """What people wrote about a step of the present try."""
    query = select(CandidateStep).where(
        CandidateStep.mentor_id == candidate.mentor_id,
        CandidateStep.attempt == candidate.attempt,
        CandidateStep.step == step,
    )
    return session.scalars(query).first()


def earlier_steps(session: Session, candidate: Candidate) -> Sequence[CandidateStep]:
    """What people wrote in the tries before this one, newest try first."""
    query = (
        select(CandidateStep)
        .where(
            CandidateStep.mentor_id == candidate.mentor_id,
            CandidateStep.attempt < candidate.attempt,
        )
        .options(joinedload(CandidateStep.recorder))
        .order_by(CandidateStep.attempt.desc(), CandidateStep.id)
    )
    return session.scalars(query).all()


def users_of(session: Session, user_ids: Iterable[int | None]) -> dict[int, User]:
    """People who work here, by id."""
    asked = {id for id in user_ids if id is not None}
    return {user.id: user for user in session.scalars(select(User).where(User.id.in_(asked)))}
