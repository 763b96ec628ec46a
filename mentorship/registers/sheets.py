"""Tables into files: CSV with its mark for spreadsheets, and XLSX. No cell can become a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from mentorship.registers.table import cell_text
from mentorship.web.cells import safe_text

SUFFIXES = ("csv", "xlsx")


def _text(value: Any) -> str:
    return safe_text(cell_text(value))


def write_sheet(suffix: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The file's bytes; `suffix` is one of SUFFIXES."""
    return _csv(header, rows) if suffix == "csv" else _xlsx(header, rows)


def _csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    for row in (header, *rows):
        writer.writerow([_text(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _xlsx(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (header, *rows):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, _text(value))
            cell.data_type = "s"  # text, whatever it looks like
            cells.append(cell)
        sheet.append(cells)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()
