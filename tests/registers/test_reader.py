import io
import resource
import struct
import time
import zipfile
from datetime import date

import pytest

from mentorship.registers import table as limits
from mentorship.registers.reader import read_table
from mentorship.registers.table import FileRefused, Table
from tests.registers.files import csv_of, with_part, xlsx_of

RUSSIAN = [["Фамилия", "Имя"], ["Иванов", "Юрий"], ["Щёкина", "Ольга"]]
KAZAKH = [["Тегі", "Аты"], ["Құрманғалиев", "Әлішер"], ["Өмірзақова", "Үміт"]]
SHEET = "xl/worksheets/sheet1.xml"
SPREADSHEET = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def refusal(data: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read_table(data)
    return caught.value


def cells(table: Table) -> list[list[str]]:
    return [list(table.header), *(list(row.cells) for row in table.rows)]


@pytest.mark.parametrize(
    ("rows", "encoding"),
    [
        (KAZAKH, "utf-8"),
        (KAZAKH, "utf-8-sig"),
        (KAZAKH, "utf-16"),
        (KAZAKH, "kz1048"),
        (RUSSIAN, "utf-8"),
        (RUSSIAN, "cp1251"),
        ([["Name", "Town"], ["Kim", "Semey"]], "ascii"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_in_every_usual_encoding_and_with_every_usual_separator(
    rows: list[list[str]], encoding: str, delimiter: str
) -> None:
    assert cells(read_table(csv_of(rows, delimiter).encode(encoding))) == rows


@pytest.mark.parametrize("encoding", ["cp866", "koi8-r", "mac_cyrillic"])
def test_an_encoding_that_would_give_wrong_letters_is_refused(encoding: str) -> None:
    assert refusal(csv_of(RUSSIAN).encode(encoding)).code == "unknown_encoding"


def test_one_broken_byte_does_not_turn_a_utf8_file_into_rubbish() -> None:
    data = csv_of(KAZAKH).encode()
    assert refusal(data.replace("Ү".encode(), b"\xd2")).code == "unknown_encoding"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b" \r\n\r\n", "file_empty"),
        (b"a,b\r\n", "no_rows"),
        (b"a,b\r\n,\r\n", "no_rows"),
        (b"Dear colleagues\r\nhere is the list\r\n", "not_a_table"),
        (b"<html><table></table></html>", "not_a_table"),
        (b'{"a": 1, "b": 2}\n', "not_a_table"),
        (b"a,b\r\n\x00\x01,2\r\n", "not_text"),
        (b"a,b\r\n\x00\x01\xff,2\r\n", "not_text"),
        (b"%PDF-1.7 ...", "not_a_spreadsheet"),
        (b"\x89PNG\r\n\x1a\n", "not_a_spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_spreadsheet"),
        (b"PK\x03\x04 and nothing more", "broken_workbook"),
        (b'a,b\r\n"open,2\r\n3,4\r\n', "broken_quotes"),
        (b'a,b\r\n"x"y,2\r\n', "broken_quotes"),
        (b"a,,c\r\n1,2,3\r\n", "unnamed_column"),
        (b"a,b,A\r\n1,2,3\r\n", "duplicate_column"),
    ],
)
def test_what_is_not_a_table_is_refused_with_its_reason(data: bytes, code: str) -> None:
    assert refusal(data).code == code


def test_broken_quotes_name_the_line_on_which_the_row_begins() -> None:
    assert refusal(b'a,b\r\n1,2\r\n"open,2\r\n3,4\r\n').params == {"line": 3}


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    assert refusal(b"a,b\n" * (limits.MAX_BYTES // 4 + 1)).code == "file_too_large"


def test_the_row_limit_counts_rows_that_hold_something() -> None:
    rows = b"1,2\n" * limits.MAX_ROWS
    assert len(read_table(b"a,b\n" + rows + b",\n" * 10).rows) == limits.MAX_ROWS
    assert refusal(b"a,b\n" + rows + b"1,2\n").code == "too_many_rows"


def test_more_columns_than_a_register_has_are_refused() -> None:
    names = [str(number) for number in range(limits.MAX_COLUMNS + 1)]
    assert refusal(csv_of([names, names]).encode()).code == "too_many_columns"
    assert refusal(xlsx_of([names, names])).code == "too_many_columns"


def test_a_cell_may_hold_line_breaks_and_rows_keep_the_line_they_begin_on() -> None:
    table = read_table(b'a;b\r\n"one\r\ntwo";"x;y"\r\n\r\n3;4\r\n')
    assert [(row.line, row.cells) for row in table.rows] == [
        (2, ("one\r\ntwo", "x;y")),
        (5, ("3", "4")),
    ]


def test_a_separator_that_excel_names_on_the_first_line_is_believed() -> None:
    table = read_table(b"sep=;\r\na;b,c\r\n1;2\r\n")
    assert (table.header, table.rows[0].line) == (("a", "b,c"), 3)


def test_trailing_blank_columns_are_left_out_and_short_rows_are_remembered() -> None:
    table = read_table(b"a,b,,\r\n1,2,,\r\n3\r\n")
    assert table.header == ("a", "b")
    assert [row.width for row in table.rows] == [4, 1]


def test_a_workbook_gives_typed_cells_with_their_line_numbers() -> None:
    table = read_table(xlsx_of([[None, None], ["a", "b", "c"], [date(2026, 1, 5), 35, "x"]]))
    assert table.header == ("a", "b", "c")
    assert table.rows[0].line == 3
    assert table.rows[0].cells == (date(2026, 1, 5), 35.0, "x")


def test_a_formula_is_refused_with_its_cell_even_when_it_has_a_value() -> None:
    error = refusal(xlsx_of([["a", "b"], ["1", "=1+1"]]))
    assert (error.code, error.params) == ("formula", {"cell": "B2"})


def test_text_that_looks_like_a_formula_is_only_text() -> None:
    table = read_table(b"a,b\r\n=1+1,'=2+2\r\n")
    assert table.rows[0].cells == ("=1+1", "=2+2")


def test_a_zip_bomb_is_refused_without_being_unpacked() -> None:
    bomb = with_part(xlsx_of([["a", "b"], [1, 2]]), "xl/media/x.bin", b"\0" * (101 << 20))
    assert len(bomb) < limits.MAX_BYTES
    assert refusal(bomb).code == "file_too_large_unpacked"


def test_a_zip_archive_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(with_part(xlsx_of([["a", "b"], [1, 2]]), "xl/z.xml", b"<a/>" + b" " * 99999))
    end = data.rindex(b"xl/z.xml")  # the last entry of the central directory
    struct.pack_into("<I", data, end - 46 + 24, 4)
    assert refusal(bytes(data)).code == "broken_workbook"


def test_a_workbook_of_one_long_text_in_many_cells_is_refused_quickly_with_little_memory() -> None:
    texts = b'<sst xmlns="%s"><si><t>%s</t></si></sst>' % (SPREADSHEET, b"A" * 1_000_000)
    cell = b'<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>'
    sheet = b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>'
    data = with_part(xlsx_of([["a", "b"]]), "xl/sharedStrings.xml", texts)
    bomb = with_part(data, SHEET, sheet % (SPREADSHEET, cell * 5000))  # 10 GB, were it read
    assert len(bomb) < 20_000
    assert_cheap(bomb)


def test_a_workbook_of_endless_elements_is_refused_quickly_with_little_memory() -> None:
    sheet = b'<worksheet xmlns="%s"><sheetData><row>%s</row></sheetData></worksheet>'
    bomb = with_part(xlsx_of([["a"]]), SHEET, sheet % (SPREADSHEET, b"<c/>" * 20_000_000))
    assert len(bomb) < 200_000
    assert_cheap(bomb)


def assert_cheap(bomb: bytes) -> None:
    """Refused for its size, in a few seconds, with hardly any memory."""
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    assert refusal(bomb).code == "file_too_large_unpacked"
    assert time.monotonic() - began < 15
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # KB


def test_a_text_that_many_cells_share_is_read_in_each_of_them() -> None:
    rows = [["Name", "Town"], *([f"Person {n}", "Қарағанды"] for n in range(3000))]
    assert cells(read_table(xlsx_of(rows))) == rows


@pytest.mark.parametrize(
    ("place", "code"),
    [("A1048576", "too_many_rows"), ("XFD2", "too_many_columns"), ("XFD1048576", "too_many_rows")],
)
def test_one_cell_in_the_farthest_corner_does_not_take_all_memory(place: str, code: str) -> None:
    sheet = (
        b'<worksheet xmlns="%s"><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        b'<row><c r="%s"><v>1</v></c></row></sheetData></worksheet>'
    ) % (SPREADSHEET, place.encode())
    data = with_part(xlsx_of([["a", "b"], [1, 2]]), SHEET, sheet)
    assert refusal(data).code == code


@pytest.mark.parametrize(
    ("part", "content"),
    [
        (SHEET, b"<worksheet>"),
        (SHEET, b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'),
        (SHEET, b'<x><c r="!!"/></x>'),
        ("xl/workbook.xml", b"\x00"),
    ],
)
def test_a_damaged_workbook_is_refused(part: str, content: bytes) -> None:
    assert refusal(with_part(xlsx_of([["a", "b"], [1, 2]]), part, content)).code == (
        "broken_workbook"
    )


def test_a_workbook_of_parts_that_are_not_xml_is_refused() -> None:
    relationships = (
        b'<Relationships><Relationship Id="rId1" Type="x" Target="worksheets/sheet1.bin"/>'
        b"</Relationships>"
    )
    data = with_part(xlsx_of([["a", "b"], [1, 2]]), "xl/_rels/workbook.xml.rels", relationships)
    assert refusal(data).code == "macros"


def test_a_zip_archive_that_is_no_workbook_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert refusal(made.getvalue()).code == "not_a_spreadsheet"
