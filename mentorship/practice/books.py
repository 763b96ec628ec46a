"""How the work is done, as files."""

from typing import Any

from flask_babel import gettext

from mentorship.candidates.words import STEPS
from mentorship.figures import words
from mentorship.figures.books import cell
from mentorship.figures.books import definitions as figure_definitions
from mentorship.figures.catalogue import MEASURES, Unit
from mentorship.figures.models import Build
from mentorship.figures.values import Value
from mentorship.places.words import region_name
from mentorship.practice import words as said
from mentorship.practice.report import LYING, WAITS, Desk, Pipeline, Practice, Wait
from mentorship.web.periods import period_words
from mentorship.web.tables import Book, Column, Kind, Sheet
from mentorship.web.words import CONTACT_KINDS

SHARE, COUNT, NUMBER = Kind.SHARE, Kind.COUNT, Kind.NUMBER


def practice_book(found: Practice, desk: Desk, build: Build, where: str) -> Book:
    """The tables of the page about practice."""
    on_time = gettext("Share of contacts held on time")
    shares = [
        (gettext("By kind"), gettext("Contact with"), _named(CONTACT_KINDS, found.by_kind)),
        (
            gettext("By region"),
            gettext("Region"),
            [(region_name(kato), value) for kato, value in found.by_region.items()],
        ),
        (
            gettext("Over time"),
            gettext("Period"),
            [(period_words(period), value) for period, value in found.over_time],
        ),
    ]
    sheets = [
        Sheet(
            title,
            [Column(head), Column(gettext("Contacts due"), COUNT), Column(on_time, SHARE)],
            [[name, value.of, cell(Unit.SHARE, value)] for name, value in rows],
        )
        for title, head, rows in shares
    ]
    waits = [
        [said.WAITS[wait.code], *_took(wait), cell(Unit.COUNT, wait.still) if wait.still else None]
        for wait in found.waits
    ]
    columns = [
        Column(gettext("What took time")),
        *_took_columns(),
        Column(gettext("Still waiting now"), COUNT),
    ]
    sheets += [Sheet(gettext("Waits"), columns, waits), _lying_sheet(found)]
    codes = ["share_on_time", *(measure for measure, _ in WAITS.values()), *LYING]
    return _book(gettext("How the work is done"), sheets, codes, desk, build, where)


def _named(names: Any, values: dict[str, Value]) -> list[tuple[Any, Value]]:
    return [(names[code], value) for code, value in values.items()]


def _took_columns() -> list[Column]:
    return [
        Column(gettext("How many"), COUNT),
        Column(gettext("A quarter took at most (days)"), NUMBER),
        Column(gettext("Half took at most (days)"), NUMBER),
        Column(gettext("Three quarters took at most (days)"), NUMBER),
        Column(gettext("Mean (days)"), NUMBER),
    ]


def _took(wait: Wait) -> list[Any]:
    spread = wait.spread
    three = (spread.low, spread.median, spread.high) if spread else (None, None, None)
    return [wait.count, *three, wait.mean.amount]


def _lying_sheet(found: Practice) -> Sheet:
    columns = [Column(gettext("What waits")), Column(gettext("Of these"))]
    rows = []
    for each in found.lying:
        name = words.NAMES[each.measure]
        rows.append([name, gettext("All"), cell(Unit.COUNT, each.value)])
        parts = words.parts_words(each.measure)
        rows += [[name, parts[p], cell(Unit.COUNT, value)] for p, value in each.parts.items()]
    return Sheet(gettext("Now"), [*columns, Column(gettext("Number"), COUNT)], rows)


def pipeline_book(found: Pipeline, desk: Desk, build: Build, where: str) -> Book:
    """The tables of the page about candidates."""
    now = Column(gettext("In this step now"), COUNT)
    steps = [
        [STEPS[line.step], cell(Unit.COUNT, line.now), *_took(line.took)] for line in found.steps
    ]
    quarters = [
        [period_words(period), cell(Unit.COUNT, applied), cell(Unit.COUNT, issued)]
        for period, applied, issued in found.over_time
    ]
    heads = (gettext("Applications to become a mentor"), gettext("Certificates issued"))
    sheets = [
        Sheet(gettext("Steps"), [Column(gettext("Step")), now, *_took_columns()], steps),
        Sheet(
            gettext("Over time"),
            [Column(gettext("Period")), *(Column(head, COUNT) for head in heads)],
            quarters,
        ),
    ]
    codes = ["candidates", "days_per_step", "applications", "certificates_issued"]
    title = gettext("From application to mentor")
    return _book(title, sheets, codes, desk, build, where)


def _book(
    title: str, sheets: list[Sheet], codes: list[str], desk: Desk, build: Build, where: str
) -> Book:
    measures = [MEASURES[code] for code in codes]
    return Book(
        title,
        sheets,
        definitions=[*figure_definitions(measures), *said.definitions()],
        filters=[(gettext("Region"), where), (gettext("Year"), desk.year.code)],
        until=build.until,
        computed=build.built_at,
    )
