"""Every figure there is, by its code: what is counted, and over what it is a share.

Words for the codes are in `words.py`; how each count is made is in `store.py`.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """A flow adds up over days; a stock is taken on the last day of a span."""

    FLOW = "flow"
    STOCK = "stock"


class Unit(StrEnum):
    COUNT = "count"
    SHARE = "share"
    DAYS = "days"
    HOURS = "hours"
    PER_1000 = "per_1000"
    PER_5000 = "per_5000"


class Parts(StrEnum):
    """What the parts of a count are."""

    NONE = ""
    CONTACT = "contact"
    CANCELLED_BY = "cancelled_by"
    ENDING = "ending"
    LANGUAGE = "language"
    AGE = "age"
    PLACEMENT = "placement"
    CENTRE = "centre"
    STEP = "step"
    DAYS = "days"  # how many days something took, as "0042"; of a step as "interview:0042"


@dataclass(frozen=True)
class Measure:
    """A figure: `numerator`, over `denominator` where it is a ratio; both are codes of counts."""

    code: str
    numerator: str
    denominator: str | None = None
    kind: Kind = Kind.FLOW
    unit: Unit = Unit.COUNT
    is_person: bool = True

    @property
    def is_ratio(self) -> bool:
        return self.denominator is not None


FLOWS: dict[str, Parts] = {
    "contacts_due": Parts.CONTACT,
    "contacts_on_time": Parts.CONTACT,
    "contacts_missed": Parts.CONTACT,
    "meetings_held": Parts.NONE,
    "meetings_cancelled": Parts.CANCELLED_BY,
    "meeting_minutes": Parts.NONE,
    "matches_begun": Parts.NONE,
    "matches_ended": Parts.ENDING,
    "certificates_issued": Parts.NONE,
    "applications": Parts.NONE,
    "concerns_raised": Parts.NONE,
    "concerns_closed": Parts.NONE,
    "wait_certificate_days": Parts.NONE,
    "wait_certificate_count": Parts.NONE,
    "wait_child_days": Parts.NONE,
    "wait_child_count": Parts.NONE,
    "wait_overdue_days": Parts.CONTACT,
    "wait_overdue_count": Parts.CONTACT,
    "step_days": Parts.STEP,
    "step_count": Parts.STEP,
    "waited_certificate": Parts.DAYS,
    "waited_child": Parts.DAYS,
    "waited_overdue": Parts.DAYS,
    "waited_step": Parts.DAYS,
}
"""What happened on a day: counts and sums, with what their parts are."""

STOCKS: dict[str, Parts] = {
    "matches_active": Parts.NONE,
    "matches_on_hold": Parts.NONE,
    "children_eligible": Parts.LANGUAGE,
    "children_waiting": Parts.LANGUAGE,
    "mentors_active": Parts.LANGUAGE,
    "mentors_free": Parts.LANGUAGE,
    "mentors_idle": Parts.NONE,
    "mentors_idle_long": Parts.NONE,
    "contacts_overdue": Parts.CONTACT,
    "entries_unread": Parts.AGE,
    "concerns_open": Parts.AGE,
    "concerns_restricted": Parts.NONE,
    "candidates": Parts.STEP,
    "children_in_care": Parts.PLACEMENT,
    "organisations": Parts.CENTRE,
    "specialists": Parts.NONE,
    "child_population": Parts.NONE,
}
"""What there was on a day, with what their parts are."""

TOLD_LATER = (
    "matches_active",
    "matches_on_hold",
    "children_eligible",
    "children_waiting",
    "mentors_active",
    "mentors_idle",
    "concerns_open",
    "children_in_care",
    "organisations",
    "specialists",
    "child_population",
)
"""Stocks that the rows still tell for days past; the others are known from when they were noted."""

_NOT_PEOPLE = {"organisations", "specialists", "child_population"}
_SUMS = {"meeting_minutes"} | {code for code in FLOWS if code.endswith(("_days", "_count"))}


def _counts() -> list[Measure]:
    kept = [code for code, parts in FLOWS.items() if parts != Parts.DAYS]  # those are medians'
    flows = [Measure(code, code) for code in kept if code not in _SUMS]
    stocks = [
        Measure(code, code, kind=Kind.STOCK, is_person=code not in _NOT_PEOPLE) for code in STOCKS
    ]
    return [*flows, *stocks]


_SHARE, _DAYS, _STOCK = Unit.SHARE, Unit.DAYS, Kind.STOCK
_RATIOS = (
    Measure("share_on_time", "contacts_on_time", "contacts_due", unit=_SHARE),
    Measure("share_missed", "contacts_missed", "contacts_due", unit=_SHARE),
    Measure("share_cancelled", "meetings_cancelled", "meetings_planned", unit=_SHARE),
    Measure("hours_per_meeting", "meeting_minutes", "meetings_held", unit=Unit.HOURS),
    Measure("days_to_match_mentor", "wait_certificate_days", "wait_certificate_count", unit=_DAYS),
    Measure("days_to_match_child", "wait_child_days", "wait_child_count", unit=_DAYS),
    Measure("days_late", "wait_overdue_days", "wait_overdue_count", unit=_DAYS),
    Measure("days_per_step", "step_days", "step_count", unit=_DAYS),
    Measure("coverage", "matches_active", "children_eligible", _STOCK, _SHARE),
    Measure("share_idle", "mentors_idle", "mentors_active", _STOCK, _SHARE),
    Measure(
        "specialists_per_5000", "specialists", "child_population", _STOCK, Unit.PER_5000, False
    ),
)
MEASURES: dict[str, Measure] = {measure.code: measure for measure in (*_counts(), *_RATIOS)}
"""Every figure that can be opened, drawn over time and asked for by an indicator."""

SUMS_OF: dict[str, tuple[str, ...]] = {"meetings_planned": ("meetings_held", "meetings_cancelled")}
"""Counts that are not kept but added up from others."""

LESS: dict[str, tuple[str, str]] = {"contacts_kept": ("contacts_due", "contacts_missed")}
"""Counts that are one less another."""


def parts_of(code: str) -> Parts:
    """What the parts of a count are."""
    code = LESS.get(code, (code,))[0]
    return FLOWS.get(code) or STOCKS.get(code) or Parts.NONE
