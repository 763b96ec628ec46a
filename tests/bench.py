"""`make bench`: what a round and the busiest pages cost on the demo register.

Machines differ and drift, so every time is also given as a ratio to a yardstick run in the
same process: sorting a million random numbers, as NumPy does it.
"""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stderr
from pathlib import Path
from statistics import median

import numpy as np
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event

import matching
from mentorship import clock, create_app
from mentorship.accounts.models import User
from mentorship.config import Config
from mentorship.database import db
from mentorship.demo.services import fill
from mentorship.jobs import rounds
from mentorship.matches.models import Round, RoundStage
from mentorship.places.regions import REGIONS
from mentorship.rounds.problem import load_problem
from mentorship.rounds.services import ask_for_round
from tests.bench_care import bench_care
from tests.bench_figures import bench_figures

REPEATS = 5
PAGE_SECONDS = 3.0
PAGES = {
    "coordinator@example.org": ("/today", "/mentors", "/children", "/matches", "/check-ins"),
    "manager@example.org": ("/overview", "/retention"),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w") as quiet:
        with redirect_stderr(quiet):
            app = create_app(Config.from_environment({"VAR_DIR": folder}))
        yardstick = seconds(lambda: np.sort(np.random.default_rng(1).random(1_000_000)))
        print(f"Yardstick: one sort of a million numbers takes {yardstick:.3f} s")
        fill_demo(app)
        bench_round(app, yardstick)
        bench_pages(app, yardstick, PAGES)
        bench_pages(app, yardstick, desk_pages(app))
        bench_care(yardstick)
        bench_figures(yardstick)


def seconds(act: Callable[[], object], repeats: int = REPEATS) -> float:
    """The median time of an act."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    return median(times)


def fill_demo(app: Flask) -> None:
    with app.app_context():
        upgrade()
        began = time.perf_counter()
        fill(db.session, app.config["SETTINGS"], on=clock.today(), at=clock.now())
        db.session.commit()
        print(f"Demo register made in {time.perf_counter() - began:.1f} s")


def peak_mb() -> float:
    """The most memory this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bench_round(app: Flask, yardstick: float) -> None:
    """One national round: every mentor and every waiting child of the twenty regions."""
    on, regions = clock.today(), list(REGIONS)
    with app.app_context():
        before = peak_mb()
        began = time.perf_counter()
        policy = matching.Policy.default()
        asked = Round(regions=regions, centres=[], start_on=on, policy=policy.as_dict())
        stated = load_problem(db.session, asked)
        loaded = time.perf_counter() - began
        plan = matching.propose(stated, policy)
        db.session.rollback()
        began = time.perf_counter()
        found = ask_for_round(db.session, regions=regions, start_on=on, by=None, at=clock.now())
        number = found.id
        db.session.commit()
    # What the jobs process does; it looks for work once a second.
    rounds.work(app)
    whole = time.perf_counter() - began
    with app.app_context():
        found = db.session.get_one(Round, number)
        assert found.stage == RoundStage.PUBLISHED, found.failure
        points, bound = found.points, found.bound
    print(f"\nA round of {len(stated.mentors)} mentors and {len(stated.children)} children:")
    print(f"  {len(plan.pairs)} proposals, {points} points, at most {bound} possible")
    solving = plan.seconds["total"]
    phases = {"load": loaded}
    phases |= {name: value for name, value in plan.seconds.items() if name != "total"}
    phases |= {"store": max(0.0, whole - loaded - solving), "asked to published": whole}
    for name, value in phases.items():
        print(f"  {name:<16}{value:8.3f} s {value / yardstick:8.1f} x yardstick")
    print(
        f"  peak memory     {peak_mb():8.0f} MB, of which {peak_mb() - before:.0f} MB for the round"
    )


def desk_pages(app: Flask) -> dict[str, tuple[str, ...]]:
    """The desk of one who decides for the whole country, on the round that was just published."""
    with app.app_context():
        user = db.session.query(User).filter_by(email="coordinator@example.org").one()
        user.all_regions = True
        found = db.session.query(Round).order_by(Round.id.desc()).first()
        assert found is not None
        proposal = found.proposals[0]
        addresses = (
            "/rounds",
            f"/rounds/{found.id}",
            f"/rounds/{found.id}/waiting",
            f"/rounds/{found.id}/fairness",
            f"/proposals/{proposal.id}",
            f"/proposals/{proposal.id}/alternatives",
            f"/proposals/{proposal.id}/record",
            f"/children/{found.waiting[0].child_id}/waiting",
            "/mentors/free",
            "/agreements",
            f"/mentors/{proposal.mentor_id}",
            f"/children/{proposal.child_id}",
            "/candidates",
            "/papers-due",
            "/suspensions",
            "/reviews",
            "/training",
            "/certificates",
            "/siblings",
            "/authorities/norm",
            "/rules",
        )
        db.session.commit()
    return {"coordinator@example.org": addresses}


def bench_pages(app: Flask, yardstick: float, pages_of: dict[str, tuple[str, ...]]) -> None:
    statements: list[str] = []
    with app.app_context():
        event.listen(
            db.engine,
            "before_cursor_execute",
            lambda _c, _u, statement, *_: statements.append(statement),
        )
    print(
        "\nPages, one worker:                             per second   ms  x yardstick  statements"
    )
    for email, addresses in pages_of.items():
        client = signed_in(app, email)
        for address in addresses:
            assert client.get(address).status_code == 200, address
            statements.clear()
            began, pages = time.perf_counter(), 0
            while time.perf_counter() - began < PAGE_SECONDS:
                client.get(address).get_data()
                pages += 1
            each = (time.perf_counter() - began) / pages
            role = email.partition("@")[0]
            print(
                f"  {role:<12} {address:<30} {1 / each:10.1f} {each * 1000:6.1f}"
                f" {each / yardstick:10.2f} {len(statements) / pages:10.1f}"
            )


def signed_in(app: Flask, email: str) -> object:
    """A client in which this demo user has signed in; the form is the tests' business."""
    client = app.test_client()
    with app.app_context():
        user = db.session.query(User).filter_by(email=email).one()
        name = user.get_id()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"], session["language"] = name, True, "kk"
    return client


if __name__ == "__main__":
    sys.exit(main())
