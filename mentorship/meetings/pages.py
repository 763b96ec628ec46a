"""The coordinators' pages about meetings, and what they share with the mentors' ones."""

import re
from datetime import date
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext
from flask_login import current_user

from mentorship import clock
from mentorship.children.reading import noted
from mentorship.database import db
from mentorship.matches.models import Match
from mentorship.matches.queries import find_match
from mentorship.meetings import absences, notices, reading, words
from mentorship.meetings.models import HelpRequest, Meeting, Substitute, SubstituteStatus
from mentorship.meetings.queries import Own, current_slot, find_own
from mentorship.meetings.schemas import AnswerSchema, AppointSchema, DeclineSchema, ReplySchema
from mentorship.permissions import Permission, requires
from mentorship.web.fields import read_day
from mentorship.web.forms import Form
from mentorship.web.paging import Listing

bp = Blueprint("meetings", __name__)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


@bp.record_once
def _give_words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(meeting_words=words)


def who() -> dict[str, Any]:
    """Who acts, and when."""
    return {"by": current_user.id, "at": clock.now()}


def where() -> dict[str, Any]:
    """What a message needs to lead back here."""
    return {"base_url": current_app.config["SETTINGS"].base_url, "at": clock.now()}


def own_match(match_id: int) -> Own:
    """A match that the mentor who is signed in may meet in today."""
    return find_own(db.session, current_user, match_id, clock.today()) or abort(404)


def slot_day() -> date | None:
    """The day of the slot that a page answers, from its address or its form."""
    return read_day(request.values.get("slot_on", ""))


def client_id() -> str | None:
    """The phone's own name of the entry it sends."""
    given = request.form.get("client_id", "").lower()
    return given if _UUID.fullmatch(given) else None


def saved(address: str, message: str) -> Any:
    """An entry is kept: on to the page, or the same to a script that sent it for the page."""
    flash(message)
    if request.accept_mimetypes.best == "application/json":
        return {"saved": True, "address": address}
    return redirect(address)


def refused(form: Form, answer: Any) -> Any:
    """The page with what is wrong, or for a script that sent it the first of that in words."""
    if request.method == "POST" and request.accept_mimetypes.best == "application/json":
        first = next(iter(form.errors.values()), [""])[0]
        return {"saved": False, "problem": str(first)}, 422
    return answer


@bp.get("/matches/<int:match_id>/meetings")
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def of_match(match_id: int) -> Any:
    match = find_match(db.session, current_user, match_id) or abort(404)
    page = _entries_page(match, Form(ReplySchema()))
    return noted(match.child, page, match=match_id)


def _entries_page(match: Match, form: Form, to: int | None = None) -> Any:
    """The entries of a match; those shown here for the first time are read from now on."""
    listing = Listing.from_request(["held"])
    listing.descending = True
    orders = {"held": Meeting.held_on}
    listing.fill(db.session, reading.entries_of_match(match.id), orders, Meeting.id)
    shown = [row for (row,) in listing.rows]
    fresh = {row.id for row in shown if row.read_at is None}
    held, minutes, cancelled = reading.hours_of_match(db.session, match.id)
    page = form.page(
        "meetings/of_match.html",
        match=match,
        listing=listing,
        fresh=fresh,
        to=to,
        sums={"held": held, "minutes": minutes, "cancelled": cancelled},
        slot=current_slot(db.session, match.id),
        substitutes=absences.substitutes_of(db.session, match.id),
    )
    if request.method != "HEAD":
        reading.mark_read(db.session, shown, **who())
    return page


@bp.route("/meetings/<int:meeting_id>/reply", methods=["POST"])
@requires(Permission.CARE_FOR_MATCHES)
def reply(meeting_id: int) -> Any:
    meeting = reading.find_meeting(db.session, current_user, meeting_id) or abort(404)
    match_id, form = meeting.match_id, Form(ReplySchema())
    if form.submitted() and form.saved(lambda: _reply(meeting, form.data["text"]), once=True):
        flash(gettext("Your answer is recorded. The mentor sees it under your name."))
        return redirect(url_for("meetings.of_match", match_id=match_id, _anchor=f"m{meeting_id}"))
    match = find_match(db.session, current_user, match_id) or abort(404)
    return noted(match.child, _entries_page(match, form, meeting_id), match=match_id)


def _reply(meeting: Meeting, text: str) -> None:
    answer = reading.reply_to(db.session, meeting, text, **who())
    db.session.flush()
    notices.tell_of_reply(db.session, answer, meeting.match.mentor, on=clock.today(), **where())


@bp.get("/meetings")
@requires(Permission.CARE_FOR_MATCHES)
def index() -> Any:
    listing = Listing.from_request(["held"], ["state", "region"])
    listing.descending = not request.args.get("sort") or listing.descending
    query = reading.entries(current_user, listing.filters)
    listing.fill(db.session, query, {"held": Meeting.held_on}, Meeting.id)
    return render_template("meetings/index.html", listing=listing)


@bp.get("/help-requests")
@requires(Permission.CARE_FOR_MATCHES)
def help_requests() -> Any:
    listing = Listing.from_request(["asked"], ["state"])
    listing.descending = True
    query = absences.visible_help(current_user)
    answered = listing.filters.get("state") == "answered"
    at = HelpRequest.answered_at
    query = query.where(at.is_not(None) if answered else at.is_(None))
    listing.fill(db.session, query, {"asked": HelpRequest.asked_at}, HelpRequest.id)
    return render_template("meetings/help_requests.html", listing=listing)


@bp.route("/help-requests/<int:help_id>", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def help_request(help_id: int) -> Any:
    asked = absences.find_help(db.session, current_user, help_id) or abort(404)
    form = Form(AnswerSchema())
    if form.submitted() and form.saved(lambda: _answer(asked, form.data["answer"]), once=True):
        flash(gettext("Your answer is recorded. The mentor sees it under your name."))
        return redirect(url_for("meetings.help_requests"))
    page = form.page("meetings/help_request.html", asked=asked)
    return page if asked.match is None else noted(asked.match.child, page, match=asked.match_id)


def _answer(asked: HelpRequest, text: str) -> None:
    absences.answer_help(db.session, asked, text, **who())
    notices.tell_of_answer(db.session, asked, **where())


@bp.get("/substitutes")
@requires(Permission.CARE_FOR_MATCHES)
def substitutes() -> Any:
    listing = Listing.from_request(["from"], ["state"])
    query = absences.visible_substitutes(current_user)
    state = listing.filters.get("state")
    status = state if state in [*SubstituteStatus] else SubstituteStatus.ASKED
    query = query.where(Substitute.status == status)
    listing.fill(db.session, query, {"from": Substitute.from_on}, Substitute.id)
    return render_template("meetings/substitutes.html", listing=listing, status=status)


def _substitute(substitute_id: int) -> Substitute:
    return absences.find_substitute(db.session, current_user, substitute_id) or abort(404)


@bp.route("/substitutes/<int:substitute_id>", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def substitute(substitute_id: int) -> Any:
    found = _substitute(substitute_id)
    child, match_id = found.match.child, found.match_id
    asked = found.status == SubstituteStatus.ASKED
    offered = absences.possible_substitutes(db.session, current_user, found) if asked else []
    names = {f"{mentor.id}": f"{mentor.full_name}, {mentor.town}" for mentor, _ in offered}
    form = Form(AppointSchema().offer(names), from_on=found.from_on, until_on=found.until_on)
    if form.submitted() and form.saved(lambda: _appoint(found, form.data), once=True):
        flash(gettext("The substitute is appointed, and both mentors are told."))
        return redirect(url_for("meetings.of_match", match_id=match_id))
    page = form.page("meetings/substitute.html", found=found, offered=offered)
    return noted(child, page, match=match_id)


def _appoint(found: Substitute, data: dict[str, Any]) -> None:
    facts = {name: value for name, value in data.items() if name != "mentor"}
    absences.appoint(db.session, found, int(data["mentor"]), **facts, **who())
    db.session.flush()
    notices.tell_of_decision(db.session, found, **where())


@bp.route("/substitutes/<int:substitute_id>/decline", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def decline_substitute(substitute_id: int) -> Any:
    found = _substitute(substitute_id)
    form = Form(DeclineSchema())
    if form.submitted() and form.saved(lambda: _decline(found, form.data["note"]), once=True):
        flash(gettext("The mentor is told that nobody stands in."))
        return redirect(url_for("meetings.substitutes"))
    page = form.page("meetings/decline_substitute.html", found=found)
    return noted(found.match.child, page, match=found.match_id)


def _decline(found: Substitute, note: str) -> None:
    absences.decline(db.session, found, note=note, **who())
    notices.tell_of_decision(db.session, found, **where())


@bp.post("/substitutes/<int:substitute_id>/end")
@requires(Permission.CARE_FOR_MATCHES)
def end_substitute(substitute_id: int) -> Any:
    found = _substitute(substitute_id)
    absences.end_substitute(db.session, found, **who())
    match_id = found.match_id
    db.session.commit()
    flash(gettext("From now on they no longer stand in."))
    return redirect(url_for("meetings.of_match", match_id=match_id))
