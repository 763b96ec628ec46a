"""Rows into the engine's problem: the only bridge to `matching`."""

import gzip
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

import matching
from mentorship.children.models import Child, ConsentKind, SiblingRule
from mentorship.mentors.models import Mentor, MentorStatus
from mentorship.mentors.queries import clearance_kinds
from mentorship.places.regions import locate

# Codes become plain text here: a row that was just added may still hold members of an
# enumeration, and a record's fingerprint must not depend on that.


def rules_of_today(session: Session, policy: matching.Policy | None = None) -> matching.Policy:
    """A policy (the default one by default) that asks for the clearances the register asks for."""
    kinds = clearance_kinds(session)
    required = tuple(kind.code for kind in kinds if kind.required)
    endless = tuple(kind.code for kind in kinds if kind.months is None)
    return _with_clearances(policy or matching.Policy.default(), required, endless)


@lru_cache(maxsize=8)
def _with_clearances(
    policy: matching.Policy, required: tuple[str, ...], endless: tuple[str, ...]
) -> matching.Policy:
    wanted = {
        "limits.required_clearances": list(required),
        "limits.clearances_without_end": list(endless),
    }
    if all(list(policy[key]) == value for key, value in wanted.items()):
        return policy
    mark = sha256(repr((required, endless)).encode()).hexdigest()[:6]
    return policy.with_values(wanted, f"{policy.version}+register-{mark}")


def engine_mentor(mentor: Mentor, open_matches: int, on: date) -> matching.Mentor:
    """A mentor as the engine sees them for a day; `open_matches` are places taken."""
    spot = locate(mentor.region, mentor.town)
    certificate = mentor.certificate
    return matching.Mentor(
        id=mentor.id,
        birth_date=mentor.birth_date,
        sex=mentor.sex,
        active=mentor.status == MentorStatus.ACTIVE and mentor.pause_on(on) is None,
        capacity=max(0, mentor.capacity - open_matches),
        region=mentor.region,
        lat=spot.lat,
        lon=spot.lon,
        reach_km=mentor.reach_km,
        languages={str(row.language): str(row.level) for row in mentor.languages},
        interests=frozenset(row.interest for row in mentor.interests),
        certificate_expires_on=certificate.expires_on if certificate else None,
        clearances=tuple(
            matching.Clearance(str(row.kind), str(row.result), row.checked_on, row.valid_until)
            for row in mentor.latest_clearances.values()
        ),
        skills=frozenset(str(row.skill) for row in mentor.skills),
        weekdays=frozenset(mentor.weekdays),
        good_matches=sum(match.ended_as_planned is True for match in mentor.matches),
        child_sex_wish=str(mentor.child_sex_wish) if mentor.child_sex_wish else None,
        child_age_wish=_ages(mentor.child_age_from, mentor.child_age_to, 10, 17),
    )


def engine_child(child: Child) -> matching.Child:
    """A child as the engine sees them: no name, no IIN, no papers."""
    spot = locate(child.centre.region, child.centre.town)
    return matching.Child(
        id=child.id,
        birth_date=child.birth_date,
        sex=child.sex,
        region=child.centre.region,
        centre=child.centre_id,
        lat=spot.lat,
        lon=spot.lon,
        in_organisation=child.left_on is None and child.centre.open,
        languages={str(row.language): str(row.level) for row in child.languages},
        first_language=str(child.first_language),
        interests=frozenset(row.interest for row in child.interests),
        waiting_since=child.waiting_since,
        guardian_consent=child.consent(ConsentKind.GUARDIAN) is not None,
        own_consent=child.consent(ConsentKind.OWN) is not None,
        data_consent=child.consent(ConsentKind.DATA) is not None,
        mentor_sex_wish=str(child.mentor_sex_wish) if child.mentor_sex_wish else None,
        mentor_age_wish=_ages(child.mentor_age_from, child.mentor_age_to, 18, 99),
        needs=frozenset(str(row.need) for row in child.needs),
        weekdays=frozenset(child.weekdays),
        leaves_care_on=child.leaves_care_on or child.comes_of_age_on,
        mentor_lost=any(match.ended_as_planned is False for match in child.matches),
        disability=child.disability,
        good_mentors=frozenset(row.mentor_id for row in child.matches if row.ended_as_planned),
        kin_mentors=frozenset(child.kin_mentors),
        **_siblings(child),
    )


def _ages(low: int | None, high: int | None, least: int, most: int) -> tuple[int, int] | None:
    """A wish for ages, open ends filled in; None where there is no wish."""
    if low is None and high is None:
        return None
    return low or least, high or most


RULES_OF_SIBLINGS = {SiblingRule.MUST: "same_mentor", SiblingRule.PREFER: "prefer"}


def _siblings(child: Child) -> dict[str, Any]:
    """Brothers and sisters whom one mentor must, or had better, have are decided together."""
    group = child.sibling_group
    if group is None or group.rule not in RULES_OF_SIBLINGS:
        return {}
    return {
        "sibling_group": str(group.id),
        "sibling_rule": RULES_OF_SIBLINGS[SiblingRule(group.rule)],
    }


Refused = Mapping[tuple[int | str, int | str], str]


def pack(record: matching.Record) -> bytes:
    """A plan with all it was made from, as compressed JSON without names."""
    return gzip.compress(record.to_json().encode(), mtime=0)


def unpack(packed: bytes) -> matching.Record:
    """What :func:`pack` wrote; raises matching.ProblemError when it is no record."""
    try:
        text = gzip.decompress(packed).decode()
    except (OSError, EOFError, UnicodeDecodeError) as wrong:
        raise matching.ProblemError("no recorded plan") from wrong
    return matching.Record.from_json(text)
