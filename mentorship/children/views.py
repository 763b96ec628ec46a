from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import contains_eager

from mentorship import audit, clock
from mentorship.children import queries, services
from mentorship.children.models import Child, ConsentKind
from mentorship.children.schemas import ChildSchema, ConsentSchema, LeavingSchema
from mentorship.database import db
from mentorship.i18n import chosen_language
from mentorship.people.iin import disagrees
from mentorship.permissions import Permission, requires
from mentorship.places.models import Centre
from mentorship.places.queries import centre_names
from mentorship.web.forms import Form
from mentorship.web.paging import Downwards, Listing

bp = Blueprint("children", __name__)
BESIDE = {"iin_in_use": "iin"}
CONSENT_FIELDS = ("guardian_consent_on", "guardian_consent_by", "own_consent_on")


def _child(child_id: int) -> Child:
    return queries.find_child(db.session, current_user, child_id) or abort(404)


def _centres() -> dict[str, str]:
    return centre_names(db.session, current_user.scope, chosen_language())


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
    form = Form(ChildSchema().allow_centres(_centres()), waiting_since=clock.today())
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
    child = _child(child_id)
    audit.record("read_child", child, by=current_user.id)
    page = render_template("children/show.html", child=child)
    db.session.commit()
    return page


@bp.route("/children/<int:child_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE, audited=True)
def edit(child_id: int) -> Any:
    child = _child(child_id)
    schema = ChildSchema(exclude=CONSENT_FIELDS).allow_centres(_centres())
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
    audit.record("read_child", child, by=current_user.id)
    answer = form.page("children/form.html", child=child)
    db.session.commit()
    return answer


def _values(child: Child) -> dict[str, Any]:
    values = {name: getattr(child, name) for name in services.FIELDS}
    values["iin_confirmed"] = child.iin is not None and disagrees(
        child.iin, child.birth_date, child.sex
    )
    values["languages"] = {row.language: row.level for row in child.languages}
    values["interests"] = [row.interest for row in child.interests]
    return values


@bp.route("/children/<int:child_id>/consents/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def add_consent(child_id: int) -> Any:
    child = _child(child_id)
    form = Form(ConsentSchema(), kind=request.args.get("kind"), given_on=clock.today())
    if form.submitted() and form.saved(
        lambda: services.add_consent(child, **form.data, by=current_user.id, at=clock.now())
    ):
        flash(gettext("Changes saved."))
        return redirect(url_for("children.show", child_id=child_id))
    return form.page("children/consent.html", child=child)


@bp.post("/children/<int:child_id>/consents/<any(guardian, own):kind>/withdraw")
@requires(Permission.EDIT_PEOPLE)
def withdraw_consent(child_id: int, kind: str) -> Any:
    child = _child(child_id)
    services.withdraw_consent(child, ConsentKind(kind), on=clock.today(), by=current_user.id)
    db.session.commit()
    flash(gettext("Changes saved."))
    return redirect(url_for("children.show", child_id=child_id))


@bp.route("/children/<int:child_id>/leaving", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def record_leaving(child_id: int) -> Any:
    child = _child(child_id)
    form = Form(LeavingSchema(), left_on=clock.today())
    if not form.submitted():
        return form.page("children/leaving.html", child=child)
    services.record_leaving(child, form.data["left_on"], by=current_user.id)
    db.session.commit()
    flash(gettext("Changes saved."))
    return redirect(url_for("children.show", child_id=child_id))
