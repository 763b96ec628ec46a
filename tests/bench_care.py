"""What Today, the team and the nightly look cost with 5,000 matches and 250,000 meetings.

Seconds are of this process alone (SQLite works inside it), so that a busy machine matters less.

The register is made in bulk, without stories: what matters here is how many rows there are.
"""

import tempfile
import time
from datetime import date, timedelta
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event, insert

from mentorship import clock, create_app
from mentorship.accounts.models import User
from mentorship.accounts.services import create_user
from mentorship.check_ins.models import CheckIn
from mentorship.children.models import Child
from mentorship.concerns.models import Concern
from mentorship.config import Config
from mentorship.database import db
from mentorship.matches.models import Match
from mentorship.meetings.models import Meeting, Slot
from mentorship.mentors.models import Certificate, Mentor
from mentorship.permissions import Role
from mentorship.places.models import Centre
from mentorship.places.regions import REGIONS
from mentorship.signs.services import look
from mentorship.voices.models import VoiceAnswer

MATCHES, MEETINGS_EACH = 5_000, 50
EMAIL = "everywhere@example.org"
SLOT = {"minutes": 90, "place": "Орталық"}
PAGES = ("/today", "/team", "/signs", "/check-ins?state=overdue", "/meetings", "/overview")


def bench_care(yardstick: float, database_url: str | None = None, matches: int = MATCHES) -> None:
    """Fill a register, look for signs twice, and read the pages that show all of it."""
    with tempfile.TemporaryDirectory() as folder:
        given = {"VAR_DIR": folder} | ({"DATABASE_URL": database_url} if database_url else {})
        app = create_app(Config.from_environment(given))
        with app.app_context():
            upgrade()
            began = time.process_time()
            fill_care(clock.today(), matches)
            meetings = matches * MEETINGS_EACH
            print(f"\n{matches} active matches and {meetings} meetings, on", end=" ")
            print(f"{db.engine.dialect.name}: made in {time.process_time() - began:.1f} s")
            for times in ("first", "again"):
                began = time.process_time()
                done = look(db.session, clock.today(), clock.now())
                db.session.commit()
                took = time.process_time() - began
                print(
                    f"  look for signs, {times:<6} {took:8.2f} s {took / yardstick:8.1f} x", end=""
                )
                print(f"  ({done.opened} opened, {done.ended} ended)")
        bench_pages(app, yardstick)


def fill_care(on: date, matches: int) -> None:
    """Everything in bulk; the same every time."""
    session, at, regions = db.session, clock.now(), sorted(REGIONS)
    leader = create_user(
        session, email=EMAIL, name="Басшы", role=Role.COORDINATOR, all_regions=True, by=None, at=at
    )
    session.flush()
    for region in regions:
        create_user(
            session,
            email=f"{region}@example.org",
            name=region,
            role=Role.COORDINATOR,
            regions=[region],
            supervisor_id=leader.id,
            by=None,
            at=at,
        )
    session.flush()
    numbers, began = range(1, matches + 1), on - timedelta(days=365)
    centres = [
        {"id": n, "name_kk": region, "name_ru": region, "kind": "boarding", "region": region}
        | {"town": "—", "languages": [], "search_key": "", "sort_key": ""}
        for n, region in enumerate(regions, start=1)
    ]
    _add(Centre, centres)
    person = {"last_name": "Синтетик", "sex": "female", "created_at": at}
    person |= {"sort_key": "", "search_key": "", "version": 1}
    _add(Mentor, [_mentor(n, regions[n % 20], person) for n in numbers])
    _add(Certificate, [_certificate(n, on, at) for n in numbers])
    _add(Child, [_child(n, person, on) for n in numbers])
    match = {"started_on": began, "approved_at": at, "version": 1}
    _add(Match, [match | {"id": n, "mentor_id": n, "child_id": n} for n in numbers])
    slots = [
        SLOT
        | {"match_id": n, "weekday": n % 7, "at_time": _noon(), "from_on": began}
        | {"made_at": at}
        for n in numbers
    ]
    _add(Slot, slots)
    for n in range(1, matches + 1, 500):
        _add(
            Meeting, [row for m in range(n, min(n + 500, matches + 1)) for row in _meetings(m, on)]
        )
    _add(CheckIn, [row for n in numbers for row in _contacts(n, on)])
    _add(VoiceAnswer, [_answer(n, on) for n in numbers if n % 3])
    _add(Concern, [_worry(n, at) for n in range(1, matches + 1, 200)])
    session.commit()


def _add(table: Any, rows: list[dict[str, Any]]) -> None:
    for first in range(0, len(rows), 5_000):
        db.session.execute(insert(table.__table__), rows[first : first + 5_000])


def _noon() -> Any:
    return (clock.now().replace(hour=12, minute=0, second=0, microsecond=0)).time()


def _mentor(n: int, region: str, person: dict[str, Any]) -> dict[str, Any]:
    given = {"id": n, "first_name": f"М{n}", "birth_date": date(1985, 1, 1), "region": region}
    return person | given | {"town": "—", "reach_km": 50, "capacity": 1, "status": "active"}


def _certificate(n: int, on: date, at: Any) -> dict[str, Any]:
    ends = on + timedelta(days=n % 400)
    issued = on - timedelta(days=300)
    given = {"mentor_id": n, "number": f"C{n}", "issuer": "—", "recorded_at": at}
    return given | {"issued_on": issued, "expires_on": ends}


def _child(n: int, person: dict[str, Any], on: date) -> dict[str, Any]:
    born = date(on.year - 13, 1, 1)
    given = {"id": n, "first_name": f"Б{n}", "birth_date": born, "centre_id": n % 20 + 1}
    return person | given | {"first_language": "kk", "waiting_since": born}


def _meetings(n: int, on: date) -> list[dict[str, Any]]:
    """One a week; every seventh match is silent for two months, some cancel, some fall."""
    quiet = 8 if n % 7 == 0 else 0
    rows = []
    for week in range(MEETINGS_EACH):
        day = on - timedelta(weeks=week + quiet, days=n % 7)
        cancelled = (n + week) % 11 == 0 or (n % 50 == 0 and week < 2)
        went = None if cancelled else (2 if n % 40 == 0 and week < 3 else 3 + (n + week) % 3)
        rows.append(
            {
                "match_id": n,
                "held_on": day,
                "kind": None if cancelled else "in_person",
                "minutes": None if cancelled else 90,
                "activity": None if cancelled else "Шахмат",
                "went": went,
                "cancelled_by": "mentor" if cancelled else None,
                "as_planned": False,
                "logged_at": clock.now(),
                "read_at": clock.now() if week > n % 5 else None,
            }
        )
    return rows


def _contacts(n: int, on: date) -> list[dict[str, Any]]:
    """Monthly with each side: held but for the last ones; some were missed, some are overdue."""
    rows = []
    for place, kind in enumerate(("mentor", "child", "carer")):
        for month in range(14):
            due = on - timedelta(days=30 * (12 - month) + (n + 7 * place) % 30 - 15)
            held = due if due < on and (n + month) % 9 else None
            missed = due if held is None and due < on - timedelta(days=20) else None
            given = {"match_id": n, "kind": kind, "number": month + 1, "slot": month + 1}
            given |= {"due_on": due, "held_on": held, "missed_on": missed}
            rows.append(given | {"rating": 4 if held else None, "way": "phone" if held else None})
    return rows


def _answer(n: int, on: date) -> dict[str, Any]:
    at = clock.now() - timedelta(days=n % 90)
    answers = {"safe": 1 if n % 100 == 0 else 4, "glad": 2 if n % 20 == 0 else 4}
    given = {"match_id": n, "voice": "child", "language": "kk", "answered_at": at}
    return given | {"finished_at": at, "answers": answers, "wants_to_talk": False}


def _worry(n: int, at: Any) -> dict[str, Any]:
    given = {"child_id": n, "match_id": n, "origin": "mentor", "severity": "worry", "text": "—"}
    return given | {"raised_at": at, "review_by": at + timedelta(days=1), "restricted": False}


def bench_pages(app: Flask, yardstick: float) -> None:
    """Seconds and statements of each page, read by one who sees the whole country."""
    statements: list[str] = []
    with app.app_context():
        user = db.session.query(User).filter_by(email=EMAIL).one()
        name = user.get_id()
        event.listen(
            db.engine,
            "before_cursor_execute",
            lambda _c, _u, statement, *_: statements.append(statement),
        )
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"], session["language"] = name, True, "kk"
    for address in PAGES:
        assert client.get(address).status_code == 200, address
        statements.clear()
        began = time.process_time()
        client.get(address).get_data()
        took = time.process_time() - began
        print(f"  {address:<26} {took * 1000:8.0f} ms {took / yardstick:8.1f} x", end="")
        print(f" {len(statements):6d} statements")
