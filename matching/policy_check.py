"""What a policy may contain, and the complaints, with the line, when it contains anything else."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from matching.errors import PolicyError
from matching.places import LANGUAGES, REGIONS

_POINTS = (0, 1_000_000)
_MONTHS = (1, 1_200)

SETTINGS: Final[Mapping[str, tuple[Any, ...]]] = {
    "limits.mentor_min_age_years": (18, 99),
    "limits.child_min_age_years": (0, 17),
    "limits.child_max_age_years": (0, 17),
    "limits.required_clearances": (list,),
    "limits.clearances_without_end": (list,),
    "limits.across_areas": (bool,),
    "objective.coverage": (str, "first", "quality"),
    "points.distance.most": _POINTS,
    "points.distance.full_within_km": (0, 20_000),
    "points.distance.zero_at_km": (1, 20_016),
    "points.distance.other_area_loss": _POINTS,
    "points.first_language.fluent": _POINTS,
    "points.first_language.basic": _POINTS,
    "points.interests.most": _POINTS,
    "points.waiting.per_month": _POINTS,
    "points.wishes.sex": _POINTS,
    "points.wishes.age": _POINTS,
    "points.mentor_wishes.sex": _POINTS,
    "points.mentor_wishes.age": _POINTS,
    "points.weekdays.per_day": _POINTS,
    "points.weekdays.most_days": (0, 7),
    "points.training.per_need": _POINTS,
    "points.training.most_needs": (0, 64),
    "points.certificate.most": _POINTS,
    "points.certificate.commitment_days": (1, 3_660),
    "points.earlier_match.same_child": _POINTS,
    "points.earlier_match.per_good_match": _POINTS,
    "points.earlier_match.most_matches": (0, 1_000),
    "points.kin.most": _POINTS,
    "coupling.most_children_per_centre": (0, 10_000),
    "coupling.siblings_same_mentor_points": _POINTS,
}
"""Every setting: the least and the greatest whole number, or the type (and the words allowed)."""

INTRODUCED: Final[Mapping[str, Any]] = {
    "points.mentor_wishes.sex": 0,
    "points.mentor_wishes.age": 0,
    "points.kin.most": 0,
    "coupling.siblings_same_mentor_points": 0,
}
"""Settings that came after version 1.1, with what they mean where a policy does not have them.

A policy stored before them stays as it is, and so does its digest.
"""

PRIORITY_TESTS = ("leaves_care_within_months", "mentor_lost", "waiting_at_least_months")
FLOOR_GROUPS: Final[Mapping[str, Collection[str]]] = {
    "region": REGIONS,
    "sex": ("female", "male"),
    "first_language": LANGUAGES,
    "disability": ("true", "false"),
}
_NOTES = ("unit", "source", "owner")
LISTS = ("priority", "floor")


@dataclass(frozen=True)
class PriorityClass:
    """Children who get extra points: those who pass a test.

    ``when`` is one of ``PRIORITY_TESTS``; ``months`` is 0 where the test needs none.
    """

    code: str
    when: str
    months: int
    points: int


@dataclass(frozen=True)
class Floor:
    """A least share of all places for the children of a group.

    ``by`` is one of ``FLOOR_GROUPS``. Hard, or soft at ``points_per_child`` points for each child
    below the floor.
    """

    code: str
    by: str
    group: str
    share_percent: int
    hard: bool
    points_per_child: int


class PolicyCheck:
    """Walks a policy's data and complains with the line."""

    def __init__(self, lines: Mapping[str, int]) -> None:
        self.lines = lines

    def fail(self, key: str, reason: str) -> PolicyError:
        line = self.lines.get(key)
        parent = key
        while line is None and "." in parent:
            parent = parent.rsplit(".", 1)[0]
            line = self.lines.get(parent)
        return PolicyError(reason, line=line, field=key)

    def settings(self, data: Mapping[str, Any]) -> dict[str, Any]:
        for name in ("version", "title"):
            if not isinstance(data.get(name), str) or not data[name]:
                raise self.fail(name, "must be a non-empty text")
        tables = {k: v for k, v in data.items() if k not in ("version", "title", *LISTS)}
        values = dict(INTRODUCED) | dict(self._walk(tables, ""))
        for key in SETTINGS:
            if key not in values:
                raise self.fail(key, "is missing")
        return values

    def _walk(self, table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
        for name, inner in table.items():
            key = f"{prefix}{name}"
            if key in SETTINGS:
                yield key, self._setting(key, inner)
            elif any(known.startswith(f"{key}.") for known in SETTINGS):
                if not isinstance(inner, dict):
                    raise self.fail(key, "must be a table")
                yield from self._walk(inner, f"{key}.")
            else:
                raise self.fail(key, "unknown key")

    def _setting(self, key: str, table: Any) -> Any:
        if not isinstance(table, dict) or "value" not in table:
            raise self.fail(key, "must be a table with value, source and owner")
        self._notes(key, table, {"value", *_NOTES}, ("source", "owner"))
        return self._value(f"{key}.value", table["value"], SETTINGS[key])

    def _notes(
        self, key: str, table: Mapping[str, Any], known: set[str], needed: tuple[str, ...]
    ) -> None:
        for name in table:
            if name not in known:
                raise self.fail(f"{key}.{name}", "unknown key")
        for name in needed:
            if not isinstance(table.get(name), str) or not table[name]:
                raise self.fail(f"{key}.{name}", "must be a non-empty text")

    def _value(self, key: str, value: Any, wanted: tuple[Any, ...]) -> Any:
        if wanted[0] is list:
            if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
                raise self.fail(key, f"must be a list of texts, not {value!r}")
            return tuple(value)
        if wanted[0] is bool:
            if not isinstance(value, bool):
                raise self.fail(key, f"must be true or false, not {value!r}")
            return value
        if wanted[0] is str:
            if value not in wanted[1:]:
                raise self.fail(key, f"must be one of {', '.join(wanted[1:])}, not {value!r}")
            return value
        return self.whole(key, value, wanted[0], wanted[1])

    def whole(self, key: str, value: Any, low: int, high: int) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fail(key, f"must be a whole number, not {value!r}")
        if not low <= value <= high:
            raise self.fail(key, f"must be between {low} and {high}, not {value}")
        return value

    def sense(self, values: Mapping[str, Any]) -> None:
        for low, high in (
            ("limits.child_min_age_years", "limits.child_max_age_years"),
            ("points.distance.full_within_km", "points.distance.zero_at_km"),
            ("points.first_language.basic", "points.first_language.fluent"),
        ):
            if values[low] > values[high]:
                raise self.fail(f"{low}.value", f"must not exceed {high}")

    def _tables(self, name: str, listed: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
        if not isinstance(listed, list):
            raise self.fail(name, f"must be written as [[{name}]]")
        seen: set[str] = set()
        for spot, table in enumerate(listed):
            key = f"{name}.{spot}"
            if not isinstance(table, dict):
                raise self.fail(key, f"must be written as [[{name}]]")
            code = table.get("code")
            if not isinstance(code, str) or not code or code in seen:
                raise self.fail(f"{key}.code", "must be a non-empty text used once")
            seen.add(code)
            yield key, table

    def priorities(self, listed: Any) -> Iterator[PriorityClass]:
        for key, table in self._tables("priority", listed):
            known = {"code", "when", "months", "points", *_NOTES}
            self._notes(key, table, known, ("source", "owner"))
            when = table.get("when")
            if when not in PRIORITY_TESTS:
                raise self.fail(f"{key}.when", f"must be one of {', '.join(PRIORITY_TESTS)}")
            months = 0
            if when != "mentor_lost":
                months = self.whole(f"{key}.months", table.get("months"), *_MONTHS)
            elif "months" in table:
                raise self.fail(f"{key}.months", "mentor_lost takes no months")
            points = self.whole(f"{key}.points", table.get("points"), *_POINTS)
            yield PriorityClass(table["code"], when, months, points)

    def floors(self, listed: Any) -> Iterator[Floor]:
        for key, table in self._tables("floor", listed):
            known = {"code", "by", "is", "share_percent", "hard", "points_per_child", *_NOTES}
            self._notes(key, table, known, ("by", "is", "source", "owner"))
            if table["by"] not in FLOOR_GROUPS:
                raise self.fail(f"{key}.by", f"must be one of {', '.join(FLOOR_GROUPS)}")
            known_groups = FLOOR_GROUPS[table["by"]]
            if table["is"] not in known_groups:
                raise self.fail(f"{key}.is", f"unknown {table['by']} {table['is']!r}")
            hard = self._value(f"{key}.hard", table.get("hard"), (bool,))
            price = 0
            if not hard:
                price = self.whole(
                    f"{key}.points_per_child", table.get("points_per_child"), *_POINTS
                )
            elif "points_per_child" in table:
                raise self.fail(f"{key}.points_per_child", "a hard floor has no price")
            share = self.whole(f"{key}.share_percent", table.get("share_percent"), 1, 100)
            yield Floor(table["code"], table["by"], table["is"], share, hard, price)
