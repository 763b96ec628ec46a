"""Registers in files: JSON (an array of objects) or CSV, as the command line reads them.

CSV columns carry the names of the fields of ``Mentor`` and ``Child``. Lists are separated by
``|``; languages are ``kk:fluent|ru:basic``; clearances are
``kind:result:issued_on:valid_until`` with the last part empty where there is none; yes and no are
``true`` and ``false``; dates are ISO; an empty cell means the field is not given. In JSON the same
fields are lists, objects (``{"kk": "fluent"}``), booleans and ISO dates.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from matching.errors import ProblemError
from matching.people import Child, Clearance, Mentor

Person = TypeVar("Person", Mentor, Child)

_DATES = {"birth_date", "certificate_expires_on", "waiting_since", "leaves_care_on"}
_FLAGS = {
    *("active", "in_organisation", "guardian_consent", "own_consent", "data_consent"),
    *("mentor_lost", "disability"),
}
_WHOLE = {"capacity", "reach_km", "good_matches"}
_DEGREES = {"lat", "lon"}
_MENTORS = {"good_mentors", "kin_mentors"}
_SETS = {"interests", "skills", "needs"}


def read_mentors(path: str | Path) -> list[Mentor]:
    """Read mentors from a ``.json`` or ``.csv`` file.

    Raises
    ------
    ProblemError
        Names the row (its id, or its number where it has none) and the field.
    OSError
    """
    return _read(Path(path), Mentor, "mentor")


def read_children(path: str | Path) -> list[Child]:
    """Read children from a ``.json`` or ``.csv`` file; errors as for :func:`read_mentors`."""
    return _read(Path(path), Child, "child")


def mentors_from(rows: Sequence[Mapping[str, Any]]) -> list[Mentor]:
    """Make mentors of plain objects, as JSON holds them."""
    return [_person(number, row, Mentor, "mentor") for number, row in enumerate(rows, start=1)]


def children_from(rows: Sequence[Mapping[str, Any]]) -> list[Child]:
    """Make children of plain objects, as JSON holds them."""
    return [_person(number, row, Child, "child") for number, row in enumerate(rows, start=1)]


def as_row(person: Mentor | Child) -> dict[str, Any]:
    """One person as a plain object for JSON; :func:`mentors_from` reads it back equal."""
    return {f.name: _plain(getattr(person, f.name)) for f in fields(person)}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Clearance):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, frozenset):
        return sorted(value, key=lambda v: (str(type(v)), v))
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return dict(value) if isinstance(value, Mapping) else value


def _read(path: Path, kind: type[Person], side: str) -> list[Person]:
    if path.suffix.lower() == ".csv":
        rows: Any = list(_csv_rows(path, side))
    else:
        try:
            rows = json.loads(path.read_text(encoding="utf-8-sig"))
        except ValueError as wrong:
            raise ProblemError(f"{path.name} is not JSON: {wrong}", side=side) from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ProblemError(f"{path.name} must hold an array of objects", side=side)
    return [_person(number, row, kind, side) for number, row in enumerate(rows, start=1)]


def _csv_rows(path: Path, side: str) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if None in row:
                raise ProblemError("has more cells than the header", side=side, row=row.get("id"))
            filled: dict[str, Any] = {k: v.strip() for k, v in row.items() if v and v.strip()}
            if "id" in filled:
                filled["id"] = _number_or_text(filled["id"])
            for name in _MENTORS & filled.keys():
                filled[name] = [_number_or_text(part) for part in filled[name].split("|")]
            yield filled


def _number_or_text(cell: str) -> int | str:
    # "007" stays a text: only a number that reads back the same is one.
    return int(cell) if cell.isascii() and cell.isdigit() and str(int(cell)) == cell else cell


def _person(number: int, row: Mapping[str, Any], kind: type[Person], side: str) -> Person:
    name = row.get("id", f"in row {number}")
    known = {f.name for f in fields(kind)}
    values: dict[str, Any] = {}
    for key, cell in row.items():
        if key not in known:
            raise ProblemError("unknown field", side=side, row=name, field=key)
        try:
            values[key] = _parsed(key, cell)
        except (ValueError, TypeError, AttributeError, KeyError, IndexError) as wrong:
            reason = f"cannot read {cell!r} ({wrong})"
            raise ProblemError(reason, side=side, row=name, field=key) from None
    for f in fields(kind):
        needed = f.default is MISSING and f.default_factory is MISSING
        if needed and f.name not in values:
            if f.name not in ("certificate_expires_on", "first_language", "interests"):
                raise ProblemError("is missing", side=side, row=name, field=f.name)
            values[f.name] = frozenset() if f.name == "interests" else None
    return kind(**values)


def _parsed(key: str, cell: Any) -> Any:
    if cell is None:
        return None
    if key in _DATES:
        return date.fromisoformat(cell)
    if key in _FLAGS:
        return cell if isinstance(cell, bool) else {"true": True, "false": False}[cell.lower()]
    if key in _WHOLE:
        return int(cell) if isinstance(cell, str) else cell
    if key in _DEGREES:
        return float(cell)
    return _PARSERS.get(key, lambda value: value)(cell)


def _listed(cell: Any) -> list[Any]:
    return cell.split("|") if isinstance(cell, str) else list(cell)


def _languages(cell: Any) -> dict[str, str]:
    if isinstance(cell, Mapping):
        return dict(cell)
    return dict(part.split(":") for part in cell.split("|"))


def _clearances(cell: Any) -> tuple[Clearance, ...]:
    return tuple(_clearance(part) for part in _listed(cell))


def _clearance(part: Any) -> Clearance:
    if isinstance(part, str):
        kind, result, issued, until = part.split(":")
    else:
        kind, result = part["kind"], part["result"]
        issued, until = part["issued_on"], part.get("valid_until")
    return Clearance(
        kind, result, date.fromisoformat(issued), date.fromisoformat(until) if until else None
    )


_PARSERS: dict[str, Callable[[Any], Any]] = {
    "languages": _languages,
    "clearances": _clearances,
    "weekdays": lambda cell: frozenset(int(day) for day in _listed(cell)),
    **dict.fromkeys(
        ("mentor_age_wish", "child_age_wish"),
        lambda cell: tuple(int(age) for age in _listed(cell)),
    ),
    **dict.fromkeys(_MENTORS, frozenset),
    **{name: lambda cell: frozenset(_listed(cell)) for name in _SETS},
}
