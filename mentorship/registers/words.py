"""Why a file is refused, in words: what is wrong and what to do."""

from typing import Any

from flask_babel import lazy_gettext as _l

from mentorship.registers.columns import Kind
from mentorship.registers.table import FileRefused

KINDS = {Kind.MENTORS: _l("Mentors"), Kind.CHILDREN: _l("Children")}
YES_NO = {"true": _l("Yes"), "false": _l("No")}
MATCH_COLUMNS = {
    "match": _l("Number of the match"),
    "mentor": _l("Mentor"),
    "child": _l("Child"),
    "centre": _l("Centre"),
    "region": _l("Region"),
    "started_on": _l("Began on"),
    "ended_on": _l("Ended on"),
    "closure_reason": _l("Reason for the closure"),
    "ended_as_planned": _l("Ended as planned"),
    "ended_by": _l("Ended by"),
}
REFUSALS = {
    "file_empty": _l("The file is empty."),
    "no_rows": _l("The file has a heading but no rows."),
    "file_too_large": _l("The file is larger than %(limit)s MB. Split it into smaller files."),
    "file_too_large_unpacked": _l(
        "The workbook is larger than %(limit)s MB when unpacked. Save only the sheet with the "
        "table."
    ),
    "too_many_rows": _l("The file has more than %(limit)s rows. Split it into smaller files."),
    "too_many_columns": _l(
        "The file has more than %(limit)s columns. Leave only those of the register."
    ),
    "old_spreadsheet": _l("This is an old Excel file. Save it as XLSX or CSV."),
    "not_a_spreadsheet": _l("This file is not a table. Save the table as XLSX or CSV."),
    "not_a_table": _l(
        "No columns were found. Save the table as XLSX, or as CSV with commas or semicolons."
    ),
    "not_text": _l("This file is not a table: it holds signs that are not text."),
    "unknown_encoding": _l(
        "The letters of the file could not be read. Save it as CSV in UTF-8 or as XLSX."
    ),
    "broken_quotes": _l(
        "The quotation marks in the row that begins on line %(line)s do not match. Correct the "
        "row, or save the table as XLSX."
    ),
    "broken_workbook": _l("The workbook is damaged or protected. Save it again as XLSX."),
    "macros": _l("The workbook holds more than sheets. Save it as XLSX without macros."),
    "formula": _l(
        "Cell %(cell)s holds a formula. Copy the table, paste it as values only and save again."
    ),
    "unnamed_column": _l("Column %(position)s has no heading. Name it or remove it."),
    "duplicate_column": _l("Two columns are called %(column)s. Rename or remove one."),
    "two_columns_for_one": _l(
        "The columns %(other)s and %(column)s mean the same. Rename or remove one."
    ),
    "no_header": _l(
        "None of the headings is known. The first row must name the columns: %(columns)s."
    ),
    "missing_columns": _l("These columns are missing: %(columns)s."),
    "column_is_there": _l(
        "The mapping makes %(place)s, but the file has the column %(column)s. Remove one of the "
        "two."
    ),
    "mapping_too_large": _l("The mapping file is larger than %(limit)s kB."),
    "mapping_not_utf8": _l("The mapping file is not text in UTF-8."),
    "mapping_not_toml": _l("The mapping file is not TOML: see %(place)s."),
    "mapping_unknown_table": _l(
        "The mapping has an unknown part %(place)s. Known are: %(choices)s."
    ),
    "mapping_unknown_key": _l("The mapping has an unknown key %(place)s. Known are: %(choices)s."),
    "mapping_unknown_column": _l(
        "The mapping names a column that the register does not have: %(place)s. Known are: "
        "%(choices)s."
    ),
    "mapping_not_a_table": _l("In the mapping, %(place)s must be a table of names and values."),
    "mapping_needs_text": _l("In the mapping, %(place)s must be a text that is not empty."),
    "mapping_needs_date": _l("In the mapping, %(place)s must be a date like 2026-01-05."),
    "mapping_needs_yes_no": _l("In the mapping, %(place)s must be true or false."),
    "mapping_wrong_type": _l(
        "In the mapping, %(place)s must be a text, a whole number, a date, true, false or a list "
        "of texts."
    ),
    "mapping_wrong_template": _l(
        "In the mapping, %(place)s may hold only {line}, {line:05d} and headings of the file in "
        "braces."
    ),
    "mapping_made_twice": _l("The mapping fills one column twice: %(other)s and %(place)s."),
    "mapping_no_such_heading": _l(
        "The mapping speaks of the column %(column)s in %(place)s, but the file does not have it."
    ),
}


def refusal(error: FileRefused) -> str:
    """The sentence of a refused file."""
    sentence: Any = REFUSALS[error.code]
    return str(sentence) % error.params
