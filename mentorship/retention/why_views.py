from typing import Any

from flask import abort, render_template, request
from flask_babel import gettext

from mentorship.database import db
from mentorship.figures.models import Build
from mentorship.figures.queries import match_facts, newest_build
from mentorship.permissions import Permission, Scope, requires
from mentorship.places.regions import REGIONS
from mentorship.places.words import own_region_names
from mentorship.retention import why_words as said
from mentorship.retention.why import Why, why_report
from mentorship.retention.why_endings import Ended
from mentorship.retention.why_matches import Places, past_of
from mentorship.web import plots, tables
from mentorship.web.tables import Book, Column, Kind, Sheet
from mentorship.web.words import CLOSURE_REASONS, ENDED_BY

COUNT, NUMBER = Kind.COUNT, Kind.NUMBER


@requires(Permission.SEE_FIGURES)
def why() -> Any:
    regions = own_region_names()
    region = request.args.get("region") or None
    if region is not None and region not in regions:
        abort(404)
    choice = {"regions": regions, "region": region, "said": said}
    build = newest_build(db.session)
    if build is None:
        return render_template("retention/why.html", build=None, **choice)
    report = _report(build, [region] if region else list(regions))
    kind = tables.wanted()
    if kind:
        name = regions[region] if region else gettext("All regions")
        return tables.answer(_book(report, build, name), kind)
    return render_template(
        "retention/why.html", build=build, report=report, chart=_chart(report), **choice
    )


def _report(build: Build, seen: list[str]) -> Why:
    """Of the whole country, so that marks are the same for everybody, cut to what is seen."""
    facts = match_facts(db.session, Scope(None))
    return why_report(past_of(facts, build.until), Places(list(REGIONS), seen))


def _chart(report: Why) -> plots.DifferenceChart | None:
    """Standard deviations, so that meetings and percents stand on one axis."""
    rows = [
        plots.Difference(
            str(said.TRAITS[each.trait]), *each.interval.in_spreads, said.whole_difference(each)
        )
        for each in report.drawn
        if each.interval and each.interval.in_spreads
    ]
    return plots.differences(rows) if rows else None


def _book(report: Why, build: Build, region: str) -> Book:
    return Book(
        gettext("Why matches end"),
        [
            *_ended_sheets(report.ended),
            Sheet(gettext("What went before"), _compared_columns(), _compared_rows(report)),
        ],
        definitions=said.definitions(report),
        filters=[(gettext("Region"), region)],
        until=build.until,
        computed=build.built_at,
    )


def _ended_sheets(ended: Ended) -> list[Sheet]:
    """As on the page: crossed for the country, lists for a part of it."""
    whom = [*ENDED_BY.values(), gettext("Total")]
    when = [*said.BANDS.values(), gettext("Total")]
    why = [*CLOSURE_REASONS.values(), gettext("Total")]
    number = Column(gettext("Matches"), COUNT)
    if not ended.is_crossed:
        lists = (
            (gettext("Who ended it"), whom, ended.by_side),
            (gettext("Time since the match began"), when, ended.bands[-1]),
            (gettext("Reason for closure"), why, ended.reasons[-1]),
        )
        return [
            Sheet(title, [Column(title), number], list(zip(names, counts, strict=True)))
            for title, names, counts in lists
        ]
    heads = [Column(gettext("Who ended it")), *(Column(word, COUNT) for word in when)]
    bands = [[name, *row] for name, row in zip(whom, ended.bands, strict=True)]
    turned = [Column(gettext("Reason for closure")), *(Column(word, COUNT) for word in whom)]
    by_reason = zip(*ended.reasons, strict=True)
    reasons = [[name, *row] for name, row in zip(why, by_reason, strict=True)]
    return [
        Sheet(gettext("Who and when"), heads, bands),
        Sheet(gettext("Reasons"), turned, reasons),
    ]


def _compared_columns() -> list[Column]:
    numbers = (
        gettext("Mean where the match ended early"),
        gettext("Mean where it lasted a year"),
        gettext("Difference"),
        gettext("From"),
        gettext("To"),
    )
    return [
        Column(gettext("In the first 90 days")),
        Column(gettext("Ended early: matches"), COUNT),
        Column(gettext("Lasted a year: matches"), COUNT),
        *(Column(word, NUMBER, 2) for word in numbers),
    ]


def _compared_rows(report: Why) -> list[list[Any]]:
    rows = []
    for each in report.compared:
        found = each.interval
        bounds = (found.value, found.low, found.high) if found else (None, None, None)
        numbers = (*(each.means or (None, None)), *bounds)
        shown = [None if n is None else said.in_file(each.trait, n) for n in numbers]
        rows.append([said.TRAITS[each.trait], *each.counts, *shown])
    return rows
