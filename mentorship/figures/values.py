"""A figure as a reader may see it: a number, or why there is none."""

from dataclasses import dataclass
from enum import StrEnum

from mentorship.web.suppression import Count


class State(StrEnum):
    """Whether there is a value to show, and if not, why."""

    SHOWN = "shown"
    FEW = "few"
    HIDDEN = "hidden"
    NONE = "none"  # nothing was there of which it could be a share or a mean
    UNKNOWN = "unknown"  # not computed for that time


@dataclass(frozen=True)
class Value:
    """A figure as a reader may see it; `of`: the count that a share or a mean rests on."""

    state: State
    amount: float | None = None
    of: Count | None = None

    @property
    def is_shown(self) -> bool:
        return self.state == State.SHOWN
