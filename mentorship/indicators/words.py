"""What indicators are called and how they are computed, plan and fact in words."""

from typing import Any

from flask_babel import format_decimal, format_percent, gettext, ngettext
from flask_babel import lazy_gettext as _l

from mentorship.figures import words as figures
from mentorship.figures.catalogue import MEASURES, Unit
from mentorship.indicators.models import IndicatorEdition
from mentorship.indicators.plans import Standing, Year
from mentorship.indicators.vocabulary import Formula
from mentorship.places.words import region_name
from mentorship.retention.survival import HORIZONS

FORMULAS = {
    "measure": _l("One figure as it is"),
    "ratio": _l("One count divided by another"),
    "lasting": _l("The share of matches that last"),
}
FACTORS = {
    "share": _l("In percent"),
    "per_1000": _l("For every 1,000"),
    "per_5000": _l("For every 5,000"),
}
DIRECTIONS = {"more": _l("More is better"), "less": _l("Less is better")}
STANDINGS = {
    Standing.REACHED: _l("The target is reached."),
    Standing.REACHED_SO_FAR: _l("As of now the target is reached; the year is not over."),
    Standing.AHEAD: _l("Not yet known: the year has not begun."),
    Standing.UNKNOWN: _l("Not yet known: there is nothing to compute it from."),
    Standing.WITHHELD: _l("The number is too small to be told, and so is the gap."),
    Standing.NO_TARGET: _l("No target is set."),
}


def measure_options(*, counts_only: bool = False) -> dict[str, str]:
    """Every figure, and each of its parts, to choose from."""
    found = {}
    for code, measure in MEASURES.items():
        if counts_only and measure.unit != Unit.COUNT:
            continue
        found[code] = str(figures.NAMES[code])
        for part in figures.part_options(measure):
            found[f"{code}/{part}"] = label(code, part)
    return found


def count_options() -> dict[str, str]:
    """The same, only counts: what may be divided by what."""
    return measure_options(counts_only=True)


def months_options() -> dict[str, str]:
    return {str(n): ngettext("%(num)d month", "%(num)d months", n) for n in HORIZONS}


def label(code: str | None, part: str | None) -> str:
    """A figure and its part in words."""
    name = figures.NAMES[str(code)]
    if part is None:
        return str(name)
    said = figures.part_options(MEASURES[str(code)])[part]
    return str(gettext("%(figure)s: %(part)s", figure=name, part=said))


def formula(edition: IndicatorEdition) -> str:
    """How the fact of a year is computed, in a sentence."""
    if edition.formula == Formula.LASTING:
        months = edition.months or 12
        years = -(-months // 12)
        lasted = ngettext("%(num)d month", "%(num)d months", months)
        return str(
            ngettext(
                "The share of matches that lasted %(months)s, of those that began %(years)s year "
                "before.",
                "The share of matches that lasted %(months)s, of those that began %(years)s years "
                "before.",
                years,
                months=lasted,
                years=years,
            )
        )
    given = {"figure": label(edition.measure, edition.part)}
    if edition.formula == Formula.MEASURE:
        return str(gettext("The figure “%(figure)s”.", **given))
    given["base"] = label(edition.base, edition.base_part)
    if edition.factor == 1:
        return str(gettext("“%(figure)s” as a share of “%(base)s”.", **given))
    given["number"] = format_decimal(edition.factor or 1)
    return str(gettext("“%(figure)s” for every %(number)s of “%(base)s”.", **given))


def place(edition: IndicatorEdition) -> str:
    return region_name(edition.region) if edition.region else str(gettext("The whole country"))


def amount(unit: Unit, number: float) -> str:
    """A target in words, in the unit of its indicator; shares with a decimal if they have one."""
    if unit == Unit.SHARE:
        return str(format_percent(round(number, 3), "#,##0.#%"))
    return str(format_decimal(figures.rounded(number)))


def plan(year: Year) -> str:
    """The target of a year."""
    if year.target is None or year.target.value is None:
        return "–"
    return amount(year.unit, year.target.value)


def fact(year: Year) -> str:
    """The fact of a year, or why there is none."""
    return figures.said(year.unit, year.value)


def gap(year: Year) -> str:
    """How a year stands against its plan, in a sentence."""
    if year.standing not in (Standing.MISSED, Standing.NOT_YET):
        return str(STANDINGS[year.standing])
    if year.unit == Unit.SHARE:
        missing = format_decimal(round(100 * (year.gap or 0), 1))
        by = gettext("%(number)s percentage points", number=missing)
    else:
        by = str(format_decimal(figures.rounded(year.gap or 0)))
    if year.standing == Standing.MISSED:
        return str(gettext("The target was missed by %(gap)s.", gap=by))
    return str(gettext("To the target: %(gap)s. The year is not over.", gap=by))


def names(edition: IndicatorEdition) -> dict[str, Any]:
    return {code: getattr(edition, f"name_{code}") for code in ("kk", "ru", "en")}
