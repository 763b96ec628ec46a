from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from mentorship.accounts.models import User
from mentorship.database import for_update
from mentorship.i18n import like_patterns
from mentorship.mentors.models import Certificate, Mentor, MentorStatus
from mentorship.mentors.queries import visible_mentors
from mentorship.training.models import Course, CourseKind, Enrolment, TrainingSession

TRAINABLE = (
    MentorStatus.CANDIDATE,
    MentorStatus.ACTIVE,
    MentorStatus.PAUSED,
    MentorStatus.SUSPENDED,
)
OFFERED = 30  # how many people a search offers at most


def courses(session: Session) -> list[Course]:
    """Every course: the compulsory one first, then topics, then refreshers."""
    places = {kind: place for place, kind in enumerate(CourseKind)}
    return list(
        session.scalars(select(Course).order_by(case(places, value=Course.kind), Course.id))
    )


def search_sessions(user: User, filters: dict[str, str], on: date) -> Select[Any]:
    """Sessions that are not over yet, or the past ones, by region, course and language.

    Without a region: those of the reader's regions.
    """
    query = select(TrainingSession).options(joinedload(TrainingSession.course))
    past = filters.get("when") == "past"
    query = query.where(TrainingSession.ends_on < on if past else TrainingSession.ends_on >= on)
    if "region" not in filters:
        query = user.scope.limit(query, TrainingSession.region)
    elif filters["region"] != "all":
        query = query.where(TrainingSession.region == filters["region"])
    if "language" in filters:
        query = query.where(TrainingSession.language == filters["language"])
    if filters.get("course", "").isascii() and filters.get("course", "").isdigit():
        query = query.where(TrainingSession.course_id == int(filters["course"][:9]))
    return query


def taken(session: Session, training_ids: Iterable[int]) -> dict[int, int]:
    """How many seats of each session are taken."""
    query = (
        select(Enrolment.session_id, func.count())
        .where(Enrolment.session_id.in_(list(training_ids)), Enrolment.cancelled_at.is_(None))
        .group_by(Enrolment.session_id)
    )
    return {int(number): int(count) for number, count in session.execute(query)}


def find_session(session: Session, training_id: int) -> TrainingSession | None:
    """A session of any region, with its course."""
    query = select(TrainingSession).where(TrainingSession.id == training_id)
    return session.scalars(query.options(joinedload(TrainingSession.course))).first()


def locked(session: Session, training_id: int) -> TrainingSession:
    """The session's row, locked until the transaction ends: whoever counts seats holds it."""
    training: TrainingSession = for_update(session, TrainingSession, [training_id])[0]
    return training


def visible_enrolments(user: User, training_id: int) -> Select[Enrolment]:
    """Places of a session held by people of the reader's own regions, by name."""
    query = (
        select(Enrolment)
        .join(Enrolment.mentor)
        .where(Enrolment.session_id == training_id, Enrolment.cancelled_at.is_(None))
        .options(
            contains_eager(Enrolment.mentor),
            joinedload(Enrolment.recorder),
            joinedload(Enrolment.certificate),
            joinedload(Enrolment.session).joinedload(TrainingSession.course),
        )
        .order_by(Mentor.sort_key, Mentor.id)
    )
    return user.scope.limit(query, Mentor.region)


def find_enrolment(session: Session, user: User, enrolment_id: int) -> Enrolment | None:
    """A place held by somebody of the reader's own regions."""
    query = (
        select(Enrolment)
        .join(Enrolment.mentor)
        .where(Enrolment.id == enrolment_id)
        .options(contains_eager(Enrolment.mentor), joinedload(Enrolment.session))
    )
    return session.scalars(user.scope.limit(query, Mentor.region)).first()


def people_to_enrol(
    session: Session, user: User, training: TrainingSession, q: str
) -> list[Mentor]:
    """Those of the reader's regions whom a name finds and who have no seat in the session.

    People of its region come first, and candidates before mentors in the compulsory course.
    """
    here = select(Enrolment.mentor_id).where(
        Enrolment.session_id == training.id, Enrolment.cancelled_at.is_(None)
    )
    near = case((Mentor.region == training.region, 0), else_=1)
    first = MentorStatus.CANDIDATE if training.course.kind == CourseKind.COMPULSORY else None
    waiting = case((Mentor.status == first, 0), else_=1)
    query = visible_mentors(user).where(Mentor.status.in_(TRAINABLE), Mentor.id.not_in(here))
    for pattern in like_patterns(q):
        query = query.where(Mentor.search_key.like(pattern, escape="\\"))
    ordered = query.order_by(near, waiting, Mentor.sort_key, Mentor.id)
    return list(session.scalars(ordered.limit(OFFERED)))


def people_by_id(session: Session, user: User, ids: Sequence[int]) -> list[Mentor]:
    """Those of the reader's regions among these."""
    query = visible_mentors(user).where(Mentor.id.in_(list(ids)))
    return list(session.scalars(query.order_by(Mentor.sort_key)))


def history(session: Session, mentor_id: int) -> list[Enrolment]:
    """Everything a mentor was and is enrolled in, newest first."""
    query = (
        select(Enrolment)
        .join(Enrolment.session)
        .where(
            Enrolment.mentor_id == mentor_id,
            Enrolment.cancelled_at.is_(None),
            TrainingSession.cancelled_at.is_(None),
        )
        .options(
            contains_eager(Enrolment.session).joinedload(TrainingSession.course),
            joinedload(Enrolment.certificate),
        )
        .order_by(TrainingSession.starts_on.desc(), Enrolment.id.desc())
    )
    return list(session.scalars(query))


def upcoming(
    session: Session, regions: Iterable[str], on: date, kinds: Sequence[CourseKind] = ()
) -> list[TrainingSession]:
    """Sessions of these regions that begin after a day, soonest first."""
    query = (
        select(TrainingSession)
        .join(TrainingSession.course)
        .where(
            TrainingSession.region.in_(sorted(set(regions))),
            TrainingSession.starts_on > on,
            TrainingSession.cancelled_at.is_(None),
        )
        .options(contains_eager(TrainingSession.course))
        .order_by(TrainingSession.starts_on, TrainingSession.id)
    )
    if kinds:
        query = query.where(Course.kind.in_(kinds))
    return list(session.scalars(query))


def own_seats(session: Session, mentor_ids: Iterable[int], on: date) -> dict[int, list[Enrolment]]:
    """The seats people hold in sessions that are not over, by mentor, soonest first."""
    query = (
        select(Enrolment)
        .join(Enrolment.session)
        .where(
            Enrolment.mentor_id.in_(list(mentor_ids)),
            Enrolment.cancelled_at.is_(None),
            TrainingSession.cancelled_at.is_(None),
            TrainingSession.ends_on >= on,
        )
        .options(contains_eager(Enrolment.session).joinedload(TrainingSession.course))
        .order_by(TrainingSession.starts_on, Enrolment.id)
    )
    found: dict[int, list[Enrolment]] = {}
    for row in session.scalars(query):
        found.setdefault(row.mentor_id, []).append(row)
    return found


def seats_to_tell(session: Session, first: date, last: date) -> list[Enrolment]:
    """Seats in sessions that begin between two days."""
    query = (
        select(Enrolment)
        .join(Enrolment.session)
        .where(
            Enrolment.cancelled_at.is_(None),
            TrainingSession.cancelled_at.is_(None),
            TrainingSession.starts_on.between(first, last),
        )
    )
    return _with_people(session, query)


def seats_of(session: Session, training_id: int) -> list[Enrolment]:
    """Every seat of a session that is taken, whoever holds it: for messages, never for a page."""
    query = select(Enrolment).where(
        Enrolment.session_id == training_id, Enrolment.cancelled_at.is_(None)
    )
    return _with_people(session, query)


def _with_people(session: Session, query: Select[Any]) -> list[Enrolment]:
    options = (
        joinedload(Enrolment.session).joinedload(TrainingSession.course),
        joinedload(Enrolment.mentor).selectinload(Mentor.languages),
        joinedload(Enrolment.mentor).joinedload(Mentor.user),
    )
    return list(session.scalars(query.options(*options).order_by(Enrolment.id)))


def search_certificates(
    user: User, q: str, filters: dict[str, str], on: date, ending_by: date
) -> Select[Any]:
    """Certificates of people of the reader's regions, by number or name, region and state."""
    query: Any = (
        select(Certificate, Mentor, Enrolment.id)
        .join(Certificate.mentor)
        .outerjoin(Enrolment, Enrolment.certificate_id == Certificate.id)
    )
    query = user.scope.limit(query, Mentor.region)
    if q:
        names = (Mentor.search_key.like(pattern, escape="\\") for pattern in like_patterns(q))
        number = Certificate.number.icontains(q, autoescape=True)
        query = query.where(or_(number, and_(true(), *names)))
    if "region" in filters:
        query = query.where(Mentor.region == filters["region"])
    state = _states(on, ending_by).get(filters.get("state", ""))
    found: Select[Any] = query if state is None else query.where(state)
    return found


def _states(on: date, ending_by: date) -> dict[str, ColumnElement[bool]]:
    standing = Certificate.revoked_on.is_(None)
    return {
        "in_force": standing & (Certificate.expires_on >= on),
        "ending": standing & Certificate.expires_on.between(on, ending_by),
        "expired": standing & or_(Certificate.expires_on < on, Certificate.expires_on.is_(None)),
        "revoked": ~standing,
    }


def find_issued(session: Session, user: User, certificate_id: int) -> Enrolment | None:
    """The place after which a certificate was issued here, with the certificate."""
    query = (
        select(Enrolment)
        .join(Enrolment.mentor)
        .where(Enrolment.certificate_id == certificate_id)
        .options(
            contains_eager(Enrolment.mentor),
            joinedload(Enrolment.certificate),
            joinedload(Enrolment.session).joinedload(TrainingSession.course),
        )
    )
    return session.scalars(user.scope.limit(query, Mentor.region)).first()


def to_renew(user: User, filters: dict[str, str], ending_by: date) -> Select[Any]:
    """Mentors whose last certificate ends by a day, or has ended; with that last day."""
    # One look into the index for each mentor: a joined list of all certificates may be read
    # anew for each of them, where the database has not counted its rows yet.
    ends_on = (
        select(func.max(Certificate.expires_on))
        .where(Certificate.mentor_id == Mentor.id, Certificate.revoked_on.is_(None))
        .correlate(Mentor)
        .scalar_subquery()
    )
    query = (
        visible_mentors(user)
        .add_columns(ends_on.label("ends_on"))
        .where(ends_on <= ending_by, Mentor.status.in_(TRAINABLE[1:]))
    )
    return query.where(Mentor.region == filters["region"]) if "region" in filters else query


def with_few_refreshers(
    user: User, filters: dict[str, str], since: date, wanted: int
) -> Select[Any]:
    """Mentors who attended fewer refreshers and topics since a day than wanted; with how many."""
    times = (
        select(func.count())
        .select_from(Enrolment)
        .join(Enrolment.session)
        .join(TrainingSession.course)
        .where(
            Enrolment.mentor_id == Mentor.id,
            Enrolment.attended.is_(True),
            Enrolment.cancelled_at.is_(None),
            Course.kind != CourseKind.COMPULSORY,
            TrainingSession.starts_on >= since,
        )
        .correlate(Mentor)
        .scalar_subquery()
    )
    query = (
        visible_mentors(user)
        .add_columns(times.label("times"))
        .where(times < wanted, Mentor.status.in_(TRAINABLE[1:3]))
    )
    return query.where(Mentor.region == filters["region"]) if "region" in filters else query


def own_seat(session: Session, mentor_id: int, training_id: int) -> Enrolment | None:
    """The seat, held or given up, of one mentor in one session."""
    query = select(Enrolment).where(
        Enrolment.mentor_id == mentor_id, Enrolment.session_id == training_id
    )
    return session.scalars(query).first()


def usual_issuer(session: Session, user: User) -> str | None:
    """The organisation this person named last as issuer."""
    query = select(Certificate.issuer).where(Certificate.recorded_by == user.id)
    return session.scalars(query.order_by(Certificate.id.desc()).limit(1)).first()
