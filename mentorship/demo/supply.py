"""Where children lived before and after their centre: made up, so that ten years can be shown.

Nothing is published about how long children stay or where they go by form of placement.
"""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from mentorship.children.models import Placement, PlacementForm
from mentorship.demo.children import Young, eighteenth_birthday, noted_at
from mentorship.demo.rows import insert_all

F = PlacementForm
PROFESSIONAL_FROM = date(2025, 7, 1)  # inform.kz 01.02.2026, on professional foster families
EARLIER = 0.4
"""So many of the children lived somewhere else before their centre."""
BEFORE = ((F.GUARDIANSHIP, 5), (F.BIRTH_FAMILY, 3), (F.FOSTER_FAMILY, 2), (F.PATRONAGE, 1))
AFTER = ((F.GUARDIANSHIP, 5), (F.FOSTER_FAMILY, 4), (F.PATRONAGE, 2), (F.BIRTH_FAMILY, 2))


def store_placements(
    session: Session, random: Random, children: list[Young], on: date, at: datetime
) -> None:
    """Insert where some children lived before, and where those live now who have left."""
    rows = [row for child in children for row in _chain(random, child, on)]
    for row in rows:
        row["recorded_at"] = noted_at(row["started_on"], on, at)
    insert_all(session, Placement, rows, nulls=True)


def _chain(random: Random, child: Young, on: date) -> list[dict[str, Any]]:
    found = []
    came = min(child.waiting_since, on)
    if random.random() < EARLIER:
        since = came - timedelta(days=random.randint(200, 2_500))
        since = max(since, child.birth_date)
        if since < came:
            form = _guarded(_drawn(random, BEFORE), child, since)
            found.append(_row(child, form, since, came))
    if child.left_on is not None:
        found.append(_row(child, _after(random, child, child.left_on), child.left_on, None))
    return found


def _after(random: Random, child: Young, left_on: date) -> PlacementForm:
    if left_on >= eighteenth_birthday(child.birth_date):
        return F.INDEPENDENT
    if left_on >= PROFESSIONAL_FROM and random.random() < 0.25:
        return F.PROFESSIONAL_FOSTER_FAMILY
    return _guarded(_drawn(random, AFTER), child, left_on)


def _drawn(random: Random, weights: tuple[tuple[PlacementForm, int], ...]) -> PlacementForm:
    forms, shares = zip(*weights, strict=True)
    chosen: PlacementForm = random.choices(forms, shares)[0]
    return chosen


def _guarded(form: PlacementForm, child: Young, on: date) -> PlacementForm:
    """From 14 a guardian is a trustee."""
    is_older = (on - child.birth_date).days >= 14 * 365.25
    return F.TRUSTEESHIP if form == F.GUARDIANSHIP and is_older else form


def _row(
    child: Young, form: PlacementForm, started_on: date, ended_on: date | None
) -> dict[str, Any]:
    return {
        "child_id": child.id,
        "form": form,
        "centre_id": None,
        "region": child.place.region,
        "started_on": started_on,
        "ended_on": ended_on,
    }
