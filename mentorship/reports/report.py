"""A report of a month or a quarter: which numbers, as of which day, as its reader may see them.

Whatever is counted comes from `figures` by a period that its pages can be asked for, too, so that
a report tells nothing that they keep back: what happens in a month for the whole country, by
region in a quarter; what there is by region at the end of any month. How long matches last is
told as the last day of the period saw them, without numbers from which the months between two
reports could be worked out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy.orm import Session

from mentorship.figures.catalogue import MEASURES, Kind
from mentorship.figures.models import Build
from mentorship.figures.pages import country_of, read
from mentorship.figures.queries import Facts, match_facts
from mentorship.figures.report import Country, Reading
from mentorship.figures.values import Value
from mentorship.figures.vocabulary import Ending
from mentorship.permissions import Scope
from mentorship.places.regions import REGIONS
from mentorship.retention.spells import match_spells
from mentorship.retention.study import Group, Study
from mentorship.retention.why import Why, why_report
from mentorship.retention.why_matches import Places, past_of
from mentorship.web.periods import Period, Step, period_of, periods

EVERYWHERE = Scope(None)
QUARTERS = 12


@dataclass(frozen=True)
class Frame:
    """Whose report it is and of what; every section asks it for its numbers."""

    session: Session
    scope: Scope
    build: Build
    period: Period
    with_programme: bool = True

    @property
    def on(self) -> date:
        """The day whose state it tells: the last of the period, or the newest known."""
        return min(self.period.last, self.build.until)

    @property
    def is_over(self) -> bool:
        return self.period.last <= self.build.until

    @cached_property
    def country(self) -> Country:
        return country_of(self.scope)

    @cached_property
    def quarter(self) -> Period:
        """The newest quarter that was over on the day, for what is told by region."""
        here = period_of(self.on, Step.QUARTER)
        return here if here.last <= self.on else here.before()

    @property
    def told(self) -> Period:
        """For which period flows are told: months only where the whole country is."""
        return self.period if self.country.is_whole else self._own_quarter

    @property
    def _own_quarter(self) -> Period:
        return self.period if self.period.step == Step.QUARTER else self.quarter

    @property
    def year(self) -> Period:
        """The newest year that was over on the day, for the parts of flows."""
        here = period_of(self.on, Step.YEAR)
        return here if here.last <= self.on else here.before()

    @cached_property
    def _readings(self) -> dict[str, Reading]:
        return {}

    def reading(self, code: str) -> Reading:
        if code not in self._readings:
            measure = MEASURES[code]
            self._readings[code] = read(self.session, self.scope, measure, self.build.until)
        return self._readings[code]

    def columns(self, kind: Kind) -> list[Period]:
        """The period of a report, the one before, and the same a year before."""
        here = self.told if kind == Kind.FLOW else self.period
        return [here, here.before(), period_of(_year_before(here.first), here.step)]

    def values(self, code: str) -> list[Value]:
        """A measure in these three periods."""
        reading = self.reading(code)
        return [reading.at(period) for period in self.columns(MEASURES[code].kind)]

    def in_region(self, code: str, region: str) -> Value:
        """What there was in a region at the end, or happened there in the last whole quarter."""
        kind = MEASURES[code].kind
        return self.reading(code).at(self.quarter if kind == Kind.FLOW else self.period, region)

    def in_part(self, code: str, part: str) -> Value:
        """What there was of a part at the end of the period."""
        return self.reading(code).at(self.period, None, part)

    def quarters(self) -> list[Period]:
        """The last three years, the oldest first."""
        last = self.quarter
        return list(periods(last.before(QUARTERS - 1).first, last.first, Step.QUARTER))

    @cached_property
    def facts(self) -> Facts:
        return match_facts(self.session, EVERYWHERE)

    @cached_property
    def study(self) -> Study:
        """How long matches last, as the day saw them."""
        spells = match_spells(self.facts, self.on)
        years = sorted(set(spells.groups["year"].tolist()))
        return Study(spells, sorted(REGIONS), {"year": years or [f"{self.on:%Y}"]})

    def lasted(self, regions: Sequence[str] | None = None) -> Group:
        """The matches of some regions, or of all the reader sees."""
        return self.study.group(list(self.country.seen if regions is None else regions))

    def endings(self) -> list[tuple[Ending, Value]]:
        """How matches ended in the last whole year."""
        reading = self.reading("matches_ended")
        return [(each, reading.at(self.year, None, each)) for each in Ending]

    @cached_property
    def why(self) -> Why:
        """What went before early endings, as the day saw it."""
        seen = Places(list(REGIONS), list(self.country.seen))
        return why_report(past_of(self.facts, self.on), seen)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1)


def first_day(session: Session) -> date | None:
    """The day from which there is anything to report: that of the first match."""
    started = match_facts(session, EVERYWHERE)["started_on"]
    return started.min().item() if len(started) else None
