from typing import Any

from flask import Blueprint, render_template
from flask_login import current_user

from mentorship import clock
from mentorship.dashboard import report, words
from mentorship.dashboard.overview import overview_figures
from mentorship.dashboard.queries import todays_work
from mentorship.database import db
from mentorship.permissions import Permission, requires

bp = Blueprint("dashboard", __name__)
bp.record_once(lambda state: state.app.jinja_env.globals.update(today_words=words))


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
    figures = overview_figures(db.session, current_user.scope, clock.today())
    return render_template("dashboard/overview.html", **figures)
