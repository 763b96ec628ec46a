"""When contacts fall due: a plan in stages, moved by pauses, on working days of Kazakhstan.

A contact is known by its slot: the days from the start of the match to the contact as the plan
names them, before pauses and days off. A slot stays the same whatever moves its day.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import holidays

from mentorship.clock import months_after

DAY = timedelta(days=1)
MONTH = 30.4375  # days, to put the slots of months among those of days


@dataclass(frozen=True)
class Stage:
    """One contact every `every_months` months, up to `until_month` (None: without end)."""

    every_months: int
    until_month: int | None


@dataclass(frozen=True)
class Plan:
    """A kind of contact: the first working days, days of month 1, then months in stages."""

    within: int | None
    days: tuple[int, ...]
    stages: tuple[Stage, ...]

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Plan":
        """From what a policy keeps."""
        stages = tuple(Stage(every, until) for every, until in given["stages"])
        return cls(given["within"], tuple(given["days"]), stages)


FIRST_DAY, LAST_DAY, APART = 10, 30, 5
"""Days of the first month: after the first contact, before the second month, with air between."""


def faults(stages: Mapping[str, Any]) -> list[str]:
    """What is wrong with the plans of a policy: codes, none where it can be followed."""
    plans = [Plan.read(given) for given in stages.values()]
    if not any(plan.within or plan.days or plan.stages for plan in plans):
        return ["policy_is_empty"]
    found = []
    for plan in plans:
        days = plan.days
        inside = all(FIRST_DAY <= day <= LAST_DAY for day in days)
        if not inside or any(after - day < APART for day, after in pairwise(days)):
            found.append("policy_days_out_of_order")
        month = 0
        for stage in plan.stages:
            last = stage is plan.stages[-1]
            if stage.until_month is None and not last:
                found.append("policy_months_out_of_order")
                break
            if stage.until_month is not None and stage.until_month < month + stage.every_months:
                found.append("policy_months_out_of_order")
                break
            month = stage.until_month or month
    return found


@dataclass(frozen=True)
class Version:
    """The plans of a policy by kind, in force from a day until the next version's day."""

    id: int
    from_on: date
    plans: Mapping[str, Plan]


@dataclass(frozen=True)
class Pause:
    """Days that do not count: from the first up to, not including, `until` (None: still)."""

    from_on: date
    until: date | None


@dataclass(frozen=True)
class Due:
    """A contact to be held: its slot, the day, and the version that says so."""

    slot: int
    on: date
    version: int = 0


def wanted(
    versions: Sequence[Version],
    kind: str,
    began: date,
    until: date,
    pauses: Sequence[Pause] = (),
) -> list[Due]:
    """Every contact of a kind up to a day, each by the version in force on its day."""
    ordered = sorted(versions, key=lambda version: (version.from_on, version.id))
    ends = [version.from_on for version in ordered[1:]]
    found = []
    for version, end in zip(ordered, [*ends, None], strict=True):
        last = until if end is None else min(until, end - DAY)
        plan = version.plans.get(kind)
        if plan is None or last < version.from_on:
            continue
        for due in due_dates(plan, began, last, pauses):
            if due.on >= version.from_on:
                found.append(Due(due.slot, due.on, version.id))
    return found


def due_dates(plan: Plan, began: date, until: date, pauses: Sequence[Pause] = ()) -> Iterator[Due]:
    """The contacts of a plan in order, up to and including `until`; none while a pause lasts."""
    off = merged(pauses, began)
    before = began
    for slot, day in _slots(plan, began):
        due = _after(began, plan.within or 0, off) if day is None else _moved(day, off)
        due = due and _free(max(due, before + DAY), off)
        if due is None or due > until:
            return
        yield Due(slot, due)
        before = due


def merged(pauses: Sequence[Pause], began: date) -> list[Pause]:
    """The pauses since a day, in order and apart from one another."""
    found: list[Pause] = []
    for pause in sorted(pauses, key=lambda pause: (pause.from_on, pause.until or date.max)):
        first = max(pause.from_on, began)
        if pause.until is not None and pause.until <= first:
            continue
        if found and (found[-1].until is None or found[-1].until >= first):
            ends = (found[-1].until, pause.until)
            until = None if None in ends else max(end for end in ends if end)
            found[-1] = Pause(found[-1].from_on, until)
        else:
            found.append(Pause(first, pause.until))
    return found


def is_working_day(day: date) -> bool:
    """Whether people work on that day in Kazakhstan."""
    return day not in _days_off(day.year)


@cache
def _days_off(year: int) -> frozenset[date]:
    calendar = holidays.country_holidays("KZ", years=year)
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    return frozenset(day for day in days if not calendar.is_working_day(day))


def _slots(plan: Plan, began: date) -> Iterator[tuple[int, date | None]]:
    """Slots with the day on which they would fall; None for the first, in working days."""
    if plan.within is not None:
        yield plan.within, None
    for days in plan.days:
        yield days, began + timedelta(days=days)
    for month in _months(plan):
        yield round(month * MONTH), months_after(began, month)


def _months(plan: Plan) -> Iterator[int]:
    month = 0
    for stage in plan.stages:
        while stage.until_month is None or month + stage.every_months <= stage.until_month:
            month += stage.every_months
            if month > 1:  # the first month has its own days
                yield month


def _moved(day: date, off: Sequence[Pause]) -> date | None:
    """A day put off by the days that do not count; None while a pause has no end."""
    for pause in off:
        if pause.from_on > day:
            break
        if pause.until is None:
            return None
        day += pause.until - pause.from_on
    return day


def _after(began: date, working_days: int, off: Sequence[Pause]) -> date | None:
    """The last of so many working days after a day that count."""
    day: date | None = began
    for _ in range(working_days):
        day = day and _free(day + DAY, off)
    return day


def _free(day: date, off: Sequence[Pause]) -> date | None:
    """The day, or the next that is a working day outside every pause."""
    for pause in off:
        while day < pause.from_on and not is_working_day(day):
            day += DAY
        if day < pause.from_on:
            return day
        if pause.until is None:
            return None
        day = max(day, pause.until)
    while not is_working_day(day):
        day += DAY
    return day
