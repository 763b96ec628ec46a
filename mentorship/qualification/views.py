from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext, ngettext
from flask_login import current_user

from mentorship import clock
from mentorship.database import db
from mentorship.i18n import show_date
from mentorship.mentors.models import ClearanceResult, Mentor, MentorStatus
from mentorship.mentors.queries import clearance_kinds, find_mentor, mentor_of_user
from mentorship.papers.models import PaperType
from mentorship.permissions import Permission, Role, requires
from mentorship.qualification import notices, queries, services, words
from mentorship.qualification.models import Suspension, SuspensionCause
from mentorship.qualification.problem import still_refused
from mentorship.qualification.schemas import (
    LiftSchema,
    MentorCertificateSchema,
    PaperSchema,
    RevocationSchema,
    StatusSchema,
    SuspendSchema,
)
from mentorship.settings.services import value
from mentorship.web.forms import Form
from mentorship.web.paging import Listing

bp = Blueprint("qualification", __name__)
NOTICES = ("papers.first_notice_days", "papers.second_notice_days", "papers.last_notice_days")
# What a coordinator may choose by hand; suspending and lifting have pages of their own.
BY_HAND = {
    MentorStatus.ACTIVE: (MentorStatus.PAUSED, MentorStatus.RETIRED),
    MentorStatus.PAUSED: (MentorStatus.ACTIVE, MentorStatus.RETIRED),
    MentorStatus.SUSPENDED: (MentorStatus.RETIRED,),
}


@bp.record_once
def _give_words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(
        qualification_words=words,
        own_suspended=_own_suspended,
        mentor_on_hold=lambda mentor: queries.holds_of(db.session, mentor.id),
        endless_kinds=_endless_kinds,
        case_manager_is_told=lambda person: notices.can_be_told(person, clock.today()),
    )
    state.app.jinja_env.filters["paper_name"] = words.paper_name


def _endless_kinds() -> list[str]:
    return [kind.code for kind in clearance_kinds(db.session) if kind.months is None]


def _own_suspended() -> bool:
    """Whether the mentor who is signed in may not meet children now."""
    if not current_user.is_authenticated or current_user.role != Role.MENTOR:
        return False
    mentor = mentor_of_user(db.session, current_user)
    return mentor is not None and mentor.status == MentorStatus.SUSPENDED


def _mentor(mentor_id: int) -> Mentor:
    return find_mentor(db.session, current_user, mentor_id) or abort(404)


def _suspension(suspension_id: int) -> Suspension:
    return queries.find_suspension(db.session, current_user, suspension_id) or abort(404)


def _who() -> dict[str, Any]:
    return {"by": current_user.id, "at": clock.now()}


def _who_and_where() -> dict[str, Any]:
    return {**_who(), "base_url": current_app.config["SETTINGS"].base_url}


def _scans(mentor: Mentor) -> dict[str, str]:
    """The scans of a mentor by their number: what they are, and when they came."""
    kinds = {PaperType.PDF: "PDF", PaperType.JPEG: "JPEG", PaperType.PNG: "PNG"}
    return {
        str(scan.id): f"{kinds[PaperType(scan.media_type)]}, {show_date(scan.uploaded_at)}"
        for scan in queries.scans_of(db.session, mentor.id)
    }


def _scan_of(data: dict[str, Any]) -> int | None:
    chosen = data.pop("paper_id", None)
    return int(chosen) if chosen else None


@bp.route("/mentors/<int:mentor_id>/certificates/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def add_certificate(mentor_id: int) -> Any:
    mentor = _mentor(mentor_id)
    form = Form(MentorCertificateSchema(_scans(mentor)))
    if form.submitted() and form.saved(
        lambda: services.record_certificate(
            db.session, mentor, form.data, paper_id=_scan_of(form.data), **_who()
        ),
        {"certificate_number_in_use": "number"},
        once=True,
    ):
        flash(gettext("The certificate is recorded."))
        return redirect(url_for("mentors.show", mentor_id=mentor_id))
    return form.page("qualification/certificate.html", mentor=mentor)


@bp.route(
    "/mentors/<int:mentor_id>/certificates/<int:certificate_id>/revoke", methods=["GET", "POST"]
)
@requires(Permission.EDIT_PEOPLE)
def revoke(mentor_id: int, certificate_id: int) -> Any:
    mentor = _mentor(mentor_id)
    certificate = next((c for c in mentor.certificates if c.id == certificate_id), None)
    if certificate is None:
        abort(404)
    form = Form(RevocationSchema(), revoked_on=clock.today())
    if form.submitted() and form.saved(
        lambda: services.revoke_certificate(
            db.session, certificate, **form.data, **_who_and_where()
        ),
        {"revoked_before_issue": "revoked_on"},
        once=True,
    ):
        flash(gettext("The certificate is revoked."))
        _tell(form.result)
        return redirect(url_for("mentors.show", mentor_id=mentor_id))
    return form.page("qualification/revoke.html", mentor=mentor, certificate=certificate)


@bp.route("/mentors/<int:mentor_id>/clearances/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def add_clearances(mentor_id: int) -> Any:
    mentor = _mentor(mentor_id)
    form = Form(PaperSchema(_scans(mentor)), kinds=request.args.getlist("kind"))
    if (
        form.submitted()
        and _is_sure(form, mentor)
        and form.saved(lambda: _record_clearances(mentor, form.data), once=True)
    ):
        flash(gettext("The clearances are recorded."))
        _tell(form.result)
        return redirect(url_for("mentors.show", mentor_id=mentor_id))
    kinds = clearance_kinds(db.session)
    return form.page("qualification/clearances.html", mentor=mentor, kinds=kinds)


def _record_clearances(mentor: Mentor, given: dict[str, Any]) -> list[Suspension]:
    data = {name: given[name] for name in given if name != "sure"}
    return services.record_clearances(
        db.session, mentor, data, by_kind=True, paper_id=_scan_of(data), **_who_and_where()
    )


def _is_sure(form: Form, mentor: Mentor) -> bool:
    """An obstacle acts at once and takes two people to undo, so that it is said twice."""
    adverse = form.data["result"] == ClearanceResult.ADVERSE
    if adverse and mentor.status in queries.MENTORING and not form.data["sure"]:
        text = gettext("This suspends the mentor at once. Compare the paper and tick the box.")
        form.refuse("sure", text)
    return not form.errors


def _tell(opened: Sequence[Suspension]) -> None:
    """Say what followed from a paper."""
    if not opened:
        return
    held = len(queries.holds_of(db.session, opened[0].mentor_id))
    flash(gettext("The mentor is suspended from this moment."))
    if held:
        flash(ngettext("%(num)d match is on hold.", "%(num)d matches are on hold.", held))


@bp.route("/mentors/<int:mentor_id>/suspend", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def suspend(mentor_id: int) -> Any:
    mentor = _mentor(mentor_id)
    form = Form(SuspendSchema())
    if form.submitted() and form.saved(lambda: _suspend(mentor, form.data), once=True):
        _tell([form.result])
        return redirect(url_for("mentors.show", mentor_id=mentor_id))
    return form.page("qualification/suspend.html", mentor=mentor)


def _suspend(mentor: Mentor, data: dict[str, Any]) -> Suspension:
    cause, reason = SuspensionCause(data["cause"]), data["reason"]
    return services.suspend(db.session, mentor, cause=cause, reason=reason, **_who_and_where())


@bp.route("/mentors/<int:mentor_id>/status", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def change_status(mentor_id: int) -> Any:
    mentor = _mentor(mentor_id)
    form = Form(StatusSchema(BY_HAND.get(MentorStatus(mentor.status), ())))
    if form.submitted() and form.saved(
        lambda: services.change_status(
            db.session,
            mentor,
            MentorStatus(form.data["status"]),
            reason=form.data["reason"],
            note=form.data["note"],
            **_who(),
        ),
        once=True,
    ):
        flash(gettext("The status is changed."))
        return redirect(url_for("mentors.show", mentor_id=mentor_id))
    return form.page("qualification/status.html", mentor=mentor)


@bp.get("/papers-due")
@requires(Permission.SEE_PEOPLE)
def due() -> Any:
    listing = Listing.from_request(["day", "name", "region"], ["region", "kind", "soon"])
    days = _notices()
    wanted = queries.Due(current_user, clock.today(), days)
    query, due_on = wanted.mentors(listing.q, listing.filters)
    orders = {"day": due_on, "name": Mentor.sort_key, "region": Mentor.region}
    column = orders[listing.sort]
    ordered = query.order_by(column.desc() if listing.descending else column.asc(), Mentor.id)
    ids = [row.id for row in listing.show(db.session.execute(ordered).all()).rows]
    people = wanted.people(db.session, ids)
    papers = wanted.papers(db.session, ids, listing.filters)
    found = {"mentors": people, "papers": papers, "days": days}
    return render_template("qualification/due.html", listing=listing, **found)


def _notices() -> tuple[int, int, int]:
    first, second, last = (value(db.session, key) for key in NOTICES)
    return first, second, last


@bp.get("/suspensions")
@requires(Permission.SEE_PEOPLE)
def suspensions() -> Any:
    listing = Listing.from_request(["since", "name"], ["region", "asked"])
    query = queries.search_suspensions(current_user, listing.q, listing.filters)
    orders = {"since": Suspension.opened_at, "name": Mentor.sort_key}
    listing.fill(db.session, query, orders, Suspension.id)
    return render_template("qualification/suspensions.html", listing=listing)


@bp.route("/suspensions/<int:suspension_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def suspension(suspension_id: int) -> Any:
    found = _suspension(suspension_id)
    form = Form(LiftSchema())
    if form.submitted() and form.saved(
        lambda: services.ask_to_lift(db.session, found, **form.data, **_who_and_where()), once=True
    ):
        flash(gettext("You have asked. A second person can now lift the suspension."))
        return redirect(url_for("qualification.suspension", suspension_id=suspension_id))
    return form.page(
        "qualification/suspension.html",
        suspension=found,
        refused=still_refused(db.session, found.mentor, clock.today()),
        matches=queries.holds_of(db.session, found.mentor_id),
    )


@bp.post("/suspensions/<int:suspension_id>/lift")
@requires(Permission.EDIT_PEOPLE)
def lift(suspension_id: int) -> Any:
    found = _suspension(suspension_id)
    free = services.lift(db.session, found, **_who())
    mentor_id = found.mentor_id
    db.session.commit()
    if free:
        flash(gettext("The suspension is lifted. Matches stay on hold until you decide on each."))
    else:
        flash(gettext("This suspension is lifted. The mentor is still suspended for another one."))
    return redirect(url_for("mentors.show", mentor_id=mentor_id))


@bp.post("/suspensions/<int:suspension_id>/keep")
@requires(Permission.EDIT_PEOPLE)
def keep(suspension_id: int) -> Any:
    services.keep_suspended(db.session, _suspension(suspension_id), **_who())
    db.session.commit()
    flash(gettext("The mentor stays suspended."))
    return redirect(url_for("qualification.suspension", suspension_id=suspension_id))


@bp.get("/my-papers")
@requires(Permission.SEE_OWN_RECORD)
def own() -> Any:
    mentor = mentor_of_user(db.session, current_user)
    if mentor is None:
        return render_template("qualification/own.html", mentor=None, papers=[])
    papers = queries.own_papers(db.session, mentor.id, clock.today(), _notices()[0])
    return render_template("qualification/own.html", mentor=mentor, papers=papers)
