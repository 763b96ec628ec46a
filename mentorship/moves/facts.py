"""Where a child may move to: by where they live now and how old they are on that day."""

from collections.abc import Sequence
from datetime import date
from itertools import zip_longest

from mentorship.children.models import PlacementForm

F = PlacementForm
INSIDE = frozenset({F.INSTITUTION, F.GUEST_FAMILY})
"""Here the child belongs to an organisation for orphans; a guest family is a short stay."""
OF_AGE = 18
TRUSTEESHIP_FROM = 14  # guardianship before that birthday: egov.kz, on guardianship


def is_inside(form: PlacementForm | str) -> bool:
    """Whether somebody who lives there is in an organisation for orphans."""
    return form in INSIDE


def move_refusal(
    now: PlacementForm | str | None, then: PlacementForm, age: int, *, same_centre: bool
) -> str | None:
    """Why a child of so many years cannot move from here to there: the code, or None.

    `now` is None where the child left long ago and nobody noted where to.
    """
    if now == F.INDEPENDENT:
        return "move_after_independence"
    if then == F.INDEPENDENT:
        return None if age >= OF_AGE else "independent_from_18"
    if then == F.INSTITUTION:
        return "move_same_centre" if same_centre and now == F.INSTITUTION else None
    if age >= OF_AGE:
        return "family_under_18"
    return _family_refusal(now, then, age)


def _family_refusal(now: PlacementForm | str | None, then: PlacementForm, age: int) -> str | None:
    if then == F.GUARDIANSHIP and age >= TRUSTEESHIP_FROM:
        return "guardianship_under_14"
    if then == F.TRUSTEESHIP and age < TRUSTEESHIP_FROM:
        return "trusteeship_from_14"
    if then == F.GUEST_FAMILY and now != F.INSTITUTION:
        return "guest_from_centre"
    return None


Entry = tuple[PlacementForm | str, date | None, date | None]
"""A form, the first day where it is known, and the day the next entry began."""


def left_on(chain: Sequence[Entry]) -> date | None:
    """The day a child left organisations for orphans, by all entries, newest first; None: inside.

    From family to family it stays the first day.
    """
    found = None
    for entry, before in zip_longest(chain, chain[1:]):
        form, started_on, _ = entry
        if is_inside(form):
            break
        found = started_on
        if before and _unsaid(before, entry):
            return before[2]
    return found


def came_back(chain: Sequence[Entry]) -> bool:
    """Whether the newest entry is a return from outside, by all entries, newest first."""
    if len(chain) < 2 or not is_inside(chain[0][0]):
        return False
    return not is_inside(chain[1][0]) or _unsaid(chain[1], chain[0])


def _unsaid(before: Entry, entry: Entry) -> bool:
    """Days between two entries of which nobody noted where the child was."""
    return before[2] is not None and entry[1] is not None and before[2] < entry[1]
