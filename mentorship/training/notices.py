"""What people who train are told by message: course, dates and place, never a name."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from mentorship.i18n import show_date
from mentorship.mentors.models import Mentor
from mentorship.messages.services import enqueue, enqueue_to_address
from mentorship.people.vocabulary import Language, Level
from mentorship.training.models import Enrolment, TrainingSession


def tell(
    session: Session, enrolments: Iterable[Enrolment], kind: str, *, base_url: str, at: datetime
) -> int:
    """Write to each of them once for this state of the session; how many were written."""
    return sum(_write(session, row, kind, f"{base_url}/my-training", at) for row in enrolments)


def _write(session: Session, row: Enrolment, kind: str, link: str, at: datetime) -> bool:
    training, mentor = row.session, row.mentor
    key = f"{kind}:{row.id}:{row.enrolled_at:%y%m%d%H%M%S}:{_mark(training)}"
    if mentor.user is not None and mentor.user.active:
        code = mentor.user.language
        facts = _facts(training, code)
        message = enqueue(session, key=key, kind=kind, user=mentor.user, at=at, link=link, **facts)
    elif mentor.user is None and mentor.email:
        code = spoken(mentor)
        facts = _facts(training, code)
        message = enqueue_to_address(
            session,
            key=key,
            kind=kind,
            address=mentor.email,
            language=code,
            at=at,
            link=link,
            **facts,
        )
    else:
        return False
    return message is not None


def spoken(mentor: Mentor) -> str:
    """Kazakh, unless the person speaks Russian fluently and Kazakh not."""
    fluent = {row.language for row in mentor.languages if row.level == Level.FLUENT}
    only_russian = Language.RUSSIAN in fluent and Language.KAZAKH not in fluent
    return "ru" if only_russian else "kk"


def _facts(training: TrainingSession, code: str) -> dict[str, str]:
    first, last = show_date(training.starts_on), show_date(training.ends_on)
    days = first if first == last else f"{first} – {last}"
    return {
        "course": training.course.name(code),
        "when": ", ".join(part for part in (days, training.hours_of_day) if part),
        "where": "; ".join(part for part in (training.place, training.link) if part),
    }


def _mark(training: TrainingSession) -> str:
    """Changes with what a message says of the session, so that a change is told anew."""
    parts = (training.starts_on, training.ends_on, training.hours_of_day)
    said = "|".join(str(part) for part in (*parts, training.place, training.link))
    return hashlib.sha256(said.encode()).hexdigest()[:10]
