"""Codes of entries and substitutes into words."""

from flask_babel import lazy_gettext as _l

CANCELLED_BY = {
    "mentor": _l("I could not come"),
    "child": _l("The child did not want to or could not"),
    "centre": _l("The centre"),
    "weather": _l("Weather or the road"),
    "other": _l("Something else"),
}
# The same for staff, who read what a mentor wrote.
CANCELLED = {
    "mentor": _l("cancelled by the mentor"),
    "child": _l("cancelled by the child"),
    "centre": _l("cancelled by the centre"),
    "weather": _l("because of weather or the road"),
    "other": _l("for another reason"),
}
SUBSTITUTES = {
    "asked": _l("Asked for"),
    "appointed": _l("Appointed"),
    "declined": _l("Nobody stands in"),
    "ended": _l("Ended early"),
}
EVERY = {
    "0": _l("Every Monday"),
    "1": _l("Every Tuesday"),
    "2": _l("Every Wednesday"),
    "3": _l("Every Thursday"),
    "4": _l("Every Friday"),
    "5": _l("Every Saturday"),
    "6": _l("Every Sunday"),
}
