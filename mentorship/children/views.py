from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import contains_eager

from mentorship import clock
from mentorship.children import queries, services
from mentorship.children.models import Child
from mentorship.children.reading import noted
from mentorship.children.schemas import ChildSchema, InterestsSchema
from mentorship.database import db
from mentorship.i18n import LOCALES, chosen_language, speaking
from mentorship.people.fields import EITHER
from mentorship.people.iin import disagrees
from mentorship.people.vocabulary import INTERESTS_BY_GROUP
from mentorship.permissions import Permission, Scope, requires
from mentorship.places.models import Centre
from mentorship.places.queries import centre_names
from mentorship.web.forms import Form
from mentorship.web.paging import Downwards, Listing

bp = Blueprint("children", __name__)
BESIDE = {"iin_in_use": "iin", "case_manager_elsewhere": "case_manager_id"}
CONSENT_FIELDS = (
    *("guardian_consent_on", "guardian_consent_by", "own_consent_on"),
    *("data_consent_on", "data_consent_by"),
)


def _child(child_id: int) -> Child:
    return queries.find_child(db.session, current_user, child_id) or abort(404)


def _centres() -> dict[str, str]:
    return centre_names(db.session, current_user.scope, chosen_language())


def _specialists(child: Child | None = None) -> dict[str, str]:
    """Who may be a case manager: specialists of the child's region, or of the reader's."""
    regions = current_user.scope if child is None else Scope(frozenset({child.region}))
    found = queries.specialist_names(db.session, regions, clock.today())
    if child and child.case_manager:  # who has left since stays chosen until somebody follows
        found.setdefault(str(child.case_manager_id), child.case_manager.name)
    return found


@bp.get("/children")
@requires(Permission.SEE_PEOPLE)
def index() -> Any:
    listing = Listing.from_request(
        ["name", "waiting", "age", "centre"], ["region", "centre", "language", "consent"]
    )
    query = queries.search_children(current_user, listing.q, listing.filters)
    orders = {
        "name": Child.sort_key,
        "waiting": Child.waiting_since,
        "age": Downwards(Child.birth_date),
        "centre": Centre.sort_key,
    }
    listing.fill(db.session, query.options(contains_eager(Child.centre)), orders, Child.id)
    return render_template("children/index.html", listing=listing, centres=_centres())


@bp.route("/children/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def create() -> Any:
    schema = ChildSchema().allow(centre_id=_centres(), case_manager_id=_specialists())
    form = Form(schema, waiting_since=clock.today(), mentor_sex_wish=EITHER)
    if form.submitted() and form.saved(
        lambda: services.register_child(db.session, form.data, by=current_user.id, at=clock.now()),
        BESIDE,
        once=True,
    ):
        flash(gettext("The child is registered."))
        return redirect(url_for("children.show", child_id=form.result.id))
    return form.page("children/form.html", child=None)


@bp.get("/children/<int:child_id>")
@requires(Permission.SEE_PEOPLE, audited=True)
def show(child_id: int) -> Any:
    child = queries.find_child(db.session, current_user, child_id)
    if child is None:  # those in whose region the child lived before are told where to ask
        if queries.region_now(db.session, current_user, child_id) is None:
            abort(404)
        return redirect(url_for("moves.elsewhere", child_id=child_id))
    return noted(child, render_template("children/show.html", child=child))


@bp.route("/children/<int:child_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE, audited=True)
def edit(child_id: int) -> Any:
    child = _child(child_id)
    schema = ChildSchema(exclude=(*CONSENT_FIELDS, "centre_id"))
    schema.allow(case_manager_id=_specialists(child))
    form = Form(schema, **_values(child))
    version = request.form.get("version", type=int) or 0
    if form.submitted() and form.saved(
        lambda: services.change_child(
            db.session, child, form.data, version=version, by=current_user.id
        ),
        BESIDE,
    ):
        flash(gettext("Changes saved."))
        return redirect(url_for("children.show", child_id=child_id))
    return noted(child, form.page("children/form.html", child=child))


def _values(child: Child) -> dict[str, Any]:
    values = {name: getattr(child, name) for name in services.FIELDS if name != "centre_id"}
    values["iin_confirmed"] = child.iin is not None and disagrees(
        child.iin, child.birth_date, child.sex
    )
    values["languages"] = {row.language: row.level for row in child.languages}
    values["interests"] = [row.interest for row in child.interests]
    values["needs"] = [row.need for row in child.needs]
    values["weekdays"] = [str(day) for day in child.weekdays]
    values["mentor_sex_wish"] = child.mentor_sex_wish or EITHER
    return values


def _tongue(child: Child) -> str:
    """The language of the child's own page: the one asked for, else the child's first."""
    given = (request.form.get("language"), request.form.get("spoken"), request.args.get("language"))
    asked = next(filter(None, given), child.first_language)
    return asked if asked in LOCALES else chosen_language()


@bp.route("/children/<int:child_id>/interests", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE, audited=True)
def choose_interests(child_id: int) -> Any:
    child = _child(child_id)
    code = _tongue(child)
    with speaking(code):
        form = Form(InterestsSchema(), interests=[row.interest for row in child.interests])
        ready = form.submitted() and "done" in request.form
        if ready and form.saved(
            lambda: services.choose_interests(
                db.session, child, form.data["interests"], by=current_user.id
            )
        ):
            return redirect(url_for("children.thank", child_id=child_id, language=code))
        page = form.page(
            "children/interests.html", child=child, groups=INTERESTS_BY_GROUP, tongue=code
        )
        return noted(child, page)


@bp.get("/children/<int:child_id>/interests/thanks")
@requires(Permission.EDIT_PEOPLE, audited=True)
def thank(child_id: int) -> Any:
    child = _child(child_id)
    with speaking(_tongue(child)):
        return noted(child, render_template("children/thanks.html", child=child))
