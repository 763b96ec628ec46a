from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for
from flask_login import current_user

from mentorship import clock
from mentorship.calendars import queries, services
from mentorship.calendars.report import as_ical
from mentorship.database import db
from mentorship.meetings.models import CalendarFeed
from mentorship.mentors.models import Mentor
from mentorship.mentors.queries import mentor_of_user
from mentorship.permissions import Permission, requires

bp = Blueprint("calendars", __name__)
KIND = "text/calendar; charset=utf-8"


@bp.get("/calendar/<token>.ics")
@requires(Permission.ANYONE, audited=True)
def feed(token: str) -> Any:
    found = queries.feed_of_hash(db.session, services.hash_of(token))
    if found is None:
        return Response("", 404, content_type="text/plain; charset=utf-8")
    text = _text(found)
    if request.method != "HEAD":
        services.note_reading(found, at=clock.now())
    db.session.commit()
    answer = Response(text, content_type=KIND)
    answer.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return answer


def _text(found: CalendarFeed) -> bytes:
    entries = queries.entries(db.session, found.mentor, clock.now())
    language = found.mentor.user.language if found.mentor.user else "kk"
    return as_ical(entries, language=language, secret=current_app.config["SECRET_KEY"])


def _mentor() -> Mentor:
    return mentor_of_user(db.session, current_user) or abort(404)


def _page(mentor: Mentor, token: str | None = None) -> str:
    base_url = current_app.config["SETTINGS"].base_url
    address = base_url + url_for("calendars.feed", token=token) if token else None
    feed = queries.current_feed(db.session, mentor.id)
    return render_template("calendars/own.html", feed=feed, address=address)


@bp.get("/my-calendar")
@requires(Permission.SEE_OWN_RECORD)
def own() -> Any:
    return _page(_mentor())


@bp.post("/my-calendar/new")
@requires(Permission.SEE_OWN_RECORD)
def renew() -> Any:
    mentor = _mentor()
    token = services.new_feed(db.session, mentor, by=current_user.id, at=clock.now())
    page = _page(mentor, token)
    db.session.commit()
    return page


@bp.post("/my-calendar/end")
@requires(Permission.SEE_OWN_RECORD)
def end() -> Any:
    mentor = _mentor()
    services.end_feed(db.session, mentor, by=current_user.id, at=clock.now())
    db.session.commit()
    return _page(mentor)
