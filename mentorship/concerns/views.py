from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from mentorship import audit, clock
from mentorship.accounts.models import User
from mentorship.children.queries import find_child
from mentorship.children.reading import noted
from mentorship.concerns import endings, queries, services, words
from mentorship.concerns.models import Concern, ConcernOrigin
from mentorship.concerns.schemas import (
    CloseSchema,
    NoteSchema,
    OwnerSchema,
    PauseSchema,
    ReadersSchema,
    ReopenSchema,
    ReportSchema,
    ReviewSchema,
    SignSchema,
)
from mentorship.database import db
from mentorship.matches.queries import find_match
from mentorship.meetings.pages import client_id, own_match, refused, saved, slot_day
from mentorship.meetings.queries import current_slot
from mentorship.meetings.schemas import MeetingSchema
from mentorship.permissions import Permission, requires
from mentorship.web.forms import Form
from mentorship.web.numbers import row_id
from mentorship.web.paging import Listing

bp = Blueprint("concerns", __name__)
bp.record_once(lambda state: state.app.jinja_env.globals.update(concern_words=words))
REVIEW = Permission.REVIEW_CONCERNS


def _concern(concern_id: int) -> Concern:
    return queries.find_concern(db.session, current_user, concern_id) or abort(404)


def _by() -> dict[str, Any]:
    return {"by": current_user.id, "at": clock.now()}


def _done(concern_id: int, message: str) -> Any:
    flash(message)
    return redirect(url_for("concerns.show", concern_id=concern_id))


def _page(concern_id: int, form: Form, verb: str) -> Any:
    """The page of one verb: what it is about is read again, and that it was read is kept."""
    concern = _concern(concern_id)
    audit.record("read_concern", concern, by=current_user.id)
    answer = form.page("concerns/act.html", concern=concern, verb=verb)
    return noted(concern.child, answer, concern=concern_id)


@bp.route("/my-matches/<int:match_id>/meetings/new", methods=["GET", "POST"])
@requires(Permission.LOG_OWN_MEETINGS, audited=True)
def log_meeting(match_id: int) -> Any:
    match, day, name = own_match(match_id).match, slot_day(), client_id()
    slot = current_slot(db.session, match_id)
    minutes = slot.minutes if slot else 120
    form = Form(MeetingSchema(), held_on=day or clock.today(), kind="in_person", minutes=minutes)
    told = {"slot_on": day, "client_id": name}
    if form.submitted() and form.saved(
        lambda: services.log_meeting_with_worry(db.session, match, form.data | told, **_by()),
        {"before_start": "held_on"},
        once=name is None,
    ):
        address = url_for("meetings.my_match", match_id=match_id)
        return saved(address, _thanks(bool(form.data["worry"])))
    page = form.page("concerns/log_meeting.html", match=match, slot_on=day)
    return refused(form, noted(match.child, page, match=match_id))


def _thanks(worried: bool) -> str:
    if worried:
        return str(gettext("The meeting is recorded. Your coordinator will read your worry first."))
    return str(gettext("The meeting is recorded. Thank you."))


@bp.route("/my-matches/<int:match_id>/worry", methods=["GET", "POST"])
@requires(Permission.LOG_OWN_MEETINGS, audited=True)
def report(match_id: int) -> Any:
    match = own_match(match_id).match
    form = Form(ReportSchema(), severity="worry")
    told = {"origin": ConcernOrigin.MENTOR, **_by()}
    if form.submitted() and form.saved(
        lambda: services.raise_concern(db.session, match, **form.data, **told), once=True
    ):
        flash(gettext("Thank you. Your coordinators are told at once. See below who reads it."))
        return redirect(url_for("concerns.own"))
    back = url_for("meetings.my_match", match_id=match_id)
    page = form.page("concerns/report.html", child=match.child, back=back, whole=False)
    return noted(match.child, page, match=match_id)


@bp.get("/my-worries")
@requires(Permission.LOG_OWN_MEETINGS)
def own() -> Any:
    mine = queries.raised_by(db.session, current_user)
    return render_template("concerns/own.html", concerns=mine)


@bp.route("/matches/<int:match_id>/worry", methods=["GET", "POST"])
@requires(REVIEW, audited=True)
def report_match(match_id: int) -> Any:
    match = find_match(db.session, current_user, match_id) or abort(404)
    form = Form(ReportSchema(), severity="worry")
    told = {"origin": ConcernOrigin.CHECK_IN, **_by()}
    if form.submitted() and form.saved(
        lambda: services.raise_concern(db.session, match, **form.data, **told), once=True
    ):
        return _done(form.result.id, gettext("The worry is recorded."))
    back = url_for("concerns.of_match", match_id=match_id)
    page = form.page("concerns/report.html", child=match.child, back=back, whole=True)
    return noted(match.child, page, match=match_id)


@bp.route("/children/<int:child_id>/worry", methods=["GET", "POST"])
@requires(REVIEW, audited=True)
def report_child(child_id: int) -> Any:
    child = find_child(db.session, current_user, child_id) or abort(404)
    form = Form(ReportSchema(), severity="worry")
    told = {"child": child, "origin": ConcernOrigin.STAFF, **_by()}
    if form.submitted() and form.saved(
        lambda: services.raise_concern(db.session, None, **form.data, **told), once=True
    ):
        return _done(form.result.id, gettext("The worry is recorded."))
    back = url_for("children.show", child_id=child_id)
    return noted(child, form.page("concerns/report.html", child=child, back=back, whole=True))


@bp.get("/concerns")
@requires(REVIEW)
def index() -> Any:
    listing = Listing.from_request(["raised", "review"], ["state", "severity", "owner", "region"])
    at = clock.now()
    query = queries.listed(current_user, listing.filters, at)
    listing.descending = listing.descending or listing.sort == "raised"
    orders = {"raised": Concern.raised_at, "review": Concern.review_by}
    listing.fill(db.session, query, orders, Concern.id)
    numbers = queries.in_numbers(db.session, current_user, at)
    return render_template("concerns/index.html", listing=listing, numbers=numbers)


@bp.get("/matches/<int:match_id>/worries")
@requires(REVIEW, audited=True)
def of_match(match_id: int) -> Any:
    match = find_match(db.session, current_user, match_id) or abort(404)
    found = queries.concerns_of_match(db.session, current_user, match)
    page = render_template("concerns/of_match.html", match=match, found=found)
    return noted(match.child, page, match=match_id)


@bp.get("/concerns/<int:concern_id>")
@requires(REVIEW, audited=True)
def show(concern_id: int) -> Any:
    concern = _concern(concern_id)
    audit.record("read_concern", concern, by=current_user.id)
    page = render_template("concerns/show.html", concern=concern)
    return noted(concern.child, page, concern=concern_id)


@bp.route("/concerns/<int:concern_id>/review", methods=["GET", "POST"])
@requires(REVIEW, audited=True)
def review(concern_id: int) -> Any:
    concern, form = _concern(concern_id), Form(ReviewSchema())
    if form.submitted() and form.saved(
        lambda: services.review_concern(db.session, concern, **form.data, **_by())
    ):
        return _done(concern_id, gettext("It is recorded that you have looked at it."))
    return _page(concern_id, form, "review")


@bp.route("/concerns/<int:concern_id>/note", methods=["GET", "POST"])
@requires(REVIEW, audited=True)
def add_note(concern_id: int) -> Any:
    concern, form = _concern(concern_id), Form(NoteSchema())
    if form.submitted() and form.saved(
        lambda: services.add_note(db.session, concern, **form.data, **_by()),
        {"note_empty": "text"},
        once=True,
    ):
        return _done(concern_id, gettext("It is written down."))
    return _page(concern_id, form, "note")


@bp.post("/concerns/<int:concern_id>/take")
@requires(REVIEW)
def take(concern_id: int) -> Any:
    concern, me = _concern(concern_id), db.session.get_one(User, current_user.id)
    services.give_to(db.session, concern, me, **_by())
    db.session.commit()
    return _done(concern_id, gettext("You answer for it from now on."))


def _staff(concern: Concern) -> dict[str, str]:
    region = concern.child.centre.region
    found = queries.staff_of(db.session, current_user, region)
    return {str(user.id): user.name for user in found}


@bp.route("/concerns/<int:concern_id>/owner", methods=["GET", "POST"])
@requires(REVIEW, audited=True)
def give(concern_id: int) -> Any:
    concern = _concern(concern_id)
    form = Form(OwnerSchema(_staff(concern)), owner=concern.owner_id)
    if form.submitted() and form.saved(lambda: _give(concern, int(form.data["owner"]))):
        flash(gettext("It is written down who answers for it."))
        return redirect(url_for("concerns.index"))
    return _page(concern_id, form, "owner")


def _give(concern: Concern, owner_id: int) -> None:
    owner = db.session.get_one(User, owner_id)
    services.give_to(db.session, concern, owner, **_by())


@bp.route("/concerns/<int:concern_id>/readers", methods=["GET", "POST"])
@requires(REVIEW, audited=True)
def readers(concern_id: int) -> Any:
    concern = _concern(concern_id)
    named = [str(row.user_id) for row in concern.readers]
    form = Form(ReadersSchema(_staff(concern)), restricted=concern.restricted, readers=named)
    if form.submitted() and form.saved(lambda: _restrict(concern, form.data)):
        return _done(concern_id, gettext("It is changed who may read it."))
    return _page(concern_id, form, "readers")


def _restrict(concern: Concern, data: dict[str, Any]) -> None:
    if not data["restricted"]:
        services.open_up(db.session, concern, **_by())
        return
    named = [db.session.get_one(User, int(number)) for number in data["readers"]]
    services.restrict(db.session, concern, named, **_by())


@bp.route("/concerns/<int:concern_id>/pause", methods=["GET", "POST"])
@requires(REVIEW, audited=True)
def pause(concern_id: int) -> Any:
    concern, form = _concern(concern_id), Form(PauseSchema())
    base_url = current_app.config["SETTINGS"].base_url
    if form.submitted() and form.saved(
        lambda: services.pause_match(db.session, concern, **form.data, base_url=base_url, **_by())
    ):
        return _done(concern_id, gettext("The match is on hold. Now plan who tells the child."))
    return _page(concern_id, form, "pause")


@bp.route("/concerns/<int:concern_id>/close", methods=["GET", "POST"])
@requires(REVIEW, audited=True)
def close(concern_id: int) -> Any:
    concern, form = _concern(concern_id), Form(CloseSchema())
    if form.submitted() and form.saved(
        lambda: endings.ask_to_close(db.session, concern, **form.data, **_by())
    ):
        return _done(concern_id, gettext("You have asked. A second person can now sign."))
    return _page(concern_id, form, "close")


@bp.route("/concerns/<int:concern_id>/sign", methods=["GET", "POST"])
@requires(REVIEW, audited=True)
def sign(concern_id: int) -> Any:
    concern, form = _concern(concern_id), Form(SignSchema())
    if form.submitted() and form.saved(lambda: _sign(concern, form.data)):
        signed = form.data["answer"] == "sign"
        return _done(
            concern_id, gettext("The worry is closed.") if signed else gettext("It is sent back.")
        )
    return _page(concern_id, form, "sign")


def _sign(concern: Concern, data: dict[str, Any]) -> None:
    given: dict[str, Any] = {"text": data["text"], **_by()}
    if data["answer"] == "sign":
        read_to = row_id(request.form.get("read_to", ""))
        endings.sign_closing(db.session, concern, read_to=read_to, **given)
    else:
        endings.send_back(db.session, concern, **given)


@bp.route("/concerns/<int:concern_id>/reopen", methods=["GET", "POST"])
@requires(REVIEW, audited=True)
def reopen(concern_id: int) -> Any:
    concern, form = _concern(concern_id), Form(ReopenSchema())
    review_by = services.first_review_by(db.session, clock.now())
    if form.submitted() and form.saved(
        lambda: endings.reopen(db.session, concern, **form.data, review_by=review_by, **_by())
    ):
        return _done(concern_id, gettext("The worry is open again."))
    return _page(concern_id, form, "reopen")
