"""The database: base class, constraint names, and the settings each engine needs.

SQLite begins every transaction as a writer (BEGIN IMMEDIATE) unless it was declared a
reader: a transaction that reads first and writes later fails at once, whatever the busy
timeout, when somebody else wrote in between.
"""

from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, MetaData, String, TypeDecorator, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Session, registry

BUSY_TIMEOUT_MS = 10_000
NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Utc(TypeDecorator[datetime]):
    """An instant: aware in Python, naive UTC in the database (SQLite keeps no zone)."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Every table descends from this class."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={datetime: Utc(), str: String(200)},
    )


class Database(SQLAlchemy):
    """The extension; its session is a scoped one that may be used as a Session."""

    session: Session  # type: ignore[assignment]


db = Database(model_class=Base)


def engine_options(url: str) -> dict[str, Any]:
    """Pool and time-out settings for this kind of database."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000}}
    return {"pool_pre_ping": True, "connect_args": {"connect_timeout": 5}}


def begin_reading(session: Any) -> None:
    """Declare the coming transaction a reader, so that it never waits for writers."""
    session.connection(execution_options={"sqlite_begin": "DEFERRED"})


def dialect_name(session: Any) -> str:
    """'sqlite' or 'postgresql'."""
    return str(session.get_bind().dialect.name)


def for_update(session: Session, model: type[Any], ids: list[int]) -> list[Any]:
    """These rows, locked until the transaction ends, always in the order of their ids."""
    query = (
        session.query(model)
        .where(model.id.in_(ids))
        .order_by(model.id)
        .populate_existing()
        .with_for_update()
    )
    return query.all()


@event.listens_for(Engine, "connect")
def _on_connect(connection: Any, _record: Any) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        connection.isolation_level = None  # SQLAlchemy's "begin" event below begins, not sqlite3
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.close()


@event.listens_for(Engine, "begin")
def _on_begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
        connection.exec_driver_sql(f"BEGIN {mode}")
