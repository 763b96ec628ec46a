"""What nobody sees: schedules planned ahead, old rows forgotten, the outbox emptied."""

from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from mentorship.accounts.models import SignInAttempt
from mentorship.config import Config
from mentorship.jobs.models import JobRun
from mentorship.messages.models import Message, MessageStatus
from mentorship.messages.sending import send_waiting
from mentorship.messages.transport import transports_from
from mentorship.registers import uploads
from mentorship.web.once import forget_old_tokens

ATTEMPTS_KEPT = timedelta(days=1)  # far longer than the throttle looks back
RUNS_KEPT = timedelta(days=400)


def forget_old_rows(session: Session, _settings: Config, _on: date, at: datetime) -> str:
    """Remove tokens of saved forms, failed sign-ins and job runs that serve nobody any more."""
    tokens = forget_old_tokens(session, at)
    attempts = session.execute(delete(SignInAttempt).where(SignInAttempt.at < at - ATTEMPTS_KEPT))
    runs = session.execute(delete(JobRun).where(JobRun.finished_at < at - RUNS_KEPT))
    counts = [int(done.rowcount) for done in (attempts, runs)]  # type: ignore[attr-defined]
    return f"{tokens} tokens, {counts[0]} sign-in attempts, {counts[1]} job runs removed"


def forget_old_uploads(_session: Session, settings: Config, _on: date, at: datetime) -> str:
    """Remove files that somebody uploaded for an import and then forgot."""
    return f"{uploads.forget_old_uploads(settings.var / 'uploads', at)} removed"


def send_outbox(session: Session, settings: Config, _on: date, at: datetime) -> str:
    """Send what waits in the outbox; without a mail server it stays readable in the app."""
    ways = transports_from(settings)
    if not ways:
        waiting = select(func.count()).where(Message.status == MessageStatus.WAITING)
        return f"no mail server is set, {session.scalar(waiting)} waiting"
    done = send_waiting(session, at, ways)
    return ", ".join(f"{number} {name}" for name, number in done.items())
