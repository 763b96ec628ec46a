"""What each figure is called, what it counts, and what its parts are: said once, for every page.

A sentence says what is counted, by which day and in which region, and what is left out.
"""

from typing import Any

from flask_babel import format_decimal, format_percent, gettext, ngettext
from flask_babel import lazy_gettext as _l

from mentorship.candidates.words import STEPS
from mentorship.figures.catalogue import TOLD_LATER, Kind, Measure, Parts, Unit, parts_of
from mentorship.figures.values import State, Value
from mentorship.meetings.words import CANCELLED
from mentorship.moves.words import FORMS
from mentorship.web.periods import Step
from mentorship.web.words import CENTRE_KINDS, CONTACT_KINDS

NAMES = {
    "contacts_due": _l("Contacts that were due"),
    "contacts_on_time": _l("Contacts held on time"),
    "contacts_missed": _l("Contacts missed"),
    "meetings_held": _l("Meetings held"),
    "meetings_cancelled": _l("Meetings cancelled"),
    "matches_begun": _l("Matches begun"),
    "matches_ended": _l("Matches ended"),
    "certificates_issued": _l("Certificates issued"),
    "applications": _l("Applications to become a mentor"),
    "concerns_raised": _l("Worries about a child raised"),
    "concerns_closed": _l("Worries about a child closed"),
    "matches_active": _l("Matches under way"),
    "matches_on_hold": _l("Matches on hold"),
    "children_eligible": _l("Children who could have a mentor"),
    "children_waiting": _l("Children waiting for a mentor"),
    "mentors_active": _l("Active mentors"),
    "mentors_free": _l("Mentors with a free place"),
    "mentors_idle": _l("Mentors without a child"),
    "mentors_idle_long": _l("Mentors long without a child"),
    "contacts_overdue": _l("Contacts overdue"),
    "entries_unread": _l("Entries nobody has read"),
    "concerns_open": _l("Open worries about a child"),
    "concerns_restricted": _l("Restricted worries about a child"),
    "candidates": _l("People on the way to become a mentor"),
    "children_in_care": _l("Children in the register"),
    "organisations": _l("Organisations"),
    "specialists": _l("Specialists of guardianship authorities"),
    "child_population": _l("Children who live in the region"),
    "share_on_time": _l("Share of contacts held on time"),
    "share_missed": _l("Share of contacts missed"),
    "share_cancelled": _l("Share of meetings cancelled"),
    "hours_per_meeting": _l("Hours in a meeting"),
    "days_to_match_mentor": _l("Days from certificate to first match"),
    "days_to_match_child": _l("Days a child waited for a match"),
    "days_late": _l("Days a late contact was late"),
    "days_per_step": _l("Days in a step of a candidate"),
    "coverage": _l("Share of children with a mentor"),
    "share_idle": _l("Share of mentors without a child"),
    "specialists_per_5000": _l("Specialists for 5,000 children"),
}
SENTENCES = {
    "contacts_due": _l(
        "Contacts of the practice standard whose day is over or that were held, by the day on "
        "which they were due. Those still open when the match ended are left out."
    ),
    "contacts_on_time": _l(
        "Contacts held on the day on which they were due or before it, by the day they were due."
    ),
    "contacts_missed": _l(
        "Contacts that somebody marked as missed, by the day on which they were due."
    ),
    "meetings_held": _l("Meetings of mentor and child that took place, by the day of the meeting."),
    "meetings_cancelled": _l(
        "Meetings of mentor and child that were planned and cancelled, by the day they were "
        "planned for and by the side that cancelled."
    ),
    "matches_begun": _l(
        "Matches by the day on which they began. The same two people who begin again count again."
    ),
    "matches_ended": _l(
        "Matches by the day on which they ended. A transfer, turning 18 and leaving care for a "
        "family are planned ends; every other end counts by the side that ended it."
    ),
    "certificates_issued": _l("Mentors' certificates by the day of issue, renewals among them."),
    "applications": _l("People who applied to become a mentor, by the day of the application."),
    "concerns_raised": _l("Worries about a child's safety, by the day on which they were raised."),
    "concerns_closed": _l("Worries about a child's safety, by the day on which they were closed."),
    "matches_active": _l("Matches that had begun and not ended on the day; those on hold too."),
    "matches_on_hold": _l("Matches under way in which meetings were stopped for a time."),
    "children_eligible": _l(
        "Children of 10 to 17 who live in an organisation on the day, with a mentor or without."
    ),
    "children_waiting": _l(
        "Children of 10 to 17 who live in an organisation and have no match under way on the day, "
        "by their first language."
    ),
    "mentors_active": _l(
        "Mentors whose status is active on the day, each once, by the language they speak best."
    ),
    "mentors_free": _l(
        "Active mentors who are not away and have fewer matches, under way or agreed on, than "
        "places; each once, by the "
        "language they speak best."
    ),
    "mentors_idle": _l("Active mentors who have no match under way on the day."),
    "mentors_idle_long": _l(
        "Active mentors who have had no match under way for longer than the rules of the programme "
        "name."
    ),
    "contacts_overdue": _l(
        "Contacts that were due before the day and are neither held nor missed. Matches on hold "
        "are left out."
    ),
    "entries_unread": _l(
        "Mentors' entries about meetings that no coordinator has read by the day, by their age."
    ),
    "concerns_open": _l("Worries about a child's safety that are not closed on the day, by age."),
    "concerns_restricted": _l(
        "Worries not closed on the day that only the people named for them may read."
    ),
    "candidates": _l(
        "People who have applied and are neither mentors nor turned away on the day, by the step "
        "they are at."
    ),
    "children_in_care": _l(
        "Children in this register on the day, by the form in which they are placed. It is not "
        "the number of all such children in the country."
    ),
    "organisations": _l("Organisations of the register that work on the day, by their kind."),
    "specialists": _l(
        "Posts of specialists of the guardianship authorities that are filled on the day."
    ),
    "child_population": _l(
        "Children from 0 to 17 who live in the region, by the newest number recorded by the day."
    ),
    "share_on_time": _l(
        "Contacts held on the day they were due or before, of all contacts that were due."
    ),
    "share_missed": _l("Contacts marked as missed, of all contacts that were due."),
    "share_cancelled": _l("Meetings cancelled, of meetings held and cancelled together."),
    "hours_per_meeting": _l("The mean length of a meeting that took place, in hours."),
    "days_to_match_mentor": _l(
        "The mean number of days from a mentor's certificate to the mentor's first match, by the "
        "day of that match. Mentors who have no match yet are left out."
    ),
    "days_to_match_child": _l(
        "The mean number of days from the day a child began to wait to the child's match, by the "
        "day of that match. Children who still wait are left out."
    ),
    "days_late": _l(
        "The mean number of days between the day a contact was due and the day it was held, only "
        "of those held late."
    ),
    "days_per_step": _l(
        "The mean number of days that candidates spent in a step, by the day they finished it. "
        "Steps still under way are left out."
    ),
    "coverage": _l(
        "Matches under way, of children of 10 to 17 who live in an organisation on the day."
    ),
    "share_idle": _l("Active mentors who have no match under way, of all active mentors."),
    "specialists_per_5000": _l(
        "Filled posts of specialists for 5,000 children who live in the region. The law asks for "
        "at least one."
    ),
}
SINCE = {
    Kind.FLOW: _l("Counted by the day on which it happened, for all years in the register."),
    Kind.STOCK: _l("The state at the end of a day; for a year, at its last day known."),
}
NOTED_SINCE = _l(
    "Known from the night on which this service first took it: the rows no longer tell how it was "
    "before."
)
TOLD = _l("For the time before, at the end of each month, where the rows still tell.")
STEPS_OVER_TIME = {
    Step.MONTH: _l("By month"),
    Step.QUARTER: _l("By quarter"),
    Step.YEAR: _l("By year"),
}
WHY = {
    State.FEW: _l("Numbers from 1 to 4 are not told, so that nobody can be recognised."),
    State.HIDDEN: _l(
        "This number is not told, because a small one could be worked out from it. Choose a longer "
        "period or more regions."
    ),
    State.NONE: _l("There was nothing to count in this choice, so there is no share and no mean."),
    State.UNKNOWN: _l("This is not known for the chosen time. Choose a later or a longer period."),
}
OF_WHAT = NAMES | {
    "meetings_planned": _l("Meetings held and cancelled"),
    "wait_certificate_count": _l("Mentors with a first match"),
    "wait_child_count": _l("Children who got a match"),
    "wait_overdue_count": _l("Contacts held late"),
    "step_count": _l("Steps finished"),
}
UNITS = {
    Unit.COUNT: _l("a number"),
    Unit.SHARE: _l("a share in percent"),
    Unit.DAYS: _l("days"),
    Unit.HOURS: _l("hours"),
    Unit.PER_1000: _l("for 1,000"),
    Unit.PER_5000: _l("for 5,000"),
}
FULL = {
    Unit.DAYS: lambda text, n: ngettext("%(days)s day", "%(days)s days", _plural(n), days=text),
    Unit.HOURS: lambda text, n: ngettext(
        "%(hours)s hour", "%(hours)s hours", _plural(n), hours=text
    ),
    Unit.PER_1000: lambda text, n: gettext("%(number)s for 1,000", number=text),
    Unit.PER_5000: lambda text, n: gettext("%(number)s for 5,000", number=text),
}
STATES = {
    State.FEW: _l("fewer than 5"),
    State.HIDDEN: _l("not shown"),
    State.NONE: _l("no cases"),
    State.UNKNOWN: _l("not yet known"),
}
ENDINGS = {
    "planned": _l("As planned"),
    "mentor": _l("Early, from the mentor's side"),
    "child": _l("Early, from the child's side"),
    "programme": _l("Early, from the programme's side"),
}
TONGUES = {"kk": _l("Kazakh"), "ru": _l("Russian"), "other": _l("Another language")}
TRAININGS = {
    "none": _l("No training before the match"),
    "some": _l("Part of the training"),
    "full": _l("The whole training"),
}
DISTANCES = {
    "town": _l("In the same town"),
    "near": _l("Up to 50 km"),
    "far": _l("50 to 200 km"),
    "remote": _l("More than 200 km"),
}
AGES = {
    "week": _l("Up to a week"),
    "month": _l("Up to a month"),
    "quarter": _l("Up to three months"),
    "longer": _l("Longer than three months"),
}
PARTS: dict[Parts, dict[str, Any]] = {
    Parts.NONE: {},
    Parts.CONTACT: CONTACT_KINDS,
    Parts.CANCELLED_BY: CANCELLED,
    Parts.ENDING: ENDINGS,
    Parts.LANGUAGE: TONGUES,
    Parts.AGE: AGES,
    Parts.PLACEMENT: FORMS,
    Parts.CENTRE: CENTRE_KINDS,
    Parts.STEP: STEPS,
}
PART_TITLES = {
    Parts.CONTACT: _l("By kind of contact"),
    Parts.CANCELLED_BY: _l("By who cancelled"),
    Parts.ENDING: _l("By how they ended"),
    Parts.LANGUAGE: _l("By language"),
    Parts.AGE: _l("By age"),
    Parts.PLACEMENT: _l("By form of placement"),
    Parts.CENTRE: _l("By kind of organisation"),
    Parts.STEP: _l("By step"),
}


def _plural(number: float) -> int:
    """The number by which a language chooses the form of a word; 1.5 is not one."""
    return int(number) if number == int(number) else 2


def parts_words(code: str) -> dict[str, Any]:
    """What the parts of a count are called, by their codes."""
    return PARTS[parts_of(code)]


def part_options(measure: Measure) -> dict[str, Any]:
    """The parts a measure can be asked for; of a ratio, where both its counts have them."""
    if measure.denominator and parts_of(measure.denominator) != parts_of(measure.numerator):
        return {}
    return parts_words(measure.numerator)


ELSEWHERE = {
    "concerns_raised": "concerns.index",
    "concerns_closed": "concerns.index",
    "concerns_open": "concerns.index",
    "concerns_restricted": "concerns.index",
    "entries_unread": "meetings.index",
    "mentors_free": "explanations.free_mentors",
    "mentors_active": "mentors.index",
    "candidates": "candidates.board",
    "days_per_step": "candidates.board",
    "organisations": "places.index",
    "specialists": "authorities.index",
    "specialists_per_5000": "authorities.norm",
    "child_population": "authorities.norm",
    "children_in_care": "children.index",
    "mentors_idle_long": "mentors.index",
}
"""Where the rows of a figure have a list of their own, with its own rules of who reads it."""


def since_when(measure: Measure) -> Any:
    """From when on a stock is known; nothing for what happens, which is told for all years."""
    if measure.kind == Kind.FLOW:
        return ""
    codes = [measure.numerator, *([measure.denominator] if measure.denominator else [])]
    return TOLD if all(code in TOLD_LATER for code in codes) else NOTED_SINCE


def said(unit: Unit, value: Value) -> str:
    """A figure in words: its number, or why there is none."""
    if value.amount is None:
        return str(STATES[value.state])
    if unit == Unit.COUNT:
        return str(format_decimal(value.amount))
    if unit == Unit.SHARE:
        return str(format_percent(value.amount))
    return str(format_decimal(rounded(value.amount)))


def rounded(number: float) -> float:
    """Rates, means and their gaps as they are told: finer where they are small."""
    return round(number, 2 if abs(number) < 10 else 1)


def in_full(unit: Unit, value: Value) -> str:
    """The same with its unit."""
    text = said(unit, value)
    if value.amount is None or unit not in FULL:
        return text
    return str(FULL[unit](text, value.amount))
