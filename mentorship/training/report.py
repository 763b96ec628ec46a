"""A person's training on one page: what was done, what is missing, where to enrol next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from mentorship.clock import months_after
from mentorship.mentors.models import Mentor
from mentorship.settings.services import value
from mentorship.training.models import CourseKind, Enrolment, Outcome, TrainingSession
from mentorship.training.queries import TRAINABLE, history, taken, upcoming

YEAR = 12  # months
OFFERED = 3


@dataclass(frozen=True)
class Offer:
    """A session with its free seats."""

    session: TrainingSession
    free: int


@dataclass(frozen=True)
class Trained:
    """Hours in all and of the last twelve months; `ahead` are seats, `past` results."""

    ahead: list[Enrolment]
    past: list[Enrolment]
    hours: Decimal
    hours_of_year: Decimal
    refreshers: int
    refreshers_wanted: int
    offers: list[Offer]
    trainable: bool

    @property
    def to_certify(self) -> list[Enrolment]:
        """Compulsory courses that were passed and whose certificate is not issued yet."""
        return [
            row
            for row in self.past
            if row.session.course.kind == CourseKind.COMPULSORY
            and row.outcome is Outcome.PASSED
            and row.certificate_id is None
        ]


def trained(session: Session, mentor: Mentor, on: date) -> Trained:
    """Everything about a person's training on a day."""
    rows = history(session, mentor.id)
    since = months_after(on, -YEAR)
    recent = [row for row in rows if row.attended and row.session.starts_on >= since]
    ahead = [row for row in rows if row.attended is None and row.session.ends_on >= on]
    past = [row for row in rows if row not in ahead]
    return Trained(
        ahead=sorted(ahead, key=lambda row: row.session.starts_on),
        past=past,
        hours=sum((row.hours or Decimal(0) for row in past), Decimal(0)),
        hours_of_year=sum((row.hours or Decimal(0) for row in recent), Decimal(0)),
        refreshers=sum(row.session.course.kind != CourseKind.COMPULSORY for row in recent),
        refreshers_wanted=value(session, "training.refreshers_per_year"),
        offers=_offers(session, mentor, rows, on),
        trainable=mentor.status in TRAINABLE,
    )


def _offers(session: Session, mentor: Mentor, rows: list[Enrolment], on: date) -> list[Offer]:
    """The next sessions in the mentor's region; for who has no certificate, the compulsory."""
    held = {row.session_id for row in rows}
    certificate = mentor.certificate
    lasting = months_after(on, 2)
    lacking = certificate is None or (certificate.expires_on or on) <= lasting
    kinds = (CourseKind.COMPULSORY,) if lacking else (CourseKind.TOPIC, CourseKind.REFRESHER)
    found = upcoming(session, [mentor.region], on, kinds)
    return [offer for offer in with_seats(session, found) if offer.session.id not in held][:OFFERED]


def with_seats(session: Session, sessions: list[TrainingSession]) -> list[Offer]:
    """Sessions with their free seats, in one statement."""
    held = taken(session, [training.id for training in sessions])
    return [Offer(row, max(0, row.seats - held.get(row.id, 0))) for row in sessions]


def next_by_region(
    session: Session, regions: set[str], on: date, kinds: Sequence[CourseKind]
) -> dict[str, TrainingSession]:
    """The next session of such a course with a free seat, of each region."""
    sessions = upcoming(session, regions, on, kinds)
    found: dict[str, TrainingSession] = {}
    for offer in with_seats(session, sessions):
        if offer.free:
            found.setdefault(offer.session.region, offer.session)
    return found
