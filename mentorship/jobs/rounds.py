"""Rounds of matching, computed here and never in a web request."""

import time

import structlog
from flask import Flask
from sqlalchemy import update

import matching
from mentorship import clock
from mentorship.database import begin_reading, db, for_update
from mentorship.matches.models import Round, RoundStage
from mentorship.rounds import services
from mentorship.rounds.problem import load_problem
from mentorship.rounds.queries import next_round

log = structlog.get_logger("jobs")
TELL_EVERY_S = 0.3


def take_up_again(app: Flask) -> int:
    """Put rounds back into the queue that a killed process left half done; how many."""
    with app.app_context():
        left = update(Round).where(Round.stage == RoundStage.COMPUTING)
        done = db.session.execute(left.values(stage=RoundStage.QUEUED, done=0, total=0))
        db.session.commit()
        return int(done.rowcount)  # type: ignore[attr-defined]


def work(app: Flask) -> int:
    """Compute every round that waits, the oldest first; how many there were."""
    worked = 0
    with app.app_context():
        while (round_id := _waiting()) is not None:
            _compute(round_id)
            worked += 1
    return worked


def _waiting() -> int | None:
    """The round to compute next; looking for it never makes a writer wait."""
    begin_reading(db.session)
    found = next_round(db.session)
    round_id = found.id if found else None
    db.session.rollback()
    return round_id


def _compute(round_id: int) -> None:
    """Claim, load, solve without a transaction, store: killed anywhere, the round starts anew."""
    session = db.session
    asked = session.get_one(Round, round_id, with_for_update=True)
    if asked.stage != RoundStage.QUEUED:
        session.rollback()
        return
    asked.stage, asked.done, asked.total = RoundStage.COMPUTING, 0, 0
    session.commit()
    began = time.perf_counter()
    try:
        stated = load_problem(session, asked)
        session.commit()
        watch = _Watch(round_id)
        plan = services.make_plan(asked, stated, watch.told, watch.cancelled)
        for_update(session, Round, [asked.id])
        if asked.stage != RoundStage.COMPUTING:  # another process took it up and was faster
            session.rollback()
            return
        if plan.stopped is not None or asked.cancel_requested:
            asked.stage = RoundStage.CANCELLED
        else:
            seconds = time.perf_counter() - began
            services.store_plan(session, asked, stated, plan, seconds=seconds)
            if asked.publish_when_ready:
                services.publish_round(session, asked, by=asked.created_by, at=clock.now())
        session.commit()
    except Exception as error:  # the next round must still be computed, and this one be told of
        session.rollback()
        _fail(round_id, error)


def _fail(round_id: int, error: Exception) -> None:
    log.error("round_failed", round=round_id, kind=type(error).__name__)
    told = str(error) if isinstance(error, matching.ProblemError) else type(error).__name__
    failed = update(Round).where(Round.id == round_id, Round.stage == RoundStage.COMPUTING)
    db.session.execute(failed.values(stage=RoundStage.FAILED, failure=told[:300]))
    db.session.commit()


class _Watch:
    """Writes how far a round is, and reads whether somebody wants it stopped."""

    def __init__(self, round_id: int) -> None:
        self._round_id = round_id
        self._told_at = 0.0
        self._cancelled = False

    def told(self, done: int, total: int, _points: int) -> None:
        if time.monotonic() - self._told_at < TELL_EVERY_S:
            return
        self._told_at = time.monotonic()
        row = update(Round).where(Round.id == self._round_id).values(done=done, total=total)
        asked = db.session.execute(row.returning(Round.cancel_requested)).scalar_one()
        db.session.commit()
        self._cancelled = bool(asked)

    def cancelled(self) -> bool:
        return self._cancelled
