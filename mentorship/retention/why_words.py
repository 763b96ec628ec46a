"""Why matches end, in words: bands, traits, and differences with their sign."""

from flask_babel import format_decimal, format_percent, gettext
from flask_babel import lazy_gettext as _l

from mentorship.retention.why import Compared, Trait, Why
from mentorship.retention.why_endings import Band

BANDS = {
    Band.FIRST: _l("Under 3 months"),
    Band.QUARTER: _l("3 to 6 months"),
    Band.HALF: _l("6 to 12 months"),
    Band.YEAR: _l("1 to 2 years"),
    Band.LATER: _l("2 years and more"),
}
TRAITS = {
    Trait.ON_TIME: _l("Contacts held on time, in percent"),
    Trait.MEETINGS: _l("Meetings a month"),
    Trait.HOURS: _l("Hours together a month"),
    Trait.RATING: _l("How it goes, told at contacts (1 to 5)"),
    Trait.TRAINING_HOURS: _l("Hours of the mentor's training before the start"),
    Trait.TRAINED: _l("Mentors with the whole course, in percent"),
}
SHARES = (Trait.ON_TIME, Trait.TRAINED)
_DIGITS = {Trait.RATING: 2}


def figure(trait: Trait, value: float) -> str:
    """A mean or a share as the page shows it."""
    if trait in SHARES:
        return str(format_percent(value))
    return str(format_decimal(value, format=_pattern(trait)))


def difference(trait: Trait, value: float) -> str:
    """A difference with its sign; of shares in percentage points, without the word."""
    pattern = _pattern(trait)
    digits = len(pattern.partition(".")[2])
    number = round(value * 100 if trait in SHARES else value, digits) + 0.0
    signed = f"+{pattern};−{pattern}" if number else pattern
    return str(format_decimal(number, format=signed))


def whole_difference(each: Compared) -> str:
    """The difference and its interval."""
    if each.interval is None:
        return ""
    value, low, high = (
        difference(each.trait, number)
        for number in (each.interval.value, each.interval.low, each.interval.high)
    )
    return str(gettext("%(value)s (%(low)s to %(high)s)", value=value, low=low, high=high))


def in_file(trait: Trait, value: float) -> float:
    """The same number in a file: shares in percent, as their row says."""
    return value * 100 if trait in SHARES else value


def _pattern(trait: Trait) -> str:
    if trait in SHARES:
        return "#,##0"
    return "#,##0." + "0" * _DIGITS.get(trait, 1)


def comparisons(report: Why) -> str:
    """How many intervals there are, and what that means."""
    return str(
        gettext(
            "There are %(number)s comparisons. If there were no difference at all, about one in "
            "twenty such ranges would still leave out nought by chance.",
            number=format_decimal(len(report.compared)),
        )
    )


def definitions(report: Why) -> list[tuple[str, str]]:
    """The terms of the page with their sentences, the same there and in a file."""
    return [
        (
            gettext("What is compared"),
            gettext(
                "Only matches that lasted the first 90 days and began at least a year (365 days) "
                "before the report day; and of them only what happened in those 90 days. A match "
                "that lasts longer has more time for meetings: without this rule, time itself "
                "would make the difference."
            ),
        ),
        (
            gettext("Ended early"),
            gettext(
                "An early ending between the 90th day and the end of the first year. Moving to "
                "another region, a family and turning 18 are planned ends; a match with a planned "
                "end within the first year is in neither group."
            ),
        ),
        (
            gettext("Lasted a year"),
            gettext("Still together 365 days after the start, however it went on."),
        ),
        (
            gettext("Contacts on time"),
            gettext(
                "Of each match, the share of its due contacts that were held on their day or "
                "before it; then the mean over matches that had a contact due."
            ),
        ),
        (
            gettext("How it goes"),
            gettext(
                "The rating from 1 to 5 given at the contacts held in those days; the mean of "
                "each match, then over matches. Matches without a rating are left out."
            ),
        ),
        (
            gettext("Plausible range"),
            gettext(
                "The 95 percent interval of the difference: for means by Welch (1947), for "
                "shares by Newcombe (1998, method 10)."
            ),
        ),
        (gettext("Number of comparisons"), comparisons(report)),
        (
            gettext("What it does not say"),
            gettext(
                "What differs need not be what makes matches end: both can come from something "
                "else. And it says nothing about any one match or person."
            ),
        ),
    ]
