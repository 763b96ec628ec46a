from typing import Any

from flask import Blueprint, abort, render_template

from mentorship.figures import words
from mentorship.figures.catalogue import MEASURES
from mentorship.permissions import Permission, requires

bp = Blueprint("figures", __name__)
bp.record_once(lambda state: state.app.jinja_env.globals.update(measure_names=words.NAMES))


@bp.get("/figures/<measure>")
@requires(Permission.SEE_FIGURES)
def show(measure: str) -> Any:
    if measure not in MEASURES:
        abort(404)
    return render_template("figures/show.html", measure=MEASURES[measure], said=words)
