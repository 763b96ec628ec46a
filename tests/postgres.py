"""A private PostgreSQL server for the tests, in a temporary folder, reached by a unix socket."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, make_url

from mentorship.config import database_url

# A forgotten open transaction fails a test in seconds instead of hanging the suite.
TIMEOUTS = "-c lock_timeout=8s -c statement_timeout=60s"
SUPERUSER = "select rolsuper from pg_roles where rolname = current_user"
# What is written is lost with the machine, and nobody repeats it elsewhere or tidies up.
FAST = (
    "fsync=off synchronous_commit=off full_page_writes=off wal_level=minimal max_wal_senders=0"
    " max_wal_size=128MB min_wal_size=32MB autovacuum=off"
)
RAM, RAM_NEEDED = Path("/dev/shm"), 2 << 30


def programs() -> Path | None:
    """The folder of the newest installed server's programs, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: p.parts[4])
    return found[-1].parent if found else None


def scratch(prefix: str) -> Path:
    """A new folder for files that are gone after the tests: in memory, where there is plenty."""
    plenty = os.access(RAM, os.W_OK) and shutil.disk_usage(RAM).free > RAM_NEEDED
    return Path(tempfile.mkdtemp(prefix=prefix, dir=RAM if plenty else "/tmp"))


class Server:
    """Somebody else's server by address, or our own, started now and stopped by `stop`."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.watcher: subprocess.Popen[bytes] | None = None
        given = os.environ.get("TEST_DATABASE_URL")
        self.url = make_url(database_url(given)) if given else self._start()
        self.superuser = self.run(SUPERUSER) is True

    def database(self, name: str) -> URL:
        """The address of one database, with time-outs."""
        return self.url.set(database=name).update_query_dict({"options": TIMEOUTS})

    def connect(self, name: str | None = None) -> psycopg.Connection[Any]:
        """A plain connection that commits each statement, to the server's own database or one."""
        url = self.url.set(drivername="postgresql", database=name or self.url.database)
        return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)

    def run(self, statement: str) -> Any:
        """One statement in the server's own database; the first value it gives, if any."""
        with self.connect() as connection:
            cursor = connection.execute(statement.encode())
            return next(cursor, (None,))[0] if cursor.description else None

    def create(self, name: str, template: str | None = None) -> str:
        """Make a database; its address."""
        copied = template or "template0"
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{copied}" ENCODING \'UTF8\'')
        return self.database(name).render_as_string(hide_password=False)

    def drop(self, name: str) -> None:
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def stop(self) -> None:
        """Stop our own server; the folder goes too."""
        if self.folder is None or self.watcher is None:
            return
        (self.folder / "stop").touch()
        self.watcher.wait(timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder = None

    def _start(self) -> URL:
        self.folder = scratch("pg-")
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        data, options = self.folder / "data", f"-c listen_addresses= -k {self.folder}"
        options += "".join(f" -c {setting}" for setting in FAST.split())
        self._as_postgres(
            "initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync",
            "--locale=C.UTF-8",
        )  # fmt: skip
        log = str(self.folder / "log")
        self._as_postgres("pg_ctl", "start", "-w", "-D", str(data), "-o", options, "-l", log)
        self._stop_when_asked_or_alone(self.folder)
        return make_url(f"postgresql+psycopg://postgres@/postgres?host={self.folder}")

    def _as_postgres(self, program: str, *arguments: str) -> None:
        command = [str(self._programs() / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(
            command, check=True, cwd="/", timeout=60,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def _stop_when_asked_or_alone(self, folder: Path) -> None:
        """A killed test process runs no clean-up, so a small shell waits for its end."""
        command = [
            "sh", "-c",
            'while [ -d "/proc/$1" ] && [ ! -e "$2/stop" ]; do sleep 0.1; done; '
            '"$3/pg_ctl" stop -m immediate -D "$2/data"; rm -rf "$2"',
            "watch", str(os.getpid()), str(folder), str(self._programs()),
        ]  # fmt: skip
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        self.watcher = subprocess.Popen(
            command, cwd="/", start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    @staticmethod
    def _programs() -> Path:
        found = programs()
        if found is None:
            raise FileNotFoundError("the PostgreSQL server programs are not installed")
        return found
