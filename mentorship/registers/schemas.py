from flask_babel import lazy_gettext as _l

from mentorship.web.fields import Choice, PageSchema

ALL_OR_NOTHING, GOOD_ROWS = "all_or_nothing", "good_rows"
WHEN_ROWS_ARE_BAD = {
    ALL_OR_NOTHING: _l("Import nothing until every row is right"),
    GOOD_ROWS: _l("Import the good rows and give me the others as a file"),
}


class ImportSchema(PageSchema):
    """How to import a file; the files themselves come beside the form."""

    when_rows_are_bad = Choice(_l("If some rows have mistakes"), WHEN_ROWS_ARE_BAD, kind="radios")
