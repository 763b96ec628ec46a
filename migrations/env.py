"""Runs the migrations with the application's engine and metadata."""

from alembic import context
from flask import current_app

migrate = current_app.extensions["migrate"]
engine = migrate.db.engine
metadata = migrate.db.metadatas[None]


def render_item(kind, item, _context):
    """Our own column types as the plain types they store: a migration imports nothing of ours."""
    if kind == "type" and type(item).__module__.startswith("mentorship."):
        return f"sa.{item.impl_instance!r}"
    return False


def _check_foreign_keys(connection, word) -> None:
    """By the driver itself: inside a transaction, which SQLAlchemy would begin, it does nothing."""
    connection.connection.cursor().execute(f"PRAGMA foreign_keys={word}")


def run() -> None:
    with engine.connect() as connection:
        # SQLite rebuilds a table to change it: rows that refer to it must not be checked meanwhile.
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            _check_foreign_keys(connection, "OFF")
        context.configure(
            connection=connection,
            target_metadata=metadata,
            transaction_per_migration=True,
            render_item=render_item,
            **migrate.configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        if is_sqlite:
            _check_foreign_keys(connection, "ON")


run()
