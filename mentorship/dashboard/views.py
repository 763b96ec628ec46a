from typing import Any

from flask import Blueprint, abort, render_template, request
from flask_login import current_user

from mentorship import clock
from mentorship.dashboard import drawings, report, words
from mentorship.dashboard.overview import ON_MAP, OVER_TIME
from mentorship.dashboard.overview import overview as read_overview
from mentorship.dashboard.queries import todays_work
from mentorship.database import db
from mentorship.figures import words as figure_words
from mentorship.figures.queries import newest_build
from mentorship.permissions import Permission, requires
from mentorship.web.periods import period_words

bp = Blueprint("dashboard", __name__)
bp.record_once(
    lambda state: state.app.jinja_env.globals.update(today_words=words, period_words=period_words)
)


@bp.get("/today")
@requires(Permission.CARE_FOR_MATCHES)
def today() -> Any:
    work = todays_work(db.session, current_user, clock.today(), clock.now())
    return render_template("dashboard/today.html", work=work)


@bp.get("/team")
@requires(Permission.SEE_FIGURES)
def team() -> Any:
    lines = report.team(db.session, current_user, clock.today(), clock.now())
    return render_template("dashboard/team.html", lines=lines)


@bp.get("/overview")
@requires(Permission.SEE_FIGURES)
def overview() -> Any:
    build, on_map = newest_build(db.session), request.args.get("measure") or ON_MAP[0]
    if on_map not in ON_MAP:
        abort(404)
    if build is None:
        return render_template("dashboard/not_computed.html")
    found = read_overview(db.session, current_user.scope, build, on_map)
    return render_template(
        "dashboard/overview.html",
        found=found,
        on_map=on_map,
        map=drawings.regions(found, on_map),
        charts_over_time=drawings.over_time(found),
        measures={"on_map": ON_MAP, "over_time": OVER_TIME},
        said=figure_words,
    )
