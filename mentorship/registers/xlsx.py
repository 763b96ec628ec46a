"""XLSX workbooks: checked as a ZIP archive and as XML before the fast reader may open them.

The fast reader (calamine) lays a sheet out as one full rectangle from its first cell to its
last, so a small file with one cell in the farthest corner would take all memory; and it gives
every cell its own copy of a shared text, so that one long text and many cells that refer to
it would do the same. What the check refuses: large or damaged archives, macros, document type
declarations, formulas, cells beyond the limits, texts that become too much, endless elements.
"""

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from mentorship.registers.table import MAX_COLUMNS, MAX_ROWS, FileRefused

MAX_UNPACKED = 100 * 1024 * 1024
MAX_MEMBERS = 1000
MAX_ELEMENTS = 2_000_000  # 20,798 children with 40 columns have 1.7 million
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
                raise _too_large()
            watches: list[_Watch] = []
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    left = MAX_ELEMENTS - sum(watch.elements for watch in watches)
                    watches.append(_check_part(archive, member, left))
            _refuse_copied_texts(watches)
    except _BROKEN as error:
        raise FileRefused("broken_workbook") from error


def _too_large() -> FileRefused:
    return FileRefused("file_too_large_unpacked", limit=MAX_UNPACKED // 1024**2)


def _check_part(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> "_Watch":
    """Read one part through; `left` is how many elements the whole workbook may still have."""
    watch = _Watch(relationships=member.filename.endswith("workbook.xml.rels"), left=left)
    with archive.open(member) as part:  # never gives more than the size the archive states
        while chunk := part.read(_CHUNK):
            watch.parser.Parse(chunk, False)
    watch.parser.Parse(b"", True)
    watch.note_shared()
    return watch


def _refuse_copied_texts(watches: "list[_Watch]") -> None:
    """Whichever part holds the shared texts: each sheet's copies of them must fit in memory."""
    tables = [watch.lengths for watch in watches if watch.lengths]
    for watch in watches:
        for lengths in tables:
            uses = watch.shared.items()
            if sum(lengths[n] * times for n, times in uses if n < len(lengths)) > MAX_UNPACKED:
                raise _too_large()


class _Watch:
    """Follows one XML part and refuses what a register has no use for."""

    def __init__(self, *, relationships: bool, left: int) -> None:
        self.parser = expat.ParserCreate(namespace_separator="|")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.relationships = relationships
        self.row = 0
        self.column = 0
        self.left = left
        self.elements = 0
        self.lengths: list[int] = []  # of the shared texts that this part holds
        self.shared: Counter[int] = Counter()  # which of them its cells refer to, how often
        self.refers = False  # the cell's value is the number of a shared text
        self.number = ""
        self.listens = False

    def _doctype(self, *_: Any) -> None:
        raise FileRefused("broken_workbook")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition("|")[2]
        self.elements += 1
        if self.elements > self.left:
            raise _too_large()
        if self.listens:
            self.note_shared()
        if tag == "c":
            self.refers = attributes.get("t") == "s"
            self._cell(attributes.get("r"))
        elif tag == "v" or tag == "is":
            self._refuse_far_away()
            if self.refers:
                self._listen(self._add_digits)
        elif tag == "si":
            self.lengths.append(0)
        elif tag == "t" and self.lengths:
            self._listen(self._add_text)
        elif tag == "f":
            raise FileRefused("formula", cell=self._place())
        elif tag == "row":
            self.row = int(attributes.get("r") or self.row + 1)
            self.column = 0
        elif tag == "Relationship" and self.relationships:
            self._relationship(attributes)

    def _listen(self, add: Callable[[str], None]) -> None:
        """Give the text that follows, up to the next element, to `add`."""
        self.parser.CharacterDataHandler, self.listens = add, True

    def _add_text(self, text: str) -> None:
        self.lengths[-1] += len(text)

    def _add_digits(self, text: str) -> None:
        self.number += text

    def note_shared(self) -> None:
        """Count the shared text that the cell before refers to; stop listening."""
        self.parser.CharacterDataHandler, self.listens = None, False
        if self.number:
            self.shared[int(self.number)] += 1
            self.number = ""

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
