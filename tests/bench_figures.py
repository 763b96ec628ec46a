"""What the figures cost on the register of the whole country over ten years.

20,798 children, 5,000 mentors, 40,000 matches, 400,000 contacts and 1,000,000 meetings, on SQLite
and, where it is installed, on PostgreSQL: to make the figures whole and by night, and to open
every page of figures, each for the first time after a worker has read a build ahead, and again.
The dashboard should answer within 300 ms, every report within 2 s; a page that does not is marked.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event, text

from mentorship import clock, create_app
from mentorship.accounts.models import User
from mentorship.accounts.services import create_user
from mentorship.config import Config
from mentorship.database import db, dialect_name
from mentorship.figures.services import NIGHTLY
from mentorship.figures.store import rebuild
from mentorship.permissions import Permission, Role
from mentorship.warming import warm
from tests.bulk_register import Size, fill
from tests.postgres import Server, programs

DASHBOARD, REPORT = 0.3, 2.0
"""Seconds within which a page should answer."""
DASHBOARDS = ("/overview",)
WITH_ARGUMENTS = (
    "/figures/matches_active",
    "/figures/share_on_time",
    "/figures/children_waiting?region=35",
    "/figures/meetings_held?step=month",
    "/reports/2026-10",
    "/reports/2026-Q3",
    "/retention?region=35",
    "/practice?region=35",
    "/supply?region=35",
)
FILES = ("/retention?as=xlsx", "/practice?as=xlsx", "/supply?as=xlsx", "/retention?as=csv")
STOP_AFTER = 900
"""Seconds after which no more pages are asked for."""


def bench_figures(yardstick: float, size: Size | None = None) -> None:
    """Both databases, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        _bench(Path(folder), None, yardstick, size or Size())
    if programs() is None:
        print("\nFigures on PostgreSQL: it is not installed here")
        return
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        server = Server()
        stack.callback(server.stop)
        _bench(Path(folder), server.create("bench", None), yardstick, size or Size())


def _bench(folder: Path, url: str | None, yardstick: float, size: Size) -> None:
    given = {"VAR_DIR": str(folder)} | ({"DATABASE_URL": url} if url else {})
    app = create_app(Config.from_environment(given))
    with app.app_context():
        upgrade()
        print(f"\nFigures of {size.matches} matches, {size.matches * size.contacts} contacts and")
        print(f"{size.matches * size.meetings} meetings, on {dialect_name(db.session)}:")
        with _timed("register made", yardstick):
            _fill(size)
        on, at = clock.today(), clock.now()
        for name, since in (("whole", None), ("whole again", None), ("by night", on - NIGHTLY)):
            with _timed(f"figures made {name}", yardstick):
                rebuild(db.session, on, at, since)
                db.session.commit()
        db.engine.dispose()
    with _timed("read ahead by a web worker", yardstick):
        warm(app, None)
    _bench_pages(app)
    with app.app_context():
        db.engine.dispose()


def _fill(size: Size) -> None:
    given = {"name": "—", "role": Role.MANAGER, "all_regions": True, "by": None}
    create_user(db.session, email="manager@example.org", at=clock.now(), **given)
    fill(db.session, clock.today(), size)
    db.session.commit()
    analyse = "analyze" if dialect_name(db.session) == "sqlite" else "vacuum analyze"
    with db.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(analyse))


@contextmanager
def _timed(what: str, yardstick: float) -> Iterator[None]:
    began = time.perf_counter()
    yield
    took = time.perf_counter() - began
    print(f"  {what:<34} {took:8.2f} s {took / yardstick:8.1f} x yardstick", flush=True)


def pages(app: Flask) -> list[str]:
    """Every page of figures that needs nothing in its address, and some that do."""
    found = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "permission", None) == Permission.SEE_FIGURES
        and "GET" in (rule.methods or ())
        and not rule.arguments
    ]
    return [*sorted(found), *WITH_ARGUMENTS, *FILES]


def _bench_pages(app: Flask) -> None:
    statements: list[str] = []
    with app.app_context():
        name = db.session.query(User).filter_by(role=Role.MANAGER).one().get_id()
        event.listen(
            db.engine,
            "before_cursor_execute",
            lambda _c, _u, statement, *_: statements.append(statement),
        )
    client, began_all = app.test_client(), time.perf_counter()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"], session["language"] = name, True, "kk"
    client.get("/reports")  # what every page loads once in a process: templates, words
    print("  page                                   first      again  statements")
    for address in pages(app):
        if time.perf_counter() - began_all > STOP_AFTER:
            print("  the other pages: no time is left")
            return
        times, counted = [], 0
        for _ in range(2):
            statements.clear()
            began = time.perf_counter()
            answer = client.get(address)
            answer.get_data()
            times.append(time.perf_counter() - began)
            counted = counted or len(statements)
        limit = DASHBOARD if address in DASHBOARDS else REPORT
        mark = "" if max(times) <= limit else f"  SLOW: the limit is {limit} s"
        mark += "" if answer.status_code == 200 else f"  ({answer.status_code})"
        first, again = (f"{seconds * 1000:7.0f} ms" for seconds in times)
        print(f"  {address:<36} {first} {again} {counted:8d}{mark}", flush=True)


def main() -> None:
    """`python -m tests.bench_figures`, with a part of the size as an argument: 0.1."""
    part = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    whole = Size()
    size = Size(*(max(100, int(getattr(whole, name) * part)) for name in ("children", "mentors")),
                max(200, int(whole.matches * part)))  # fmt: skip
    numbers = np.random.default_rng(1).random(1_000_000)
    began = time.perf_counter()
    np.sort(numbers)
    bench_figures(time.perf_counter() - began, size)


if __name__ == "__main__":
    main()
