"""What coordinators are told by message: how many, never who."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentorship.accounts.models import User
from mentorship.accounts.queries import coordinators_on_duty
from mentorship.check_ins.models import CheckIn
from mentorship.check_ins.queries import open_check_ins
from mentorship.config import Config
from mentorship.i18n import as_day, show_date
from mentorship.matches.services import refused_matches
from mentorship.mentors.models import Certificate, Mentor, MentorStatus
from mentorship.mentors.queries import visible_mentors
from mentorship.messages.services import enqueue

DUE_SOON_DAYS = 7
EXPIRES_SOON_DAYS = 60


def remind_of_check_ins(session: Session, settings: Config, on: date, at: datetime) -> str:
    """One message to each coordinator whose regions have check-ins overdue or due soon."""

    def counts(user: User) -> dict[str, Any] | None:
        soon = on + timedelta(days=DUE_SOON_DAYS)
        overdue = _count(session, open_check_ins(user, soon).where(CheckIn.due_on < on))
        due = _count(session, open_check_ins(user, soon).where(CheckIn.due_on >= on))
        found = {"overdue": overdue, "due": due, "days": DUE_SOON_DAYS, "day": show_date(on)}
        return found if overdue or due else None

    return _tell(session, settings, at, "check_in_reminder", f"{on}", counts)


def tell_of_refused_matches(session: Session, settings: Config, on: date, at: datetime) -> str:
    """Tell coordinators how many active matches of theirs a hard rule refuses on that day."""
    by_region = Counter(match.child.centre.region for match, _ in refused_matches(session, on))

    def counts(user: User) -> dict[str, Any] | None:
        own = sum(number for region, number in by_region.items() if user.scope.covers(region))
        return {"count": own, "day": show_date(on)} if own else None

    return _tell(session, settings, at, "matches_refused", f"{on}", counts)


def tell_of_certificates(session: Session, settings: Config, on: date, at: datetime) -> str:
    """Tell coordinators, once a week, how many of their mentors' certificates expire soon."""
    last = on + timedelta(days=EXPIRES_SOON_DAYS)
    lasting = select(Certificate.mentor_id).where(Certificate.expires_on > last)
    ending = select(Certificate.mentor_id).where(Certificate.expires_on.between(on, last))

    def counts(user: User) -> dict[str, Any] | None:
        mentors = visible_mentors(user).where(
            Mentor.status == MentorStatus.ACTIVE,
            Mentor.id.in_(ending),
            Mentor.id.not_in(lasting),
        )
        number = _count(session, mentors)
        return {"count": number, "days": EXPIRES_SOON_DAYS} if number else None

    return _tell(session, settings, at, "certificates_expiring", f"{on:%G-W%V}", counts)


def _tell(
    session: Session,
    settings: Config,
    at: datetime,
    kind: str,
    slot: str,
    counts: Callable[[User], dict[str, Any] | None],
) -> str:
    """Write to every coordinator for whom there is something to count."""
    written = 0
    for user in coordinators_on_duty(session, as_day(at)):
        found = counts(user)
        if found is not None:
            key, link = f"{kind}:{slot}:{user.id}", f"{settings.base_url}/"
            message = enqueue(session, key=key, kind=kind, user=user, at=at, link=link, **found)
            written += message is not None
    return f"{written} written"


def _count(session: Session, query: Any) -> int:
    return session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
