"""Each web worker reads the figures of a new build before anybody asks for them.

The first page after a build takes seconds on a large register: numbers are read and small ones
covered. What comes of it is remembered in the process, so every worker does it once, aside.
Gunicorn takes this module as its configuration: `--config python:mentorship.warming`.
"""

import threading
import time
from typing import Any

import structlog
from flask import Flask

from mentorship.dashboard.overview import ON_MAP, overview
from mentorship.database import begin_reading, db
from mentorship.figures.models import Build
from mentorship.figures.queries import newest_build
from mentorship.permissions import Scope
from mentorship.practice.report import Desk, pipeline, practice
from mentorship.reports import books
from mentorship.reports.report import Frame
from mentorship.retention.report import Whose, figures_of
from mentorship.web.periods import Step, period_of

LOOKS_EVERY_S = 30
log = structlog.get_logger()
_COUNTRY = Scope(None)


def post_worker_init(worker: Any) -> None:
    """Gunicorn calls it in each worker, once it has the app."""
    threading.Thread(target=_keep_warm, args=(worker.app.callable,), daemon=True).start()


def warm(app: Flask, known: str | None) -> str | None:
    """Read what reports need of the newest build, unless it is `known`; the mark of the build."""
    with app.test_request_context():
        begin_reading(db.session)
        build = newest_build(db.session)
        if build is not None and build.mark != known:
            _read(db.session, build)
        return build.mark if build else None


def _read(session: Any, build: Build) -> None:
    for on_map in ON_MAP:
        overview(session, _COUNTRY, build, on_map)
    figures = figures_of(session, build)
    for whose in Whose:
        figures.study(whose)
    figures.cohorts()
    desk = Desk(session, _COUNTRY, build.until, None, period_of(build.until, Step.YEAR))
    practice(desk)
    pipeline(desk)
    for step in (Step.MONTH, Step.QUARTER):
        newest = period_of(build.until, step).before()
        books.sections(Frame(session, _COUNTRY, build, newest))


def _keep_warm(app: Flask) -> None:
    """Look for a new build for as long as the worker lives; a page computes what is missing."""
    known: str | None = None
    while True:
        try:
            known = warm(app, known)
        except Exception as error:
            log.warning("figures_not_read_ahead", error=type(error).__name__)
        time.sleep(LOOKS_EVERY_S)
