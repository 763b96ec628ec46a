"""From the caller's mentors and children to columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.columns import ChildColumns, MentorColumns, Vocabulary
from matching.errors import ProblemError
from matching.people import CLEARANCE_RESULTS, SIBLING_RULES, Child, Mentor
from matching.places import area_of, unit_vectors
from matching.row_check import SEXES

_MASK_BITS = 64


def day_number(day: date | None) -> int:
    """Days of the proleptic Gregorian calendar, 0 for no date."""
    return 0 if day is None else day.toordinal()


def yyyymmdd(day: date) -> int:
    """A date as a number whose order and differences give completed years."""
    return day.year * 10_000 + day.month * 100 + day.day


def vocabulary_of(mentors: Sequence[Mentor], children: Sequence[Child]) -> Vocabulary:
    """Collect, in sorted order, every code that the people use.

    Raises
    ------
    ProblemError
        More than 64 languages, or more than 64 skills and needs.
    """
    tongues: set[str] = {c.first_language for c in children if c.first_language is not None}
    interests: set[str] = set()
    skills: set[str] = set()
    for mentor in mentors:
        tongues.update(mentor.languages)
        interests.update(mentor.interests)
        skills.update(mentor.skills)
    for child in children:
        tongues.update(child.languages)
        interests.update(child.interests)
        skills.update(child.needs)
    for name, used in (("languages", tongues), ("skills", skills)):
        if len(used) > _MASK_BITS:
            raise ProblemError(f"more than {_MASK_BITS} different codes in use", field=name)
    return Vocabulary(
        languages=tuple(sorted(tongues)),
        interests=tuple(sorted(interests)),
        skills=tuple(sorted(skills)),
        clearances=tuple(sorted({check.kind for m in mentors for check in m.clearances})),
        centres=tuple(dict.fromkeys(c.centre for c in children)),
        groups=tuple(sorted({c.sibling_group for c in children if c.sibling_group is not None})),
    )


def mentor_columns(mentors: Sequence[Mentor], words: Vocabulary) -> MentorColumns:
    """Encode mentors, one row each, in the order given."""
    tongue, skill = _places(words.languages), _places(words.skills)
    result, issued, until = _clearances(mentors, words)
    wishes = [m.child_age_wish or (-1, -1) for m in mentors]
    return MentorColumns(
        row=np.arange(len(mentors), dtype=np.int32),
        birth=_column((yyyymmdd(m.birth_date) for m in mentors), np.int32),
        sex=_column((SEXES[m.sex] for m in mentors), np.int8),
        active=_column((m.active for m in mentors), np.bool_),
        capacity=_column((m.capacity for m in mentors), np.int32),
        region=_column((int(m.region) for m in mentors), np.int32),
        area=_column((int(area_of(m.region)) for m in mentors), np.int32),
        xyz=_vectors(mentors),
        reach=_column((m.reach_km for m in mentors), np.int32),
        fluent=_column((_spoken(m.languages, "fluent", tongue) for m in mentors), np.uint64),
        basic=_column((_spoken(m.languages, "basic", tongue) for m in mentors), np.uint64),
        interests=_packed([m.interests for m in mentors], words.interests),
        certificate=_column((day_number(m.certificate_expires_on) for m in mentors), np.int32),
        clearance_result=result,
        clearance_issued=issued,
        clearance_until=until,
        skills=_column((_mask(m.skills, skill) for m in mentors), np.uint64),
        weekdays=_column((_week(m.weekdays) for m in mentors), np.uint8),
        good_matches=_column((m.good_matches for m in mentors), np.int32),
        child_wish_sex=_sexes(m.child_sex_wish for m in mentors),
        child_wish_age_min=_column((low for low, _ in wishes), np.int32),
        child_wish_age_max=_column((high for _, high in wishes), np.int32),
    )


def child_columns(children: Sequence[Child], words: Vocabulary) -> ChildColumns:
    """Encode children, one row each, in the order given."""
    tongue, skill = _places(words.languages), _places(words.skills)
    centre, group = _places(words.centres), _places(words.groups)
    sites: dict[tuple[float, float, str], int] = {}
    wishes = [c.mentor_age_wish or (0, 0) for c in children]
    return ChildColumns(
        row=np.arange(len(children), dtype=np.int32),
        birth=_column((yyyymmdd(c.birth_date) for c in children), np.int32),
        sex=_column((SEXES[c.sex] for c in children), np.int8),
        region=_column((int(c.region) for c in children), np.int32),
        area=_column((int(area_of(c.region)) for c in children), np.int32),
        centre=_column((centre[c.centre] for c in children), np.int32),
        site=_column(
            (sites.setdefault((c.lat, c.lon, c.region), len(sites)) for c in children), np.int32
        ),
        xyz=_vectors(children),
        in_organisation=_column((c.in_organisation for c in children), np.bool_),
        guardian_consent=_column((c.guardian_consent for c in children), np.bool_),
        own_consent=_column((c.own_consent for c in children), np.bool_),
        data_consent=_column((c.data_consent for c in children), np.bool_),
        fluent=_column((_spoken(c.languages, "fluent", tongue) for c in children), np.uint64),
        basic=_column((_spoken(c.languages, "basic", tongue) for c in children), np.uint64),
        first_language=_column((tongue.get(c.first_language, -1) for c in children), np.int16),
        interests=_packed([c.interests for c in children], words.interests),
        waiting_since=_column((day_number(c.waiting_since) for c in children), np.int32),
        wish_sex=_sexes(c.mentor_sex_wish for c in children),
        wish_age_min=_column((low for low, _ in wishes), np.int32),
        wish_age_max=_column((high for _, high in wishes), np.int32),
        needs=_column((_mask(c.needs, skill) for c in children), np.uint64),
        weekdays=_column((_week(c.weekdays) for c in children), np.uint8),
        leaves_care=_column((day_number(c.leaves_care_on) for c in children), np.int32),
        mentor_lost=_column((c.mentor_lost for c in children), np.bool_),
        disability=_column((c.disability for c in children), np.bool_),
        group=_column((group.get(c.sibling_group, -1) for c in children), np.int32),
        group_rule=_column((SIBLING_RULES.index(c.sibling_rule) for c in children), np.int8),
    )


def _column(values: Iterable[Any], kind: Any) -> NDArray[Any]:
    return np.fromiter(values, dtype=kind)


def _sexes(wishes: Iterable[str | None]) -> NDArray[np.int8]:
    return _column((-1 if wish is None else SEXES[wish] for wish in wishes), np.int8)


def _places(codes: Sequence[Any]) -> dict[Any, int]:
    return {code: spot for spot, code in enumerate(codes)}


def _mask(codes: Iterable[str], places: Mapping[Any, int]) -> int:
    return sum(1 << places[code] for code in codes)


def _spoken(languages: Mapping[str, str], level: str, places: Mapping[Any, int]) -> int:
    return sum(1 << places[code] for code, known in languages.items() if known == level)


def _week(days: Iterable[int]) -> int:
    return sum(1 << day for day in days)


def _vectors(people: Sequence[Mentor] | Sequence[Child]) -> NDArray[np.float64]:
    lat = _column((p.lat for p in people), np.float64)
    lon = _column((p.lon for p in people), np.float64)
    return unit_vectors(lat, lon)


def _packed(sets: Sequence[frozenset[str]], codes: tuple[str, ...]) -> NDArray[np.uint8]:
    places = _places(codes)
    bits = np.zeros((len(sets), len(codes)), np.uint8)
    for row, chosen in enumerate(sets):
        for code in chosen:
            bits[row, places[code]] = 1
    return np.packbits(bits, axis=1)


def _clearances(
    mentors: Sequence[Mentor], words: Vocabulary
) -> tuple[NDArray[np.int8], NDArray[np.int32], NDArray[np.int32]]:
    places = _places(words.clearances)
    shape = (len(mentors), len(words.clearances))
    result = np.full(shape, -1, np.int8)
    issued, until = np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    for row, mentor in enumerate(mentors):
        # Sorting by severity too lets the worse of two results of one day stand.
        for check in sorted(
            mentor.clearances, key=lambda c: (c.issued_on, CLEARANCE_RESULTS.index(c.result))
        ):
            spot = row, places[check.kind]
            result[spot] = CLEARANCE_RESULTS.index(check.result)
            issued[spot] = day_number(check.issued_on)
            until[spot] = day_number(check.valid_until)
    return result, issued, until
