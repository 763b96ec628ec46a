"""Recruitment briefs of published rounds: seconds of work, done once and never in a request."""

import time

import structlog
from flask import Flask

import matching
from mentorship import clock
from mentorship.database import db
from mentorship.records.queries import round_without_brief
from mentorship.records.recruitment import Line, recruitment_lines
from mentorship.records.services import record_of, store_brief

log = structlog.get_logger("jobs")


def work(app: Flask) -> int:
    """Make the brief of every published round that has none, newest first; how many."""
    made = 0
    with app.app_context():
        while (found := round_without_brief(db.session)) is not None:
            round_id, record = found.id, record_of(found)
            db.session.rollback()  # nobody waits for the database while this computes
            began = time.perf_counter()
            lines = _lines(round_id, record)
            seconds = time.perf_counter() - began
            store_brief(db.session, round_id, lines, seconds=seconds, at=clock.now())
            db.session.commit()
            made += 1
        db.session.rollback()
    return made


def _lines(round_id: int, record: matching.Record | None) -> list[Line] | None:
    if record is None or record.plan.status != "optimal":
        return None
    try:
        return recruitment_lines(record)
    except Exception as error:  # the round stands; its page says that there is no brief
        log.error("brief_failed", round=round_id, kind=type(error).__name__)
        return None
