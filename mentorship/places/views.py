from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user

from mentorship.database import db
from mentorship.errors import DomainError
from mentorship.permissions import Permission, requires
from mentorship.places import queries, services
from mentorship.places.models import Centre
from mentorship.places.schemas import CentreSchema
from mentorship.web import words
from mentorship.web.forms import Form
from mentorship.web.once import use_token
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
    if form.submitted() and _in_scope(form):
        try:
            _save(centre, form)
        except DomainError as error:
            db.session.rollback()
            form.refuse("name_kk", words.problem(error))
        else:
            flash(gettext("Changes saved"))
            return redirect(url_for("places.index"))
    page = render_template("places/form.html", form=form, centre=centre)
    return page, 422 if form.errors else 200


def _in_scope(form: Form) -> bool:
    if not current_user.scope.covers(form.data["region"]):
        form.refuse("region", gettext("This region is outside the ones you work with."))
    return not form.errors


def _save(centre: Centre | None, form: Form) -> None:
    if centre is None:
        use_token(db.session, form.token)
        services.register_centre(db.session, form.data, by=current_user.id)
    else:
        services.change_centre(db.session, centre, form.data, by=current_user.id)
    db.session.commit()
