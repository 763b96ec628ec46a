"""Tables into files: CSV with its mark for spreadsheets, and XLSX. No cell can become a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from mentorship.registers.table import RISKY, cell_text

SUFFIXES = ("csv", "xlsx")
MIMES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def defuse(text: str) -> str:
    """The text with an apostrophe before a sign that a spreadsheet would obey."""
    return f"'{text}" if text.lstrip("'").startswith(RISKY) else text


def _text(value: Any) -> str:
    return defuse(_UNSEEN.sub("", cell_text(value)))


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
