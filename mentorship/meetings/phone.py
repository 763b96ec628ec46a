"""What keeps a mentor's entry when there is no network: the worker, its empty pages, a token.

The pages are the same for everybody, so that a phone keeps nothing about anybody in them.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app, render_template, request, send_from_directory
from flask.blueprints import BlueprintSetupState
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from mentorship.i18n import LOCALES, chosen_language, speaking
from mentorship.meetings.pages import bp
from mentorship.meetings.schemas import CancelledSchema, MeetingSchema
from mentorship.permissions import Permission, Role, requires
from mentorship.web.forms import Form

FORMS = {"held": MeetingSchema, "cancelled": CancelledSchema}
KEPT = ("static/worker.js", "static/drafts.js", "static/nicer.js", "static/style.css")


@bp.record_once
def _give_version(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(phone_version=_version, keeps_drafts_of=_keeps_drafts_of)


@cache
def _version() -> str:
    """Another one whenever what a phone keeps has changed."""
    root = Path(current_app.root_path)
    kept = hashlib.sha256(b"".join((root / name).read_bytes() for name in KEPT))
    for name in ("shell", "_unsent"):
        source = Path(str(current_app.template_folder)) / "meetings" / f"{name}.html"
        kept.update(source.read_bytes())
    return kept.hexdigest()[:12]


def _keeps_drafts_of() -> int | None:
    """Whose entries this browser may keep: a mentor who is signed in."""
    if current_user.is_authenticated and current_user.role == Role.MENTOR:
        return int(current_user.id)
    return None


@bp.get("/service-worker.js")
@requires(Permission.ANYONE)
def worker() -> Any:
    folder = Path(current_app.root_path) / "static"
    return send_from_directory(folder, "worker.js", mimetype="text/javascript")


@bp.get("/phone/<any(held, cancelled, nothing):name>")
@requires(Permission.ANYONE)
def shell(name: str) -> Any:
    asked = request.args.get("language", "")
    with speaking(asked if asked in LOCALES else chosen_language()):
        form = Form(FORMS[name](), kind="in_person", minutes=120) if name in FORMS else None
        return render_template("meetings/shell.html", name=name, form=form)


@bp.get("/phone/token")
@requires(Permission.ANYONE)
def token() -> Any:
    # A form that was opened long ago, or without a network, is sent with this token.
    user = _keeps_drafts_of()
    return {"user": user, "token": generate_csrf() if user is not None else None}
