from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from mentorship import audit, clock
from mentorship.database import db
from mentorship.errors import DomainError
from mentorship.i18n import chosen_language, speaking
from mentorship.mentors.models import Certificate, Mentor
from mentorship.mentors.queries import mentor_of_user
from mentorship.permissions import Permission, requires
from mentorship.places.words import own_region_names, region_names
from mentorship.settings.services import value
from mentorship.training import certificates as issuing
from mentorship.training import notices, queries, report, results, services, words
from mentorship.training.facts import Result, months_after
from mentorship.training.models import (
    CorrectionReason,
    Course,
    CourseKind,
    Enrolment,
    TrainingSession,
)
from mentorship.training.schemas import (
    CorrectionSchema,
    CourseSchema,
    IssueSchema,
    SessionFactsSchema,
    enrol_schema,
    read_rows,
    session_schema,
)
from mentorship.web.forms import Form
from mentorship.web.paging import Downwards, Listing
from mentorship.web.words import problem

bp = Blueprint("training", __name__)
FACTS = tuple(SessionFactsSchema().fields)


@bp.record_once
def _give_words(state: Any) -> None:
    state.app.jinja_env.globals.update(
        training_words=words,
        region_names=region_names,
        training_of=lambda mentor: report.trained(db.session, mentor, clock.today()),
    )


def _training(training_id: int, *, own_region: bool = False) -> TrainingSession:
    found = queries.find_session(db.session, training_id)
    if found is None or (own_region and not current_user.scope.covers(found.region)):
        abort(404)
    return found


def _enrolment(enrolment_id: int) -> Enrolment:
    return queries.find_enrolment(db.session, current_user, enrolment_id) or abort(404)


def _tell(rows: Sequence[Enrolment], kind: str) -> None:
    base_url = current_app.config["SETTINGS"].base_url
    notices.tell(db.session, rows, kind, base_url=base_url, at=clock.now())


def _to(training: TrainingSession) -> Response:
    return redirect(url_for("training.show", training_id=training.id))


def _course_names() -> dict[str, str]:
    language = chosen_language()
    return {str(course.id): course.name(language) for course in queries.courses(db.session)}


@bp.get("/training")
@requires(Permission.RUN_TRAINING)
def index() -> Any:
    listing = Listing.from_request(["date"], ["region", "course", "language", "when"])
    past = listing.filters.get("when") == "past"
    listing.descending = past
    query = queries.search_sessions(current_user, listing.filters, clock.today())
    listing.fill(
        db.session,
        query,
        {"date": TrainingSession.starts_on},
        TrainingSession.id,
        lambda rows: report.with_seats(db.session, [row for (row,) in rows]),
    )
    return render_template(
        "training/index.html", listing=listing, past=past, courses=_course_names()
    )


@bp.route("/training/new", methods=["GET", "POST"])
@requires(Permission.RUN_TRAINING)
def create() -> Any:
    courses = {str(course.id): course for course in queries.courses(db.session) if course.open}
    schema = session_schema({number: c.name(chosen_language()) for number, c in courses.items()})
    own = list(own_region_names())
    form = Form(schema, seats=20, language="kk", region=own[0] if len(own) == 1 else None)
    if form.submitted():
        course = courses[form.data.pop("course")]
        if form.saved(
            lambda: services.add_session(
                db.session, course, form.data, by=current_user.id, at=clock.now()
            ),
            once=True,
        ):
            flash(gettext("The session is planned. Now enrol people."))
            return _to(form.result)
    return form.page("training/form.html", training=None)


@bp.get("/training/<int:training_id>")
@requires(Permission.RUN_TRAINING)
def show(training_id: int) -> Any:
    training = _training(training_id)
    rows = db.session.scalars(queries.visible_enrolments(current_user, training_id)).all()
    held = queries.taken(db.session, [training_id]).get(training_id, 0)
    return render_template(
        "training/show.html",
        training=training,
        rows=rows,
        held=held,
        state=training.state(clock.today()),
        is_own=current_user.scope.covers(training.region),
        may_enrol=clock.today() <= training.ends_on + services.ENTERED_WITHIN,
        passing=value(db.session, "training.passing_percent"),
    )


@bp.route("/training/<int:training_id>/edit", methods=["GET", "POST"])
@requires(Permission.RUN_TRAINING)
def edit(training_id: int) -> Any:
    training = _training(training_id, own_region=True)
    form = Form(SessionFactsSchema(), **{name: getattr(training, name) for name in FACTS})
    if form.submitted() and form.saved(lambda: _change(training, form.data)):
        flash(gettext("Changes saved."))
        return _to(training)
    return form.page("training/form.html", training=training)


def _change(training: TrainingSession, data: dict[str, Any]) -> None:
    on = clock.today()
    changed = services.change_session(db.session, training, data, by=current_user.id, on=on)
    if set(changed) & {"starts_on", "ends_on", "hours_of_day", "place", "link"}:
        _tell(queries.seats_of(db.session, training.id), "training_changed")


@bp.route("/training/<int:training_id>/cancel", methods=["GET", "POST"])
@requires(Permission.RUN_TRAINING)
def cancel(training_id: int) -> Any:
    training = _training(training_id, own_region=True)
    if request.method == "GET":
        held = queries.taken(db.session, [training_id]).get(training_id, 0)
        return render_template("training/cancel.html", training=training, held=held)
    on, at = clock.today(), clock.now()
    services.cancel_session(db.session, training, by=current_user.id, on=on, at=at)
    _tell(queries.seats_of(db.session, training_id), "training_cancelled")
    db.session.commit()
    flash(gettext("The session is cancelled. Those enrolled are told by message."))
    return _to(training)


@bp.route("/training/<int:training_id>/enrol", methods=["GET", "POST"])
@requires(Permission.RUN_TRAINING)
def enrol(training_id: int) -> Any:
    training = _training(training_id)
    q = request.args.get("q", "").strip()[:100]
    asked = [int(text) for text in request.form.getlist("mentor") if text.isdecimal()][:100]
    people = (
        queries.people_by_id(db.session, current_user, asked)
        if asked
        else queries.people_to_enrol(db.session, current_user, training, q)
    )
    if asked and len(people) != len(set(asked)):
        abort(404)
    form = Form(enrol_schema(people))
    if form.submitted() and form.saved(lambda: _enrol(training, form.data["mentor"])):
        number = len(form.result)
        flash(ngettext("%(num)d person is enrolled.", "%(num)d people are enrolled.", number))
        return _back(training, people)
    held = queries.taken(db.session, [training_id]).get(training_id, 0)
    return form.page(
        "training/enrol.html", training=training, people=people, q=q, free=training.seats - held
    )


def _enrol(training: TrainingSession, ids: list[str]) -> list[Enrolment]:
    on, at = clock.today(), clock.now()
    wanted = [int(number) for number in ids]
    rows = services.enrol(db.session, training, wanted, by=current_user.id, on=on, at=at)
    if training.ends_on >= on:
        _tell(rows, "training_enrolled")
    return rows


def _back(training: TrainingSession, people: list[Mentor]) -> Response:
    """Where the button stood: the mentor's page, a list of who needs training, the session."""
    back = request.form.get("back")
    if back == "mentor":
        return redirect(url_for("mentors.show", mentor_id=people[0].id))
    if back in ("renewals", "refreshers"):
        return redirect(url_for(f"training.{back}"))
    return _to(training)


@bp.post("/enrolments/<int:enrolment_id>/remove")
@requires(Permission.RUN_TRAINING)
def remove(enrolment_id: int) -> Any:
    row = _enrolment(enrolment_id)
    on, at = clock.today(), clock.now()
    services.leave(db.session, row, by=current_user.id, on=on, at=at)
    _tell([row], "training_removed")
    db.session.commit()
    flash(gettext("The seat is free again. The person is told by message."))
    return _to(row.session)


@bp.route("/training/<int:training_id>/results", methods=["GET", "POST"])
@requires(Permission.RUN_TRAINING)
def record(training_id: int) -> Any:
    training = _training(training_id)
    places = queries.visible_enrolments(current_user, training_id)
    rows = [row for row in db.session.scalars(places) if row.is_open]
    refused: str | None = None
    wrong: dict[int, list[str]] = {}
    if request.method == "POST":
        found, wrong = read_rows(request.form, rows)
        refused = None if wrong else _record(training, found)
        if not wrong and refused is None:
            flash(ngettext("%(num)d result is saved.", "%(num)d results are saved.", len(found)))
            return _to(training)
    page = render_template(
        "training/results.html",
        training=training,
        rows=rows,
        wrong=wrong,
        refused=refused,
        typed=request.form,
        last_day=min(training.ends_on, clock.today()),
        passing=value(db.session, "training.passing_percent"),
    )
    return page, 422 if wrong or refused else 200


def _record(training: TrainingSession, found: dict[int, Result]) -> str | None:
    """Record and commit; the sentence of a refusal."""
    if not found:
        return str(gettext("Say of at least one person whether they came."))
    on, at = clock.today(), clock.now()
    try:
        results.record_results(db.session, training, found, by=current_user.id, on=on, at=at)
        db.session.commit()
    except DomainError as error:
        db.session.rollback()
        return str(problem(error))
    return None


@bp.route("/enrolments/<int:enrolment_id>/correct", methods=["GET", "POST"])
@requires(Permission.RUN_TRAINING)
def correct(enrolment_id: int) -> Any:
    row = _enrolment(enrolment_id)
    form = Form(
        CorrectionSchema(),
        came="yes" if row.attended else "no",
        **{name: getattr(row, name) for name in ("hours", "score", "test_on")},
    )
    if form.submitted() and form.saved(lambda: _correct(row, form.data)):
        flash(gettext("The entry is corrected."))
        return _to(row.session)
    return form.page("training/correct.html", row=row)


def _correct(row: Enrolment, data: dict[str, Any]) -> None:
    results.correct_result(
        db.session,
        row,
        CorrectionSchema().result(data),
        reason=CorrectionReason(data["reason"]),
        by=current_user.id,
        on=clock.today(),
        at=clock.now(),
    )


@bp.route("/enrolments/<int:enrolment_id>/certificate", methods=["GET", "POST"])
@requires(Permission.RUN_TRAINING)
def issue(enrolment_id: int) -> Any:
    row, on = _enrolment(enrolment_id), clock.today()
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
    mentor, training = _myself(), _training(training_id)
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
