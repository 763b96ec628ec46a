"""What a year of contacts must leave behind, said without the service's own code.

Only the order of a morning is taken from it: the plan at 01:00, the ladder at 07:30, the
coordinators' message at 08:00; people note their contacts at noon.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

DAYS = {"remind": 3, "call": 7, "supervisor": 14, "review": 21}
LADDER = {
    "mentor": ("remind", "call", "supervisor", "review"),
    "child": ("call", "supervisor", "review"),
    "carer": ("call", "supervisor"),
    "review": ("supervisor",),
}
SOON = timedelta(days=7)


@dataclass
class Life:
    """A match: whose it is, when it began, and when it was on hold (until is not included)."""

    id: int
    region: str
    mentor: int
    started_on: date
    holds: list[tuple[date, date]] = field(default_factory=list)

    def on_hold(self, day: date) -> bool:
        """In the morning of the day: a hold begins at noon of its first day, and ends so."""
        return any(first < day <= until for first, until in self.holds)

    def counted(self, first: date, last: date) -> int:
        """The days between the two that are not on hold."""
        days = (first + timedelta(n) for n in range((last - first).days))
        return sum(not any(a <= day < b for a, b in self.holds) for day in days)


@dataclass
class Contact:
    """One that falls due: when somebody holds it, at noon, if ever."""

    life: Life
    kind: str
    due_on: date
    held_on: date | None
    first_due_on: date  # as it was before the match was on hold
    missed_on: date | None = None
    rungs: dict[str, date] = field(default_factory=dict)

    def known_due_on(self, morning: date) -> date:
        """Its day as the plan of that morning has it."""
        ahead = any(morning <= first for first, _ in self.life.holds)
        return self.first_due_on if ahead else self.due_on

    def held_on_by(self, day: date) -> date | None:
        return self.held_on if self.held_on is not None and self.held_on <= day else None

    def is_open(self, morning: date) -> bool:
        held = self.held_on is not None and self.held_on < morning
        return not held and self.missed_on is None


@dataclass
class Year:
    """What there is at the end."""

    contacts: list[Contact]
    keys: set[str] = field(default_factory=set)

    @property
    def rungs(self) -> set[tuple[int, str, date, str, date]]:
        return {
            (one.life.id, one.kind, one.due_on, step, day)
            for one in self.contacts
            for step, day in one.rungs.items()
        }


def live(
    contacts: list[Contact],
    mornings: Iterable[date],
    coordinators: dict[str, int],
    supervisors: dict[str, int],
) -> Year:
    """Go through the mornings on which a scheduler worked."""
    year = Year(contacts)
    by_match = defaultdict(list)
    for one in contacts:
        by_match[one.life.id, one.kind].append(one)
    for row in by_match.values():
        row.sort(key=lambda one: one.due_on)
    for morning in mornings:
        for row in by_match.values():
            _miss(row, morning)
        for one in contacts:
            for step in _climb(one, morning):
                one.rungs[step] = morning
                if step == "remind":
                    year.keys.add(f"contact_wanted:{morning}:{one.life.mentor}")
                if step == "supervisor":
                    user = supervisors[one.life.region]
                    year.keys.add(f"contacts_overdue_long:{morning}:{user}")
        for region, user in coordinators.items():
            if any(_to_tell(one, region, morning) for one in contacts):
                year.keys.add(f"check_in_reminder:{morning}:{user}")
    return year


def _miss(row: list[Contact], morning: date) -> None:
    for one, following in pairwise(row):
        fell_due = following.due_on <= morning and one.due_on < morning
        if fell_due and one.is_open(morning) and not one.life.on_hold(morning):
            one.missed_on, one.held_on = following.due_on, None


def _climb(one: Contact, morning: date) -> list[str]:
    if one.due_on >= morning or not one.is_open(morning) or one.life.on_hold(morning):
        return []
    late = one.life.counted(one.due_on, morning)
    return [s for s in LADDER[one.kind] if late >= DAYS[s] and s not in one.rungs]


def _to_tell(one: Contact, region: str, morning: date) -> bool:
    if one.life.region != region or one.life.started_on >= morning:
        return False
    soon = one.known_due_on(morning) <= morning + SOON
    return soon and one.is_open(morning) and not one.life.on_hold(morning)
