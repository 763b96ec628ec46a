"""The columns of both registers, made from the same schemas as the forms.

A column is found by its name, or by its label in Kazakh, Russian or English.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import Schema

from mentorship.children.schemas import ChildSchema
from mentorship.mentors.schemas import ClearanceSchema, MentorSchema
from mentorship.mentors.words import clearance_kind_names
from mentorship.people.fields import Iin, Levels
from mentorship.places.schemas import CentreSchema
from mentorship.web.fields import Choice, Choices, Day, YesNo


class Kind(StrEnum):
    """Which register a file holds."""

    MENTORS = "mentors"
    CHILDREN = "children"


class Part(StrEnum):
    """Which schema a column belongs to."""

    PERSON = "person"
    CENTRE = "centre"
    CLEARANCE = "clearance"


class Reads(StrEnum):
    """What kind of cell a column holds."""

    TEXT = "text"
    IIN = "iin"
    DAY = "day"
    ONE_OF = "one_of"
    SOME_OF = "some_of"
    REGION = "region"
    LANGUAGES = "languages"
    YES_NO = "yes_no"


@dataclass(frozen=True)
class Column:
    """One column: where its value goes, how its cells are read, what it is called."""

    name: str
    label: Any
    part: Part
    field: str
    reads: Reads
    options: Any = None
    required: bool = False
    clearance: str = ""


@dataclass(frozen=True)
class ClearanceLabel:
    """A label of two words, in the language of the page: which clearance, and what of it."""

    kind: Any
    fact: Any

    def __str__(self) -> str:
        return str(gettext("%(kind)s: %(fact)s", kind=str(self.kind), fact=str(self.fact)))


ALL_KINDS = "clearances"
# The centre has columns of its own; a child's own words are read on the child's page only.
NOT_IN_FILES = ("centre_id", "case_manager_id", "wish")
_CENTRE_LABELS = {
    "name_kk": _l("Centre"),
    "name_ru": _l("Centre, name in Russian"),
    "kind": _l("Kind of the centre"),
    "region": _l("Region of the centre"),
    "town": _l("Town of the centre"),
}
_CENTRE_NAMES = {
    "name_kk": "centre",
    "name_ru": "centre_name_ru",
    "kind": "centre_kind",
    "region": "region",
    "town": "centre_town",
}


def columns_of(kind: Kind) -> dict[str, Column]:
    """Every column of a register by its name, in the order of an export."""
    made = _mentor_columns() if kind is Kind.MENTORS else _child_columns()
    return {column.name: column for column in made}


def _mentor_columns() -> Iterator[Column]:
    yield from _from_schema(MentorSchema(), Part.PERSON)
    kinds = {ALL_KINDS: _l("All clearances"), **clearance_kind_names()}
    facts = ClearanceSchema(exclude=["kinds"]).fields
    for kind, words_of_kind in kinds.items():
        for name, fact in facts.items():
            label = ClearanceLabel(words_of_kind, fact.metadata["label"])
            column = _column(f"{kind}_{name}", fact, Part.CLEARANCE, label, required=False)
            yield replace(column, field=name, clearance=kind)


def _child_columns() -> Iterator[Column]:
    yield from _from_schema(ChildSchema(exclude=NOT_IN_FILES), Part.PERSON)
    for name, field in CentreSchema().fields.items():
        required = name in ("name_kk", "region")
        label = _CENTRE_LABELS[name]
        column = _column(_CENTRE_NAMES[name], field, Part.CENTRE, label, required=required)
        yield replace(column, field=name)


def _from_schema(schema: Schema, part: Part) -> Iterator[Column]:
    for name, field in schema.fields.items():
        yield _column(name, field, part, field.metadata["label"], required=field.required)


def _column(name: str, field: Any, part: Part, label: Any, *, required: bool) -> Column:
    options = field.metadata.get("options") if isinstance(field, Choice) else None
    return Column(name, label, part, name, _reads(name, field), options, required)


def _reads(name: str, field: Any) -> Reads:
    if name == "region":
        return Reads.REGION
    kinds: tuple[tuple[type, Reads], ...] = (
        (Iin, Reads.IIN),
        (Day, Reads.DAY),
        (Choices, Reads.SOME_OF),
        (Choice, Reads.ONE_OF),
        (Levels, Reads.LANGUAGES),
        (YesNo, Reads.YES_NO),
    )
    return next((reads for kind, reads in kinds if isinstance(field, kind)), Reads.TEXT)
