from collections.abc import Sequence
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from mentorship import clock
from mentorship.database import db
from mentorship.errors import DomainError
from mentorship.i18n import chosen_language
from mentorship.mentors.models import Mentor
from mentorship.permissions import Permission, requires
from mentorship.places.words import own_region_names
from mentorship.settings.services import value
from mentorship.training import notices, queries, report, results, services
from mentorship.training.facts import Result
from mentorship.training.models import (
    CorrectionReason,
    Enrolment,
    TrainingSession,
)
from mentorship.training.pages import bp, find_enrolment, find_training
from mentorship.training.schemas import (
    CorrectionSchema,
    SessionFactsSchema,
    enrol_schema,
    read_rows,
    session_schema,
)
from mentorship.web.forms import Form
from mentorship.web.numbers import row_id
from mentorship.web.paging import Listing
from mentorship.web.problems import problem

FACTS = tuple(SessionFactsSchema().fields)


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
    training = find_training(training_id)
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
    training = find_training(training_id, own_region=True)
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
    training = find_training(training_id, own_region=True)
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
    training = find_training(training_id)
    q = request.args.get("q", "").strip()[:100]
    asked = [row_id(text) for text in request.form.getlist("mentor")][:100]
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
    row = find_enrolment(enrolment_id)
    on, at = clock.today(), clock.now()
    services.leave(db.session, row, by=current_user.id, on=on, at=at)
    _tell([row], "training_removed")
    db.session.commit()
    flash(gettext("The seat is free again. The person is told by message."))
    return _to(row.session)


@bp.route("/training/<int:training_id>/results", methods=["GET", "POST"])
@requires(Permission.RUN_TRAINING)
def record(training_id: int) -> Any:
    training = find_training(training_id)
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
    row = find_enrolment(enrolment_id)
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
