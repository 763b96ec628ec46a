from collections.abc import Container
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask_login import current_user

from mentorship import clock
from mentorship.database import db
from mentorship.permissions import Permission, requires
from mentorship.places.words import region_names
from mentorship.retention import chart, queries, why_views
from mentorship.retention.report import Cohorts, retention_report

bp = Blueprint("retention", __name__)
bp.add_url_rule("/retention/why", view_func=why_views.why)


@bp.get("/retention")
@requires(Permission.SEE_FIGURES)
def index() -> Any:
    on, scope = clock.today(), current_user.scope
    regions = {kato: name for kato, name in region_names().items() if scope.covers(kato)}
    rows = queries.match_rows(db.session, scope)
    cohorts = Cohorts(rows, list(regions), on)
    region, year = _chosen("region", regions), _chosen("year", cohorts.years)
    report = retention_report(cohorts, rows, on, region, year)
    group = report.chosen
    drawing = chart.draw(group.curve, group.known_until) if group.curve else None
    years = {each: each for each in cohorts.years}
    choice = {"regions": regions, "years": years, "region": region, "year": year}
    return render_template(
        "retention/index.html", report=report, drawing=drawing, chart=chart, on=on, **choice
    )


def _chosen(name: str, options: Container[str]) -> str | None:
    """The reader's choice in the address, or None for all; 404 for one outside their scope."""
    code = request.args.get(name) or None
    if code is not None and code not in options:
        abort(404)
    return code
