"""What the parts of a report are made of: tables with their charts and what they count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext

from mentorship.figures import words as figure_words
from mentorship.figures.books import KINDS, cell
from mentorship.figures.books import definitions as figure_definitions
from mentorship.figures.catalogue import MEASURES, Kind
from mentorship.figures.values import State, Value
from mentorship.places.words import region_name
from mentorship.reports import drawings, words
from mentorship.reports.drawings import Chart
from mentorship.reports.report import Frame
from mentorship.web.periods import period_words
from mentorship.web.tables import Cell, Column, Sheet
from mentorship.web.tables import Kind as Cells


@dataclass(frozen=True)
class Block:
    """A table with its chart; `hrefs`: where the heading of each row leads."""

    sheet: Sheet
    chart: Chart | None = None
    hrefs: Sequence[str | None] = ()
    note: str = ""

    @property
    def rows(self) -> list[tuple[str | None, Sequence[Any]]]:
        rows = list(self.sheet.rows)
        hrefs = [*self.hrefs, *[None] * (len(rows) - len(self.hrefs))]
        return list(zip(hrefs, rows, strict=True))


@dataclass(frozen=True)
class Section:
    """One part of a report, and the page that tells more of it."""

    code: str
    title: str
    blocks: Sequence[Block]
    said: Sequence[str] = ()
    page: str = ""
    terms: Sequence[tuple[Any, Any]] = field(default=())


def in_time(frame: Frame, codes: Sequence[str]) -> list[Block]:
    """Two tables: what happened in the period, and what there was on its last day."""
    found = [_of_kind(frame, codes, kind) for kind in (Kind.FLOW, Kind.STOCK)]
    return [block for block in found if block]


def _of_kind(frame: Frame, codes: Sequence[str], kind: Kind) -> Block | None:
    """The measures of a kind that are known in one of the periods; the others are named."""
    values = {code: frame.values(code) for code in codes if MEASURES[code].kind == kind}
    known = {c: row for c, row in values.items() if {v.state for v in row} != {State.UNKNOWN}}
    if not known:
        return None
    heads = [words.period_title(period) for period in frame.columns(kind)]
    columns = [Column(gettext("Figure")), *(Column(head, Cells.NUMBER) for head in heads)]
    rows = [[figure_words.NAMES[code], *_cells(code, row)] for code, row in known.items()]
    hrefs = [drawings.opens(frame, code) for code in known]
    left = [str(figure_words.NAMES[code]) for code in values if code not in known]
    return Block(Sheet(words.KINDS[kind], columns, rows), None, hrefs, words.not_known(left))


def _cells(code: str, values: Sequence[Value]) -> list[Cell]:
    """A measure in several periods; units differ by row, so each is a cell of its own kind."""
    unit = MEASURES[code].unit
    return [Cell(cell(unit, value), KINDS.get(unit, Cells.NUMBER)) for value in values]


def terms_of(codes: Sequence[str]) -> list[tuple[Any, Any]]:
    """What these measures are called and count."""
    return figure_definitions([MEASURES[code] for code in codes])


def by_region(frame: Frame, codes: Sequence[str], chart: Chart | None = None) -> list[Block]:
    """Measures by region; nothing for a reader of one, and none that is not known anywhere."""
    seen = frame.country.seen
    values = {code: [frame.in_region(code, kato) for kato in seen] for code in codes}
    known = {c: row for c, row in values.items() if {v.state for v in row} != {State.UNKNOWN}}
    if len(seen) < 2 or not known:
        return []
    columns = [Column(gettext("Region")), *(_column(code) for code in known)]
    rows = [
        [region_name(kato), *(cell(MEASURES[c].unit, known[c][i]) for c in known)]
        for i, kato in enumerate(seen)
    ]
    title = gettext("By region")
    if any(MEASURES[code].kind == Kind.FLOW for code in known):
        quarter = period_words(frame.quarter)
        title = gettext("By region; what happened, for %(quarter)s", quarter=quarter)
    return [Block(Sheet(title, columns, rows), chart)]


def parts_of(
    frame: Frame, title: str, head: str, names: Mapping[str, Any], codes: Sequence[str]
) -> list[Block]:
    """What there was at the end of the period by part, one column a measure."""
    values = {code: [frame.in_part(code, part) for part in names] for code in codes}
    known = {c: row for c, row in values.items() if {v.state for v in row} != {State.UNKNOWN}}
    if not known:
        return []
    columns = [Column(head), *(_column(code) for code in known)]
    rows = [
        [name, *(cell(MEASURES[code].unit, known[code][i]) for code in known)]
        for i, name in enumerate(names.values())
    ]
    return [Block(Sheet(title, columns, rows))]


def _column(code: str) -> Column:
    measure = MEASURES[code]
    return Column(figure_words.NAMES[code], KINDS.get(measure.unit, Cells.NUMBER))
