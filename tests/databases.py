"""A fresh database for every test, without making one for every test.

A test process keeps its engine: that remembers the statements it has compiled, a third of a
test's time. On SQLite each test has a new copy of the template's file. On PostgreSQL one
database serves many tests: before each, every row is removed, and the template's rows and
sequences are written again. One that a test changed in any other way, or left in use, is
dropped, and a copy of the template takes its place.
"""

import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from os import getpid
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier
from sqlalchemy import Engine, create_engine, event, make_url

from mentorship.database import engine_options
from tests.postgres import Server

# Removed rows leave traces in the files, so now and then a copy of the template is made.
USES = 200
CATALOGUES = ("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_trigger", "pg_proc")
# Every change of a table, a constraint, a trigger or a function leaves another answer.
SCHEMA = SQL(  # the age of a row cannot be compared, the number of its transaction can
    "select "
    + ", ".join(f"(select (count(*), max(xmin::text::bigint))::text from {c})" for c in CATALOGUES)
)
TABLES = """
select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
"""
SEQUENCES = "select sequencename, last_value from pg_sequences where schemaname = 'public'"
CONNECTIONS = """
select pid, coalesce(state, '') <> 'idle' or exists (select from pg_locks where pid = a.pid)
from pg_stat_activity as a
where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
"""


class Databases(ABC):
    """The databases of this test process; a template is named by its address."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._failures = 0

    @abstractmethod
    def make(self, template: str | None = None) -> str:
        """Make a database for the whole session, empty or a copy; its address."""

    @abstractmethod
    def fresh(self, template: str) -> str:
        """The address of a database that is as the template is; it serves one test."""

    @abstractmethod
    def engine(self, url: str) -> Engine:
        """The engine of the database that `fresh` gave."""

    @abstractmethod
    def forget(self) -> None:
        """Throw away what `fresh` gave; the next tests get others, by other names."""

    def close(self) -> None:
        """Leave nothing behind."""
        self.forget()

    def forget_after_failure(self, failures: int) -> None:
        """Given more failures than before: what failed may still be at work on its database."""
        if failures > self._failures:
            self.forget()
        self._failures = failures


class SqliteDatabases(Databases):
    """Files in one folder. Each test has its own: one that is still open, when its name is
    used again, would remove the -wal file of the next."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._path: Path | None = None
        url = f"sqlite:///{folder / 'current.db'}"
        self._engine = create_engine(url, **engine_options(url))

        def open_the_current(_dialect: Any, _record: Any, given: list[Any], _: Any) -> None:
            given[0] = str(self._path)

        event.listen(self._engine, "do_connect", open_the_current)

    def make(self, template: str | None = None) -> str:
        """Make a file; its address."""
        path = self._folder / f"{next(self._numbers)}.db"
        if template is not None:
            shutil.copyfile(str(make_url(template).database), path)
        return f"sqlite:///{path}"

    def fresh(self, template: str) -> str:
        """The address of a new copy."""
        self.forget()
        url = self.make(template)
        self._path = Path(str(make_url(url).database))
        return url

    def engine(self, url: str) -> Engine:
        """The one engine of all these files: it opens the newest."""
        assert url == f"sqlite:///{self._path}"
        return self._engine

    def forget(self) -> None:
        """Close and remove the newest file."""
        self._engine.dispose()
        for end in ("", "-wal", "-shm") if self._path else ():
            Path(f"{self._path}{end}").unlink(missing_ok=True)


@dataclass
class Kept:
    """A database that serves one test after another, what its template held, and which
    connections are the engine's."""

    url: str
    engine: Engine
    session: psycopg.Connection[Any]
    schema: Any
    remove: Composed
    rows: dict[str, bytes]
    sequences: dict[str, int | None]
    pids: set[int] = field(default_factory=set)
    uses: int = 0


class PostgresqlDatabases(Databases):
    """Databases of one server. Only a superuser removes rows that triggers and keys protect."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self._server = server
        self._kept: dict[str, Kept] = {}
        self._made: list[str] = []

    def make(self, template: str | None = None) -> str:
        """Make a database; its address."""
        name = f"test_{getpid()}_{next(self._numbers)}"
        self._made.append(name)
        return self._server.create(name, make_url(template).database if template else None)

    def fresh(self, template: str) -> str:
        """The address of the kept database, brought back, or of a new copy."""
        kept = self._kept.get(template)
        if kept is not None and not self._brought_back(kept):
            self._drop(self._kept.pop(template))
            kept = None
        if kept is None:
            kept = self._kept[template] = self._keep(self.make(template))
        kept.uses += 1
        return kept.url

    def engine(self, url: str) -> Engine:
        """The engine of a kept database."""
        return next(kept.engine for kept in self._kept.values() if kept.url == url)

    def forget(self) -> None:
        """Drop the kept databases, whoever uses them."""
        while self._kept:
            self._drop(self._kept.popitem()[1])

    def close(self) -> None:
        """Drop the templates too."""
        self.forget()
        for name in self._made:
            self._server.drop(name)

    def _keep(self, url: str) -> Kept:
        session = self._server.connect(str(make_url(url).database))
        session.execute("set lock_timeout = '8s'")
        tables = [name for (name,) in session.execute(TABLES)]
        rows = {table: b"".join(_rows(session, table)) for table in tables}
        kept = Kept(
            url=url,
            engine=create_engine(url, **engine_options(url)),
            session=session,
            schema=session.execute(SCHEMA).fetchone(),
            remove=SQL("; ").join(SQL("delete from {}").format(Identifier(t)) for t in tables),
            rows={table: found for table, found in rows.items() if found},
            sequences=dict(session.execute(SEQUENCES).fetchall()),
        )

        def note(connection: Any, _record: Any) -> None:
            kept.pids.add(connection.info.backend_pid)

        event.listen(kept.engine, "connect", note)
        return kept

    def _brought_back(self, kept: Kept) -> bool:
        if not self._server.superuser or kept.uses >= USES:
            return False
        try:
            return self._unused(kept) and self._rewritten(kept)
        except psycopg.Error:
            return False

    @staticmethod
    def _unused(kept: Kept) -> bool:
        """Whether no transaction and no lock is left; ends the connections of strangers."""
        connections = kept.session.execute(CONNECTIONS).fetchall()
        for pid, _ in connections:
            if pid not in kept.pids:
                kept.session.execute("select pg_terminate_backend(%s)", [pid])
        return not any(busy for _, busy in connections)

    @staticmethod
    def _rewritten(kept: Kept) -> bool:
        """Whether the tables are the template's; if so, the rows are so again."""
        session = kept.session
        if session.execute(SCHEMA).fetchone() != kept.schema:
            return False
        with session.transaction():
            session.execute("set local session_replication_role = replica")
            session.execute(kept.remove)
            for table, rows in kept.rows.items():
                into = SQL("copy {} from stdin").format(Identifier(table))
                with session.cursor().copy(into) as copy:
                    copy.write(rows)
        for name, value in session.execute(SEQUENCES).fetchall():
            if value != kept.sequences[name]:
                last = kept.sequences[name]
                session.execute(
                    "select setval(%s::text::regclass, %s, %s)",
                    [f'public."{name}"', last or 1, last is not None],
                )
        return True

    def _drop(self, kept: Kept) -> None:
        kept.engine.dispose()
        kept.session.close()
        self._server.drop(str(make_url(kept.url).database))


def _rows(session: psycopg.Connection[Any], table: str) -> Iterator[bytes]:
    with session.cursor().copy(SQL("copy {} to stdout").format(Identifier(table))) as copy:
        for part in copy:
            yield bytes(part)
