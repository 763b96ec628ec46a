"""A measure, and all definitions, as files."""

from typing import Any

from flask_babel import gettext

from mentorship.figures import words
from mentorship.figures.catalogue import MEASURES, Measure, Unit
from mentorship.figures.pages import Line, Shown, known
from mentorship.figures.values import Value
from mentorship.web.tables import Book, Column, Kind, Sheet

KINDS = {Unit.COUNT: Kind.COUNT, Unit.SHARE: Kind.SHARE}


def book(shown: Shown) -> Book:
    """What the page of a measure shows, as tables."""
    measure = shown.measure
    tables = [
        (gettext("Over time"), gettext("Period"), known(shown.over_time)),
        (gettext("By region"), gettext("Region"), shown.by_region),
        (str(shown.part_title), gettext("Part"), shown.by_part),
    ]
    return Book(
        words.NAMES[measure.code],
        [_sheet(title, head, rows, measure) for title, head, rows in tables if rows],
        definitions([measure]),
        filters=_filters(shown),
        until=shown.build.until,
        computed=shown.build.built_at,
    )


def _filters(shown: Shown) -> list[tuple[Any, Any]]:
    found = [(gettext("Region"), shown.where), (gettext("Period"), shown.when)]
    if shown.choice.part:
        part = words.part_options(shown.measure)[shown.choice.part]
        found.append((str(shown.part_title), part))
    return found


def _sheet(title: str, head: str, rows: list[Line], measure: Measure) -> Sheet:
    kind = KINDS.get(measure.unit, Kind.NUMBER)
    digits = 2 if kind == Kind.NUMBER else None
    columns = [Column(head), Column(words.NAMES[measure.code], kind, digits)]
    if measure.is_ratio:
        columns.append(Column(gettext("Rests on"), Kind.COUNT))
    return Sheet(title, columns, [_row(line, measure) for line in rows])


def _row(line: Line, measure: Measure) -> list[Any]:
    value = cell(measure.unit, line.value)
    return [line.name, value, line.value.of] if measure.is_ratio else [line.name, value]


def cell(unit: Unit, value: Value) -> Any:
    """A figure as a cell: a number, or the words that stand for it."""
    if value.amount is None:
        return words.said(unit, value)
    return int(value.amount) if unit == Unit.COUNT else value.amount


def definitions(measures: list[Measure] | None = None) -> list[tuple[Any, Any]]:
    """The name of each measure and its sentence, for the last sheet of any file."""
    chosen = measures if measures is not None else list(MEASURES.values())
    return [(words.NAMES[each.code], words.SENTENCES[each.code]) for each in chosen]
