"""When each wave of the survey is due: months from the start of the match, without its pauses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mentorship.clock import months_after


@dataclass(frozen=True)
class Cadence:
    """The months of the first two waves, and how many lie between later ones."""

    first: int = 1
    second: int = 6
    then: int = 12


@dataclass(frozen=True)
class Pause:
    """Days on which a match was on hold; `until` is the first day after, None while it lasts."""

    since: date
    until: date | None


def waves(
    started_on: date, until: date, pauses: Sequence[Pause] = (), cadence: Cadence | None = None
) -> list[tuple[int, date]]:
    """Every wave (its months) due up to a day, in order; nothing comes due in an open pause.

    Days on hold do not count: a wave comes as much later as the match had been on hold by then.
    """
    every = cadence or Cadence()
    found: list[tuple[int, date]] = []
    for month in _months(every, months_until(started_on, until)):
        due = delayed(months_after(started_on, month), pauses)
        if due is None or due > until:
            break
        found.append((month, due))
    return found


def _months(cadence: Cadence, last: int) -> list[int]:
    """The first wave, the second, then the multiples of `then` that lie behind the second."""
    behind = cadence.second // cadence.then + 1
    later = range(behind * cadence.then, last + 1, cadence.then)
    return [cadence.first, *([cadence.second] if cadence.second > cadence.first else []), *later]


def months_until(started_on: date, until: date) -> int:
    """How many calendar months lie between two days, rounded up."""
    return max(0, (until.year - started_on.year) * 12 + until.month - started_on.month + 1)


def delayed(due: date, pauses: Sequence[Pause]) -> date | None:
    """A due date moved by the pauses that began on or before it; None where one still lasts."""
    for since, until in _merged(pauses):
        if since > due:
            break
        if until is None:
            return None
        due += until - since
    return due


def _merged(pauses: Sequence[Pause]) -> list[tuple[date, date | None]]:
    """The pauses in order, those that touch made one: two holds of the same days count once."""
    found: list[tuple[date, date | None]] = []
    for pause in sorted(pauses, key=lambda each: each.since):
        if found and (found[-1][1] is None or pause.since <= found[-1][1]):
            since, before = found[-1]
            both = before is not None and pause.until is not None
            found[-1] = (since, max(before, pause.until) if both else None)  # type: ignore[type-var]
        else:
            found.append((pause.since, pause.until))
    return [
        (since, until) for since, until in found if until is None or until - since > timedelta(0)
    ]
