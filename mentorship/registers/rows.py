"""One row of a file as data for the same services as the forms, or why it cannot be used."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext
from marshmallow import Schema, ValidationError

from mentorship.children.schemas import ChildSchema
from mentorship.i18n import search_key
from mentorship.mentors.schemas import ClearanceSchema, MentorSchema
from mentorship.mentors.words import clearance_kind_names, required_kinds
from mentorship.permissions import Scope
from mentorship.places.schemas import CentreSchema
from mentorship.registers.cells import CellReader
from mentorship.registers.columns import ALL_KINDS, NOT_IN_FILES, Column, Kind, Part, Reads
from mentorship.registers.plan import AgeUnclear, Plan
from mentorship.registers.table import Row, cell_text
from mentorship.web.fields import REQUIRED

HIDDEN = "***"
LONGEST_SHOWN = 80
_LONG_NUMBER = re.compile(r"\d{12}")


@dataclass(frozen=True)
class Problem:
    """Why a row was refused: where, what stood there (an IIN never does), what was expected."""

    line: int
    column: str
    value: str
    expected: str


@dataclass
class Entry:
    """A row as it will be registered."""

    line: int
    data: dict[str, Any]
    region: str
    clearances: list[dict[str, Any]] = field(default_factory=list)
    centre: int | None = None
    new_centre: dict[str, Any] | None = None

    @property
    def name_key(self) -> str:
        data = self.data
        return search_key(data["last_name"], data["first_name"], data.get("patronymic"))


def shown(value: Any, column: Column | None = None) -> str:
    """A cell for a message: short, and never an IIN, even in a wrong column."""
    text = cell_text(value)
    if text and column is not None and column.reads is Reads.IIN:
        return HIDDEN
    text = _LONG_NUMBER.sub(HIDDEN, " ".join(text.split()))
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


class RowReader:
    """Reads the rows of one file; `centres` are those of the scope by region and folded name."""

    def __init__(
        self, kind: Kind, plan: Plan, scope: Scope, centres: Mapping[tuple[str, str], int]
    ) -> None:
        self.kind, self.plan, self.scope, self.centres = kind, plan, scope, centres
        self.cells = CellReader(plan.columns)
        self.person: Schema = (
            MentorSchema() if kind is Kind.MENTORS else ChildSchema(exclude=NOT_IN_FILES)
        )
        self.partial = ("iin",) if plan.mapping.without_iin else False
        self.clearance = ClearanceSchema()
        self.centre = CentreSchema()
        self.cells.settle_options(self.person, self.clearance, self.centre)
        asked = {row.code for row in required_kinds()}
        self.kinds = {code: code in asked for code in clearance_kind_names()}
        self._papers: dict[tuple[Any, ...], Any] = {}

    def read(self, row: Row) -> Entry | list[Problem]:
        """The row as an entry, or everything that is wrong with it."""
        width = len(self.plan.header)
        if row.width != width:
            text = gettext(
                "The row has %(found)s cells and the heading has %(wanted)s: check the quotation "
                "marks and the separators.",
                found=row.width,
                wanted=width,
            )
            return [Problem(row.line, "—", "", text)]
        try:
            raw = self.plan.raw(row)
        except AgeUnclear:
            text = gettext("Enter the age in full years, in digits.")
            return [Problem(row.line, self.plan.heading("birth_date"), "", text)]
        values, errors = self.cells.read(raw)
        entry = self._entry(row.line, values, errors)
        if not errors:
            return entry
        return [
            Problem(
                row.line,
                self.plan.heading(name),
                shown(raw.get(name), self.plan.columns[name]),
                _LONG_NUMBER.sub(HIDDEN, text),
            )
            for name, text in errors.items()
        ]

    def _entry(self, line: int, values: dict[str, Any], errors: dict[str, str]) -> Entry:
        person = self._load(self.person, Part.PERSON, values, errors, partial=self.partial)
        region = values.get("region", "")
        if region and not self.scope.covers(region):
            errors["region"] = gettext("This region is outside the regions you work with.")
        entry = Entry(line, person, region)
        if self.kind is Kind.MENTORS:
            entry.clearances = self._clearances(values, errors)
        else:
            self._find_centre(entry, values, errors)
        return entry

    def _load(
        self,
        schema: Schema,
        part: Part,
        values: Mapping[str, Any],
        errors: dict[str, str],
        **how: Any,
    ) -> dict[str, Any]:
        """Load one schema from its columns; what is wrong goes beside the column."""
        of_part = {n: c for n, c in self.plan.columns.items() if c.part is part}
        given = {c.field: values[n] for n, c in of_part.items() if n in values}
        try:
            loaded: dict[str, Any] = schema.load(given, **how)
            return loaded
        except ValidationError as error:
            for name, column in of_part.items():
                if column.field in error.messages_dict:
                    errors.setdefault(name, _sentence(name, error.messages_dict[column.field]))
            return {}

    def _clearances(
        self, values: Mapping[str, Any], errors: dict[str, str]
    ) -> list[dict[str, Any]]:
        """One paper for each set of kinds that the row answers with the same facts."""
        papers: dict[tuple[Any, ...], list[str]] = {}
        facts = [name for name in self.clearance.fields if name != "kinds"]
        for kind, is_required in self.kinds.items():
            own = any(f"{kind}_{fact}" in values for fact in facts)
            if not own and not is_required:
                continue  # "all clearances" are those that everybody is asked for
            prefix = kind if own else ALL_KINDS
            key = (prefix, *(values.get(f"{prefix}_{fact}") for fact in facts))
            if any(key[1:]):
                papers.setdefault(key, []).append(kind)
        loaded = []
        for key, kinds in papers.items():
            paper = self._paper(dict(zip(facts, key[1:], strict=True)))
            if isinstance(paper, ValidationError):
                for fact, texts in paper.messages_dict.items():
                    errors.setdefault(f"{key[0]}_{fact}", _sentence(str(fact), texts))
            else:
                loaded.append({**paper, "kinds": kinds})
        return loaded

    def _paper(self, facts: dict[str, Any]) -> Any:
        """A clearance's facts as loaded, or the ValidationError; papers are often alike."""
        key = tuple(facts.values())
        if key not in self._papers:
            given = {name: value for name, value in facts.items() if value}
            try:
                self._papers[key] = self.clearance.load(
                    {**given, "kinds": [next(iter(self.kinds))]}
                )
            except ValidationError as error:
                self._papers[key] = error
        return self._papers[key]

    def _find_centre(self, entry: Entry, values: Mapping[str, Any], errors: dict[str, str]) -> None:
        """The centre of this name in the region, or the facts of one to be added."""
        for name in ("centre", "region"):
            if name not in values:
                errors.setdefault(name, str(REQUIRED))
        if "centre" in errors or "region" in errors:
            return
        entry.centre = self.centres.get((entry.region, search_key(values["centre"])))
        if entry.centre is not None:
            return
        if not self.plan.mapping.create_missing_centres:
            errors["centre"] = gettext(
                "No open centre of this name is known in this region. Correct the name, or add "
                "the centre first."
            )
            return
        named = {"centre_name_ru": values["centre"], **values}
        entry.new_centre = self._load(self.centre, Part.CENTRE, named, errors)


def _sentence(name: str, texts: Any) -> str:
    if name == "iin_confirmed":
        return str(
            gettext(
                "The IIN does not match the date of birth or the sex. Compare it with the "
                "document and write “yes” in this column."
            )
        )
    if isinstance(texts, dict):
        return " ".join(_sentence(name, part) for part in texts.values())
    if isinstance(texts, list):
        return " ".join(str(text) for text in texts)
    return str(texts)  # a lazy text, which marshmallow does not know for a text
