"""Looks through one scan in a process of its own: the file on standard input, the scan out.

It runs as a script, apart from the service, so that a hostile file can at most end this
process: memory and time are limited here, and the caller stops waiting besides. The first
line of the answer is JSON: what the scan is, or the code of the reason why it is refused.
A picture is read in full and written anew without its metadata, and so without anything that
was hidden behind it or in it. A PDF stays as it is, because it may carry a digital signature;
what no scan needs (scripts, attachments, forms that send) is refused.
"""

import io
import json
import logging
import re
import resource
import sys
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    StreamObject,
)

MEMORY = 1024**3
SECONDS = 15
MAX_PIXELS = 64_000_000  # A4 at 600 dots an inch has 35 million
MAX_PAGES = 100
MAX_OBJECTS = 50_000
MAX_PAGE_NODES = 2_000
MAX_UNPACKED = 512 * 1024**2
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
SIGNATURES = {PDF: b"%PDF-", JPEG: b"\xff\xd8\xff", PNG: b"\x89PNG\r\n\x1a\n"}
REFUSALS = (
    "paper_wrong_type",
    "paper_unreadable",
    "paper_hidden_file",
    "paper_too_many_pixels",
    "paper_encrypted",
    "paper_active",
    "paper_broken_pdf",
    "paper_without_pages",
    "paper_too_many_pages",
    "paper_too_complex",
)
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
_MARKUP = re.compile(rb"<\?php|<script|<html|<!doctype\s+html", re.IGNORECASE)
_ZIP_END, _ZIP_TAIL = b"PK\x05\x06", 66_000
# Names of a PDF that make it act, carry another file or draw on something outside it.
_ACTIVE_KEYS = {"/JS", "/JavaScript", "/AA", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"}
_ACTIVE_ACTIONS = {
    "/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToR", "/GoToE", "/Rendition",
    "/Sound", "/Movie", "/GoTo3DView", "/RichMediaExecute",
}  # fmt: skip
_ACTIVE_TYPES = {
    "/EmbeddedFile", "/RichMedia", "/FileAttachment", "/Movie", "/Sound", "/Screen", "/3D",
}  # fmt: skip
_ACTIVE_BYTES = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFile|RichMedia)(?![A-Za-z])")
_GAP = re.compile(rb"(?:[\0\t\n\f\r ]++|%[^\r\n]{0,300}+(?:[\r\n]++|\Z))*+")
_BLANKS = re.compile(rb"[\0\t\n\f\r ]*+")
_OBJECT = re.compile(rb"\d{1,10}[\0\t\n\f\r ]++\d{1,5}[\0\t\n\f\r ]++obj")
_CROSS_REFERENCES = re.compile(rb"xref[\0-\x20]++[0-9fn\0-\x20]*+")
_START = re.compile(rb"startxref[\0-\x20]++\d++")
_LONGEST_TRAILER = 16_384


class Refused(Exception):
    """The scan is refused; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def type_of(data: bytes) -> str | None:
    """What the content says it is, by its first bytes; None for anything else."""
    return next((kind for kind, begins in SIGNATURES.items() if data.startswith(begins)), None)


def inspect(data: bytes) -> tuple[str, bytes]:
    """The type of a scan and what to keep of it; raises Refused."""
    kind = type_of(data)
    if kind is None:
        raise Refused("paper_wrong_type")
    _refuse_second_file(kind, data)
    if kind == PDF:
        _check_pdf(data)
        return PDF, data
    return kind, _picture(kind, data)


def _refuse_second_file(kind: str, data: bytes) -> None:
    """A file that another program would read as a page, a script, an archive or a PDF."""
    archive = _ZIP_END in data[-_ZIP_TAIL:] or zipfile.is_zipfile(io.BytesIO(data))
    if archive or _MARKUP.search(data) or (kind != PDF and b"%PDF-" in data):
        raise Refused("paper_hidden_file")


def _picture(kind: str, data: bytes) -> bytes:
    """The picture alone, upright, written anew."""
    if kind == PNG and not data.endswith(b"IEND\xaeB`\x82"):
        raise Refused("paper_hidden_file" if b"IEND\xaeB`\x82" in data else "paper_unreadable")
    name = {JPEG: "JPEG", PNG: "PNG"}[kind]
    try:
        with Image.open(io.BytesIO(data), formats=[name]) as picture:
            picture.verify()
        with Image.open(io.BytesIO(data), formats=[name]) as picture:
            picture.load()
            return _written(name, picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("paper_too_many_pixels") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise Refused("paper_unreadable") from error


def _written(name: str, picture: Image.Image) -> bytes:
    turned = picture.getexif().get(0x0112, 1) != 1
    upright = ImageOps.exif_transpose(picture) if turned else picture
    upright.info = {key: upright.info[key] for key in ("transparency",) if key in upright.info}
    options: dict[str, Any] = {}
    if name == "JPEG":
        same = not turned and picture.format == "JPEG"
        options["quality"] = "keep" if same else 92
    written = io.BytesIO()
    upright.save(written, name, **options)
    return written.getvalue()


def _check_pdf(data: bytes) -> None:
    """Raise Refused for a PDF that is broken, locked, active, endless or two files in one."""
    if not data.rstrip(b"\0\t\n\f\r ").endswith(b"%%EOF"):
        whole = b"%%EOF" in data
        raise Refused("paper_hidden_file" if whole else "paper_broken_pdf")
    try:
        reader = PdfReader(io.BytesIO(data), strict=True)
        if reader.is_encrypted:
            raise Refused("paper_encrypted")
        _check_places(reader, data)
        _count_pages(reader)
        _walk(reader)
    except (Refused, MemoryError):
        raise
    except RecursionError as error:
        raise Refused("paper_too_complex") from error
    except Exception as error:  # whatever a damaged file makes its reader stumble over
        locked = b"/Encrypt" in data
        raise Refused("paper_encrypted" if locked else "paper_broken_pdf") from error
    if _ACTIVE_BYTES.search(data):  # in an earlier version of the file, which a reader may show
        raise Refused("paper_active")
    _refuse_strange_bytes(data)


def _count_pages(reader: PdfReader) -> None:
    """Follow the tree of pages, which may be built to have no end."""
    waiting: list[Any] = [reader.root_object["/Pages"]]
    pages, nodes = 0, 0
    while waiting:
        node = waiting.pop().get_object()
        nodes += 1
        if "/Kids" in node:
            waiting.extend(node["/Kids"].get_object())
        else:
            pages += 1
        if pages > MAX_PAGES or len(waiting) + pages > MAX_PAGE_NODES or nodes > MAX_PAGE_NODES:
            raise Refused("paper_too_many_pages")
    if pages == 0:
        raise Refused("paper_without_pages")


def _check_places(reader: PdfReader, data: bytes) -> None:
    """Every object begins where the table says: readers mend a wrong table each in their way."""
    for generation, held in reader.xref.items():
        free = reader.xref_free_entry.get(generation, {})
        for number, start in held.items():
            begins = _OBJECT.match(data, _BLANKS.match(data, start).end())  # type: ignore[union-attr]
            named = begins[0].split()[:2] if begins else None
            if not free.get(number) and named != [b"%d" % number, b"%d" % generation]:
                raise Refused("paper_broken_pdf")


def _walk(reader: PdfReader) -> None:
    """Look at every object of the file, also at those that no page leads to."""
    numbers = {
        (number, generation) for generation, held in reader.xref.items() for number in held
    } | {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > MAX_OBJECTS:
        raise Refused("paper_too_complex")
    unpacked = 0
    _look_at(reader.trailer)
    for number, generation in sorted(numbers):
        found = reader.get_object(IndirectObject(number, generation, reader))
        _look_at(found)
        if isinstance(found, StreamObject):
            unpacked += _unpacked(found, MAX_UNPACKED - unpacked)


def _look_at(found: Any) -> None:
    waiting = [found]
    while waiting:
        part = waiting.pop()
        if isinstance(part, DictionaryObject):
            if _is_active(part):
                raise Refused("paper_active")
            waiting.extend(dict.values(part))
        elif isinstance(part, ArrayObject):
            waiting.extend(list.__iter__(part))


def _is_active(part: DictionaryObject) -> bool:
    """Whether a dictionary acts, attaches or plays something."""
    if _ACTIVE_KEYS & part.keys():
        return True
    named = {key: part.get(key) for key in ("/S", "/Type", "/Subtype")}
    words = {
        key: str(value) for key, value in named.items() if isinstance(value, NameObject)
    }  # /S alone also names styles and groups: those words are not in the list
    return (
        words.get("/S") in _ACTIVE_ACTIONS
        or words.get("/Type") in _ACTIVE_TYPES
        or words.get("/Subtype") in _ACTIVE_TYPES
    )


def _unpacked(stream: StreamObject, limit: int) -> int:
    """How many bytes a stream becomes; raises Refused when it is more than a scan's."""
    width, height = (stream.get(side, 0) for side in ("/Width", "/Height"))
    if stream.get("/Subtype") == "/Image" and int(width) * int(height) > 2 * MAX_PIXELS:
        raise Refused("paper_too_many_pixels")
    filters = [str(name) for name in _filters(stream)]
    if len(filters) > 2 or filters.count("/FlateDecode") > 1:
        raise Refused("paper_too_complex")
    if not filters or filters[0] not in ("/FlateDecode", "/Fl"):
        return 0
    packed, size = zlib.decompressobj(), 0
    rest: bytes = stream._data
    while rest and not packed.eof:
        size += len(packed.decompress(rest, 1 << 20))
        rest = packed.unconsumed_tail
        if size > limit:
            raise Refused("paper_too_complex")
    return size


def _filters(stream: StreamObject) -> Iterator[Any]:
    named = stream.get("/Filter")
    held = named.get_object() if named is not None else None
    yield from held if isinstance(held, ArrayObject) else [held] if held is not None else []


def _refuse_strange_bytes(data: bytes) -> None:
    """Between the parts of a PDF there is nothing but blanks and short remarks."""
    position = 0
    while position < len(data):
        position = _GAP.match(data, position).end()  # type: ignore[union-attr]
        if position == len(data):
            return
        if _OBJECT.match(data, position):
            end = data.find(b"endobj", position)
            position = end + len(b"endobj")
        elif data.startswith(b"trailer", position):
            end = data.find(b"startxref", position, position + _LONGEST_TRAILER)
            position = end
        else:
            known = _CROSS_REFERENCES.match(data, position) or _START.match(data, position)
            end = position = known.end() if known else -1
        if end < 0:
            raise Refused("paper_hidden_file")


def main() -> None:
    """Answer for the file on standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)  # what pypdf says of damaged files may quote them
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    kept = b""
    try:
        kind, kept = inspect(sys.stdin.buffer.read())
        answer = {"type": kind}
    except Refused as refusal:
        answer = {"refused": refusal.code}
    except MemoryError:
        answer = {"refused": "paper_too_complex"}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + kept)


if __name__ == "__main__":
    main()
