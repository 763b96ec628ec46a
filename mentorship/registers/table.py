"""A table as it was read from a file, whatever the file was, and why a file is refused."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from mentorship.errors import DomainError
from mentorship.web.cells import RISKY

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 100


class FileRefused(DomainError):
    """The file as a whole cannot be used; `words.refusal` says why and what to do."""

    status = 422


@dataclass(frozen=True)
class Row:
    """The cells of one line, as many as the header has; `width` is how many the line had."""

    line: int
    cells: tuple[Any, ...]
    width: int


@dataclass(frozen=True)
class Table:
    """The headings of a file and its rows that are not blank."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


def cell_text(value: Any) -> str:
    """What a cell says: dates as ISO, whole numbers without a fraction, text trimmed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    return str(value).strip()


def bare(cell: Any) -> Any:
    """The cell without the apostrophe that keeps spreadsheets from obeying it."""
    if isinstance(cell, str) and cell[:1] == "'" and cell.lstrip("'").startswith(RISKY):
        return cell[1:]
    return cell


def make_table(lines: list[tuple[int, list[Any]]], *, ragged: bool) -> Table:
    """Header and rows from numbered lines; `ragged` where lines may have their own width."""
    filled = [(number, cells) for number, cells in lines if any(cell_text(c) for c in cells)]
    if not filled:
        raise FileRefused("file_empty")
    width = _width(filled if not ragged else filled[:1])
    header = tuple(cell_text(cell) for cell in _fit(filled[0][1], width))
    _check_header(header)
    if len(filled) - 1 > MAX_ROWS:
        raise FileRefused("too_many_rows", limit=MAX_ROWS, rows=len(filled) - 1)
    if len(filled) == 1:
        raise FileRefused("no_rows")
    rows = tuple(
        Row(
            number,
            tuple(bare(cell) for cell in _fit(cells, width)),
            len(cells) if ragged else width,
        )
        for number, cells in filled[1:]
    )
    return Table(header, rows)


def _width(lines: list[tuple[int, list[Any]]]) -> int:
    """How many columns hold anything: trailing blank ones are an accident of spreadsheets."""
    return max(
        position
        for _, cells in lines
        for position, cell in enumerate(cells, start=1)
        if cell_text(cell)
    )


def _fit(cells: list[Any], width: int) -> list[Any]:
    return [*cells[:width], *[""] * (width - len(cells))]


def _check_header(header: tuple[str, ...]) -> None:
    if len(header) < 2:
        raise FileRefused("not_a_table")
    if len(header) > MAX_COLUMNS:
        raise FileRefused("too_many_columns", limit=MAX_COLUMNS)
    seen: set[str] = set()
    for position, name in enumerate(header, start=1):
        if not name:
            raise FileRefused("unnamed_column", position=position)
        if name.casefold() in seen:
            raise FileRefused("duplicate_column", column=name)
        seen.add(name.casefold())
