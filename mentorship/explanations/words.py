"""Which rules a person may set aside with a sign-off, and why the others never."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class SignOff:
    """Whether a sign-off could relax a rule for one pair, and the reason in words."""

    possible: bool
    reason: Any


_NEVER_ADULT = _l("Never relaxed: it protects the child. Only a new paper or decision changes it.")
_NEVER_CONSENT = _l("Never relaxed: nobody is matched without consent. Ask for it.")
_NEVER_CHILD = _l("Never relaxed: the program is for children of this age in organisations.")
SIGN_OFFS: dict[str, SignOff] = {
    "mentor_under_age": SignOff(False, _NEVER_ADULT),
    "mentor_not_active": SignOff(False, _NEVER_ADULT),
    "certificate_not_current": SignOff(False, _NEVER_ADULT),
    "clearance_not_current": SignOff(False, _NEVER_ADULT),
    "no_capacity": SignOff(
        False, _l("Not by a sign-off: ask the mentor for one more place and record it.")
    ),
    "child_age_out_of_range": SignOff(False, _NEVER_CHILD),
    "child_not_in_organisation": SignOff(False, _NEVER_CHILD),
    "no_guardian_consent": SignOff(False, _NEVER_CONSENT),
    "no_child_consent": SignOff(False, _NEVER_CONSENT),
    "no_data_consent": SignOff(False, _NEVER_CONSENT),
    "conflict_of_interest": SignOff(
        False, _l("Never relaxed: it protects the child. Only the end of the conflict changes it.")
    ),
    "no_shared_language": SignOff(
        True, _l("With a sign-off, if the centre can help the two understand each other.")
    ),
    "out_of_reach": SignOff(
        True, _l("With a sign-off, if the mentor agrees to travel farther for this child.")
    ),
    "pair_forbidden": SignOff(
        True, _l("With a sign-off by whoever ruled the pair out: the ruling is lifted.")
    ),
    "pair_declined_before": SignOff(
        True, _l("With a sign-off, if the reason for declining no longer stands.")
    ),
}
RELAXABLE = frozenset(code for code, rule in SIGN_OFFS.items() if rule.possible)
STANDINGS = {
    "lasts": _l("Lasts through the first year"),
    "lapses": _l("Ends within the first year"),
    "not_current": _l("Not in force on the start date"),
    "not_clear": _l("Not clear"),
    "missing": _l("None recorded"),
}
WHY_FREE = {
    "mentor_under_age": _l("Younger than 18."),
    "mentor_not_active": _l("Not active."),
    "certificate_not_current": _l("The certificate is not in force."),
    "clearance_not_current": _l("A clearance is missing, not clear or out of date."),
    "held_back": _l("Held back by a person."),
    "proposed": _l("A proposal with this mentor awaits a decision."),
    "out_of_reach": _l("No child who waits lives within reach."),
    "no_shared_language": _l("No child within reach speaks a language of this mentor fluently."),
    "free": _l("Nothing stands in the way: children within reach wait. Run matching."),
}
