"""A private PostgreSQL server for the tests, in a temporary folder, reached by a unix socket."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

from mentorship.config import database_url

# A forgotten open transaction fails a test in seconds instead of hanging the suite.
TIMEOUTS = "-c lock_timeout=8s -c statement_timeout=60s"


def programs() -> Path | None:
    """The folder of the newest installed server's programs, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: p.parts[4])
    return found[-1].parent if found else None


class Server:
    """Somebody else's server by address, or our own, started now and stopped by `stop`."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.watcher: subprocess.Popen[bytes] | None = None
        given = os.environ.get("TEST_DATABASE_URL")
        self.url = make_url(database_url(given)) if given else self._start()

    def database(self, name: str) -> URL:
        """The address of one database, with time-outs."""
        return self.url.set(database=name).update_query_dict({"options": TIMEOUTS})

    def run(self, statement: str) -> None:
        """One statement outside any transaction, in the server's own database."""
        plain = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(statement.encode())

    def create(self, name: str, template: str = "template0") -> str:
        """Make a database; its address."""
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING \'UTF8\'')
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
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        data, options = self.folder / "data", "-c fsync=off -c synchronous_commit=off"
        options += f" -c full_page_writes=off -c listen_addresses= -k {self.folder}"
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
