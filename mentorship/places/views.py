from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user

from mentorship import clock
from mentorship.database import db
from mentorship.permissions import Permission, requires
from mentorship.places import queries, services
from mentorship.places.models import Centre
from mentorship.places.schemas import CentreFactsSchema, CentreStandingSchema, TransformationSchema
from mentorship.web.fields import PageSchema
from mentorship.web.forms import Form
from mentorship.web.paging import Listing

bp = Blueprint("places", __name__)
FILTERS = ["region", "kind", "state"]


def _centre(centre_id: int) -> Centre:
    return queries.find_centre(db.session, current_user.scope, centre_id) or abort(404)


@bp.get("/centres")
@requires(Permission.SEE_CENTRES)
def index() -> Any:
    listing = Listing.from_request(["name", "region", "town", "capacity"], FILTERS)
    query = queries.search_centres(current_user.scope, listing.q, listing.filters)
    orders = {
        "name": Centre.sort_key,
        "region": Centre.region,
        "town": Centre.town,
        "capacity": Centre.capacity,
    }
    listing.fill(db.session, query, orders, Centre.id)
    counts = queries.counts_by_kind(db.session, current_user.scope)
    return render_template("places/index.html", listing=listing, counts=counts)


@bp.get("/centres/<int:centre_id>")
@requires(Permission.SEE_CENTRES)
def show(centre_id: int) -> Any:
    return render_template("places/show.html", centre=_centre(centre_id))


@bp.route("/centres/new", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRES)
def create() -> Any:
    return _edit(None, CentreFactsSchema(), {"languages": ["kk", "ru"]})


@bp.route("/centres/<int:centre_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRES)
def edit(centre_id: int) -> Any:
    centre, schema = _centre(centre_id), CentreStandingSchema()
    return _edit(centre, schema, {name: getattr(centre, name) for name in schema.fields})


def _edit(centre: Centre | None, schema: PageSchema, values: dict[str, Any]) -> Any:
    form = Form(schema, **values)
    if (
        form.submitted()
        and _in_scope(form)
        and form.saved(
            lambda: _save(centre, form.data), {"centre_exists": "name_kk"}, once=centre is None
        )
    ):
        flash(gettext("Changes saved."))
        return redirect(url_for("places.show", centre_id=form.result.id))
    return form.page("places/form.html", centre=centre)


def _in_scope(form: Form) -> bool:
    if not current_user.scope.covers(form.data["region"]):
        form.refuse("region", gettext("This region is outside the ones you work with."))
    return not form.errors


def _save(centre: Centre | None, data: dict[str, Any]) -> Centre:
    if centre is None:
        return services.register_centre(db.session, data, by=current_user.id)
    services.change_centre(db.session, centre, data, by=current_user.id)
    return centre


@bp.route("/centres/<int:centre_id>/transform", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRES)
def transform(centre_id: int) -> Any:
    centre = _centre(centre_id)
    form = Form(TransformationSchema(), changed_on=clock.today())
    if form.submitted() and form.saved(
        lambda: services.transform_centre(
            db.session,
            centre,
            form.data["kind"],
            on=form.data["changed_on"],
            source=form.data["source"],
            by=current_user.id,
            at=clock.now(),
        ),
        {"same_kind": "kind", "changed_later": "changed_on"},
        once=True,
    ):
        flash(gettext("Changes saved."))
        return redirect(url_for("places.show", centre_id=centre_id))
    return form.page("places/transform.html", centre=centre)
