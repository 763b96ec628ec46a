"""XLSX workbooks: checked as a ZIP archive and as XML before the fast reader may open them.

The fast reader (calamine) lays a sheet out as one full rectangle from its first cell to its
last, so a small file with one cell in the farthest corner would take all memory. What the
check refuses: large or damaged archives, macros, document type declarations, formulas,
cells beyond the limits.
"""

import io
import re
import zipfile
import zlib
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from mentorship.registers.table import MAX_COLUMNS, MAX_ROWS, FileRefused

MAX_UNPACKED = 100 * 1024 * 1024
MAX_MEMBERS = 1000
SLACK = 1000  # blank lines above and between rows
_CHUNK = 1 << 16
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    NotImplementedError,  # a packing method nobody uses
    RuntimeError,  # a password
    EOFError,
    OSError,
    ValueError,
)
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def read_lines(data: bytes) -> list[tuple[int, list[Any]]]:
    """The lines of the first sheet with their numbers; raises FileRefused."""
    _check(data)
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        first = sheet.start[0] if sheet.start else 0
        rows = sheet.to_python(skip_empty_area=True)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise FileRefused("broken_workbook") from error
    return [(first + offset, list(cells)) for offset, cells in enumerate(rows, start=1)]


def _check(data: bytes) -> None:
    """Unpack every part once, counting, and look through those that are XML."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if "xl/workbook.xml" not in {member.filename for member in members}:
                raise FileRefused("not_a_spreadsheet")
            if len(members) > MAX_MEMBERS or sum(m.file_size for m in members) > MAX_UNPACKED:
                raise FileRefused("file_too_large_unpacked", limit=MAX_UNPACKED // 1024**2)
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    _check_part(archive, member)
    except _BROKEN as error:
        raise FileRefused("broken_workbook") from error


def _check_part(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    watch = _Watch(relationships=member.filename.endswith("workbook.xml.rels"))
    with archive.open(member) as part:  # never gives more than the size the archive states
        while chunk := part.read(_CHUNK):
            watch.parser.Parse(chunk, False)
    watch.parser.Parse(b"", True)


class _Watch:
    """Follows one XML part and refuses what a register has no use for."""

    def __init__(self, *, relationships: bool) -> None:
        self.parser = expat.ParserCreate(namespace_separator="|")
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.relationships = relationships
        self.row = 0
        self.column = 0

    def _doctype(self, *_: Any) -> None:
        raise FileRefused("broken_workbook")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition("|")[2]
        if tag == "c":
            self._cell(attributes.get("r"))
        elif tag == "v" or tag == "is":
            self._refuse_far_away()
        elif tag == "f":
            raise FileRefused("formula", cell=self._place())
        elif tag == "row":
            self.row = int(attributes.get("r") or self.row + 1)
            self.column = 0
        elif tag == "Relationship" and self.relationships:
            self._relationship(attributes)

    def _cell(self, reference: str | None) -> None:
        self.column += 1
        if reference is None:
            return
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            raise FileRefused("broken_workbook")
        self.row, self.column = int(found[2]), 0
        for letter in found[1]:
            self.column = self.column * 26 + ord(letter) - ord("A") + 1

    def _refuse_far_away(self) -> None:
        if self.row > MAX_ROWS + SLACK:
            raise FileRefused("too_many_rows", limit=MAX_ROWS, rows=self.row - 1)
        if self.column > MAX_COLUMNS:
            raise FileRefused("too_many_columns", limit=MAX_COLUMNS)

    def _place(self) -> str:
        letters, rest = "", self.column
        while rest:
            rest, letter = divmod(rest - 1, 26)
            letters = chr(ord("A") + letter) + letters
        return f"{letters}{self.row}"

    def _relationship(self, attributes: dict[str, str]) -> None:
        """A workbook of parts that are not XML holds macros, or hides a sheet from this check."""
        if not attributes.get("Target", "").endswith(".xml"):
            raise FileRefused("macros")
