"""What owners of steps and applicants are told by message: never a name."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from mentorship.accounts.models import User
from mentorship.accounts.queries import stand_ins
from mentorship.candidates.models import Candidate
from mentorship.candidates.queries import Row, users_of
from mentorship.i18n import show_date
from mentorship.messages.services import enqueue, enqueue_to_address


def confirm_application(session: Session, candidate: Candidate, *, at: datetime) -> None:
    """Tell an applicant who gave an e-mail address that the application has arrived."""
    if candidate.mentor.email:
        enqueue_to_address(
            session,
            key=f"application:{candidate.reference}",
            kind="application_arrived",
            address=candidate.mentor.email,
            language=candidate.language,
            at=at,
            reference=candidate.reference,
        )


def tell_owners(session: Session, rows: list[Row], *, base_url: str, on: date, at: datetime) -> int:
    """Tell owners, or who covers them, once of a step and once that it is late; how many."""
    owned = [row for row in rows if row.now.owner_id is not None]
    users = users_of(session, {row.now.owner_id for row in owned})
    away, written = stand_ins(session, on), 0
    for row in owned:
        owner_id = row.now.owner_id or 0
        user = away.get(owner_id) or users.get(owner_id)
        if user is not None and user.active:
            written += _tell(session, row, user, base_url, on, at)
    return written


def _tell(session: Session, row: Row, user: User, base_url: str, on: date, at: datetime) -> int:
    now = row.now
    late = now.due_on is not None and now.due_on < on
    kind = "candidate_step_overdue" if late else "candidate_step"
    key = f"{kind}:{row.mentor_id}:{row.attempt}:{now.step}:{user.id}"
    message = enqueue(
        session,
        key=f"{key}:{now.due_on}" if late else key,
        kind=kind,
        user=user,
        at=at,
        day=show_date(now.due_on),
        link=f"{base_url}/mentors/{row.mentor_id}",
    )
    return int(message is not None)
