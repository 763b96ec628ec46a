from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentorship.mentors.models import Clearance, ClearanceResult, Mentor, MentorStatus
from mentorship.settings.models import Setting


def history(session: Session, key: str) -> list[Setting]:
    """What was decided about a setting, newest first."""
    query = select(Setting).where(Setting.key == key).order_by(Setting.id.desc())
    return list(session.scalars(query.limit(50)))


def active_mentors_without(session: Session, code: str, on: date) -> int:
    """How many active mentors have no clear check of a kind in force on a day."""
    held = select(Clearance.mentor_id).where(
        Clearance.kind == code,
        Clearance.result == ClearanceResult.CLEAR,
        (Clearance.valid_until.is_(None)) | (Clearance.valid_until >= on),
    )
    query = select(func.count()).where(Mentor.status == MentorStatus.ACTIVE, Mentor.id.not_in(held))
    return session.scalar(query) or 0
