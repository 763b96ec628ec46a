from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from mentorship import audit, clock
from mentorship.database import db
from mentorship.i18n import chosen_language
from mentorship.mentors import queries, services
from mentorship.mentors.models import Mentor, MentorStatus
from mentorship.mentors.schemas import (
    CertificateSchema,
    ClearanceSchema,
    MentorFactsSchema,
    MentorSchema,
    StatusSchema,
)
from mentorship.messages.services import invite
from mentorship.people.iin import disagrees
from mentorship.permissions import Permission, requires
from mentorship.web.fields import PageSchema
from mentorship.web.forms import Form
from mentorship.web.paging import Listing

bp = Blueprint("mentors", __name__)
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
            {"iin_in_use": "iin", "certificate_number_in_use": "certificate_number"},
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
    page = render_template("mentors/show.html", mentor=mentor)
    db.session.commit()
    return page


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
            {"iin_in_use": "iin"},
        )
    ):
        flash(gettext("Changes saved."))
        return redirect(url_for("mentors.show", mentor_id=mentor_id))
    audit.record("read_mentor", mentor, by=current_user.id)
    answer = form.page("mentors/form.html", mentor=mentor)
    db.session.commit()
    return answer


def _values(mentor: Mentor) -> dict[str, Any]:
    values = {name: getattr(mentor, name) for name in services.FIELDS}
    values["iin_confirmed"] = mentor.iin is not None and disagrees(
        mentor.iin, mentor.birth_date, mentor.sex
    )
    values["languages"] = {row.language: row.level for row in mentor.languages}
    values["interests"] = [row.interest for row in mentor.interests]
    return values


@bp.route("/mentors/<int:mentor_id>/certificates/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def add_certificate(mentor_id: int) -> Any:
    return _paper(mentor_id, CertificateSchema(), services.add_certificate, "certificate")


@bp.route("/mentors/<int:mentor_id>/clearances/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def add_clearances(mentor_id: int) -> Any:
    return _paper(mentor_id, ClearanceSchema(), services.add_clearances, "clearances")


def _paper(mentor_id: int, schema: PageSchema, add: Any, kind: str) -> Any:
    mentor = _mentor(mentor_id)
    form = Form(schema, kinds=request.args.getlist("kind"))
    if form.submitted() and form.saved(
        lambda: add(db.session, mentor, form.data, by=current_user.id, at=clock.now()),
        {"certificate_number_in_use": "number"},
        once=True,
    ):
        flash(gettext("Changes saved."))
        return redirect(url_for("mentors.show", mentor_id=mentor_id))
    return form.page("mentors/paper.html", mentor=mentor, kind=kind)


@bp.route("/mentors/<int:mentor_id>/status", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def change_status(mentor_id: int) -> Any:
    mentor = _mentor(mentor_id)
    form = Form(StatusSchema(), status=mentor.status)
    if not form.submitted():
        return render_template("mentors/paper.html", form=form, mentor=mentor, kind="status")
    services.change_status(
        db.session,
        mentor,
        MentorStatus(form.data["status"]),
        reason="other",
        by=current_user.id,
        at=clock.now(),
    )
    db.session.commit()
    flash(gettext("Changes saved."))
    return redirect(url_for("mentors.show", mentor_id=mentor_id))


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
