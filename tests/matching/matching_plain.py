"""The rules and points once more, for one mentor and one child, straight from the policy's words.

Nothing here is shared with the engine: no column, no block, no NumPy. Slow, and meant to be read
beside `matching/default_policy.toml`.
"""

from __future__ import annotations

import math
from collections import Counter
from datetime import date
from fractions import Fraction

from matching import Child, Mentor, Policy

_AREA = {"71": "11", "75": "19", "79": "61"}
_SEVERITY = {"clear": 0, "pending": 1, "adverse": 2}


def refused_plainly(mentor: Mentor, child: Child, day: date, policy: Policy) -> set[str]:
    """Codes of the rules of people that refuse this pair; decisions about pairs aside."""
    age = _years(child.birth_date, day)
    expires = mentor.certificate_expires_on
    verdicts = {
        "mentor_under_age": _years(mentor.birth_date, day) < policy["limits.mentor_min_age_years"],
        "mentor_not_active": not mentor.active,
        "certificate_not_current": expires is None or expires < day,
        "clearance_not_current": not all(
            _current(mentor, kind, day, policy) for kind in policy["limits.required_clearances"]
        ),
        "no_capacity": mentor.capacity == 0,
        "child_age_out_of_range": age < policy["limits.child_min_age_years"]
        or age > policy["limits.child_max_age_years"],
        "child_not_in_organisation": not child.in_organisation,
        "no_guardian_consent": not child.guardian_consent,
        "no_child_consent": not child.own_consent,
        "no_data_consent": not child.data_consent,
        "no_shared_language": not (_fluent(mentor) & _fluent(child)),
        "out_of_reach": _km(mentor, child) > mentor.reach_km
        or (not policy["limits.across_areas"] and _area(mentor) != _area(child)),
    }
    return {code for code, refused in verdicts.items() if refused}


def points_plainly(
    mentor: Mentor,
    child: Child,
    day: date,
    policy: Policy,
    everybody: tuple[tuple[Mentor, ...], tuple[Child, ...]],
) -> dict[str, int]:
    """Points of each criterion; interests count by how rare they are among everybody."""

    def value(name: str) -> int:
        return int(policy[f"points.{name}"])

    near, far = value("distance.full_within_km"), value("distance.zero_at_km")
    left = Fraction(min(max(far - _km(mentor, child), 0), far - near), max(1, far - near))
    away = value("distance.other_area_loss") if _area(mentor) != _area(child) else 0
    level = mentor.languages.get(child.first_language or "")
    wait = max(0, (day - child.waiting_since).days)
    expires = mentor.certificate_expires_on or date.min
    covered = min(max((expires - day).days, 0), value("certificate.commitment_days"))
    low, high = child.mentor_age_wish or (999, 0)
    youngest, oldest = mentor.child_age_wish or (999, 0)
    return {
        "distance": max(0, math.floor(value("distance.most") * left) - away),
        "first_language": value(f"first_language.{level}") if level else 0,
        "interests": _interests(mentor, child, value("interests.most"), everybody),
        "waiting": wait * value("waiting.per_month") // 30,
        "priority": sum(each.points for each in policy.priorities if _in_class(child, each, day)),
        "wishes": (child.mentor_sex_wish == mentor.sex) * value("wishes.sex")
        + (low <= _years(mentor.birth_date, day) <= high) * value("wishes.age"),
        "mentor_wishes": (mentor.child_sex_wish == child.sex) * value("mentor_wishes.sex")
        + (youngest <= _years(child.birth_date, day) <= oldest) * value("mentor_wishes.age"),
        "weekdays": min(len(mentor.weekdays & child.weekdays), value("weekdays.most_days"))
        * value("weekdays.per_day"),
        "training": min(len(mentor.skills & child.needs), value("training.most_needs"))
        * value("training.per_need"),
        "certificate": value("certificate.most") * covered // value("certificate.commitment_days"),
        "earlier_match": (mentor.id in child.good_mentors) * value("earlier_match.same_child")
        + min(mentor.good_matches, value("earlier_match.most_matches"))
        * value("earlier_match.per_good_match"),
        "kin": (mentor.id in child.kin_mentors) * value("kin.most"),
    }


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _fluent(person: Mentor | Child) -> set[str]:
    return {code for code, level in person.languages.items() if level == "fluent"}


def _area(person: Mentor | Child) -> str:
    return _AREA.get(person.region, person.region)


def _km(mentor: Mentor, child: Child) -> int:
    one, two = math.radians(mentor.lat), math.radians(child.lat)
    turn = math.radians(child.lon - mentor.lon)
    half = math.sin((two - one) / 2) ** 2
    half += math.cos(one) * math.cos(two) * math.sin(turn / 2) ** 2
    return math.floor(2 * 6371.0088 * math.asin(math.sqrt(half)) + 0.5)


def _current(mentor: Mentor, kind: str, day: date, policy: Policy) -> bool:
    known = [check for check in mentor.clearances if check.kind == kind]
    if not known:
        return False
    last = max(known, key=lambda check: (check.issued_on, _SEVERITY[check.result]))
    if last.issued_on > day:  # the paper that counts does not exist yet
        return False
    if last.valid_until is None:
        return last.result == "clear" and kind in policy["limits.clearances_without_end"]
    return last.result == "clear" and last.valid_until >= day


def _interests(
    mentor: Mentor,
    child: Child,
    most: int,
    everybody: tuple[tuple[Mentor, ...], tuple[Child, ...]],
) -> int:
    people = [*everybody[0], *everybody[1]]
    have = Counter(interest for person in people for interest in person.interests)
    weight = {name: math.isqrt(10_000 * len(people) // count) for name, count in have.items()}
    both = sum(weight[name] for name in mentor.interests & child.interests)
    either = sum(weight[name] for name in mentor.interests | child.interests)
    return most * both // either if either else 0


def _in_class(child: Child, kind: object, day: date) -> bool:
    when, months = kind.when, kind.months
    if when == "mentor_lost":
        return child.mentor_lost
    if when == "leaves_care_within_months":
        return child.leaves_care_on is not None and child.leaves_care_on <= _later(day, months)
    return child.waiting_since <= _later(day, -months)


def _later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(last, day.day))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
