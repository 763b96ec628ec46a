"""A mapping file (TOML): what the columns and cells of somebody else's file mean here.

Everything it adds to a register stands in it for all to see. `docs/import.md` describes it.
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from mentorship.registers.table import FileRefused

MAX_BYTES = 256 * 1024
_TABLES = ("columns", "values", "constants", "templates", "birth_date", "options")
_OPTIONS = ("create_missing_centres", "without_iin")
_PLACEHOLDER = re.compile(r"\{([^{}:]+)(?::0([1-9])d)?\}")


@dataclass(frozen=True)
class Age:
    """Birth dates made of an age in years: the birthday is taken to be the day itself."""

    column: str
    on: date


@dataclass(frozen=True)
class FileMapping:
    """What a mapping file says; the default says nothing."""

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    age: Age | None = None
    create_missing_centres: bool = False
    without_iin: bool = False

    @property
    def made(self) -> set[str]:
        """The columns that the mapping makes, whatever the file holds."""
        return {*self.constants, *self.templates, *(["birth_date"] if self.age else [])}


def read_mapping(data: bytes, known: Collection[str]) -> FileMapping:
    """The mapping in a file, for a register with these columns; raises FileRefused."""
    if len(data) > MAX_BYTES:
        raise FileRefused("mapping_too_large", limit=MAX_BYTES // 1024)
    try:
        tables = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise FileRefused("mapping_not_utf8") from error
    except tomllib.TOMLDecodeError as error:
        raise FileRefused("mapping_not_toml", place=_place(str(error))) from error
    for name, content in tables.items():
        _expect(name in _TABLES, "mapping_unknown_table", name, choices=_TABLES)
        _expect(isinstance(content, dict), "mapping_not_a_table", name)
    mapping = FileMapping(
        columns=_texts(tables, "columns", known),
        values=_values(tables.get("values", {}), known),
        constants={
            name: _constant(value, f"constants.{name}")
            for name, value in _named(tables, "constants", known).items()
        },
        templates=_templates(tables, known),
        age=_age(tables["birth_date"]) if "birth_date" in tables else None,
        **_options(tables.get("options", {})),
    )
    _refuse_made_twice(mapping)
    return mapping


def _place(message: str) -> str:
    """'line 3, column 7' of the TOML reader's message."""
    found = re.search(r"\(at ([^()]*)\)$", message)
    return found[1] if found else message


def _expect(right: bool, code: str, place: str, **params: Any) -> None:
    if not right:
        choices = params.pop("choices", None)
        more = {"choices": ", ".join(sorted(choices))} if choices else {}
        raise FileRefused(code, place=place, **more, **params)


def _named(tables: Mapping[str, Any], table: str, known: Collection[str]) -> dict[str, Any]:
    content: dict[str, Any] = tables.get(table, {})
    for name in content:
        _expect(name in known, "mapping_unknown_column", f"{table}.{name}", choices=known)
    return content


def _texts(tables: Mapping[str, Any], table: str, known: Collection[str]) -> dict[str, str]:
    content = _named(tables, table, known)
    for name, value in content.items():
        right = isinstance(value, str) and value.strip() != ""
        _expect(right, "mapping_needs_text", f"{table}.{name}")
    return {name: value.strip() for name, value in content.items()}


def _values(content: Mapping[str, Any], known: Collection[str]) -> dict[str, dict[str, Any]]:
    found = {}
    for name, words in content.items():
        place = f"values.{name}"
        _expect(name in known, "mapping_unknown_column", place, choices=known)
        _expect(isinstance(words, dict), "mapping_not_a_table", place)
        found[name] = {
            word.strip().casefold(): _constant(value, f"{place}.{word}")
            for word, value in words.items()
        }
    return found


def _constant(value: Any, place: str) -> Any:
    """Text, a whole number, yes or no, a date; a list of texts is one cell of several words."""
    if isinstance(value, list):
        _expect(all(isinstance(part, str) for part in value), "mapping_wrong_type", place)
        return "; ".join(value)
    right = isinstance(value, (str, bool, int, date)) and not isinstance(value, datetime)
    _expect(right, "mapping_wrong_type", place)
    return value


def _templates(tables: Mapping[str, Any], known: Collection[str]) -> dict[str, str]:
    templates = _texts(tables, "templates", known)
    for name, template in templates.items():
        rest = _PLACEHOLDER.sub("", template)
        place = f"templates.{name}"
        _expect("{" not in rest and "}" not in rest, "mapping_wrong_template", place)
        for heading, digits in _PLACEHOLDER.findall(template):
            _expect(not digits or heading == "line", "mapping_wrong_template", place)
    return templates


def headings_of(template: str) -> list[str]:
    """The file's headings that a template speaks of."""
    return [name for name, _ in _PLACEHOLDER.findall(template) if name != "line"]


def fill_template(template: str, line: int, cells: Mapping[str, str]) -> str:
    """The template with the line number and the row's cells put in; nothing is evaluated."""

    def put(found: re.Match[str]) -> str:
        if found[1] == "line":
            return f"{line:0{found[2] or 1}d}"
        return cells[found[1].casefold()]

    return _PLACEHOLDER.sub(put, template)


def _age(content: Mapping[str, Any]) -> Age:
    for name in content:
        _expect(
            name in ("age", "on"),
            "mapping_unknown_key",
            f"birth_date.{name}",
            choices=("age", "on"),
        )
    column, on = content.get("age"), content.get("on")
    _expect(
        isinstance(column, str) and column.strip() != "", "mapping_needs_text", "birth_date.age"
    )
    right = isinstance(on, date) and not isinstance(on, datetime)
    _expect(right, "mapping_needs_date", "birth_date.on")
    return Age(str(column).strip(), on)  # type: ignore[arg-type]


def _options(content: Mapping[str, Any]) -> dict[str, bool]:
    for name, value in content.items():
        _expect(name in _OPTIONS, "mapping_unknown_key", f"options.{name}", choices=_OPTIONS)
        _expect(isinstance(value, bool), "mapping_needs_yes_no", f"options.{name}")
    return dict(content)


def _refuse_made_twice(mapping: FileMapping) -> None:
    tables = {
        "columns": mapping.columns,
        "constants": mapping.constants,
        "templates": mapping.templates,
        "birth_date": {"birth_date": ""} if mapping.age else {},
    }
    seen: dict[str, str] = {}
    for table, content in tables.items():
        for name in content:
            place = table if table == name else f"{table}.{name}"
            _expect(name not in seen, "mapping_made_twice", place, other=seen.get(name, ""))
            seen[name] = place
