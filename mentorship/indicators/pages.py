"""What the pages of indicators show: the facts of each year from the measures and the curves."""

from datetime import date

from sqlalchemy.orm import Session

from mentorship.figures.catalogue import MEASURES, Unit
from mentorship.figures.models import Build
from mentorship.figures.pages import EVERYWHERE
from mentorship.figures.pages import read as read_measure
from mentorship.figures.report import Reading, rate, wider
from mentorship.figures.values import State, Value
from mentorship.indicators.models import Indicator, IndicatorEdition
from mentorship.indicators.plans import Year
from mentorship.indicators.vocabulary import YEARS, Formula
from mentorship.places.regions import REGIONS
from mentorship.retention.report import Whose, figures_of
from mentorship.web.periods import Period, Step
from mentorship.web.suppression import LEAST, Count, Mark

UNITS = {1: Unit.SHARE, 1_000: Unit.PER_1000, 5_000: Unit.PER_5000}


def unit_of(edition: IndicatorEdition) -> Unit:
    """What the value of an edition is: a number, a share, days."""
    if edition.formula == Formula.MEASURE:
        return MEASURES[str(edition.measure)].unit
    if edition.formula == Formula.RATIO:
        return UNITS[edition.factor or 1]
    return Unit.SHARE


class Facts:
    """Reads what editions ask for; each measure once."""

    def __init__(self, session: Session, build: Build | None) -> None:
        self.session, self.build = session, build
        self._readings: dict[str, Reading] = {}

    def years(self, row: Indicator) -> list[Year]:
        """Plan and fact of every year of the programme."""
        return [self.year(row, year) for year in YEARS]

    def year(self, row: Indicator, year: int) -> Year:
        edition = row.edition_of(year)
        until = self.build.until if self.build else date(YEARS[0] - 1, 12, 31)
        value, band = self.fact(edition, year)
        return Year(year, edition, unit_of(edition), row.target(year), value, until, band)

    def fact(
        self, edition: IndicatorEdition, year: int
    ) -> tuple[Value, tuple[float, float] | None]:
        """The fact of a year as any reader may see it, with its band where it is an estimate."""
        if self.build is None or year > self.build.until.year:
            return Value(State.UNKNOWN), None
        if edition.formula == Formula.LASTING:
            return self._lasting(edition, year)
        period = Period(date(year, 1, 1), Step.YEAR)
        reading, part = self._reading(str(edition.measure)), edition.part
        if edition.formula == Formula.MEASURE:
            return reading.at(period, edition.region, part), None
        count = reading.number.at(period, edition.region, part)
        base = self._reading(str(edition.base))
        of = base.number.at(period, edition.region, edition.base_part)
        return _ratio(edition, count, of), None

    def _reading(self, code: str) -> Reading:
        if code not in self._readings:
            assert self.build is not None
            measure = MEASURES[code]
            self._readings[code] = read_measure(self.session, EVERYWHERE, measure, self.build.until)
        return self._readings[code]

    def _lasting(
        self, edition: IndicatorEdition, year: int
    ) -> tuple[Value, tuple[float, float] | None]:
        """The share of the matches of an earlier year that lasted so many months."""
        assert self.build is not None
        regions = [edition.region] if edition.region else list(REGIONS)
        study = figures_of(self.session, self.build).study(Whose.MATCHES)
        began = str(year_begun(year, edition.months or 12))
        if began not in study.codes["year"]:
            return Value(State.UNKNOWN), None
        group = study.group(regions, "year", began)
        months = edition.months or 12
        found = group.at(months)
        if found is not None:
            return Value(State.SHOWN, found.share, group.count), (found.low, found.high)
        hidden = group.is_withheld(months)
        return Value(State.HIDDEN if hidden else State.UNKNOWN, of=group.count), None


def year_begun(year: int, months: int) -> int:
    """The year in which matches began that come to so many months in a year."""
    return year - -(-months // 12)


def _ratio(edition: IndicatorEdition, count: Count | None, of: Count | None) -> Value:
    """A ratio of two counts; a part in a whole is told only where the rest may be told too."""
    if count is None or of is None:
        return Value(State.UNKNOWN)
    if of.value == 0:
        return Value(State.NONE, of=of)
    few = of.value is not None and of.value < LEAST and MEASURES[str(edition.base)].is_person
    if of.mark is not Mark.SHOWN or few:
        return Value(State.HIDDEN, of=of)
    is_part = edition.base in wider(str(edition.measure))
    return rate(count, of, edition.factor or 1, is_part)
