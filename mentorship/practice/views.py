from datetime import date
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask_login import current_user

from mentorship.candidates.words import STEPS
from mentorship.database import db
from mentorship.figures import words as figure_words
from mentorship.figures.queries import newest_build
from mentorship.permissions import Permission, requires
from mentorship.places.words import own_region_names
from mentorship.practice import books, drawings, report, words
from mentorship.practice.report import Desk, years
from mentorship.settings.services import value
from mentorship.web import tables
from mentorship.web.periods import Step, period_of, period_words

bp = Blueprint("practice", __name__)


@bp.get("/practice")
@requires(Permission.SEE_FIGURES)
def index() -> Any:
    build = newest_build(db.session)
    if build is None:
        return render_template("practice/none.html")
    desk = _desk(build.until)
    found, where = report.practice(desk), _where(desk)
    if kind := tables.wanted():
        return tables.answer(books.practice_book(found, desk, build, where), kind)
    charts = drawings.of_practice(found, desk)
    idle = value(db.session, "practice.idle_days")
    return render_template(
        "practice/index.html", found=found, **charts, idle=idle, **_page(desk, build, where)
    )


@bp.get("/practice/pipeline")
@requires(Permission.SEE_FIGURES)
def pipeline() -> Any:
    build = newest_build(db.session)
    if build is None:
        return render_template("practice/none.html")
    desk = _desk(build.until)
    found, where = report.pipeline(desk), _where(desk)
    if kind := tables.wanted():
        return tables.answer(books.pipeline_book(found, desk, build, where), kind)
    charts = drawings.of_pipeline(found)
    return render_template(
        "practice/pipeline.html", found=found, steps=STEPS, **charts, **_page(desk, build, where)
    )


def _desk(until: date) -> Desk:
    """The reader's choice in the address; 404 for what is outside their scope or unknown."""
    region, year = (request.args.get(name) or None for name in ("region", "year"))
    if (region and region not in own_region_names()) or (year and year not in years(until)):
        abort(404)
    first = date(int(year), 1, 1) if year else until
    return Desk(db.session, current_user.scope, until, region, period_of(first, Step.YEAR))


def _where(desk: Desk) -> str:
    return drawings.region_title(desk.region, len(own_region_names()))


def _page(desk: Desk, build: Any, where: str) -> dict[str, Any]:
    """What both pages have: the choice, and words."""
    return {
        "build": build,
        "desk": desk,
        "where": where,
        "regions": own_region_names(),
        "years": {year: year for year in years(build.until)},
        "said": words,
        "figure_words": figure_words,
        "period_words": period_words,
    }
