from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentorship.i18n import as_day
from mentorship.mentors.models import (
    NOT_YET_MENTORS,
    Certificate,
    Mentor,
    MentorStatus,
    StatusChange,
)
from mentorship.retention.spells import MentorRow


def mentor_rows(session: Session) -> list[MentorRow]:
    """Every mentor of the country who is or was one, in one statement, without a name."""
    certified = (
        select(Certificate.mentor_id, func.min(Certificate.issued_on).label("day"))
        .group_by(Certificate.mentor_id)
        .subquery()
    )
    newest = (
        select(func.max(StatusChange.id))
        .where(StatusChange.now == MentorStatus.RETIRED)
        .group_by(StatusChange.mentor_id)
    )
    left = select(StatusChange).where(StatusChange.id.in_(newest)).subquery()
    query = (
        select(
            Mentor.id,
            Mentor.region,
            Mentor.status,
            certified.c.day,
            left.c.changed_at,
            left.c.reason,
        )
        .join(certified, certified.c.mentor_id == Mentor.id, isouter=True)
        .join(left, left.c.mentor_id == Mentor.id, isouter=True)
        .where(Mentor.status.not_in(NOT_YET_MENTORS) | left.c.changed_at.is_not(None))
    )
    return [
        MentorRow(id_, region, _has_left(status, at), day, as_day(at) if at else None, reason)
        for id_, region, status, day, at, reason in session.execute(query)
    ]


def _has_left(status: str, left_at: datetime | None) -> bool:
    """Retired, or gone and now at the beginning of the way again; not who is active again."""
    gone = left_at is not None and status in NOT_YET_MENTORS
    return status == MentorStatus.RETIRED or gone
