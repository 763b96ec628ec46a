"""What mentors and coordinators are told by message on the way to a match: never a name."""

from datetime import datetime

from sqlalchemy.orm import Session

from mentorship.accounts.models import User
from mentorship.accounts.queries import on_duty
from mentorship.i18n import as_day, show_date
from mentorship.matches.models import Preparation
from mentorship.messages.services import enqueue


def tell_mentor(
    session: Session, preparation: Preparation, kind: str, *, base_url: str, at: datetime
) -> bool:
    """Write to the mentor, once for each kind; False when written before or they cannot sign in."""
    address = f"{base_url}/my-proposals/{preparation.id}"
    return _write(session, preparation, kind, preparation.mentor.user, address, at)


def tell_owner(
    session: Session, preparation: Preparation, kind: str, *, base_url: str, at: datetime
) -> bool:
    """Write to the coordinator who approved the pair, or who covers, once for each kind."""
    address = f"{base_url}/agreements/{preparation.id}"
    there = on_duty(session, [preparation.owner], as_day(at)) if preparation.owner else [None]
    return _write(session, preparation, kind, there[0], address, at)


def _write(
    session: Session,
    preparation: Preparation,
    kind: str,
    user: User | None,
    link: str,
    at: datetime,
) -> bool:
    if user is None or not user.active:
        return False
    key, day = f"{kind}:{preparation.id}", show_date(preparation.mentor_due_on)
    message = enqueue(session, key=key, kind=kind, user=user, at=at, link=link, day=day)
    return message is not None
