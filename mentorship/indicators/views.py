from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from mentorship import clock
from mentorship.database import db
from mentorship.figures.catalogue import Unit
from mentorship.figures.queries import newest_build
from mentorship.i18n import chosen_language
from mentorship.indicators import books, drawings, queries, services, words
from mentorship.indicators.models import Indicator, IndicatorEdition, IndicatorTarget
from mentorship.indicators.pages import Facts, unit_of
from mentorship.indicators.schemas import IndicatorSchema, ShareTargetSchema, TargetSchema
from mentorship.indicators.vocabulary import FACTORS, YEARS
from mentorship.permissions import Permission, requires
from mentorship.web import tables
from mentorship.web.forms import Form

bp = Blueprint("indicators", __name__)
BESIDE = {"indicator_name_taken": "name_kk", "indicator_year_over": "from_year"}


@bp.get("/indicators")
@requires(Permission.SEE_PROGRAMME)
def index() -> Any:
    build = newest_build(db.session)
    facts = Facts(db.session, build)
    rows = [(row, facts.years(row)) for row in queries.indicators(db.session)]
    if kind := tables.wanted():
        return tables.answer(books.programme(rows, build), kind)
    this_year = min(max(clock.today().year, YEARS[0]), YEARS[-1])
    shown = {"rows": rows, "build": build, "this_year": this_year, "years": YEARS, "said": words}
    return render_template("indicators/index.html", **shown)


@bp.get("/indicators/<int:indicator_id>")
@requires(Permission.SEE_PROGRAMME)
def show(indicator_id: int) -> Any:
    row = _found(indicator_id)
    build = newest_build(db.session)
    years = Facts(db.session, build).years(row)
    if kind := tables.wanted():
        return tables.answer(books.one(row, years, build), kind)
    return render_template(
        "indicators/show.html",
        row=row,
        now=row.now,
        years=years,
        build=build,
        bars=drawings.bars(years),
        said=words,
        unit_of=unit_of,
    )


@bp.route("/indicators/new", methods=["GET", "POST"])
@requires(Permission.EDIT_RULES)
def add() -> Any:
    year = str(min(max(clock.today().year, YEARS[0]), YEARS[-1]))
    form = Form(IndicatorSchema(), formula="measure", direction="more", from_year=year)
    if form.submitted() and form.saved(lambda: _add(form.data), BESIDE, once=True):
        flash(gettext("The indicator is defined. Plan its targets below."))
        return redirect(url_for("indicators.show", indicator_id=form.result.id))
    return form.page("indicators/form.html", row=None)


def _add(data: dict[str, Any]) -> Indicator:
    return services.add_indicator(db.session, data, by=current_user.id, at=clock.now())


@bp.route("/indicators/<int:indicator_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_RULES)
def edit(indicator_id: int) -> Any:
    row = _found(indicator_id)
    form = Form(IndicatorSchema(), **_values(row.now))
    if form.submitted() and form.saved(lambda: _change(row, form.data), BESIDE, once=True):
        flash(gettext("Changes saved."))
        return redirect(url_for("indicators.show", indicator_id=row.id))
    return form.page("indicators/form.html", row=row)


def _change(row: Indicator, data: dict[str, Any]) -> IndicatorEdition:
    now, today = clock.now(), clock.today()
    known = Facts(db.session, newest_build(db.session)).years(row)
    facts = {
        each.year: each.value.amount
        for each in known
        if each.edition is row.now and each.year <= today.year
    }
    seen = request.form.get("edition", type=int) or 0  # a page that does not say is old
    given = {"by": current_user.id, "on": today, "at": now, "seen": seen}
    return services.change_indicator(db.session, row, data, facts, **given)


def _values(now: IndicatorEdition) -> dict[str, Any]:
    """The newest edition as its form shows it."""
    names = ("name_kk", "name_ru", "name_en", "formula", "region", "direction", "source", "owner")
    factors = {number: code for code, number in FACTORS.items()}
    return {name: getattr(now, name) for name in names} | {
        "measure": "/".join(filter(None, (now.measure, now.part))) or None,
        "base": "/".join(filter(None, (now.base, now.base_part))) or None,
        "factor": factors.get(now.factor or 0),
        "months": str(now.months) if now.months else None,
        "from_year": str(max(now.from_year, min(clock.today().year, YEARS[-1]))),
    }


@bp.route("/indicators/<int:indicator_id>/targets/<int:year>", methods=["GET", "POST"])
@requires(Permission.EDIT_RULES)
def target(indicator_id: int, year: int) -> Any:
    row = _found(indicator_id)
    if year not in YEARS:
        abort(404)
    is_share = unit_of(row.edition_of(year)) == Unit.SHARE
    schema, scale = (ShareTargetSchema(), 100) if is_share else (TargetSchema(), 1)
    before = row.target(year)
    shown = _planned(before, scale) if before else {}
    form = Form(schema, **shown)
    if form.submitted() and form.saved(lambda: _plan(row, year, form.data, scale), once=True):
        flash(gettext("The target of %(year)s is saved.", year=year))
        return redirect(url_for("indicators.show", indicator_id=row.id))
    given = {"row": row, "year": year, "unit": unit_of(row.edition_of(year)), "said": words}
    return form.page("indicators/target.html", **given)


def _planned(before: IndicatorTarget, scale: int) -> dict[str, Any]:
    return {"value": f"{(before.value or 0) * scale:g}", "source": before.source}


def _plan(row: Indicator, year: int, data: dict[str, Any], scale: int) -> None:
    value = None if data["value"] is None else round(data["value"] / scale, 6)
    given = {"source": data["source"], "by": current_user.id, "at": clock.now()}
    services.set_target(db.session, row, year, value, **given)


@bp.post("/indicators/<int:indicator_id>/end")
@requires(Permission.EDIT_RULES)
def end(indicator_id: int) -> Any:
    row = _found(indicator_id)
    services.end_indicator(db.session, row, by=current_user.id, on=clock.today())
    name = row.name(chosen_language())
    flash(gettext("The indicator is no longer followed: %(name)s", name=name))
    db.session.commit()
    return redirect(url_for("indicators.index"))


def _found(indicator_id: int) -> Indicator:
    return queries.find(db.session, indicator_id) or abort(404)
