"""Words for goals, surveys and steps."""

from flask_babel import lazy_gettext as _l

AREAS = {
    "learning": _l("School and learning"),
    "self": _l("Confidence and feelings"),
    "people": _l("Friends and family"),
    "health": _l("Health and sport"),
    "independence": _l("Living independently"),
    "work": _l("Work and profession"),
    "leisure": _l("Interests and free time"),
    "other": _l("Something else"),
}
LEVELS = {
    "-2": _l("Much less than expected"),
    "-1": _l("Less than expected"),
    "0": _l("As expected"),
    "1": _l("More than expected"),
    "2": _l("Much more than expected"),
}
IMPORTANCE = {"1": _l("Nice to have"), "2": _l("Important"), "3": _l("Very important")}
GOAL_ENDS = {
    "reached": _l("Reached"),
    "changed": _l("Changed into another goal"),
    "left": _l("Left: it matters no more"),
    "mistake": _l("Written by mistake"),
    "match_ended": _l("The match ended"),
}
SIDES = {"mentor": _l("Mentor"), "child": _l("Child")}
WAYS = {
    "own_phone": _l("on their own phone"),
    "tablet": _l("on the centre's tablet"),
    "talk": _l("in a talk with staff"),
}
SKIP_REASONS = {
    "declined": _l("Did not want to answer"),
    "unreachable": _l("Could not be reached"),
    "unsuitable": _l("Not a good moment for the child"),
    "match_ended": _l("Not asked: the match ended"),
}
STATES = {"not_yet": _l("Not yet"), "started": _l("Started"), "done": _l("Done")}
