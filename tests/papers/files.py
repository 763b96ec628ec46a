"""Scans for the tests, good and hostile, made here and never read from anywhere."""

import io
import struct
import zipfile
import zlib

from PIL import Image
from pypdf import PdfWriter

PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"
PAGES = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


def pdf(*more: str | bytes, catalog: str = "", page: str = PAGE, pages: str = PAGES) -> bytes:
    """A PDF of one page written by hand: `more` are objects 4, 5, ...; `catalog` goes in it."""
    objects = [f"<< /Type /Catalog /Pages 2 0 R {catalog} >>", pages, page, *more]
    written = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(written))
        held = body if isinstance(body, bytes) else body.encode()
        written += b"%d 0 obj\n%s\nendobj\n" % (number, held)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(places) + 1)
    return written + b"startxref\n%d\n%%%%EOF\n" % start


def stream(data: bytes, entries: str = "") -> bytes:
    """An object of a PDF that holds bytes."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries.encode(), data)


def scanned_pdf() -> bytes:
    """A PDF as a scanner makes it: one picture on a page."""
    written = io.BytesIO()
    picture().save(written, "PDF")
    return written.getvalue()


def encrypted_pdf(password: str) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt(password)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def pdf_of_pages(number: int) -> bytes:
    writer = PdfWriter()
    for _ in range(number):
        writer.add_blank_page(200, 200)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def pdf_of_endless_pages() -> bytes:
    """Ten levels of pages, each ten times the next: ten thousand million in a few lines."""
    levels = [f"<< /Type /Pages /Kids [{f'{n + 1} 0 R ' * 10}] /Count 9 >>" for n in range(4, 14)]
    return pdf(*levels, PAGE, pages="<< /Type /Pages /Kids [4 0 R] /Count 1 >>")


def pdf_bomb(size: int) -> bytes:
    """A PDF whose one stream becomes `size` bytes."""
    packer = zlib.compressobj(9)
    chunk = bytes(1 << 20)
    packed = b"".join(packer.compress(chunk) for _ in range(size >> 20)) + packer.flush()
    return pdf(stream(packed, "/Filter /FlateDecode"))


def pdf_bomb_of_bombs() -> bytes:
    """Packed twice: a thousand times a thousand."""
    packed = zlib.compress(zlib.compress(bytes(64 << 20), 9), 9)
    return pdf(stream(packed, "/Filter [/FlateDecode /FlateDecode]"))


def pdf_of_object_bomb(size: int) -> bytes:
    """A PDF whose objects are themselves in a stream that becomes `size` bytes."""
    packed = zlib.compress(b"9 0 " + bytes(size), 9)
    holder = stream(packed, "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode")
    head = b"%PDF-1.7\n1 0 obj\n" + holder + b"\nendobj\n"
    rows = b"".join(
        struct.pack(">BIB", kind, place, 0) for kind, place in ((0, 0), (1, 9), (2, 1), (2, 1))
    )
    entries = "/Type /XRef /Size 4 /W [1 4 1] /Root 2 0 R"
    start = len(head)
    return head + b"4 0 obj\n" + stream(rows, entries) + b"\nendobj\nstartxref\n%d\n%%%%EOF" % start


def picture(size: tuple[int, int] = (120, 80)) -> Image.Image:
    """A picture that is not all of one colour."""
    return Image.linear_gradient("L").resize(size).convert("RGB")


def png(size: tuple[int, int] = (120, 80)) -> bytes:
    written = io.BytesIO()
    picture(size).save(written, "PNG")
    return written.getvalue()


def jpeg(**options: object) -> bytes:
    written = io.BytesIO()
    picture().save(written, "JPEG", **options)
    return written.getvalue()


def phone_photo() -> bytes:
    """A JPEG as a phone makes it: lying on its side, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Maker"
    exif[0x8825] = {1: "N", 2: (49.0, 48.0, 7.0), 3: "E", 4: (73.0, 5.0, 11.0)}
    return jpeg(exif=exif)


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb(side: int) -> bytes:
    """A small PNG that says it is `side` by `side` pixels, and is."""
    packer = zlib.compressobj(9)
    row = bytes(1 + side // 8)
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(kind, held) for kind, held in chunks)


def gif() -> bytes:
    written = io.BytesIO()
    picture().save(written, "GIF")
    return written.getvalue()


def archive(**members: bytes) -> bytes:
    """A ZIP archive."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as held:
        for name, data in (members or {"a": b"a" * 100}).items():
            held.writestr(name, data)
    return written.getvalue()
