from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user

from mentorship.database import db
from mentorship.permissions import Permission, requires
from mentorship.places import queries, services
from mentorship.places.models import Centre
from mentorship.places.schemas import CentreSchema
from mentorship.web.forms import Form
from mentorship.web.paging import Listing

bp = Blueprint("places", __name__)


@bp.get("/centres")
@requires(Permission.SEE_CENTRES)
def index() -> Any:
    listing = Listing.from_request(["name", "region", "town"], ["region", "kind"])
    query = queries.search_centres(current_user.scope, listing.q, listing.filters)
    orders = {"name": Centre.sort_key, "region": Centre.region, "town": Centre.town}
    listing.fill(db.session, query, orders, Centre.id)
    return render_template("places/index.html", listing=listing)


@bp.route("/centres/new", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRES)
def create() -> Any:
    return _edit(None)


@bp.route("/centres/<int:centre_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRES)
def edit(centre_id: int) -> Any:
    query = queries.visible_centres(current_user.scope).where(Centre.id == centre_id)
    return _edit(db.session.scalars(query).first() or abort(404))


def _edit(centre: Centre | None) -> Any:
    names = ("name_kk", "name_ru", "kind", "region", "town")
    form = Form(CentreSchema(), **({n: getattr(centre, n) for n in names} if centre else {}))
    if (
        form.submitted()
        and _in_scope(form)
        and form.saved(
            lambda: _save(centre, form.data), {"centre_exists": "name_kk"}, once=centre is None
        )
    ):
        flash(gettext("Changes saved."))
        return redirect(url_for("places.index"))
    return form.page("places/form.html", centre=centre)


def _in_scope(form: Form) -> bool:
    if not current_user.scope.covers(form.data["region"]):
        form.refuse("region", gettext("This region is outside the ones you work with."))
    return not form.errors


def _save(centre: Centre | None, data: dict[str, Any]) -> None:
    if centre is None:
        services.register_centre(db.session, data, by=current_user.id)
    else:
        services.change_centre(db.session, centre, data, by=current_user.id)
