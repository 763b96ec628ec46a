"""Error pages: a clear sentence, what to do, the right status, and the request's id."""

import time
from typing import Any

import structlog
from flask import Flask, g, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from mentorship.database import db
from mentorship.errors import DomainError
from mentorship.web import problems, words

log = structlog.get_logger("failure")
# Of a request that is too large so much is still read, and for so long: who hangs up while a
# browser is sending makes it show "connection reset" instead of the page that says why.
READ_OFF_MOST = 200 * 1024**2
READ_OFF_S = 10


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(IntegrityError, _integrity)
    app.register_error_handler(DataError, _data)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(Exception, _unexpected)


def _page(status: int, key: str, text: Any = None) -> tuple[str, int]:
    """Render without the database where that may be what failed."""
    title, advice = words.failure(key)
    page = render_template(
        "errors/error.html",
        title=title,
        text=text or advice,
        request_id=g.get("request_id"),
        bare=status >= 500,
    )
    return page, status


def _http(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400:
        return error
    db.session.rollback()
    if status == 413:
        _read_off()
    return _page(status, str(status) if words.has_failure(str(status)) else "400")


def _read_off() -> None:
    """Take in what a browser still sends, where the server says when it ends."""
    if not request.environ.get("wsgi.input_terminated"):
        return
    body, left, latest = request.environ["wsgi.input"], READ_OFF_MOST, time.monotonic() + READ_OFF_S
    while left > 0 and time.monotonic() < latest and (chunk := body.read(1 << 16)):
        left -= len(chunk)


def _csrf(error: CSRFError) -> tuple[str, int]:
    db.session.rollback()
    return _page(400, "stale_form")


def _domain(error: DomainError) -> tuple[str, int]:
    db.session.rollback()
    return _page(error.status, "refused", problems.problem(error))


def _stale(error: StaleDataError) -> tuple[str, int]:
    db.session.rollback()
    return _page(409, "changed_meanwhile")


def _integrity(error: IntegrityError) -> tuple[str, int]:
    """Two people saved the same number at once: the database let one of them."""
    if "unique" not in str(error.orig).lower():
        return _unexpected(error)
    db.session.rollback()
    log.warning("same_moment", id=g.get("request_id"))
    return _page(409, "same_moment")


def _data(error: DataError) -> tuple[str, int]:
    """A zero byte where no form takes it out: PostgreSQL keeps it in no text."""
    if "NUL" not in str(error.orig):
        return _unexpected(error)
    db.session.rollback()
    return _page(400, "400")


def _database(error: OperationalError) -> tuple[str, int]:
    db.session.rollback()
    log.error("database", id=g.get("request_id"), kind=type(error.orig).__name__)
    return _page(503, "503")


def _unexpected(error: Exception) -> tuple[str, int]:
    db.session.rollback()
    rule = request.url_rule.rule if request.url_rule else None
    log.error(
        "unexpected",
        id=g.get("request_id"),
        route=rule,
        kind=type(error).__name__,
        where=_where(error),
    )
    return _page(500, "500")


def _where(error: Exception) -> list[str]:
    """The trace as file and line only: messages and values may hold personal data."""
    trace, lines = error.__traceback__, []
    while trace:
        code = trace.tb_frame.f_code
        lines.append(f"{code.co_filename.rsplit('/', 3)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return lines[-8:]
