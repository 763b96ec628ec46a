"""When check-ins are due: a cadence in stages, as data with its source."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files

from mentorship.clock import months_after


@dataclass(frozen=True)
class Stage:
    """One contact every `every_months` months, up to `until_month` (None: without end)."""

    every_months: int
    until_month: int | None


@dataclass(frozen=True)
class Cadence:
    """A policy of contacts: days in the first month, then stages of months."""

    version: str
    source: str
    first_days: tuple[int, ...]
    stages: tuple[Stage, ...]


def _default() -> Cadence:
    text = files("mentorship.check_ins").joinpath("cadence.toml").read_text("utf-8")
    given = tomllib.loads(text)
    stages = tuple(Stage(s["every_months"], s.get("until_month")) for s in given["stages"])
    return Cadence(given["version"], given["source"], tuple(given["first_days"]), stages)


DEFAULT = _default()


def due_dates(started_on: date, until: date, cadence: Cadence = DEFAULT) -> list[date]:
    """Every due date of a match that began on a day, up to and including `until`, in order."""
    found = [started_on + timedelta(days=days) for days in cadence.first_days]
    for month in _months(cadence):
        due = months_after(started_on, month)
        if due > until:
            break
        found.append(due)
    return [due for due in found if due <= until]


def _months(cadence: Cadence) -> Iterator[int]:
    month = 1  # the first month has its own days
    for stage in cadence.stages:
        while stage.until_month is None or month + stage.every_months <= stage.until_month:
            month += stage.every_months
            yield month
