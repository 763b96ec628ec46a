"""A file's bytes as a table. Nothing of a file is ever executed or believed by its name."""

import csv
import io

from mentorship.registers import xlsx
from mentorship.registers.encodings import decode
from mentorship.registers.table import MAX_BYTES, MAX_ROWS, FileRefused, Table, make_table

_DELIMITERS = ",;\t"
_ZIP = b"PK\x03\x04"
_FOREIGN = {
    b"\xd0\xcf\x11\xe0": "old_spreadsheet",
    b"%PDF": "not_a_spreadsheet",
    b"\x89PNG": "not_a_spreadsheet",
    b"\xff\xd8\xff": "not_a_spreadsheet",
    b"GIF8": "not_a_spreadsheet",
    b"\x1f\x8b": "not_a_spreadsheet",
    b"Rar!": "not_a_spreadsheet",
    b"7z\xbc\xaf": "not_a_spreadsheet",
    b"{\\rtf": "not_a_spreadsheet",
}


def read_table(data: bytes) -> Table:
    """The table in a CSV or XLSX file; raises FileRefused with what is wrong with the file."""
    if not data.strip():
        raise FileRefused("file_empty")
    if len(data) > MAX_BYTES:
        raise FileRefused("file_too_large", limit=MAX_BYTES // 1024**2)
    for start, code in _FOREIGN.items():
        if data.startswith(start):
            raise FileRefused(code)
    if data.startswith(_ZIP):
        return make_table(xlsx.read_lines(data), ragged=False)
    text = decode(data)
    if text.lstrip()[:1] in ("<", "{"):
        raise FileRefused("not_a_table")
    return _read_csv(text)


def _read_csv(text: str) -> Table:
    lines: list[tuple[int, list[str]]] = []
    delimiter, skipped = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            if start > skipped:
                lines.append((start, cells))
            start = reader.line_num + 1
            if len(lines) > MAX_ROWS + 1 and any(cells):
                _refuse_many(lines)
    except csv.Error as error:
        raise FileRefused("broken_quotes", line=start) from error
    return make_table(lines, ragged=True)


def _refuse_many(lines: list[tuple[int, list[str]]]) -> None:
    """Blank lines do not count; so many full ones are refused before more are read."""
    if sum(1 for _, cells in lines if any(cells)) > MAX_ROWS + 1:
        raise FileRefused("too_many_rows", limit=MAX_ROWS, rows=MAX_ROWS + 1)


def _delimiter(text: str) -> tuple[str, int]:
    """The sign between cells, from the first line that is not blank, and lines to leave out."""
    for number, line in enumerate(io.StringIO(text), start=1):
        bare = line.strip()
        if bare.startswith("sep=") and len(bare) == 5:  # what Excel writes for itself
            return bare[4], number
        if bare:
            outside = "".join(line.split('"')[::2])
            return max(_DELIMITERS, key=outside.count), 0
    return ",", 0
