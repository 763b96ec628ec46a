"""Headers, allowed hosts, request ids, and the log without personal data."""

import logging
import sys
import uuid

import structlog
from flask import Flask, Response, abort, g, request
from flask_wtf.csrf import CSRFProtect

csrf = CSRFProtect()
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; manifest-src 'self'; worker-src 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def init_app(app: Flask, *, allowed_hosts: tuple[str, ...], https: bool) -> None:
    """Protect every form and answer; name every request."""
    csrf.init_app(app)
    log = structlog.get_logger("request")

    @app.before_request
    def check_host() -> None:
        g.request_id = uuid.uuid4().hex[:12]
        if request.host.rsplit(":", 1)[0] not in allowed_hosts:
            abort(400)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
            route = request.url_rule.rule if request.url_rule else "(none)"
            log.info(
                "answered",
                id=g.get("request_id"),
                method=request.method,
                route=route,  # the pattern, never the address: an address may hold a search
                status=response.status_code,
            )
        return response


def configure_logging() -> None:
    """One JSON line per event on standard error; values are codes and ids, never names."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
