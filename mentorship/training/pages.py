"""Certificates, who needs training, courses, and a mentor's own training."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup

from mentorship import audit, clock
from mentorship.clock import months_after
from mentorship.database import db
from mentorship.i18n import speaking
from mentorship.mentors.models import Certificate, Mentor
from mentorship.mentors.queries import mentor_of_user
from mentorship.permissions import Permission, requires
from mentorship.places.words import region_names
from mentorship.settings.services import value
from mentorship.training import certificates as issuing
from mentorship.training import queries, report, services, words
from mentorship.training.models import (
    Course,
    CourseKind,
    Enrolment,
    TrainingSession,
)
from mentorship.training.schemas import (
    CourseSchema,
    IssueSchema,
)
from mentorship.web.forms import Form
from mentorship.web.paging import Downwards, Listing

bp = Blueprint("training", __name__)


@bp.record_once
def _give_words(state: Any) -> None:
    state.app.jinja_env.globals.update(
        training_words=words,
        region_names=region_names,
        training_of=lambda mentor: report.trained(db.session, mentor, clock.today()),
    )


def find_training(training_id: int, *, own_region: bool = False) -> TrainingSession:
    found = queries.find_session(db.session, training_id)
    if found is None or (own_region and not current_user.scope.covers(found.region)):
        abort(404)
    return found


def find_enrolment(enrolment_id: int) -> Enrolment:
    return queries.find_enrolment(db.session, current_user, enrolment_id) or abort(404)


@bp.route("/enrolments/<int:enrolment_id>/certificate", methods=["GET", "POST"])
@requires(Permission.RUN_TRAINING)
def issue(enrolment_id: int) -> Any:
    row, on = find_enrolment(enrolment_id), clock.today()
    form = Form(IssueSchema(), issued_on=on, issuer=queries.usual_issuer(db.session, current_user))
    if form.submitted() and form.saved(
        lambda: issuing.issue_certificate(
            db.session, row, **form.data, by=current_user.id, on=on, at=clock.now()
        ),
        {"issued_outside": "issued_on"},
    ):
        flash(gettext("The certificate is issued. Print it, sign it and put the seal."))
        return redirect(url_for("training.certificate", certificate_id=form.result.id))
    months = value(db.session, "certificate.valid_months")
    return form.page("training/issue.html", row=row, months=months)


@bp.get("/certificates")
@requires(Permission.RUN_TRAINING)
def certificates() -> Any:
    listing = Listing.from_request(["issued", "name", "expires"], ["region", "state"])
    on = clock.today()
    days = value(db.session, "certificate.renewal_days")
    query = queries.search_certificates(
        current_user, listing.q, listing.filters, on, on + timedelta(days=days)
    )
    orders = {
        "issued": Downwards(Certificate.issued_on),
        "name": Mentor.sort_key,
        "expires": Certificate.expires_on,
    }
    listing.fill(db.session, query, orders, Certificate.id)
    return render_template("training/certificates.html", listing=listing, days=days)


@bp.get("/certificates/<int:certificate_id>")
@requires(Permission.RUN_TRAINING, audited=True)
def certificate(certificate_id: int) -> Any:
    row = queries.find_issued(db.session, current_user, certificate_id) or abort(404)
    audit.record("read_certificate", row.certificate, by=current_user.id)
    halves = {code: _half(code, row) for code in ("kk", "ru")}
    notes = {code: _own_form(code) for code in ("kk", "ru")}
    page = render_template("training/certificate.html", row=row, halves=halves, notes=notes)
    db.session.commit()
    return page


def _half(code: str, row: Enrolment) -> Markup:
    """One language's side of the paper."""
    with speaking(code):
        return Markup(render_template("training/_certificate.html", row=row, code=code))


def _own_form(code: str) -> str:
    with speaking(code):
        return str(
            gettext(
                "This form is the organisation's own. The form of the certificate is approved by "
                "the Order of the Minister of Education of 29 April 2025."
            )
        )


@bp.get("/training/renewals")
@requires(Permission.RUN_TRAINING)
def renewals() -> Any:
    listing = Listing.from_request(["ends", "name"], ["region"])
    days = value(db.session, "certificate.renewal_days")
    last = clock.today() + timedelta(days=days)
    query = queries.to_renew(current_user, listing.filters, last)
    ends = query.selected_columns["ends_on"]
    listing.fill(db.session, query, {"ends": ends, "name": Mentor.sort_key}, Mentor.id)
    return _needing("training/renewals.html", listing, (CourseKind.COMPULSORY,), days=days)


@bp.get("/training/refreshers")
@requires(Permission.RUN_TRAINING)
def refreshers() -> Any:
    listing = Listing.from_request(["times", "name"], ["region"])
    wanted = value(db.session, "training.refreshers_per_year")
    since = months_after(clock.today(), -12)
    query = queries.with_few_refreshers(current_user, listing.filters, since, wanted)
    times = query.selected_columns["times"]
    listing.fill(db.session, query, {"times": times, "name": Mentor.sort_key}, Mentor.id)
    kinds = (CourseKind.TOPIC, CourseKind.REFRESHER)
    return _needing("training/refreshers.html", listing, kinds, wanted=wanted)


def _needing(template: str, listing: Listing, kinds: Sequence[CourseKind], **facts: int) -> str:
    """A list of who needs training, each with the seat they hold or the next free session."""
    on, people = clock.today(), [row[0] for row in listing.rows]
    seats = queries.own_seats(db.session, [person.id for person in people], on)
    ahead = {
        number: next((row for row in rows if row.session.course.kind in kinds), None)
        for number, rows in seats.items()
    }
    offers = report.next_by_region(db.session, {person.region for person in people}, on, kinds)
    return render_template(template, listing=listing, ahead=ahead, offers=offers, **facts)


@bp.get("/courses")
@requires(Permission.EDIT_COURSES)
def courses() -> Any:
    return render_template("training/courses.html", courses=queries.courses(db.session))


@bp.route("/courses/new", methods=["GET", "POST"])
@requires(Permission.EDIT_COURSES)
def create_course() -> Any:
    form = Form(CourseSchema(), open=True)
    if form.submitted() and form.saved(
        lambda: services.add_course(db.session, form.data, by=current_user.id),
        {"compulsory_needs_test": "has_test"},
        once=True,
    ):
        flash(gettext("The course is added."))
        return redirect(url_for("training.courses"))
    return form.page("training/course.html", course=None)


@bp.route("/courses/<int:course_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_COURSES)
def edit_course(course_id: int) -> Any:
    course = db.session.get(Course, course_id) or abort(404)
    schema = CourseSchema()
    form = Form(schema, **{name: getattr(course, name) for name in schema.fields})
    if form.submitted() and form.saved(
        lambda: services.change_course(db.session, course, form.data, by=current_user.id),
        {"compulsory_needs_test": "has_test"},
    ):
        flash(gettext("Changes saved."))
        return redirect(url_for("training.courses"))
    return form.page("training/course.html", course=course)


def _myself() -> Mentor:
    return mentor_of_user(db.session, current_user) or abort(404)


@bp.get("/my-training")
@requires(Permission.SEE_OWN_RECORD)
def own() -> Any:
    mentor, on = _myself(), clock.today()
    mine = report.trained(db.session, mentor, on)
    held = {row.session_id for row in mine.ahead}
    near = queries.upcoming(db.session, [mentor.region], on)
    offers = [
        offer for offer in report.with_seats(db.session, near) if offer.session.id not in held
    ]
    return render_template("training/own.html", mentor=mentor, mine=mine, offers=offers)


@bp.post("/my-training/<int:training_id>/enrol")
@requires(Permission.SEE_OWN_RECORD)
def enrol_self(training_id: int) -> Any:
    mentor, training = _myself(), find_training(training_id)
    if training.region != mentor.region:
        abort(404)
    on, at = clock.today(), clock.now()
    services.enrol_self(db.session, training, mentor, by=current_user.id, on=on, at=at)
    db.session.commit()
    flash(gettext("You have a seat. If you cannot come, give it up before the first day."))
    return redirect(url_for("training.own"))


@bp.post("/my-training/<int:training_id>/leave")
@requires(Permission.SEE_OWN_RECORD)
def leave(training_id: int) -> Any:
    row = queries.own_seat(db.session, _myself().id, training_id) or abort(404)
    services.leave(db.session, row, by=current_user.id, on=clock.today(), at=clock.now())
    db.session.commit()
    flash(gettext("You gave your seat up. Thank you for telling in time."))
    return redirect(url_for("training.own"))
