"""Files of figures, opened by openpyxl and, where the machine has it, by LibreOffice."""

import csv
import io
import re
import shutil
import subprocess
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import openpyxl
import pytest
from flask import Flask
from flask_babel import force_locale, lazy_gettext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorship.web.cells import RISKY, defuse
from mentorship.web.suppression import Count, Mark
from mentorship.web.tables import Book, Column, Kind, Sheet, address, answer, wanted

PLAIN_NUMBER = re.compile(r"-?\d+(,\d+)?%?")
# Semicolon, quotes, UTF-8, from line 1, the language Russian, cells by what they look like.
AS_IN_RUSSIAN = "59,34,76,1,,1049,false,true"
FEW, HIDDEN = Count(Mark.FEW), Count(Mark.HIDDEN)
COLUMNS = [
    Column("Region"),
    Column("Matches", Kind.COUNT),
    Column("Lasted a year", Kind.SHARE),
    Column("Difference", Kind.SHARE, digits=1),
    Column("Months", Kind.NUMBER),
    Column("State of", Kind.DAY),
]
ROWS = [
    ["Қарағанды облысы", Count(Mark.SHOWN, 1204), 0.8437, -0.0526, 14.26, date(2026, 10, 31)],
    ["=HYPERLINK(1)", FEW, None, None, None, None],
    ["-5", HIDDEN, 0.0, 0.1, -3.0, date(2026, 10, 31)],
]


def a_book(rows=ROWS, **more):
    sheet = Sheet("Retention by region: all/some [years]", COLUMNS, rows)
    given = {"definitions": [("Retention", "How long matches last.")], "until": date(2026, 11, 1)}
    return Book("Retention", [sheet], **(given | more))


@pytest.fixture
def ask(app: Flask):
    """Asks for a book as a file at an address: the answer."""

    def asked(kind, book=None, at="/retention?region=35", locale="en_GB"):
        with app.test_request_context(f"{at}&as={kind}"), force_locale(locale):
            return answer(book or a_book(), kind)

    return asked


def opened(response):
    return openpyxl.load_workbook(io.BytesIO(response.get_data()))


def read_csv(response):
    data = response.get_data()
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_numbers_shares_and_days_are_such_in_a_workbook(ask):
    page = opened(ask("xlsx")).worksheets[0]
    region, count, share, difference, months, day = page[2]
    assert region.value == "Қарағанды облысы"
    assert (count.value, count.number_format) == (1204, "#,##0")
    assert (share.value, share.number_format) == (0.84, "0%")
    assert (difference.value, difference.number_format) == (-0.053, "0.0%")
    assert (months.value, months.number_format) == (14.3, "#,##0.0")
    assert day.is_date and day.value.date() == date(2026, 10, 31)
    assert (page["D4"].value, page["E4"].value) == (0.1, -3)


def test_a_file_says_no_more_than_the_page(ask):
    """Many digits of a share would tell the numbers it was made of."""
    share = 17 / 21
    book = a_book([["x", 21, share, share, 3.14159, None]])
    page = opened(ask("xlsx", book)).worksheets[0]
    assert [cell.value for cell in page[2]][2:5] == [0.81, 0.81, 3.1]
    assert "0,81" not in ask("csv", book).get_data(as_text=True)
    assert read_csv(ask("csv", book))[1] == ["x", "21", "81%", "81,0%", "3,1", ""]


def test_counts_that_may_not_be_shown_are_words_in_every_file(ask):
    page = opened(ask("xlsx")).worksheets[0]
    assert (page["B3"].value, page["B4"].value) == ("fewer than 5", "not shown")
    assert [row[1] for row in read_csv(ask("csv"))] == [
        "Matches",
        "1204",
        "fewer than 5",
        "not shown",
    ]


def test_the_heading_stays_in_view_can_be_filtered_and_columns_fit(ask):
    page = opened(ask("xlsx")).worksheets[0]
    assert page.freeze_panes == "A2" and page.auto_filter.ref == "A1:F4"
    assert page.print_title_rows == "$1:$1" and page["A1"].font.bold
    assert page.column_dimensions["A"].width >= len("Қарағанды облысы")
    assert page.title == "Retention by region all some ye"


def test_a_workbook_says_what_it_means_of_what_and_as_of_when(ask):
    book = a_book(
        filters=[("Region", "Қарағанды облысы")],
        computed=datetime(2026, 11, 1, 22, tzinfo=UTC),
        notes=["Some rows were removed."],
    )
    work = opened(ask("xlsx", book))
    assert work.sheetnames[1:] == ["Definitions", "About this file"]
    assert [cell.value for cell in work["Definitions"][2]] == [
        "Retention",
        "How long matches last.",
    ]
    told = {row[0].value: row[1].value for row in work["About this file"].iter_rows(min_row=2)}
    assert told["Region"] == "Қарағанды облысы"
    assert told["Figures up to and including"] == "1 November 2026"
    assert told["Figures computed on"] == "2 November 2026"  # the day in Kazakhstan
    assert told["Address of the page"] == "/retention?region=35"
    assert told["Note"] == "Some rows were removed."


def test_csv_is_as_excel_in_kazakhstan_opens_it(ask):
    first, row, *_ = read_csv(ask("csv"))
    assert first == [str(column.title) for column in COLUMNS]
    assert row == ["Қарағанды облысы", "1204", "84%", "-5,3%", "14,3", "2026-10-31"]


def test_several_tables_in_one_csv_have_their_titles(ask):
    sheets = [Sheet(title, [Column("A")], [["1"]]) for title in ("First", "=Second")]
    assert read_csv(ask("csv", Book("x", sheets))) == [
        ["First"], ["A"], ["1"], [], ["'=Second"], ["A"], ["1"],
    ]  # fmt: skip


def test_sheets_of_one_title_are_told_apart(ask):
    sheets = [Sheet("A long title of a table, such as people write", [Column("A")], [])] * 3
    names = opened(ask("xlsx", Book("x", sheets))).sheetnames
    assert len(set(names)) == 4 and max(map(len, names)) <= 31


def test_words_of_a_file_are_in_the_page_s_language(ask):
    book = a_book(filters=[(lazy_gettext("Region"), "x")])
    about = opened(ask("xlsx", book, locale="ru")).worksheets[-1]
    assert about["A3"].value == "Регион"


def test_a_file_is_named_for_its_page_and_day_and_never_for_what_was_typed(ask):
    response = ask("xlsx", at="/retention?region=35&q=Ахметова")
    named = response.headers["Content-Disposition"]
    assert named == 'attachment; filename="retention-index-2026-11-01.xlsx"'
    assert ask("csv").headers["Content-Type"] == "text/csv; charset=utf-8"


def test_the_address_keeps_the_filters_and_cannot_be_led_elsewhere(app):
    asked = "/retention?region=35&as=csv&endpoint=x&_external=1"
    with app.test_request_context(asked):
        assert wanted() == "csv"
        assert address() == "/retention?region=35&endpoint=x&_external=1"
        assert "&as=xlsx&" in address(**{"as": "xlsx"})
    with app.test_request_context("/retention?as=exe"):
        assert wanted() is None


def test_numbers_of_other_kinds_are_numbers_and_what_is_none_is_empty(ask):
    rows = [["x", np.int64(7), np.float64(0.5), Decimal("-0.25"), float("nan"), None]]
    page = opened(ask("xlsx", a_book(rows))).worksheets[0]
    assert [cell.value for cell in page[2]] == ["x", 7, 0.5, -0.25, None, None]


SIGNS = st.text("=+-@\t\r\n'\";,| |0АқA\x00\x0b\ufffe", max_size=8)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(SIGNS, st.integers(-9999, 9999), st.floats(-1, 1)), max_size=3), SIGNS)
def test_no_cell_of_any_file_can_become_a_formula(ask, rows, title):
    columns = [Column(title), Column("n", Kind.COUNT), Column("s", Kind.SHARE)]
    book = Book(title, [Sheet(title, columns, rows)], [(title, title)], [(title, title)])
    for line in read_csv(ask("csv", book)):
        for cell in line:
            assert not cell.startswith(RISKY) or PLAIN_NUMBER.fullmatch(cell), cell
    work = opened(ask("xlsx", book))
    for page in work.worksheets:
        for row in page.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "inlineStr", "n")
                assert not isinstance(cell.value, str) or not cell.value.startswith(RISKY)
    numbers = [[cell.value for cell in row][1:] for row in work.worksheets[0].iter_rows(min_row=2)]
    assert numbers == [[whole, round(share, 2)] for _, whole, share in rows]


@given(SIGNS)
def test_what_is_defused_can_be_read_back(text):
    done = defuse(text)
    assert not done.startswith(RISKY)
    assert done in (text, f"'{text}")


@pytest.mark.sqlite
def test_libreoffice_opens_both_files_as_they_were_meant(ask, tmp_path):
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not installed here")
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    for kind, read_as in (("xlsx", []), ("csv", [f"--infilter=CSV:{AS_IN_RUSSIAN}"])):
        (tmp_path / f"file.{kind}").write_bytes(ask(kind).get_data())
        command = [program, home, *read_as, "--headless", "--convert-to", "xlsx"]
        where = ["--outdir", str(tmp_path / kind), str(tmp_path / f"file.{kind}")]
        subprocess.run([*command, *where], check=True, timeout=90, capture_output=True)
        page = openpyxl.load_workbook(tmp_path / kind / "file.xlsx").worksheets[0]
        _, count, share, difference, months, day = page[2]
        assert [count.value, share.value, difference.value] == [1204, 0.84, -0.053]
        assert months.value == 14.3 and day.is_date
        assert [page["A3"].value, page["B3"].value] == ["'=HYPERLINK(1)", "fewer than 5"]
        assert page["A4"].value == "'-5" and page["E4"].value == -3
        assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n", "d"}
