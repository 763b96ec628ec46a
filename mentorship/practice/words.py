"""How the work is done, in words: what is waited for, and what can be done about it."""

from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _l

from mentorship.practice.medians import Quartiles

WAITS = {
    "waited_certificate": _l("A mentor, from the certificate to the first match"),
    "waited_child": _l("A child, from the start of waiting to the match"),
    "waited_overdue": _l("A late contact, from its day until it was held"),
}
STILL = {
    "waited_certificate": _l("mentors without a child"),
    "waited_child": _l("children waiting"),
    "waited_overdue": _l("contacts overdue"),
}
NEXT = {
    "contacts_overdue": _l("Hold the oldest ones first; where a region has many, help it out."),
    "mentors_idle": _l("Ask for a round in their regions, or propose a pair by hand."),
    "mentors_idle_long": _l("Call each of them: say how things stand before they lose heart."),
    "entries_unread": _l("Read them: a mentor who hears nothing stops writing."),
    "concerns_open": _l("Those older than a week need an owner and a next step."),
    "concerns_restricted": _l("Only those named for them see more; ask their supervisor."),
}
# Where a coordinator finds the rows: an endpoint and its filters; a region is added.
LISTS = {
    "contacts_overdue": ("check_ins.index", {"state": "overdue"}),
    "mentors_idle": ("explanations.free_mentors", {}),
    "mentors_idle_long": ("explanations.free_mentors", {}),
    "entries_unread": ("meetings.index", {}),
    "concerns_open": ("concerns.index", {"state": "open"}),
    "concerns_restricted": ("concerns.index", {"state": "open"}),
}


def days(number: float) -> str:
    """A number of days as the page shows it: whole, or with a half."""
    return str(format_decimal(round(number * 2) / 2))


def middle_half(spread: Quartiles) -> str:
    """The range in which the middle half lies."""
    return str(gettext("%(low)s to %(high)s", low=days(spread.low), high=days(spread.high)))


def definitions() -> list[tuple[str, str]]:
    """The terms of both pages with their sentences, the same there and in files."""
    return [
        (
            gettext("Half took at most"),
            gettext(
                "The median in days of what was finished in the year: a match begun, a contact "
                "held, a step done. It is given where at least 5 were."
            ),
        ),
        (
            gettext("Half of them lie between"),
            gettext("The quartiles: a quarter was quicker, a quarter took longer."),
        ),
        (
            gettext("Who still waits"),
            gettext(
                "A wait that is not over has no length yet and is left out. So the true waits are "
                "longer than these, the more so the more people still wait: their number stands "
                "beside."
            ),
        ),
        (
            gettext("From certificate to first match"),
            gettext("From a mentor's first certificate to their first match, on its first day."),
        ),
        (
            gettext("From waiting to match"),
            gettext("From the day since when a child has been waiting to the start of a match."),
        ),
        (
            gettext("From due to held"),
            gettext("Only contacts that were held after their day, by the day they were held."),
        ),
    ]
