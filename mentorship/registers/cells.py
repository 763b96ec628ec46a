"""Cells into what the schemas read: words of three languages into codes."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext
from marshmallow import Schema

from mentorship.places.regions import find_region
from mentorship.registers.columns import Column, Reads
from mentorship.registers.lexicon import Lexicon, read_languages
from mentorship.registers.table import cell_text
from mentorship.web import words
from mentorship.web.fields import Choice


class Unclear(Exception):
    """A cell whose words mean nothing here; carries the sentence of what was expected."""


class CellReader:
    """Reads cells of known columns; made once for a file, inside an app context."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self.columns = columns
        self.languages = Lexicon(words.LANGUAGES, "languages")
        self.levels = Lexicon(words.LEVELS, "levels")
        self.yes_no = Lexicon({"yes": "yes", "no": "no"}, "yes_no")
        made: dict[int, Lexicon] = {}  # columns of the same options share their words
        self.lexicons = {
            name: made.setdefault(id(column.options), self._lexicon(column))
            for name, column in columns.items()
            if column.reads in (Reads.ONE_OF, Reads.SOME_OF)
        }
        self._readers: dict[Reads, Callable[[Column, Any], Any]] = {
            Reads.IIN: _iin,
            Reads.DAY: lambda _, value: value,
            Reads.ONE_OF: self._one_of,
            Reads.SOME_OF: self._some_of,
            Reads.REGION: _region,
            Reads.LANGUAGES: self._languages,
            Reads.YES_NO: self._yes_no,
            Reads.TEXT: lambda _, value: cell_text(value),
        }

    def _lexicon(self, column: Column) -> Lexicon:
        named = {id(words.SEXES): "sex", id(words.CHILD_SEXES): "sex"}
        named[id(words.LANGUAGES)] = "languages"
        named[id(words.CLEARANCE_RESULTS)] = "results"
        return Lexicon(column.options, named.get(id(column.options), ""))

    def settle_options(self, *schemas: Schema) -> None:
        """Work out the options of these schemas once, not again for every cell."""
        for schema in schemas:
            for field in schema.fields.values():
                if isinstance(field, Choice):
                    field.metadata = {**field.metadata, "options": dict(field.options)}

    def read(self, raw: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        """The values for the schemas, and what was expected where a cell means nothing."""
        values: dict[str, Any] = {}
        errors: dict[str, str] = {}
        for name, value in raw.items():
            column = self.columns[name]
            try:
                values[name] = self._readers[column.reads](column, value)
            except Unclear as error:
                errors[name] = str(error)
        return values, errors

    def _one_of(self, column: Column, value: Any) -> str:
        code = self.lexicons[column.name].find(cell_text(value))
        if code is None:
            choices = ", ".join(str(word) for word in column.options.values())
            raise Unclear(gettext("Enter one of these: %(choices)s.", choices=choices))
        return code

    def _some_of(self, column: Column, value: Any) -> list[str]:
        codes, unknown = self.lexicons[column.name].find_all(cell_text(value))
        if unknown:
            listed = ", ".join(unknown)[:200]
            if column.name == "interests":
                raise Unclear(gettext("Not on the list of interests: %(words)s.", words=listed))
            choices = ", ".join(str(word) for word in column.options.values())
            raise Unclear(gettext("Enter some of these: %(choices)s.", choices=choices))
        return codes

    def _languages(self, _column: Column, value: Any) -> dict[str, str]:
        spoken, unknown = read_languages(cell_text(value), self.languages, self.levels)
        if unknown:
            raise Unclear(
                gettext(
                    "Enter languages with their level, separated by semicolons, like "
                    "“kk: fluent; ru: basic”."
                )
            )
        return spoken

    def _yes_no(self, _column: Column, value: Any) -> str:
        code = self.yes_no.find(cell_text(value))
        if code is None:
            raise Unclear(gettext("Enter “yes” or “no”."))
        return "true" if code == "yes" else "false"


def _iin(_column: Column, value: Any) -> str:
    """Spreadsheets drop leading zeros of numbers; the check digit tells whether it was so."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return cell_text(float(value)).rjust(12, "0")
    return cell_text(value)


def _region(_column: Column, value: Any) -> str:
    region = find_region(cell_text(value))
    if region is None:
        raise Unclear(
            gettext("Enter the KATO code or the name of a region, like 35 or Қарағанды облысы.")
        )
    return region
