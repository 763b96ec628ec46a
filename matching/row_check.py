"""Checks of one row's fields: every complaint names the row and the field."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from datetime import date, datetime

from matching.errors import ProblemError
from matching.places import LANGUAGES, REGIONS

SEXES = {"f": 0, "female": 0, "m": 1, "male": 1}
LEVELS = ("fluent", "basic")


class RowCheck:
    """Checks one row's fields and names the row in every complaint."""

    def __init__(self, side: str, row: object) -> None:
        self.side = side
        self.row = row

    def fail(self, name: str, reason: str) -> ProblemError:
        return ProblemError(reason, side=self.side, row=self.row, field=name)

    def identity(self) -> None:
        if isinstance(self.row, bool) or not isinstance(self.row, int | str) or self.row == "":
            raise self.fail("id", f"must be an integer or a non-empty text, not {self.row!r}")
        if isinstance(self.row, int) and not -(2**63) <= self.row < 2**63:
            raise self.fail("id", "must fit in 64 bits")

    def day(self, name: str, value: object, *, optional: bool = False) -> None:
        if value is None and optional:
            return
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.fail(name, f"must be a date, not {value!r}")

    def flag(self, name: str, value: object) -> None:
        if not isinstance(value, bool):
            raise self.fail(name, f"must be true or false, not {value!r}")

    def whole(self, name: str, value: object, low: int, high: int) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fail(name, f"must be a whole number, not {value!r}")
        if not low <= value <= high:
            raise self.fail(name, f"must be between {low} and {high}, not {value}")

    def one_of(self, name: str, value: object, known: Collection[str]) -> None:
        if value not in known:
            raise self.fail(name, f"unknown value {value!r}")

    def place(self, region: str, lat: float, lon: float) -> None:
        self.one_of("region", region, REGIONS)
        for name, value, limit in (("lat", lat, 90), ("lon", lon, 180)):
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise self.fail(name, f"must be a number of degrees, not {value!r}")
            if not math.isfinite(value) or abs(value) > limit:
                raise self.fail(name, f"must be between -{limit} and {limit}, not {value}")

    def tongues(self, languages: Mapping[str, str]) -> None:
        for code, level in languages.items():
            if code not in LANGUAGES:
                raise self.fail("languages", f"unknown language {code!r}")
            if level not in LEVELS:
                raise self.fail("languages", f"level of {code} must be fluent or basic: {level!r}")

    def words(self, name: str, values: object) -> None:
        if not isinstance(values, frozenset) or not all(isinstance(v, str) and v for v in values):
            raise self.fail(name, f"must be a frozenset of non-empty texts, not {values!r}")

    def week(self, values: frozenset[int]) -> None:
        if not isinstance(values, frozenset) or not values <= set(range(7)):
            raise self.fail("weekdays", f"must hold days 0 (Monday) to 6 (Sunday), not {values!r}")

    def sex_wish(self, name: str, wish: str | None) -> None:
        if wish is not None:
            self.one_of(name, wish, SEXES)

    def age_wish(self, name: str, wish: tuple[int, int] | None) -> None:
        if wish is not None:
            low, high = wish
            self.whole(name, low, 0, 150)
            self.whole(name, high, low, 150)
