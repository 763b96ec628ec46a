"""What is kept of a scan, and which files are refused, said by their content."""

import io
import resource
import time

import pytest
from PIL import Image

from mentorship.errors import Invalid
from mentorship.papers import content, inspection
from mentorship.web import problems
from tests.papers import files

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
PHP = b"<?php system($_GET['c']); ?>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def reason(data, name=""):
    with pytest.raises(Invalid) as refused:
        content.check(data, name)
    return refused.value.code


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (files.pdf(), "application/pdf"),
        (files.scanned_pdf(), "application/pdf"),
        (files.pdf_of_pages(100), "application/pdf"),
        (files.pdf(catalog="/OpenAction [3 0 R /Fit]"), "application/pdf"),
        (files.pdf() + b"\r\n \n", "application/pdf"),
        (files.jpeg(), "image/jpeg"),
        (files.phone_photo(), "image/jpeg"),
        (files.png(), "image/png"),
    ],
    ids=["pdf", "scanner", "100 pages", "opens on a page", "blank end", "jpeg", "phone", "png"],
)
def test_a_scan_is_what_its_content_is(data, media_type):
    assert inspection.inspect(data)[0] == media_type


@pytest.mark.parametrize("data", [files.pdf(), files.jpeg()], ids=["pdf", "jpeg"])
def test_the_process_of_its_own_says_and_keeps_the_same(data):
    scan = content.check(data)
    assert (scan.media_type, scan.data) == inspection.inspect(data)


def test_the_process_of_its_own_refuses_with_the_same_reason():
    assert reason(files.pdf() + files.archive()) == "paper_hidden_file"


def test_a_pdf_is_kept_as_it_is_because_it_may_be_signed():
    data = files.scanned_pdf()
    assert inspection.inspect(data)[1] == data


def test_a_photo_stands_upright_and_no_longer_says_where_it_was_taken():
    photo = files.phone_photo()
    assert Image.open(io.BytesIO(photo)).getexif().get_ifd(0x8825)
    _, kept = inspection.inspect(photo)
    picture = Image.open(io.BytesIO(kept))
    assert picture.size == (80, 120)
    assert not picture.getexif() and b"Exif" not in kept and b"Maker" not in kept


def test_what_stands_behind_or_inside_a_picture_is_not_kept():
    photo = files.jpeg(comment=b"a secret of the phone") + b"ftypmp4 a film of the phone"
    _, kept = inspection.inspect(photo)
    assert b"secret" not in kept and b"film" not in kept
    png = files.png()
    at = png.index(b"IDAT") - 4
    noted = png[:at] + files.png_chunk(b"tEXt", b"Author\0Somebody") + png[at:]
    assert b"Somebody" not in inspection.inspect(noted)[1]


TOO_LONG = bytes(content.LARGEST + 1)
REFUSED = {
    "a GIF": (files.gif(), "paper_wrong_type"),
    "an SVG": (SVG, "paper_wrong_type"),
    "a web page": (HTML, "paper_wrong_type"),
    "an archive": (files.archive(), "paper_wrong_type"),
    "a PDF after a blank": (b"\n" + files.pdf(), "paper_wrong_type"),
    "half a PNG": (files.png()[:-40], "paper_unreadable"),
    "half a JPEG": (files.jpeg()[:-200], "paper_unreadable"),
    "a JPEG of three bytes": (b"\xff\xd8\xff", "paper_unreadable"),
    "a PNG with a wrong checksum": (
        files.png().replace(b"IDAT", b"IDAT!")[:-1] + b"\x82",
        "paper_unreadable",
    ),
    "half a PDF": (files.pdf()[:-60], "paper_broken_pdf"),
    "a PDF of its first line": (b"%PDF-1.7\n%%EOF", "paper_broken_pdf"),
    "a PDF with a wrong cross reference": (
        files.pdf().replace(b"startxref\n", b"startxref\n9"),
        "paper_broken_pdf",
    ),
    "a PDF whose places are wrong": (
        files.pdf().replace(b"0000000015 00000 n", b"0000000077 00000 n"),
        "paper_broken_pdf",
    ),
    "PNG and HTML": (files.png() + HTML, "paper_hidden_file"),
    "PNG and something": (files.png() + b"something", "paper_hidden_file"),
    "HTML in a PNG": (
        files.png().replace(b"IDAT", b"tEXt")[:60] + HTML + files.png()[-12:],
        "paper_hidden_file",
    ),
    "JPEG and PHP": (files.jpeg() + PHP, "paper_hidden_file"),
    "PHP in a JPEG's comment": (files.jpeg(comment=PHP), "paper_hidden_file"),
    "JPEG and ZIP": (files.jpeg() + files.archive(), "paper_hidden_file"),
    "JPEG and PDF": (files.jpeg(comment=b"%PDF-1.4"), "paper_hidden_file"),
    "PDF and ZIP": (files.pdf() + files.archive(), "paper_hidden_file"),
    "PDF, ZIP and an end": (files.pdf() + files.archive() + b"\n%%EOF", "paper_hidden_file"),
    "ZIP in a PDF": (files.pdf(files.stream(files.archive())), "paper_hidden_file"),
    "PDF and HTML": (files.pdf(files.stream(HTML)), "paper_hidden_file"),
    "PDF with bytes between": (
        files.pdf().replace(b"xref\n0", b"GIF89a\nxref\n0", 1),
        "paper_broken_pdf",
    ),
    "PDF, a strange part and an end": (
        files.pdf() + b"MZ\x90 a program\n" + files.pdf()[files.pdf().index(b"startxref") :],
        "paper_hidden_file",
    ),
    "a locked PDF": (files.encrypted_pdf("x"), "paper_encrypted"),
    "a PDF locked without a password": (files.encrypted_pdf(""), "paper_encrypted"),
    "JavaScript": (
        files.pdf(catalog="/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"),
        "paper_active",
    ),
    "JavaScript by a disguised name": (
        files.pdf(catalog="/OpenAction << /S /#4aavaScript /#4a#53 (x) >>"),
        "paper_active",
    ),
    "JavaScript that no page leads to": (files.pdf("<< /JS (x) >>"), "paper_active"),
    "JavaScript by name": (
        files.pdf(catalog="/Names << /JavaScript << /Names [] >> >>"),
        "paper_active",
    ),
    "a launched program": (
        files.pdf(catalog="/OpenAction << /S /Launch /F (cmd.exe) >>"),
        "paper_active",
    ),
    "a form that sends": (files.pdf("<< /S /SubmitForm /F (http://x) >>"), "paper_active"),
    "acts of a page": (
        files.pdf(page=files.PAGE.replace(">>", "/AA << /O 4 0 R >> >>")),
        "paper_active",
    ),
    "an attachment": (
        files.pdf(files.stream(b"x", "/Type /EmbeddedFile")),
        "paper_active",
    ),
    "a form of XFA": (files.pdf(catalog="/AcroForm << /XFA [] >>"), "paper_active"),
    "a film": (files.pdf("<< /Type /Annot /Subtype /RichMedia >>"), "paper_active"),
    "no page": (
        files.pdf(pages="<< /Type /Pages /Kids [] /Count 0 >>"),
        "paper_without_pages",
    ),
    "101 pages": (files.pdf_of_pages(101), "paper_too_many_pages"),
    "10,000 pages": (files.pdf_of_pages(10_000), "paper_too_many_pages"),
    "endless pages": (files.pdf_of_endless_pages(), "paper_too_many_pages"),
    "pages in a circle": (
        files.pdf(pages="<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1 >>"),
        "paper_too_many_pages",
    ),
}


@pytest.mark.parametrize(("data", "code"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_no_scan_is_refused_with_its_reason(data, code):
    with pytest.raises(inspection.Refused) as refused:
        inspection.inspect(data)
    assert refused.value.code == code


@pytest.mark.parametrize(("data", "code"), [(b"", "paper_empty"), (TOO_LONG, "paper_too_large")])
def test_a_file_of_a_wrong_size_is_not_even_looked_through(data, code):
    assert reason(data) == code


BOMBS = {
    "a PNG of a thousand million pixels": (files.png_bomb(31_000), "paper_too_many_pixels"),
    "a PNG just over the limit": (files.png_bomb(8_100), "paper_too_many_pixels"),
    "a PDF stream of 600 MB": (files.pdf_bomb(600 << 20), "paper_too_complex"),
    "a PDF stream packed twice": (files.pdf_bomb_of_bombs(), "paper_too_complex"),
    "PDF objects in 200 MB": (files.pdf_of_object_bomb(200 << 20), "paper_broken_pdf"),
    "a picture in a PDF of endless size": (
        files.pdf(files.stream(b"", "/Subtype /Image /Width 99999 /Height 99999")),
        "paper_too_many_pixels",
    ),
    "lists in lists in lists": (files.pdf("[" * 100_000 + "]" * 100_000), "paper_too_complex"),
}


@pytest.mark.parametrize(("data", "code"), BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_in_a_few_seconds_and_takes_no_memory_here(data, code):
    assert len(data) < content.LARGEST
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    assert reason(data) == code
    assert time.monotonic() - began < 12
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # KB


def test_a_check_that_takes_all_memory_ends_alone(monkeypatch):
    monkeypatch.setattr(content, "INSPECTION", inspection.__file__.replace("inspection", "none"))
    assert reason(files.pdf()) == "paper_too_complex"


PDF, PNG, JPEG = (
    content.Scan(kind, b"") for kind in (inspection.PDF, inspection.PNG, inspection.JPEG)
)


@pytest.mark.parametrize(
    ("name", "scan", "words"),
    [
        ("scan.png", PDF, ("PNG", "PDF")),
        ("scan.pdf", PNG, ("PDF", "PNG")),
        ("scan.html", PDF, ("HTML", "PDF")),
        ("../../etc/passwd.svg", JPEG, ("SVG+XML", "JPEG")),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(name, scan, words):
    with pytest.raises(Invalid, match="paper_not_what_it_says") as refused:
        content.named(scan, name)
    assert (refused.value.params["said"], refused.value.params["found"]) == words


@pytest.mark.parametrize(
    "name", ["", "scan", "SCAN.PDF", "анықтама 12.05.2026", "..\\..\\x\0.png.pdf", "a/b.pdf"]
)
def test_any_other_name_does_not_matter(name):
    assert content.named(PDF, name) is PDF


def test_every_reason_has_its_sentence():
    assert set(inspection.REFUSALS) <= set(problems.PROBLEMS)


def test_the_two_files_agree_on_the_types():
    assert set(content.KINDS) == set(inspection.SIGNATURES)
