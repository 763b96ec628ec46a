from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user

from mentorship import clock
from mentorship.authorities import queries, services
from mentorship.authorities.models import Authority
from mentorship.authorities.schemas import AuthoritySchema, PopulationSchema, SpecialistSchema
from mentorship.database import db
from mentorship.i18n import chosen_language
from mentorship.permissions import Permission, requires
from mentorship.places.regions import REGIONS
from mentorship.places.words import region_names
from mentorship.settings.services import value
from mentorship.web.forms import Form
from mentorship.web.paging import Listing

bp = Blueprint("authorities", __name__)


def _authority(authority_id: int) -> Authority:
    return queries.find_authority(db.session, current_user.scope, authority_id) or abort(404)


@bp.get("/authorities")
@requires(Permission.SEE_CENTRES)
def index() -> Any:
    listing = Listing.from_request(["name", "region"], ["region"])
    asked = listing.q, listing.filters
    query = queries.search_authorities(current_user.scope, *asked, clock.today())
    orders = {"name": Authority.sort_key, "region": Authority.region}
    listing.fill(db.session, query, orders, Authority.id)
    return render_template("authorities/index.html", listing=listing)


@bp.get("/authorities/<int:authority_id>")
@requires(Permission.SEE_CENTRES)
def show(authority_id: int) -> Any:
    return render_template("authorities/show.html", authority=_authority(authority_id))


@bp.route("/authorities/new", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRES)
def create() -> Any:
    return _edit(None, {"open": True})


@bp.route("/authorities/<int:authority_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRES)
def edit(authority_id: int) -> Any:
    row = _authority(authority_id)
    return _edit(row, {name: getattr(row, name) for name in AuthoritySchema().fields})


def _edit(row: Authority | None, values: dict[str, Any]) -> Any:
    form = Form(AuthoritySchema(), **values)
    if (
        form.submitted()
        and _in_scope(form)
        and form.saved(lambda: _save(row, form.data), once=row is None)
    ):
        flash(gettext("Changes saved."))
        return redirect(url_for("authorities.show", authority_id=form.result.id))
    return form.page("authorities/form.html", authority=row)


def _in_scope(form: Form) -> bool:
    if not current_user.scope.covers(form.data["region"]):
        form.refuse("region", gettext("This region is outside the ones you work with."))
    return not form.errors


def _save(row: Authority | None, data: dict[str, Any]) -> Authority:
    if row is None:
        return services.register_authority(db.session, data, by=current_user.id)
    services.change_authority(db.session, row, data, by=current_user.id)
    return row


@bp.route("/authorities/<int:authority_id>/specialists/new", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRES)
def add_specialist(authority_id: int) -> Any:
    authority = _authority(authority_id)
    form = Form(SpecialistSchema(), from_on=clock.today(), language=chosen_language())
    if form.submitted() and form.saved(
        lambda: services.add_specialist(db.session, authority, form.data, by=current_user.id),
        once=True,
    ):
        flash(gettext("Changes saved."))
        return redirect(url_for("authorities.show", authority_id=authority_id))
    return form.page("authorities/specialist.html", authority=authority, specialist=None)


@bp.route("/specialists/<int:specialist_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRES)
def change_specialist(specialist_id: int) -> Any:
    found = queries.find_specialist(db.session, current_user.scope, specialist_id)
    row = found or abort(404)
    schema = SpecialistSchema()
    form = Form(schema, **{name: getattr(row, name) for name in schema.fields})
    if form.submitted() and form.saved(
        lambda: services.change_specialist(db.session, row, form.data, by=current_user.id)
    ):
        flash(gettext("Changes saved."))
        return redirect(url_for("authorities.show", authority_id=row.authority_id))
    return form.page("authorities/specialist.html", authority=row.authority, specialist=row)


@bp.get("/authorities/norm")
@requires(Permission.SEE_CENTRES)
def norm() -> Any:
    per_specialist = value(db.session, "guardianship.children_per_specialist")
    found = queries.norms(db.session, current_user.scope, clock.today(), per_specialist)
    rows = [found[region] for region in region_names() if region in found]
    sources = {(row.population.source, row.population.as_of) for row in rows if row.population}
    return render_template(
        "authorities/norm.html", rows=rows, per_specialist=per_specialist, sources=sources
    )


@bp.route("/authorities/norm/<region>", methods=["GET", "POST"])
@requires(Permission.EDIT_RULES)
def population(region: str) -> Any:
    if region not in REGIONS:
        abort(404)
    form = Form(PopulationSchema())
    if form.submitted() and form.saved(
        lambda: services.record_population(
            db.session, region, **form.data, by=current_user.id, at=clock.now()
        ),
        {"population_known": "children"},
        once=True,
    ):
        flash(gettext("Changes saved."))
        return redirect(url_for("authorities.norm"))
    past = queries.populations_of(db.session, region)
    return form.page("authorities/population.html", region=region, past=past)
