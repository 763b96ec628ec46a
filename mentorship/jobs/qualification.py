"""Papers of mentors: who may not mentor from today, and what ends soon."""

from collections import Counter
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentorship.accounts.models import User
from mentorship.config import Config
from mentorship.errors import DomainError
from mentorship.jobs.models import JobRun
from mentorship.qualification import notices, queries
from mentorship.qualification.services import suspend_expired
from mentorship.settings.services import value

NOTICES = ("papers.first_notice_days", "papers.second_notice_days", "papers.last_notice_days")
REMINDERS = "remind_of_papers"


def suspend_for_papers(session: Session, settings: Config, on: date, at: datetime) -> str:
    """Suspend working mentors whose certificate or required clearance has run out.

    Each in a savepoint of their own: what one mentor's row refuses does not keep the others.
    """
    day = on - timedelta(days=value(session, "papers.grace_days"))
    done: Counter[str] = Counter(suspended=0, failed=0)
    for mentor_id in queries.fallen_mentors(session, day):
        try:
            with session.begin_nested():
                opened = suspend_expired(session, mentor_id, day, at=at, base_url=settings.base_url)
            done["suspended"] += bool(opened)
        except DomainError:  # changed while this ran: tomorrow's run sees them again
            done["failed"] += 1
    return ", ".join(f"{number} {name}" for name, number in done.items())


def remind_of_papers(session: Session, settings: Config, on: date, at: datetime) -> str:
    """Tell mentors and coordinators of papers that come near their last day."""
    first, second, last = (value(session, key) for key in NOTICES)
    papers = queries.ending_papers(session, on, on + timedelta(days=first))
    before = _last_run(session, on)
    reached: list[tuple[str, int]] = []
    own: Counter[tuple[int, int, date, int]] = Counter()
    for paper in papers:
        left = (paper.until - on).days
        notice = min(days for days in (first, second, last) if left <= days)
        if before is None or (paper.until - before).days > notice:
            reached.append((paper.region, notice))
        if paper.user_id is not None:
            own[paper.user_id, paper.mentor_id, paper.until, notice] += 1
    base_url = settings.base_url
    told = 0
    for (user_id, mentor_id, until, notice), count in own.items():
        user = session.get_one(User, user_id)
        told += user.active and notices.remind_mentor(
            session, user, mentor_id, until, notice, count, base_url=base_url, at=at
        )
    written = notices.digest(session, reached, (first, second, last), base_url=base_url, at=at)
    return f"{told} mentors, {written} coordinators written to"


def _last_run(session: Session, on: date) -> date | None:
    """The day of the run before this one."""
    earlier = select(func.max(JobRun.slot)).where(JobRun.job == REMINDERS, JobRun.slot < f"{on}")
    slot = session.scalar(earlier)
    return date.fromisoformat(slot) if slot else None
