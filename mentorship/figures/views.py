from typing import Any

from flask import Blueprint, abort, render_template
from flask_login import current_user

from mentorship.database import db
from mentorship.figures import books, drawings, pages, words
from mentorship.figures.catalogue import MEASURES, Unit
from mentorship.figures.queries import newest_build
from mentorship.permissions import Permission, requires
from mentorship.web import tables

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


def page_of(shown: pages.Shown) -> dict[str, Any]:
    rows = pages.known(shown.over_time)
    return {
        "shown": shown,
        "measure": shown.measure,
        "said": words,
        "pages": pages,
        "rows": rows,
        "line": drawings.over_time(shown.unit, rows),
        "tiles": drawings.tiles(shown),
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
