"""Words for worries: how serious, where from, what was done, how they end."""

from flask_babel import lazy_gettext as _l

SEVERITIES = {
    "worry": _l("Worried: something is not right"),
    "serious": _l("Serious: the child may be harmed"),
    "danger": _l("Danger now: somebody has to act at once"),
}
SHORT = {"worry": _l("Worried"), "serious": _l("Serious"), "danger": _l("Danger now")}
TONES = {"worry": "", "serious": "attention", "danger": "danger"}
ORIGINS = {
    "meeting": _l("With the record of a meeting"),
    "mentor": _l("The mentor wrote"),
    "check_in": _l("With the record of a check-in"),
    "staff": _l("Staff wrote"),
    "child": _l("The child asked to talk to someone"),
}
STATES = {
    "waiting": _l("Nobody has looked at it yet"),
    "under_way": _l("Being looked after"),
    "asked": _l("Waiting for a second signature"),
    "closed": _l("Closed"),
}
# The list can also be asked for what is open, and for what has waited too long.
STATE_FILTERS = {"open": _l("Everything open"), "overdue": _l("Overdue"), **STATES}
STEPS = {
    "called_102": _l("Called the police, 102"),
    "called_111": _l("Called the contact centre, 111"),
    "called_112": _l("Called the rescue service, 112"),
    "told_director": _l("Told the centre's director"),
    "told_authority": _l("Told the guardianship body or the case manager"),
    "child_safe": _l("The child is safe now"),
}
OUTCOMES = {
    "cleared_up": _l("It turned out not to be a danger"),
    "helped": _l("The child got help, and is safe"),
    "handed_over": _l("The guardianship body or the police look after it now"),
    "match_ended": _l("The match has ended because of it"),
    "earlier": _l("Closed with one signature, before two were asked for"),
}
EVENTS = {
    "raised": _l("Written down"),
    "note": _l("Note"),
    "step": _l("Done at once"),
    "owner": _l("Answers for it from now on"),
    "paused": _l("The match is on hold"),
    "restricted": _l("Only named people may read it"),
    "opened_up": _l("Every coordinator of the region may read it"),
    "reader": _l("May read it"),
    "reviewed": _l("Looked at for the first time"),
    "asked": _l("Asked to close it"),
    "sent_back": _l("Sent back: not closed yet"),
    "closed": _l("Closed with a second signature"),
    "reopened": _l("Opened again"),
}
OWNERS = {"me": _l("Mine"), "nobody": _l("Nobody's yet")}
