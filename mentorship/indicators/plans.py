"""Plan against fact: what an indicator reached in a year, and how far it is from its target."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mentorship.figures.catalogue import Unit
from mentorship.figures.values import State, Value
from mentorship.indicators.models import IndicatorEdition, IndicatorTarget
from mentorship.indicators.vocabulary import Direction

EVEN = 1e-9


class Standing(StrEnum):
    """How a year stands against its target."""

    REACHED = "reached"
    REACHED_SO_FAR = "reached_so_far"
    MISSED = "missed"
    NOT_YET = "not_yet"
    AHEAD = "ahead"  # the year has not begun
    UNKNOWN = "unknown"
    WITHHELD = "withheld"
    NO_TARGET = "no_target"


@dataclass(frozen=True)
class Year:
    """One year of an indicator: the plan, the fact, and by which edition it is counted."""

    year: int
    edition: IndicatorEdition
    unit: Unit
    target: IndicatorTarget | None
    value: Value
    until: date
    band: tuple[float, float] | None = None

    @property
    def is_over(self) -> bool:
        return self.until >= date(self.year, 12, 31)

    @property
    def gap(self) -> float | None:
        """How much is missing to the target; negative where it is passed."""
        if self.target is None or self.target.value is None or self.value.amount is None:
            return None
        way = 1 if self.edition.direction == Direction.MORE else -1
        return way * (self.target.value - self.value.amount)

    @property
    def standing(self) -> Standing:
        if self.until.year < self.year:
            return Standing.AHEAD
        if self.value.state in (State.FEW, State.HIDDEN):
            return Standing.WITHHELD
        if not self.value.is_shown:
            return Standing.UNKNOWN
        if self.gap is None:
            return Standing.NO_TARGET
        if self.gap <= EVEN:
            return Standing.REACHED if self.is_over else Standing.REACHED_SO_FAR
        return Standing.MISSED if self.is_over else Standing.NOT_YET

    @property
    def is_target_older(self) -> bool:
        """Whether the target was set before the formula it is held against, however worded."""
        rows = self.edition.indicator.editions if self.edition.indicator else [self.edition]
        first = min(row.made_at for row in rows if row.version == self.edition.version)
        return self.target is not None and self.target.made_at < first
