"""Where children lived on a day of the past, as far as their placements tell."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship.children.models import Child, Placement
from mentorship.moves.facts import INSIDE
from mentorship.places.models import Centre, CentreChange

LONG_AGO, FAR_AHEAD = date.min.toordinal(), date.max.toordinal()


@dataclass(frozen=True)
class Centres:
    """Every organisation: its region and town, and of which kind it was on a day."""

    regions: dict[int, str]
    towns: dict[int, str]
    kinds: dict[int, str]
    changes: dict[int, tuple[list[date], list[str]]]
    """The days of the changes in order, and the kinds before each of them."""

    def kind_on(self, centre_id: int, day: date) -> str:
        days, before = self.changes.get(centre_id, ((), ()))
        place = bisect_right(days, day)
        return before[place] if place < len(before) else self.kinds[centre_id]


def centres(session: Session) -> Centres:
    """All of them, in two statements."""
    rows = session.execute(select(Centre.id, Centre.region, Centre.town, Centre.kind)).all()
    changes: dict[int, tuple[list[date], list[str]]] = defaultdict(lambda: ([], []))
    told = select(CentreChange.centre_id, CentreChange.changed_on, CentreChange.was)
    for centre_id, day, was in session.execute(
        told.order_by(CentreChange.changed_on, CentreChange.id)
    ):
        changes[centre_id][0].append(day)
        changes[centre_id][1].append(str(was))
    return Centres(
        {row.id: row.region for row in rows},
        {row.id: row.town for row in rows},
        {row.id: str(row.kind) for row in rows},
        dict(changes),
    )


@dataclass(frozen=True)
class Stay:
    """A child in an organisation from a day up to, not including, another; as day numbers."""

    centre_id: int
    first: int
    until: int

    @property
    def is_dated(self) -> bool:
        """Whether its first day was noted."""
        return self.first != LONG_AGO


class Homes:
    """In which organisation each child lived when: `stays`, in order of their first days."""

    def __init__(self, rows: Sequence[Any], now: dict[int, int]) -> None:
        self.now = now
        self.stays: dict[int, list[Stay]] = defaultdict(list)
        for child_id, centre_id, first, until in rows:
            began = first.toordinal() if first else LONG_AGO
            ended = until.toordinal() if until else FAR_AHEAD
            self.stays[child_id].append(Stay(centre_id, began, ended))
        for stays in self.stays.values():
            stays.sort(key=lambda stay: stay.first)

    def centre_on(self, child_id: int, day: date) -> int:
        """Where the child lived on a day; where nobody noted it, the organisation of today."""
        number = day.toordinal()
        for stay in reversed(self.stays.get(child_id, ())):
            if stay.first <= number < stay.until:
                return stay.centre_id
        return self.now[child_id]


def homes(session: Session) -> Homes:
    """Of every child, in two statements."""
    columns = (
        Placement.child_id,
        Placement.centre_id,
        Placement.started_on,
        Placement.ended_on,
    )
    inside = Placement.form.in_(INSIDE) & Placement.centre_id.is_not(None)
    rows = session.execute(select(*columns).where(inside).order_by(Placement.id)).all()
    now = session.execute(select(Child.id, Child.centre_id)).all()
    return Homes(rows, {row.id: row.centre_id for row in now})
