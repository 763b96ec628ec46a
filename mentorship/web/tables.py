"""Tables of figures as files: XLSX with typed cells, and CSV.

A file never says more than the page: shares and numbers are rounded as they are shown there, and
a count that may not be shown is its words.

CSV is for Excel as it is set in Kazakhstan, in Kazakh and in Russian: UTF-8 with its mark, a
semicolon between cells, a comma before decimals, days as 2026-10-31. Excel takes the separator
from the machine and not from the file, so the page's language changes nothing here. One table
stands alone; of several each has its title in a line of its own before it.
"""

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import chain
from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, request
from flask_babel import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from mentorship import clock
from mentorship.i18n import as_day, show_long_date
from mentorship.web.cells import safe_text
from mentorship.web.suppression import Count, Mark

MIMES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
NARROWEST, WIDEST = 9, 60
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\']")
_PLAIN = re.compile(r"[a-z0-9]+", re.I | re.A)


class Kind(StrEnum):
    """What a column holds: the type of its cells and how they look."""

    TEXT = "text"
    COUNT = "count"  # whole numbers, or `Count`s as a reader may see them
    NUMBER = "number"  # such as months, days, a mean
    SHARE = "share"  # 0.84 is 84 %; differences of shares may be negative
    DAY = "day"


@dataclass(frozen=True)
class Column:
    """A heading and what stands under it; `digits` after the point, as many as the page shows."""

    title: Any
    kind: Kind = Kind.TEXT
    digits: int | None = None

    @property
    def places(self) -> int:
        if self.digits is not None:
            return self.digits
        return 1 if self.kind == Kind.NUMBER else 0

    @property
    def look(self) -> str:
        """The number format of a spreadsheet."""
        decimals = "." + "0" * self.places if self.places else ""
        looks = {Kind.SHARE: f"0{decimals}%", Kind.DAY: "dd.mm.yyyy", Kind.TEXT: "General"}
        return looks.get(self.kind, f"#,##0{decimals}")


@dataclass(frozen=True)
class Cell:
    """A value of another kind than its column, where a table has figures of several units."""

    value: Any
    kind: Kind
    digits: int | None = None


@dataclass(frozen=True)
class Sheet:
    """One table: a title, its columns, and rows of values (None: an empty cell) or `Cell`s."""

    title: Any
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]


@dataclass(frozen=True)
class Book:
    """What is on a page, as tables.

    `definitions`: a term and its sentence. `filters`: the reader's choice in words (a label and
    what was chosen). `until` and `computed`: up to which day the figures go and when they were
    made. `name`: of the file, in plain letters; without it, that of the page.
    """

    title: Any
    sheets: Sequence[Sheet]
    definitions: Sequence[tuple[Any, Any]] = ()
    filters: Sequence[tuple[Any, Any]] = ()
    until: date | None = None
    computed: datetime | None = None
    name: str = ""
    notes: Sequence[Any] = field(default=())


def wanted() -> str | None:
    """csv or xlsx where the reader asks for the page as a file (`?as=xlsx`), else None."""
    kind = request.args.get("as", "")
    return kind if kind in MIMES else None


def address(**changes: str | None) -> str:
    """This page's own address with its filters; `as` and a change to None are left out."""
    asked = {**request.args.to_dict(), "as": None, **changes}
    query = urlencode({name: value for name, value in asked.items() if value})
    return quote(request.path) + (f"?{query}" if query else "")


def answer(book: Book, kind: str) -> Response:
    """The file as an answer to keep; `kind` as `wanted` gives it."""
    data = write_csv(book) if kind == "csv" else write_xlsx(book)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(book)}.{kind}"'}
    return Response(data, content_type=MIMES[kind], headers=headers)


def file_name(book: Book) -> str:
    """The page, what is in its path, and the day: never what somebody typed."""
    given = book.name or " ".join(map(str, (request.endpoint, *(request.view_args or {}).values())))
    return "-".join((*_PLAIN.findall(given), f"{book.until or clock.today():%Y-%m-%d}"))


def shown(count: Count) -> str | int | None:
    """A count as a reader may see it: its number, or the words that stand for it."""
    if count.is_shown:
        return count.value
    return str(gettext("fewer than 5") if count.mark == Mark.FEW else gettext("not shown"))


def typed(given: Any, column: Column) -> tuple[Any, Column]:
    """A value with what it is: as its column says, or the cell itself."""
    if isinstance(given, Cell):
        return given.value, Column(column.title, given.kind, given.digits)
    return given, column


def _value(given: Any, column: Column) -> str | int | float | date | None:
    """A text, a number or a day; numbers rounded as the page rounds them."""
    if isinstance(given, Count):
        given = shown(given)
    if given is None or isinstance(given, datetime):
        return None if given is None else as_day(given)
    if isinstance(given, bool):
        return str(gettext("Yes") if given else gettext("No"))
    if isinstance(given, int | date):
        return given
    if isinstance(given, float) or hasattr(given, "__float__"):  # also NumPy's and Decimal
        number = float(given)
        if not math.isfinite(number):
            return None
        places = column.places + (2 if column.kind == Kind.SHARE else 0)
        return round(number, places) + 0.0 if places else round(number)
    return safe_text(str(given).strip())


def write_csv(book: Book) -> bytes:
    """The bytes of a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    for number, sheet in enumerate(book.sheets):
        if len(book.sheets) > 1:
            writer.writerows([[]] * (number > 0) + [[safe_text(str(sheet.title))]])
        writer.writerow([safe_text(str(column.title)) for column in sheet.columns])
        for row in sheet.rows:
            writer.writerow([_csv_text(_value(*cell), cell[1]) for cell in _cells(row, sheet)])
    return text.getvalue().encode("utf-8-sig")


def _cells(row: Sequence[Any], sheet: Sheet) -> list[tuple[Any, Column]]:
    return [typed(given, column) for given, column in zip(row, sheet.columns, strict=True)]


def _csv_text(value: str | int | float | date | None, column: Column) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, date):
        return value.isoformat()
    if column.kind == Kind.SHARE:
        return f"{value * 100:.{column.places}f}%".replace(".", ",")
    return f"{value}".replace(".", ",")


def write_xlsx(book: Book) -> bytes:
    """The bytes of a workbook: the tables, the definitions, and what the file is."""
    work = Workbook(write_only=True)
    work.properties.creator = gettext("Mentorship")
    work.properties.title = safe_text(str(book.title))
    taken: set[str] = set()
    sheets = list(book.sheets)
    if book.definitions:
        columns = [Column(gettext("Term")), Column(gettext("What it means"))]
        sheets.append(Sheet(gettext("Definitions"), columns, book.definitions))
    columns = [Column(gettext("About this file")), Column("")]
    sheets.append(Sheet(gettext("About this file"), columns, list(_about(book))))
    for sheet in sheets:
        _write_sheet(work, sheet, _title(str(sheet.title), taken), len(taken) > len(book.sheets))
    data = io.BytesIO()
    work.save(data)
    return data.getvalue()


def _about(book: Book) -> Iterable[tuple[Any, Any]]:
    """What the file is, of which choice, and as of when."""
    yield gettext("Page"), book.title
    yield from book.filters
    if book.until:
        yield gettext("Figures up to and including"), show_long_date(book.until)
    if book.computed:
        yield gettext("Figures computed on"), show_long_date(book.computed)
    yield gettext("File made on"), show_long_date(clock.today())
    yield gettext("Address of the page"), address()
    yield (
        gettext("Small numbers"),
        gettext(
            "Numbers from 1 to 4 are shown as “fewer than 5”. Where a total would give such a "
            "number away, another number of the same table is not shown."
        ),
    )
    yield from ((gettext("Note"), note) for note in book.notes)


def _title(text: str, taken: set[str]) -> str:
    """A name a sheet may have: 31 letters, unlike the others."""
    plain = " ".join(_NOT_IN_TITLES.sub(" ", safe_text(text)).split()) or "1"
    title, number = plain[:31].strip(), 2
    while title.casefold() in taken:
        title, number = f"{plain[:27].strip()} {number}", number + 1
    taken.add(title.casefold())
    return title


def _write_sheet(work: Workbook, sheet: Sheet, title: str, is_prose: bool) -> None:
    """One sheet: the heading stays in view and on every printed page, columns fit their words."""
    rows = [[(_value(*cell), cell[1]) for cell in _cells(row, sheet)] for row in sheet.rows]
    page = work.create_sheet(title)
    page.freeze_panes = "A2"
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    last = get_column_letter(len(sheet.columns))
    if not is_prose:
        page.auto_filter.ref = f"A1:{last}{len(rows) + 1}"
    heads = [safe_text(str(column.title)) for column in sheet.columns]
    for number in range(len(heads)):
        letter = get_column_letter(number + 1)
        seen = chain([heads[number]], (_csv_text(*row[number]) for row in rows))
        longest = max(len(text) for text in seen) + 3
        page.column_dimensions[letter].width = min(max(longest, NARROWEST), WIDEST)
    page.append([_cell(page, head, Column(head), bold=True) for head in heads])
    for row in rows:
        page.append([_cell(page, *cell) for cell in row])


def _cell(page: Any, value: Any, column: Column, bold: bool = False) -> Any:
    cell = WriteOnlyCell(page, value)
    if isinstance(value, str):
        cell.data_type = "s"  # text, whatever it looks like
        to_the_right = column.kind not in (Kind.TEXT, Kind.DAY)
        cell.alignment = Alignment(
            wrap_text=True, vertical="top", horizontal="right" if to_the_right else None
        )
    elif value is not None:
        cell.number_format = Column("", Kind.DAY).look if isinstance(value, date) else column.look
        cell.alignment = Alignment(vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell
