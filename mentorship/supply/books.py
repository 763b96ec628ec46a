"""The pages of supply and demand as tables of a file."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext

from mentorship.authorities.queries import Norm
from mentorship.figures.models import Build
from mentorship.figures.words import TONGUES
from mentorship.i18n import chosen_language
from mentorship.moves.words import FORMS
from mentorship.places.words import region_name
from mentorship.supply import words
from mentorship.supply.care import CareReport
from mentorship.supply.drawings import rate
from mentorship.supply.facts import OrganisationReport
from mentorship.supply.models import PublishedFigure
from mentorship.supply.reading import Own
from mentorship.supply.report import Brief, Line, SupplyReport
from mentorship.supply.vocabulary import Topic
from mentorship.web.tables import Book, Column, Kind, Sheet
from mentorship.web.words import CENTRE_KINDS


def supply(
    report: SupplyReport,
    brief: Brief | None,
    build: Build,
    region: str | None,
    language: str | None,
) -> Book:
    """Supply and demand by region, and by language."""
    own = [
        Column(gettext("Children waiting"), Kind.COUNT),
        Column(gettext("Mentors free"), Kind.COUNT),
        Column(gettext("Children to a free mentor"), Kind.NUMBER),
        Column(gettext("Children with a mentor"), Kind.SHARE),
    ]
    more = [Column(gettext("Recruitment brief"), Kind.COUNT), Column(gettext("What to do next"))]
    asked = brief.regions if brief else {}
    regions = [
        [region_name(line.code), *_cells(line), asked.get(line.code), words.STEPS[line.step]]
        for line in report.regions
    ]
    languages = [[TONGUES[line.code], *_cells(line)] for line in report.languages]
    total = [gettext("In all"), *_cells(report.total), brief.total if brief else None, None]
    return Book(
        title=gettext("Supply and demand"),
        sheets=[
            Sheet(
                gettext("By region"), [Column(gettext("Region")), *own, *more], [*regions, total]
            ),
            Sheet(gettext("By language"), [Column(gettext("Language")), *own], languages),
        ],
        definitions=words.DEFINITIONS,
        filters=[
            *([(gettext("Region"), region_name(region))] if region else []),
            *([(gettext("Language"), TONGUES[language])] if language else []),
        ],
        until=build.until,
        computed=build.built_at,
    )


def _cells(line: Line) -> list[Any]:
    return [line.waiting, line.free, line.per_mentor, line.coverage]


def care(report: CareReport, build: Build, region: str | None) -> Book:
    """Children by form of placement over the years."""
    columns = [
        Column(gettext("Day"), Kind.DAY),
        Column(gettext("In all"), Kind.COUNT),
        Column(gettext("In families"), Kind.SHARE),
        *(Column(FORMS[form], Kind.COUNT) for form in report.forms),
    ]
    rows = [
        [year.day, year.total, year.in_families, *(year.forms[form] for form in report.forms)]
        for year in report.years
    ]
    return Book(
        title=gettext("Where children live"),
        sheets=[Sheet(gettext("Where children live"), columns, rows)],
        filters=[(gettext("Region"), region_name(region))] if region else [],
        until=build.until,
        computed=build.built_at,
    )


def organisations(report: OrganisationReport, staff: Sequence[Norm], per: int, on: date) -> Book:
    """Organisations by region and kind and over the years, and specialists against the norm."""
    kinds = list(report.kinds)
    counts = [Column(CENTRE_KINDS[kind], Kind.COUNT) for kind in kinds]
    by_region = [
        [region_name(code), *(counted[kind] for kind in kinds)]
        for code, counted in report.regions.items()
    ]
    by_year = [[day, *(report.kinds[k][i] for k in kinds)] for i, day in enumerate(report.days)]
    norm = [
        Column(gettext("Region")),
        Column(gettext("Children"), Kind.COUNT),
        Column(gettext("At work"), Kind.COUNT),
        Column(gettext("For %(number)s children", number=per), Kind.NUMBER, digits=2),
        Column(gettext("Needed"), Kind.COUNT),
        Column(gettext("Missing"), Kind.COUNT),
    ]
    rows = [
        [
            region_name(each.region),
            each.population.children if each.population else None,
            each.specialists,
            rate(each, per),
            each.needed,
            each.shortage,
        ]
        for each in staff
    ]
    return Book(
        title=gettext("Organisations and staff"),
        sheets=[
            Sheet(gettext("By region"), [Column(gettext("Region")), *counts], by_region),
            Sheet(gettext("Over time"), [Column(gettext("Day"), Kind.DAY), *counts], by_year),
            Sheet(gettext("Specialists"), norm, rows),
        ],
        until=on,
    )


def published(topics: Mapping[Topic, Sequence[PublishedFigure]], owns: Mapping[Topic, Own]) -> Book:
    """Every published figure beside the register's own, both with their dates."""
    columns = [
        Column(gettext("Subject")),
        Column(gettext("What is counted")),
        Column(gettext("Published")),
        Column(gettext("As of"), Kind.DAY),
        Column(gettext("Source")),
        Column(gettext("How sure")),
        Column(gettext("In this register")),
        Column(gettext("On"), Kind.DAY),
    ]
    rows = [
        [
            words.TOPICS[topic],
            row.name(chosen_language()),
            words.shown(row),
            row.as_of or gettext("undated"),
            row.source,
            words.CERTAINTIES[row.certainty],
            owns[topic].text if topic in owns else gettext("not recorded"),
            owns[topic].on if topic in owns else None,
        ]
        for topic, some in topics.items()
        for row in some
    ]
    return Book(
        title=gettext("Published figures"),
        sheets=[Sheet(gettext("Published figures"), columns, rows)],
        notes=[gettext("Where sources say different things, all of them are given.")],
    )
