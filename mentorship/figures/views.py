from typing import Any

from flask import Blueprint, abort, render_template
from flask_login import current_user

from mentorship.database import db
from mentorship.figures import books, drawings, pages, words
from mentorship.figures.catalogue import MEASURES, Unit
from mentorship.figures.queries import newest_build
from mentorship.figures.rows import SOURCES, TIES
from mentorship.permissions import Permission, requires
from mentorship.web import tables
from mentorship.web.paging import Listing

bp = Blueprint("figures", __name__)
bp.record_once(lambda state: state.app.jinja_env.globals.update(measure_names=words.NAMES))


@bp.get("/figures/<measure>")
@requires(Permission.SEE_FIGURES)
def show(measure: str) -> Any:
    known = MEASURES.get(measure) or abort(404)
    build = newest_build(db.session)
    if build is None:
        return render_template("figures/none.html", measure=known, said=words)
    shown = pages.show(db.session, current_user.scope, measure, build)
    if kind := tables.wanted():
        return tables.answer(books.book(shown), kind)
    return render_template("figures/show.html", **page_of(shown))


@bp.get("/figures/<measure>/rows")
@requires(Permission.SEE_PEOPLE)
def rows(measure: str) -> Any:
    known = MEASURES.get(measure) or abort(404)
    build = newest_build(db.session) or abort(404)
    country = pages.country_of(current_user.scope)
    choice = pages.read_choice(known, country, build.until)
    asked = pages.rows_of(choice, current_user, country, build.until) or abort(404)
    source = SOURCES[measure]
    listing = Listing.from_request(["day"], ["region", "part", "period"])
    listing.fill(db.session, source.query(asked), {"day": source.day}, TIES[source.kind])
    shown = {"listing": listing, "choice": choice, "kind": source.kind, "build": build}
    return render_template("figures/rows.html", country=country, said=words, pages=pages, **shown)


def page_of(shown: pages.Shown) -> dict[str, Any]:
    rows = pages.known(shown.over_time)
    return {
        "shown": shown,
        "measure": shown.measure,
        "said": words,
        "pages": pages,
        "rows": rows,
        "line": drawings.over_time(shown.unit, pages.drawn(shown)),
        "tiles": drawings.tiles(shown),
        "rows_asked": pages.rows_of(shown.choice, current_user, shown.country, shown.build.until),
        "tones": drawings.TONES if shown.unit == Unit.SHARE else None,
        "bars": drawings.bars(shown.unit, shown.by_part),
    }


@bp.get("/figures/definitions")
@requires(Permission.SEE_RULES)
def definitions() -> Any:
    return render_template(
        "figures/definitions.html",
        measures=MEASURES.values(),
        said=words,
        build=newest_build(db.session),
    )
