"""Of several jobs processes one works; the others wait until it is gone."""

import fcntl
from pathlib import Path
from typing import Protocol, TextIO

from sqlalchemy import Connection, NullPool, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from mentorship.config import Config

# Any number, the same in every process: "mentorship jobs" is not in the database's own use.
LOCK = 7_104_110_203


class Leader(Protocol):
    """The right to work; the operating system or the database gives it to one process."""

    def take(self) -> bool:
        """Try to get the right; never waits."""
        ...

    def holds(self) -> bool:
        """Whether the right is still ours."""
        ...

    def leave(self) -> None:
        """Give the right back."""
        ...


class FileLeader:
    """A lock on a file beside the SQLite database; it ends with the process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIO | None = None

    def take(self) -> bool:
        file = self._path.open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def holds(self) -> bool:
        return self._file is not None

    def leave(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class DatabaseLeader:
    """An advisory lock of PostgreSQL on a connection of its own; it ends with the connection."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._connection: Connection | None = None

    def take(self) -> bool:
        connection = self._engine.connect()
        query = text("select pg_try_advisory_lock(:lock)")
        if connection.scalar(query, {"lock": LOCK}):
            self._connection = connection
            return True
        connection.close()
        return False

    def holds(self) -> bool:
        if self._connection is None:
            return False
        try:
            return bool(self._connection.scalar(text("select 1")))
        except DBAPIError:
            return False

    def leave(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def leader_for(settings: Config) -> Leader:
    """The lock that fits this database."""
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite":
        return DatabaseLeader(settings.database_url)
    beside = Path(url.database) if url.database else settings.var / "mentorship.db"
    return FileLeader(beside.with_name(beside.name + ".jobs.lock"))
