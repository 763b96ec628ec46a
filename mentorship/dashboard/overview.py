"""The overview: headline figures, the regions, and time, read from the summary tables alone.

Every number is the one its own page shows, with the same marks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import Any

from sqlalchemy.orm import Session

from mentorship.figures.catalogue import MEASURES, Kind, Measure
from mentorship.figures.models import Build
from mentorship.figures.pages import country_of, read
from mentorship.figures.report import Country, Reading
from mentorship.figures.values import Value
from mentorship.i18n import chosen_language
from mentorship.permissions import Scope
from mentorship.retention.report import headline
from mentorship.retention.study import Group
from mentorship.supply.models import PublishedFigure
from mentorship.supply.queries import published_by_topic
from mentorship.supply.reading import Own, own_figures
from mentorship.supply.vocabulary import Topic
from mentorship.web.periods import Period, Step, period_of, periods

HEADLINES = ("matches_active", "children_waiting", "mentors_free", "share_on_time")
ON_MAP = (
    "coverage",
    "children_waiting",
    "mentors_free",
    "matches_active",
    "contacts_overdue",
    "share_on_time",
)
OVER_TIME = (
    "matches_active",
    "children_waiting",
    "share_on_time",
    "matches_begun",
    "matches_ended",
    "meetings_held",
)
BESIDE = (
    Topic.CHILDREN,
    Topic.IN_FAMILIES,
    Topic.MENTORS,
    Topic.SPECIALISTS,
    Topic.ORGANISATIONS_CHANGE,
    Topic.RESIDENTS_CHANGE,
)
QUARTERS = 12
KEPT = 64
_kept: dict[Any, "Overview"] = {}
_lock = Lock()


@dataclass(frozen=True)
class Figure:
    """A measure in a period."""

    measure: Measure
    period: Period
    value: Value


@dataclass(frozen=True)
class Overview:
    """What the page shows; `by_region` has the measure of the map, `over_time` those of time."""

    build: Build
    country: Country
    headlines: list[Figure]
    lasted: Group | None
    by_region: dict[str, Figure]
    over_time: dict[Period, list[Figure]]
    published: dict[Topic, list[PublishedFigure]]
    own: dict[Topic, Own]

    @property
    def on_map(self) -> Figure:
        """The measure on the map: its period is that of all regions."""
        return next(iter(self.by_region.values()))


def overview(session: Session, scope: Scope, build: Build, on_map: str) -> Overview:
    """Everything the page shows, as of a build; what is counted is counted once in a process."""
    key = (build.mark, scope.regions, on_map, chosen_language())
    found = _kept.get(key)
    if found is None:
        found = _counted(session, scope, build, on_map)
        with _lock:
            while len(_kept) >= KEPT:
                del _kept[next(iter(_kept))]
            _kept[key] = found
    return replace(
        found,
        build=build,
        published=published_by_topic(session, BESIDE),
        own=own_figures(session, scope, build.until),
    )


def _counted(session: Session, scope: Scope, build: Build, on_map: str) -> Overview:
    country, until = country_of(scope), build.until
    codes = dict.fromkeys((*HEADLINES, on_map, *OVER_TIME))
    readings = {code: read(session, scope, MEASURES[code], until) for code in codes}
    month = Step.MONTH if country.is_whole else Step.QUARTER
    heads = [readings[code] for code in HEADLINES]
    return Overview(
        build,
        country,
        [_figure(each, last_full(each, until, month)) for each in heads],
        headline(session, scope),
        _by_region(readings[on_map], country.seen, until),
        _over_time(readings, until),
        {},
        {},
    )


def _figure(reading: Reading, period: Period, region: str | None = None) -> Figure:
    return Figure(reading.measure, period, reading.at(period, region))


def _by_region(reading: Reading, regions: Sequence[str], until: date) -> dict[str, Figure]:
    """The largest first; those that are not shown last, so that their place tells nothing."""
    period = last_full(reading, until, Step.QUARTER)
    found = {kato: _figure(reading, period, kato) for kato in regions}
    return dict(sorted(found.items(), key=lambda each: _order(each[1].value)))


def _order(value: Value) -> tuple[bool, float]:
    return not value.is_shown, -(value.amount or 0.0)


def _over_time(readings: dict[str, Reading], until: date) -> dict[Period, list[Figure]]:
    """The last three years by quarter; of what happens, only quarters that are over."""
    last = period_of(until, Step.QUARTER)
    found = {}
    for quarter in periods(last.before(QUARTERS - 1).first, last.first, Step.QUARTER):
        found[quarter] = [_figure(readings[code], quarter) for code in OVER_TIME]
    return found


def last_full(reading: Reading, until: date, step: Step) -> Period:
    """The last period that is over; of what there is, the month of the day itself."""
    if reading.measure.kind == Kind.STOCK:
        return period_of(until, Step.MONTH)
    period = period_of(until, step)
    return period if period.last <= until else period.before()
