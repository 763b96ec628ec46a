"""Where one more mentor would help most, as lines without anybody's id, then as briefs to read."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import matching
from mentorship.places.regions import TOWNS
from mentorship.web.suppression import Count, Mark, protect_list

MENTORS = 20  # how many more are looked for, one after another
INTERESTS = 3
# Rules about the child alone: no mentor would help before they are met.
_OF_THE_CHILD = {
    "child_age_out_of_range",
    "child_not_in_organisation",
    "no_guardian_consent",
    "no_child_consent",
    "no_data_consent",
}
Line = dict[str, Any]


def recruitment_lines(record: matching.Record) -> list[Line]:
    """The profiles that help most, best first, each counted by solving again; seconds of work.

    The plan must be proven best: its prices say what one more mentor adds.
    """
    found = matching.recruit(record.problem, record.policy, record.plan, MENTORS)
    young = {child.id: child for child in record.problem.children}
    ready = _ready(record)
    return [
        {
            "region": one.region,
            "town": _town(one.region, one.lat, one.lon),
            "reach_km": one.reach_km,
            "languages": list(one.languages),
            "interests": list(one.interests),
            "sex": _wished_sex([young[child] for child in one.children], one.sex),
            "children": one.pairs,
            "around": sum(_within(one, child) for child in ready),
        }
        for one in found.recruits
    ]


def _ready(record: matching.Record) -> list[matching.Child]:
    """Children without a mentor whom no rule about themselves refuses."""
    left = {row.child for row in record.plan.unmatched if not _OF_THE_CHILD & row.refusals.keys()}
    return [child for child in record.problem.children if child.id in left]


def _within(one: matching.Recruit, child: matching.Child) -> bool:
    if not any(child.languages.get(code) == "fluent" for code in one.languages):
        return False
    return matching.distance_km(one.lat, one.lon, child.lat, child.lon) <= one.reach_km


def _wished_sex(children: Iterable[matching.Child], sex: str) -> str | None:
    """Only where a child wished for it: otherwise it does not matter."""
    return sex if any(child.mentor_sex_wish == sex for child in children) else None


def _town(region: str, lat: float, lon: float) -> str | None:
    """The Kazakh name of the town, under which the pages find its other names."""
    known = (town for town in TOWNS if (town.kato, town.lat, town.lon) == (region, lat, lon))
    return next((town.name_kk for town in known), None)


@dataclass(frozen=True)
class Profile:
    """Mentors of one kind to look for in one place."""

    town: str | None
    reach_km: int
    languages: list[str]
    interests: list[str]
    sex: str | None
    mentors: int
    children: int
    around: int


@dataclass(frozen=True)
class RegionBrief:
    """One region: how many children would get a mentor, and whom to look for."""

    region: str
    children: Count
    profiles: list[Profile]


@dataclass(frozen=True)
class Briefs:
    """The whole brief; regions in the order in which they help most."""

    total: Count
    regions: list[RegionBrief]


def briefs_of(lines: list[Line], *, suppressed: bool) -> Briefs:
    """The lines grouped by region and kind; outside the case team one profile a region.

    A reader of suppressed counts must not count profiles instead of children.
    """
    by_region: dict[str, list[Line]] = {}
    for line in lines:
        by_region.setdefault(line["region"], []).append(line)
    numbers = [sum(line["children"] for line in some) for some in by_region.values()]
    shown = [Count(Mark.SHOWN, number) for number in (*numbers, sum(numbers))]
    *counts, total = protect_list(numbers) if suppressed else shown
    regions = [
        RegionBrief(region, count, [_profile(some)] if suppressed else _profiles(some))
        for (region, some), count in zip(by_region.items(), counts, strict=True)
    ]
    return Briefs(total, regions)


def _profiles(lines: list[Line]) -> list[Profile]:
    kinds: dict[tuple[Any, ...], list[Line]] = {}
    for line in lines:
        key = (line["town"], line["reach_km"], tuple(line["languages"]), line["sex"])
        kinds.setdefault(key, []).append(line)
    return [_profile(alike) for alike in kinds.values()]


def _profile(alike: list[Line]) -> Profile:
    first = alike[0]
    places = {line["town"] for line in alike}
    likes = Counter(code for line in alike for code in line["interests"])
    tongues = Counter(code for line in alike for code in line["languages"])
    return Profile(
        town=first["town"] if len(places) == 1 else None,
        reach_km=first["reach_km"],
        languages=[code for code, _ in tongues.most_common()],
        interests=[code for code, _ in likes.most_common(INTERESTS)],
        sex=first["sex"] if len({line["sex"] for line in alike}) == 1 else None,
        mentors=len(alike),
        children=sum(line["children"] for line in alike),
        around=max(line["around"] for line in alike),
    )
