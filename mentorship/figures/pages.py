"""The page of one measure: what the reader asks for in the address, and what is shown of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from mentorship.figures import words
from mentorship.figures.catalogue import MEASURES, Kind, Measure, Unit, parts_of
from mentorship.figures.models import Build
from mentorship.figures.queries import counts, newest_build, taken_on
from mentorship.figures.report import LEFT_OF, Country, Numbers, Reading, Seen, wider
from mentorship.figures.rows import SOURCES, WITHOUT_PARTS, Asked
from mentorship.figures.values import State, Value
from mentorship.i18n import show_long_date
from mentorship.permissions import Scope
from mentorship.places.regions import REGIONS
from mentorship.places.words import region_names
from mentorship.web.periods import Period, Step, period_of, period_words, periods, read_period

EVERYWHERE = Scope(None)
BEGINNING = date(2000, 1, 1)
LENGTHS = {Step.MONTH: 13, Step.QUARTER: 12, Step.YEAR: 11}
"""How many periods a line over time has at most."""


def country_of(scope: Scope) -> Country:
    """The regions of the country, and those in scope in the order of their names."""
    return Country(sorted(REGIONS), [kato for kato in region_names() if scope.covers(kato)])


def read(session: Session, scope: Scope, measure: Measure, until: date) -> Reading:
    """A measure as somebody of this scope may see it, as of the newest build."""
    country = country_of(scope)

    def seen(code: str) -> Seen:
        chain = [*wider(code), code]
        numbers = [_numbers(session, each, measure.kind, until) for each in chain]
        of_people = measure.is_person and not code.endswith(("_days", "_minutes"))
        of = LEFT_OF.get(code)
        left_of = (seen(of[0]), seen(of[1])) if of else None
        return Seen(country, numbers, until, of_people=of_people, left_of=left_of)

    base = seen(measure.denominator) if measure.denominator else None
    return Reading(measure, seen(measure.numerator), base)


# What was added up of the newest build, by code; every process keeps its own.
_added: dict[str, tuple[str, date, Numbers]] = {}


def _numbers(session: Session, code: str, kind: Kind, until: date) -> Numbers:
    """A count in the tables that can be asked for, added up once for each build."""
    build = newest_build(session)
    if build is None:
        return _add_up(session, code, kind, until)
    mark, day, found = _added.get(code, ("", until, None))
    if found is None or (mark, day) != (build.mark, until):
        found = _add_up(session, code, kind, until)
        _added[code] = build.mark, until, found
    return found


def _add_up(session: Session, code: str, kind: Kind, until: date) -> Numbers:
    by = ("region", "part", "month")
    cube = counts(session, EVERYWHERE, code, BEGINNING, until, by)
    months = None
    if kind == Kind.STOCK:
        days = taken_on(session, code, BEGINNING, until, monthly=True)
        months = {f"{day:%Y-%m}" for day in days}
    return Numbers(cube, kind, list(words.parts_words(code)), months)


@dataclass(frozen=True)
class Choice:
    """What the address asks for; what it does not say has its default."""

    measure: Measure
    region: str | None
    part: str | None
    period: Period
    step: Step

    def address(self, **changes: Any) -> str:
        """The address of this page with something changed."""
        asked = {
            "region": self.region,
            "part": self.part,
            "period": self.period.code,
            "step": self.step.value,
        } | changes
        return url_for("figures.show", measure=self.measure.code, **asked)

    @property
    def span(self) -> Period:
        """The period that is told by region and by part: of what happens always a year."""
        if self.measure.kind == Kind.FLOW and self.period.step != Step.YEAR:
            return period_of(self.period.first, Step.YEAR)
        return self.period


def read_choice(measure: Measure, country: Country, until: date) -> Choice:
    """The reader's choice; 404 for a region outside their scope and for what nobody counts."""
    region = _one_of("region", country.seen)
    part = _one_of("part", words.part_options(measure))
    offered = steps(measure, country, region, part)
    step = Step(_one_of("step", list(Step)) or offered[-1])
    step = step if step in offered else offered[-1]
    period = period_of(until, Step.YEAR if measure.kind == Kind.FLOW else Step.MONTH)
    if code := request.args.get("period"):
        asked = read_period(code)
        if asked is None or not BEGINNING <= asked.first <= until:
            abort(404)
        period = asked if asked.step in offered else period_of(asked.first, Step.YEAR)
    return Choice(measure, region, part, period, step)


def _one_of(name: str, options: Iterable[str]) -> str | None:
    code = request.args.get(name) or None
    if code is not None and code not in options:
        abort(404)
    return code


def steps(measure: Measure, country: Country, region: str | None, part: str | None) -> list[Step]:
    """How finely a measure is told over time; the last one is shown first."""
    if measure.kind == Kind.STOCK:
        return [Step.YEAR, Step.QUARTER, Step.MONTH]
    if part is not None:
        return [Step.YEAR]
    finest = [Step.MONTH] if region is None and country.is_whole else []
    return [Step.YEAR, *finest, Step.QUARTER]


def rows_of(choice: Choice, user: Any, country: Country, until: date) -> Asked | None:
    """Whose rows are asked for; None where nobody keeps them together for that choice.

    What there was on an earlier day is no longer told row by row.
    """
    source = SOURCES.get(choice.measure.code)
    past = choice.measure.kind == Kind.STOCK and choice.period.last < until
    if source is None or past or (choice.part and choice.measure.code in WITHOUT_PARTS):
        return None
    regions = [choice.region] if choice.region else country.seen
    last = min(choice.period.last, until)
    return Asked(user, regions, choice.part, choice.period.first, last, until)


@dataclass(frozen=True)
class Line:
    """One row of a table: what it is of, its figure, and where its own page is."""

    name: str
    value: Value
    href: str | None = None
    code: str = ""


@dataclass(frozen=True)
class Shown:
    """What the page of a measure shows."""

    choice: Choice
    country: Country
    build: Build
    value: Value
    over_time: list[Line]
    by_region: list[Line]
    by_part: list[Line]

    @property
    def measure(self) -> Measure:
        return self.choice.measure

    @property
    def unit(self) -> Unit:
        return self.measure.unit

    @property
    def regions(self) -> dict[str, str]:
        return {line.code: line.name for line in self.by_region}

    @property
    def parts(self) -> dict[str, Any]:
        return words.part_options(self.measure)

    @property
    def periods(self) -> dict[str, str]:
        """The periods to choose from, the newest first."""
        choice, until = self.choice, self.build.until
        found = {choice.period, *_series(choice.step, until), *_series(Step.YEAR, until)}
        newest = sorted(found, key=lambda each: (each.last, each.step != Step.YEAR), reverse=True)
        return {each.code: period_words(each) for each in newest}

    @property
    def steps(self) -> dict[str, Any]:
        choice = self.choice
        offered = steps(self.measure, self.country, choice.region, choice.part)
        return {each.value: words.STEPS_OVER_TIME[each] for each in Step if each in offered}

    @property
    def has_gaps(self) -> bool:
        return any(not line.value.is_shown for line in known(self.over_time))

    @property
    def part_title(self) -> Any:
        return words.PART_TITLES.get(parts_of(self.measure.numerator), "")

    @property
    def where(self) -> str:
        return where(self.country, self.choice.region)

    @property
    def when(self) -> str:
        return when(self.choice.period, self.build.until, self.measure.kind)

    @property
    def span(self) -> str:
        return when(self.choice.span, self.build.until, self.measure.kind)


def show(session: Session, scope: Scope, code: str, build: Build) -> Shown:
    """The page of a measure; 404 for one that does not exist."""
    if code not in MEASURES:
        abort(404)
    measure, country = MEASURES[code], country_of(scope)
    choice = read_choice(measure, country, build.until)
    reading = read(session, scope, measure, build.until)
    region, part, span = choice.region, choice.part, choice.span
    end = min(choice.period.last, build.until)
    return Shown(
        choice,
        country,
        build,
        reading.at(choice.period, region, part),
        [_in_period(choice, reading, each, build.until) for each in _series(choice.step, end)],
        [
            Line(name, reading.at(span, kato, part), choice.address(region=kato), kato)
            for kato, name in region_names().items()
            if kato in country.seen
        ],
        [
            Line(str(name), reading.at(span, region, each), choice.address(part=each), each)
            for each, name in words.part_options(measure).items()
        ],
    )


def _series(step: Step, end: date) -> list[Period]:
    """The periods of the line up to a day, the oldest first."""
    last = period_of(end, step)
    return list(periods(last.before(LENGTHS[step] - 1).first, last.first, step))


def _in_period(choice: Choice, reading: Reading, period: Period, until: date) -> Line:
    value = reading.at(period, choice.region, choice.part)
    name = when(period, until, choice.measure.kind)
    return Line(name, value, choice.address(period=period.code), period.code)


def when(period: Period, until: date, kind: Kind) -> str:
    """A period in words; one that is not over says until when it is known."""
    if kind == Kind.STOCK:
        return show_long_date(min(period.last, until))
    if period.last <= until:
        return period_words(period)
    given = {"period": period_words(period), "day": show_long_date(until)}
    return str(gettext("%(period)s, until %(day)s", **given))


def where(country: Country, region: str | None) -> str:
    """The chosen region, or all those the reader sees, in words."""
    names = region_names()
    if region or len(country.seen) == 1:
        return names[region or country.seen[0]]
    return str(gettext("The whole country") if country.is_whole else gettext("All your regions"))


def known(lines: Iterable[Line]) -> list[Line]:
    """The lines from the first one that is known."""
    rows = list(lines)
    first = next((n for n, row in enumerate(rows) if row.value.state != State.UNKNOWN), len(rows))
    return rows[first:]


def drawn(shown: Shown) -> list[Line]:
    """The known lines a chart shows: what still adds up would seem to fall."""
    rows = known(shown.over_time)
    last = read_period(rows[-1].code) if rows else None
    adds_up = shown.measure.kind == Kind.FLOW and shown.unit == Unit.COUNT
    return rows[:-1] if adds_up and last and last.last > shown.build.until else rows
