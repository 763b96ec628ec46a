"""What two people have in common, and whether a mentor's papers last through the commitment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import matching
from mentorship.children.models import Child
from mentorship.mentors.models import ClearanceResult, Mentor

COMMITMENT = timedelta(days=matching.Policy.default().number("points.certificate.commitment_days"))


class Standing(StrEnum):
    """What a paper is worth on the start date and through the commitment after it."""

    LASTS = "lasts"
    LAPSES = "lapses"
    NOT_CURRENT = "not_current"
    NOT_CLEAR = "not_clear"
    MISSING = "missing"


@dataclass(frozen=True)
class Paper:
    """A certificate (no kind) or a clearance: dates, and how it stands for one start date."""

    kind: str | None
    since: date | None
    until: date | None
    standing: Standing


@dataclass(frozen=True)
class Together:
    """Free days in common, and the needs of the child that the mentor is trained for."""

    weekdays: list[int]
    answered: set[str]


def together(mentor: Mentor, child: Child) -> Together:
    """What the days, needs and skills of two people have in common."""
    skills = {row.skill for row in mentor.skills}
    return Together(
        weekdays=sorted(set(mentor.weekdays) & set(child.weekdays)),
        answered=skills & {row.need for row in child.needs},
    )


def papers(mentor: Mentor, start_on: date, required: Iterable[str]) -> list[Paper]:
    """The certificate, then the newest clearance of each kind that is required."""
    held = mentor.certificate
    found = [Paper(None, None, None, Standing.MISSING)]
    if held:
        found = [Paper(None, held.issued_on, held.expires_on, _term(held.expires_on, start_on))]
    held_kinds = mentor.latest_clearances
    for kind in required:
        row = held_kinds.get(kind)
        if row is None:
            found.append(Paper(kind, None, None, Standing.MISSING))
            continue
        standing = _term(row.valid_until, start_on)
        if row.result != ClearanceResult.CLEAR:
            standing = Standing.NOT_CLEAR
        elif row.checked_on > start_on:
            standing = Standing.NOT_CURRENT
        found.append(Paper(kind, row.checked_on, row.valid_until, standing))
    return found


def _term(until: date | None, start_on: date) -> Standing:
    if until is None or until < start_on:
        return Standing.NOT_CURRENT
    return Standing.LASTS if until >= start_on + COMMITMENT else Standing.LAPSES
