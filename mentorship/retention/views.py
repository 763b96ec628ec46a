from typing import Any

from flask import Blueprint, render_template

from mentorship.database import db
from mentorship.figures.queries import newest_build
from mentorship.permissions import Permission, requires
from mentorship.retention import books, drawings, pages, why_views, words
from mentorship.retention.report import Whose, figures_of
from mentorship.web import tables

bp = Blueprint("retention", __name__)
bp.add_url_rule("/retention/why", view_func=why_views.why)
bp.record_once(lambda state: state.app.jinja_env.globals.update(retention_words=words))


@bp.get("/retention")
@requires(Permission.SEE_FIGURES)
def index() -> Any:
    return _lasting(Whose.MATCHES)


@bp.get("/retention/children")
@requires(Permission.SEE_FIGURES)
def children() -> Any:
    return _lasting(Whose.CHILDREN)


@bp.get("/retention/mentors")
@requires(Permission.SEE_FIGURES)
def mentors() -> Any:
    return _lasting(Whose.MENTORS)


@bp.get("/retention/cohorts")
@requires(Permission.SEE_FIGURES)
def cohorts() -> Any:
    asked, build = pages.chosen_region(), newest_build(db.session)
    if build is None:
        return render_template("retention/cohorts.html", build=None, asked=asked)
    study = figures_of(db.session, build).cohorts()
    quarters = [code for code in reversed(study.codes["quarter"]) if code]
    rows = [(code, study.group(asked.regions, "quarter", code)) for code in quarters]
    rows = [(code, group) for code, group in rows if group.count.value != 0]
    if kind := tables.wanted():
        return tables.answer(books.cohorts(rows, study.horizons, build, asked), kind)
    return render_template(
        "retention/cohorts.html", build=build, asked=asked, rows=rows, months=study.horizons
    )


@bp.get("/retention/endings")
@requires(Permission.SEE_FIGURES)
def endings() -> Any:
    asked, build = pages.chosen_region(), newest_build(db.session)
    if build is None:
        return render_template("retention/endings.html", build=None, asked=asked)
    shares = figures_of(db.session, build).ends(Whose.MATCHES).of(asked.regions)
    if kind := tables.wanted():
        return tables.answer(books.endings(shares, build, asked), kind)
    chart = drawings.ends(shares, words.WAYS)
    return render_template(
        "retention/endings.html", build=build, asked=asked, shares=shares, chart=chart
    )


def _lasting(whose: Whose) -> Any:
    """How long matches, children's time with mentors, or mentors last."""
    page, asked = f"retention/{whose}.html", pages.chosen(whose)
    build = newest_build(db.session)
    if build is None:
        return render_template(page, build=None, asked=asked, whose=whose)
    figures = figures_of(db.session, build)
    study = figures.study(whose)
    codes = list(asked.names) if asked.by == "region" else study.codes[asked.by]
    names = words.codes_of(asked.by, codes)
    found = figures.report(whose, asked.regions, asked.by, list(names))
    if kind := tables.wanted():
        return tables.answer(books.lasting(found, names, study.horizons, build, asked), kind)
    return render_template(
        page,
        build=build,
        asked=asked,
        whose=whose,
        report=found,
        names=names,
        months=study.horizons,
        shares=figures.ends(whose).of(asked.regions) if whose == Whose.MENTORS else None,
        curve=drawings.curve(found.chosen, asked.place),
        compared=drawings.groups(found, names) if asked.by != "region" else None,
        country=drawings.country(found) if asked.by == "region" else None,
    )
