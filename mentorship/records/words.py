"""Words of records: groups of children, settings of a policy, and what a replay found."""

import re
from typing import Any

from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _l

from mentorship.mentors.words import clearance_kind_name
from mentorship.places.words import region_name
from mentorship.web import words

GROUPINGS = {
    "region": _l("By region"),
    "sex": _l("By sex"),
    "first_language": _l("By first language"),
    "age": _l("By age"),
    "disability": _l("By disability"),
    "waiting": _l("By waiting time"),
}
_DISABILITY = {"no": _l("No disability recorded"), "yes": _l("Disability recorded")}
_WAITED = {
    "0 to 182 days": _l("Less than half a year"),
    "183 to 364 days": _l("Half a year to a year"),
    "365 to 729 days": _l("One to two years"),
    "730 days or more": _l("Two years or longer"),
}
AUDIENCES = {
    "staff": _l("For staff"),
    "mentor": _l("For the mentor"),
    "child": _l("For the child"),
}
OUTCOMES = {
    "same": _l("The same plan, bit for bit."),
    "same_other_versions": _l(
        "The same pairs and points, made with other versions of the programs."
    ),
    "different": _l("Not the same plan. Tell the administrator before anybody decides on it."),
}
PROGRAMS = {
    "matching": _l("Matching engine"),
    "ortools": _l("Solver, OR-Tools"),
    "numpy": _l("Calculation, NumPy"),
    "python": _l("Python"),
    "policy": _l("Rules of the matching"),
}
HASHES = {
    "problem": _l("Fingerprint of the people and rulings"),
    "policy": _l("Fingerprint of the rules of the matching"),
    "pairs": _l("Fingerprint of the pairs and points"),
}
SETTINGS = {
    "limits.mentor_min_age_years": _l("Least age of a mentor, years"),
    "limits.child_min_age_years": _l("Least age of a child, years"),
    "limits.child_max_age_years": _l("Greatest age of a child, years"),
    "limits.required_clearances": _l("Required clearances"),
    "limits.clearances_without_end": _l("Clearances that may name no last day"),
    "limits.across_areas": _l("Pairs of two regions are allowed"),
    "objective.coverage": _l("What comes first"),
    "points.distance.most": _l("Distance: most points"),
    "points.distance.full_within_km": _l("Distance: all points within, km"),
    "points.distance.zero_at_km": _l("Distance: no points from, km"),
    "points.distance.other_area_loss": _l("Distance: points lost in another region"),
    "points.first_language.fluent": _l("Child's first language, spoken fluently: points"),
    "points.first_language.basic": _l("Child's first language, spoken a little: points"),
    "points.interests.most": _l("Shared interests: most points"),
    "points.waiting.per_month": _l("Waiting: points for each 30 days"),
    "points.wishes.sex": _l("Child's wish about the mentor's sex: points"),
    "points.wishes.age": _l("Child's wish about the mentor's age: points"),
    "points.weekdays.per_day": _l("Points for each day that suits both"),
    "points.weekdays.most_days": _l("Most days that count"),
    "points.training.per_need": _l("Training: points for each need"),
    "points.training.most_needs": _l("Most needs that count"),
    "points.certificate.most": _l("Certificate that lasts: most points"),
    "points.certificate.commitment_days": _l("Length of the commitment, days"),
    "points.earlier_match.same_child": _l("A good match of the same pair before: points"),
    "points.earlier_match.per_good_match": _l("Points for each earlier good match"),
    "points.earlier_match.most_matches": _l("Most earlier matches that count"),
    "points.mentor_wishes.sex": _l("Mentor's wish about the child's sex: points"),
    "points.mentor_wishes.age": _l("Mentor's wish about the child's age: points"),
    "points.kin.most": _l("The mentor is a relative of the child: points"),
    "coupling.siblings_same_mentor_points": _l(
        "Brothers and sisters with one mentor, where that is preferred: points"
    ),
    "coupling.most_children_per_centre": _l(
        "Most children of one centre for one mentor (0: no limit)"
    ),
}
PRIORITIES = {
    "leaves_care_within_months": _l("Leaves care soon: points"),
    "mentor_lost": _l("Lost a mentor: points"),
    "waiting_at_least_months": _l("Has waited long: points"),
}
_COVERAGE = {"first": words.POLICIES["children_first"], "quality": words.POLICIES["best_pairs"]}


def group_name(by: str, group: str) -> str:
    """A group of children in words."""
    if by == "region":
        return region_name(group)
    if by == "age":
        return _age_band(group)
    known: dict[str, dict[str, Any]] = {
        "sex": words.CHILD_SEXES,
        "first_language": words.LANGUAGES | {"unknown": _l("Not recorded")},
        "disability": _DISABILITY,
        "waiting": _WAITED,
    }
    return str(known[by].get(group, group))


def _age_band(group: str) -> str:
    """The engine's "10 to 11 years", "below 10 years" or "18 years or more"."""
    low, *high = re.findall(r"\d+", group)
    if high:
        return str(gettext("%(low)s to %(high)s years", low=low, high=high[0]))
    if group.startswith("below"):
        return str(gettext("Younger than %(age)s years", age=low))
    return str(gettext("%(age)s years and older", age=low))


def setting_value(value: Any) -> str:
    """The value of a policy's setting in words."""
    if isinstance(value, bool):
        return str(gettext("Yes") if value else gettext("No"))
    if isinstance(value, list):
        named = [str(clearance_kind_name(code)) for code in value]
        return "; ".join(named) or str(gettext("None"))
    if isinstance(value, int):
        return str(format_decimal(value))
    return str(_COVERAGE.get(value, value))
