"""Indicators as files: plan and fact of every year, and how each is computed."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext

from mentorship.figures.books import KINDS, cell
from mentorship.figures.catalogue import Unit
from mentorship.figures.models import Build
from mentorship.i18n import chosen_language
from mentorship.indicators import words
from mentorship.indicators.models import Indicator
from mentorship.indicators.plans import Year
from mentorship.web.tables import Book, Cell, Column, Kind, Sheet

Row = tuple[Indicator, Sequence[Year]]


def programme(rows: Iterable[Row], build: Build | None) -> Book:
    """Every indicator by year."""
    return _book(gettext("Programme indicators"), list(rows), build)


def one(row: Indicator, years: Sequence[Year], build: Build | None) -> Book:
    """One indicator by year."""
    return _book(row.name(chosen_language()), [(row, years)], build)


def _book(title: str, rows: list[Row], build: Build | None) -> Book:
    shares = [each for each in rows if each[1][0].unit == Unit.SHARE]
    others = [each for each in rows if each[1][0].unit != Unit.SHARE]
    percent, numbers = gettext("In percent"), gettext("Numbers")
    tables = ((percent, Kind.SHARE, shares), (numbers, Kind.NUMBER, others))
    return Book(
        title,
        [_sheet(name, kind, some) for name, kind, some in tables if some],
        [(row.name(chosen_language()), words.formula(row.now)) for row, _ in rows],
        until=build.until if build else None,
        computed=build.built_at if build else None,
        notes=[
            gettext("Examples are made up to show how the page works.")
            for _ in range(any(row.is_example for row, _ in rows))
        ],
    )


def _sheet(title: str, kind: Kind, rows: list[Row]) -> Sheet:
    columns = [
        Column(gettext("Indicator")),
        Column(gettext("Year"), Kind.TEXT),
        Column(gettext("Plan"), kind, 1 if kind == Kind.SHARE else 2),
        Column(gettext("Fact"), kind, 0 if kind == Kind.SHARE else 2),
        Column(gettext("How it stands")),
        Column(gettext("How it is computed")),
        Column(gettext("Where")),
        Column(gettext("Version"), Kind.COUNT),
        Column(gettext("Source")),
    ]
    return Sheet(title, columns, [_line(row, year) for row, years in rows for year in years])


def _line(row: Indicator, year: Year) -> list[Any]:
    edition, kind = year.edition, KINDS.get(year.unit, Kind.NUMBER)  # a formula can change it
    digits = (1, 0) if year.unit == Unit.SHARE else (2, 2)
    return [
        row.name(chosen_language()),
        str(year.year),
        Cell(year.target.value if year.target else None, kind, digits[0]),
        Cell(cell(year.unit, year.value), kind, digits[1]),
        words.gap(year),
        words.formula(edition),
        words.place(edition),
        edition.version,
        year.target.source if year.target else edition.source,
    ]
