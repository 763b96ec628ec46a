from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from mentorship import audit, clock
from mentorship.database import db
from mentorship.i18n import chosen_language
from mentorship.mentors import queries, services
from mentorship.mentors.models import Mentor
from mentorship.mentors.schemas import (
    AvailabilitySchema,
    MentorFactsSchema,
    MentorSchema,
    PauseSchema,
)
from mentorship.messages.services import invite
from mentorship.people.fields import EITHER
from mentorship.people.iin import disagrees
from mentorship.permissions import Permission, requires
from mentorship.web.forms import Form
from mentorship.web.paging import Listing

bp = Blueprint("mentors", __name__)
BESIDE = {
    "iin_in_use": "iin",
    "certificate_number_in_use": "certificate_number",
    "too_many_children": "capacity",
}
FILTERS = ["region", "status", "language", "certificate"]


def _mentor(mentor_id: int) -> Mentor:
    return queries.find_mentor(db.session, current_user, mentor_id) or abort(404)


@bp.get("/mentors")
@requires(Permission.SEE_PEOPLE)
def index() -> Any:
    listing = Listing.from_request(["name", "region", "capacity"], FILTERS)
    query = queries.search_mentors(current_user, listing.q, listing.filters, clock.today())
    orders = {"name": Mentor.sort_key, "region": Mentor.region, "capacity": Mentor.capacity}
    listing.fill(db.session, queries.with_certificates(query), orders, Mentor.id)
    return render_template("mentors/index.html", listing=listing)


@bp.route("/mentors/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def create() -> Any:
    form = Form(MentorSchema(), capacity=1, reach_km=50)
    if (
        form.submitted()
        and _in_scope(form)
        and form.saved(
            lambda: services.register_mentor(
                db.session, form.data, by=current_user.id, at=clock.now()
            ),
            BESIDE,
            once=True,
        )
    ):
        flash(gettext("The mentor is registered."))
        return redirect(url_for("mentors.show", mentor_id=form.result.id))
    return form.page("mentors/form.html", mentor=None)


def _in_scope(form: Form) -> bool:
    if not current_user.scope.covers(form.data["region"]):
        form.refuse("region", gettext("This region is outside the ones you work with."))
    return not form.errors


@bp.get("/mentors/<int:mentor_id>")
@requires(Permission.SEE_PEOPLE, audited=True)
def show(mentor_id: int) -> Any:
    mentor = _mentor(mentor_id)
    audit.record("read_mentor", mentor, by=current_user.id)
    page = render_template("mentors/show.html", mentor=mentor, **_changes(mentor))
    db.session.commit()
    return page


def _changes(mentor: Mentor) -> dict[str, Any]:
    """Who changed what a page says about a mentor."""
    writers = [row.recorded_by for row in mentor.pauses]
    return {
        "changed": queries.last_change(db.session, mentor),
        "writers": queries.names_of(db.session, writers),
    }


@bp.route("/mentors/<int:mentor_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE, audited=True)
def edit(mentor_id: int) -> Any:
    mentor = _mentor(mentor_id)
    schema = MentorFactsSchema()
    schema.fields["iin"].required = mentor.iin is not None  # an old register may not have known it
    form = Form(schema, **_values(mentor))
    version = request.form.get("version", type=int) or 0
    if (
        form.submitted()
        and _in_scope(form)
        and form.saved(
            lambda: services.change_mentor(
                db.session, mentor, form.data, version=version, by=current_user.id
            ),
            BESIDE,
        )
    ):
        flash(gettext("Changes saved."))
        return redirect(url_for("mentors.show", mentor_id=mentor_id))
    audit.record("read_mentor", mentor, by=current_user.id)
    answer = form.page("mentors/form.html", mentor=mentor)
    db.session.commit()
    return answer


def _values(mentor: Mentor) -> dict[str, Any]:
    values = {name: getattr(mentor, name) for name in services.FIELDS} | _wishes(mentor)
    values["iin_confirmed"] = mentor.iin is not None and disagrees(
        mentor.iin, mentor.birth_date, mentor.sex
    )
    values["interests"] = [row.interest for row in mentor.interests]
    return values


def _wishes(mentor: Mentor) -> dict[str, Any]:
    """When a mentor is free and whom they are ready for, as a form shows it."""
    values = {name: getattr(mentor, name) for name in services.WISHES}
    values["weekdays"] = [str(day) for day in mentor.weekdays]
    values["child_sex_wish"] = mentor.child_sex_wish or EITHER
    values["languages"] = {row.language: row.level for row in mentor.languages}
    return values


@bp.post("/mentors/<int:mentor_id>/access")
@requires(Permission.EDIT_PEOPLE)
def give_access(mentor_id: int) -> Any:
    mentor, at = _mentor(mentor_id), clock.now()
    user = services.give_access(
        db.session, mentor, language=chosen_language(), by=current_user.id, at=at
    )
    invite(
        db.session,
        user,
        base_url=current_app.config["SETTINGS"].base_url,
        path=url_for("accounts.set_password", token="TOKEN"),
        secret=current_app.config["SECRET_KEY"],
        by=current_user.id,
        at=at,
    )
    db.session.commit()
    flash(gettext("The mentor can sign in as soon as they have set a password with their link."))
    return redirect(url_for("mentors.show", mentor_id=mentor_id))


@bp.route("/mentors/<int:mentor_id>/pauses/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def add_pause(mentor_id: int) -> Any:
    mentor = _mentor(mentor_id)
    form = Form(PauseSchema(), from_on=clock.today())
    if _pause_saved(form, mentor):
        return redirect(url_for("mentors.show", mentor_id=mentor_id))
    return form.page("mentors/pause.html", mentor=mentor)


@bp.post("/mentors/<int:mentor_id>/pauses/<int:pause_id>/end")
@requires(Permission.EDIT_PEOPLE)
def end_pause(mentor_id: int, pause_id: int) -> Any:
    _end_pause(_mentor(mentor_id), pause_id)
    return redirect(url_for("mentors.show", mentor_id=mentor_id))


def _pause_saved(form: Form, mentor: Mentor) -> bool:
    saved = form.submitted() and form.saved(
        lambda: services.add_pause(
            db.session, mentor, form.data, by=current_user.id, at=clock.now()
        ),
        {"pauses_overlap": "from_on"},
        once=True,
    )
    if saved:
        flash(gettext("The days away are recorded."))
    return saved


def _end_pause(mentor: Mentor, pause_id: int) -> None:
    if pause_id not in {row.id for row in mentor.pauses}:
        abort(404)
    services.end_pause(db.session, mentor, pause_id, on=clock.today(), by=current_user.id)
    db.session.commit()
    flash(gettext("The days away have ended."))


def _own() -> Mentor:
    return queries.mentor_of_user(db.session, current_user) or abort(404)


@bp.route("/my-availability", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_RECORD)
def own_availability() -> Any:
    mentor = queries.mentor_of_user(db.session, current_user)
    if mentor is None:
        return render_template("mentors/not_linked.html")
    form = Form(AvailabilitySchema(), **_wishes(mentor))
    version = request.form.get("version", type=int) or 0
    if form.submitted() and form.saved(
        lambda: services.change_availability(
            db.session, mentor, form.data, version=version, by=current_user.id
        )
    ):
        flash(gettext("Changes saved."))
        return redirect(url_for("mentors.own_availability"))
    return form.page("mentors/own_availability.html", mentor=mentor)


@bp.route("/my-availability/away", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_RECORD)
def own_pause() -> Any:
    mentor = _own()
    form = Form(PauseSchema(), from_on=clock.today())
    if _pause_saved(form, mentor):
        return redirect(url_for("mentors.own_availability"))
    return form.page("mentors/own_pause.html")


@bp.post("/my-availability/away/<int:pause_id>/end")
@requires(Permission.SEE_OWN_RECORD)
def end_own_pause(pause_id: int) -> Any:
    _end_pause(_own(), pause_id)
    return redirect(url_for("mentors.own_availability"))
