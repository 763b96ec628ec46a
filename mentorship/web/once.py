"""A form that was saved once is not saved again, however often the button was pressed."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import String, delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from mentorship.clock import now
from mentorship.database import Base
from mentorship.errors import AlreadyDone

KEPT = timedelta(days=2)


class UsedToken(Base):
    """The token of a form that was saved, in the transaction that saved it."""

    __tablename__ = "used_token"

    token: Mapped[str] = mapped_column(String(40), primary_key=True)
    used_at: Mapped[datetime] = mapped_column(index=True)


def new_token() -> str:
    """A token for one form on one page."""
    return uuid.uuid4().hex


def use_token(session: Session, token: str) -> None:
    """Take the token, or raise AlreadyDone when its form was saved before."""
    try:
        with session.begin_nested():
            session.add(UsedToken(token=token[:40], used_at=now()))
    except IntegrityError as error:
        raise AlreadyDone("form_already_saved") from error


def forget_old_tokens(session: Session, at: datetime) -> int:
    """Remove tokens older than any page that could still be open; how many there were."""
    done = session.execute(delete(UsedToken).where(UsedToken.used_at < at - KEPT))
    return int(done.rowcount)  # type: ignore[attr-defined]
