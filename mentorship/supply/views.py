"""Supply and demand: who waits, who is free, staff, organisations, forms of placement."""

from collections.abc import Container
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from mentorship import clock
from mentorship.authorities.queries import norms
from mentorship.database import db
from mentorship.figures.queries import newest_build
from mentorship.figures.words import TONGUES
from mentorship.moves.words import FORMS
from mentorship.permissions import Permission, allows, requires
from mentorship.places.words import own_region_names
from mentorship.settings.services import value
from mentorship.supply import books, drawings, queries, services, words
from mentorship.supply.care import care_report
from mentorship.supply.facts import organisation_report
from mentorship.supply.reading import own_figures
from mentorship.supply.report import newest_brief, supply_report
from mentorship.supply.schemas import NEW, CorrectionSchema, PublishedSchema, columns, values
from mentorship.supply.vocabulary import Topic
from mentorship.web import tables
from mentorship.web.forms import Form

bp = Blueprint("supply", __name__)
bp.record_once(lambda state: state.app.jinja_env.globals.update(supply_words=words))
BESIDE_CHILDREN = (Topic.CHILDREN, Topic.IN_FAMILIES, Topic.RESIDENTS_CHANGE)
BESIDE_ORGANISATIONS = (
    Topic.SPECIALISTS,
    Topic.SPECIALISTS_BEFORE,
    Topic.SPECIALISTS_TARGET,
    Topic.ORGANISATIONS,
    Topic.ORGANISATIONS_CHANGE,
)
NEWEST = 15
"""So many transformations stand on the page."""


def _chosen(name: str, options: Container[str]) -> str | None:
    """The reader's choice in the address, or None for all; 404 for one outside their scope."""
    code = request.args.get(name) or None
    if code is not None and code not in options:
        abort(404)
    return code


@bp.get("/supply")
@requires(Permission.SEE_FIGURES)
def index() -> Any:
    build, names = newest_build(db.session), own_region_names()
    region, language = _chosen("region", names), _chosen("language", TONGUES)
    if build is None or not names:
        return render_template("supply/nothing.html", title=gettext("Supply and demand"))
    scope = current_user.scope
    report = supply_report(db.session, scope, build.until, region, language)
    few = not allows(current_user.role, Permission.DECIDE_PROPOSALS)
    brief = newest_brief(db.session, current_user, suppressed=few)
    if kind := tables.wanted():
        return tables.answer(books.supply(report, brief, build, region, language), kind)
    return render_template(
        "supply/index.html",
        report=report,
        brief=brief,
        build=build,
        tongues=TONGUES,
        chart=drawings.coverage_map(report),
        asked={"filters": {"region": region, "language": language}},
    )


@bp.get("/supply/children")
@requires(Permission.SEE_FIGURES)
def children() -> Any:
    build, names = newest_build(db.session), own_region_names()
    region = _chosen("region", names)
    if build is None or not names:
        return render_template("supply/nothing.html", title=gettext("Where children live"))
    report = care_report(db.session, current_user.scope, build.until, region)
    if kind := tables.wanted():
        return tables.answer(books.care(report, build, region), kind)
    return render_template(
        "supply/children.html",
        report=report,
        build=build,
        forms=FORMS,
        chart=drawings.care_areas(report) if report.is_drawable else None,
        beside=queries.published_by_topic(db.session, BESIDE_CHILDREN),
        asked={"filters": {"region": region}},
    )


@bp.get("/supply/organisations")
@requires(Permission.SEE_FIGURES)
def organisations() -> Any:
    scope, on = current_user.scope, clock.today()
    per = value(db.session, "guardianship.children_per_specialist")
    report = organisation_report(queries.organisations(db.session, scope), on)
    staff = list(norms(db.session, scope, on, per).values())
    if kind := tables.wanted():
        return tables.answer(books.organisations(report, staff, per, on), kind)
    return render_template(
        "supply/organisations.html",
        report=report,
        staff=sorted(staff, key=lambda norm: -(norm.shortage or 0)),
        per=per,
        on=on,
        rate=drawings.rate,
        charts_of={"kinds": drawings.kind_areas(report), "staff": drawings.norm_bars(staff, per)},
        changes=queries.transformations(db.session, scope),
        closed=queries.closed_organisations(db.session, scope),
        beside=queries.published_by_topic(db.session, BESIDE_ORGANISATIONS),
        most=NEWEST,
    )


@bp.get("/supply/published")
@requires(Permission.SEE_RULES)
def published() -> Any:
    topics = queries.published_by_topic(db.session)
    owns = own_figures(db.session, current_user.scope, clock.today())
    if kind := tables.wanted():
        return tables.answer(books.published(topics, owns), kind)
    return render_template(
        "supply/published.html",
        topics=topics,
        owns=owns,
        differ=queries.differ,
        withdrawn=queries.withdrawn(db.session),
    )


@bp.route("/supply/published/new", methods=["GET", "POST"])
@requires(Permission.EDIT_RULES)
def add_published() -> Any:
    form = Form(PublishedSchema(), **NEW)
    if form.submitted() and form.saved(
        lambda: services.publish_figure(
            db.session, columns(form.data), by=current_user.id, at=clock.now()
        ),
        once=True,
    ):
        flash(gettext("The figure was added."))
        return redirect(url_for("supply.published"))
    return form.page("supply/figure.html", figure=None, past=[])


@bp.route("/supply/published/<int:figure_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_RULES)
def correct_published(figure_id: int) -> Any:
    row = queries.find_published(db.session, figure_id) or abort(404)
    form = Form(CorrectionSchema(), **values(row))
    if form.submitted() and form.saved(
        lambda: services.correct_figure(
            db.session, row, columns(form.data), by=current_user.id, at=clock.now()
        ),
        once=True,
    ):
        flash(gettext("The figure was corrected."))
        return redirect(url_for("supply.published"))
    return form.page("supply/figure.html", figure=row, past=queries.history(db.session, row))
