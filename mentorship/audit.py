"""Append-only log: who read or changed what about whom, in the transaction of the act."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, insert
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session

from mentorship.clock import now
from mentorship.database import Base

_WAITING = "audit entries of rows without an id"


class AuditEntry(Base):
    """One act. Rows are never changed or removed: triggers in the database refuse it."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    action: Mapped[str] = mapped_column(String(60))
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def record(
    action: str,
    subject: Any,
    by: int | None,
    session: Session | None = None,
    **details: Any,
) -> None:
    """Note that user `by` (None: the service itself) did `action` to a row; no personal data."""
    held = session or object_session(subject)
    if held is None:
        raise ValueError("an audited row must be in a session")
    entry = {
        "at": now(),
        "actor_id": by,
        "action": action,
        "subject_type": subject.__tablename__,
        "details": details,
    }
    waiting = held.info.get(_WAITING)
    if waiting is None:
        held.flush()
        held.add(AuditEntry(**entry, subject_id=getattr(subject, "id", None)))
    else:
        waiting.append((entry, subject))


@contextmanager
def in_bulk(session: Session) -> Iterator[None]:
    """Let `record` wait for the ids of many new rows, which then are written together."""
    waiting: list[tuple[dict[str, Any], Any]] = []
    session.info[_WAITING] = waiting
    try:
        with session.no_autoflush:
            yield
        session.flush()
        rows = [entry | {"subject_id": getattr(subject, "id", None)} for entry, subject in waiting]
        if rows:
            session.execute(insert(AuditEntry), rows)
    finally:
        del session.info[_WAITING]


def changed_fields(row: Any, values: dict[str, Any]) -> list[str]:
    """Names (never values) of the attributes that `values` would change."""
    return sorted(name for name, value in values.items() if getattr(row, name) != value)
