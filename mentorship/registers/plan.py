"""Which column of a file, or which line of a mapping, fills each column of the register."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mentorship.i18n import search_key
from mentorship.registers.columns import Column
from mentorship.registers.lexicon import HEADINGS, in_every_language
from mentorship.registers.mapping import FileMapping, fill_template, headings_of
from mentorship.registers.table import FileRefused, Row, cell_text


class AgeUnclear(Exception):
    """The cell that should hold an age in years holds something else."""


@dataclass(frozen=True)
class Plan:
    """Where each column's value comes from, and which headings of the file are not used."""

    columns: Mapping[str, Column]
    header: tuple[str, ...]
    mapping: FileMapping
    sources: Mapping[str, int]
    unused: tuple[str, ...]

    def heading(self, name: str) -> str:
        """What the reader calls a column: the file's heading, else our label."""
        if name in self.sources:
            return self.header[self.sources[name]]
        if name == "birth_date" and self.mapping.age:
            return self.mapping.age.column
        return str(self.columns[name].label)

    def raw(self, row: Row) -> dict[str, Any]:
        """The row's cells by column name, blank ones left out; raises AgeUnclear."""
        found = {name: self._cell(name, row.cells[at]) for name, at in self.sources.items()}
        texts = {h.casefold(): cell_text(c) for h, c in zip(self.header, row.cells, strict=True)}
        found |= self.mapping.constants
        for name, template in self.mapping.templates.items():
            found[name] = fill_template(template, row.line, texts)
        if self.mapping.age:
            found["birth_date"] = self._birth_date(texts[self.mapping.age.column.casefold()])
        return {name: value for name, value in found.items() if cell_text(value)}

    def _cell(self, name: str, cell: Any) -> Any:
        words = self.mapping.values.get(name)
        return words.get(cell_text(cell).casefold(), cell) if words else cell

    def _birth_date(self, age: str) -> date | str:
        if not age:
            return ""
        if not (age.isascii() and age.isdigit() and int(age) < 120 and self.mapping.age):
            raise AgeUnclear
        on = self.mapping.age.on
        day = 28 if (on.month, on.day) == (2, 29) else on.day
        return on.replace(year=on.year - int(age), day=day)


def make_plan(columns: Mapping[str, Column], header: Sequence[str], mapping: FileMapping) -> Plan:
    """Match the headings with the columns; raises FileRefused where it cannot be done."""
    places = {name.casefold(): position for position, name in enumerate(header)}
    sources = _mapped(places, mapping)
    known = aliases(columns)
    mapped = set(sources.values())
    for position, heading in enumerate(header):
        name = known.get(_fold(heading))
        if name is None or position in mapped:
            continue
        if name in mapping.made:
            raise FileRefused("column_is_there", column=heading, place=name)
        if name in sources:
            raise FileRefused("two_columns_for_one", column=heading, other=header[sources[name]])
        sources[name] = position
    if not sources:
        raise FileRefused("no_header", columns=_labels(columns, _required(columns, mapping)))
    used = {*sources.values(), *(places[name] for name in _spoken_of(mapping, places))}
    _refuse_missing(columns, sources, mapping)
    unused = tuple(name for position, name in enumerate(header) if position not in used)
    return Plan(columns, tuple(header), mapping, sources, unused)


def aliases(columns: Mapping[str, Column]) -> dict[str, str]:
    """Everything a column may be called, folded, to its name."""
    found: dict[str, str] = {_fold(name): name for name in columns}
    for name, column in columns.items():
        for label in in_every_language(lambda column=column: column.label):  # type: ignore[misc]
            found.setdefault(_fold(label), name)
    for name in columns:
        for heading in HEADINGS.get(name, ()):
            found.setdefault(_fold(heading), name)
    return found


def _fold(heading: str) -> str:
    return search_key(heading.replace("_", " ")).strip(" *:.")


def _mapped(places: Mapping[str, int], mapping: FileMapping) -> dict[str, int]:
    sources = {}
    for name, heading in mapping.columns.items():
        if heading.casefold() not in places:
            raise FileRefused("mapping_no_such_heading", place=f"columns.{name}", column=heading)
        sources[name] = places[heading.casefold()]
    return sources


def _spoken_of(mapping: FileMapping, places: Mapping[str, int]) -> set[str]:
    """The headings that templates and the age rule read; each must be in the file."""
    spoken = [(f"templates.{n}", h) for n, t in mapping.templates.items() for h in headings_of(t)]
    if mapping.age:
        spoken.append(("birth_date.age", mapping.age.column))
    for place, heading in spoken:
        if heading.casefold() not in places:
            raise FileRefused("mapping_no_such_heading", place=place, column=heading)
    return {heading.casefold() for _, heading in spoken}


def _required(columns: Mapping[str, Column], mapping: FileMapping) -> list[str]:
    spared = {"iin"} if mapping.without_iin else set()
    return [name for name, c in columns.items() if c.required and name not in spared]


def _refuse_missing(
    columns: Mapping[str, Column], sources: Mapping[str, int], mapping: FileMapping
) -> None:
    missing = [n for n in _required(columns, mapping) if n not in sources.keys() | mapping.made]
    if missing:
        raise FileRefused("missing_columns", columns=_labels(columns, missing))


def _labels(columns: Mapping[str, Column], names: Sequence[str]) -> str:
    return ", ".join(f"{columns[name].label} ({name})" for name in names)
