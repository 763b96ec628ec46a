from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import matching
from mentorship.explanations.words import RELAXABLE
from mentorship.matches.problem import engine_mentor
from mentorship.mentors.models import Mentor
from mentorship.people.vocabulary import Level
from mentorship.places.regions import locate

OF_THE_MENTOR = (
    "mentor_under_age",
    "mentor_not_active",
    "certificate_not_current",
    "clearance_not_current",
)
Spots = Mapping[tuple[str, str], list[set[str]]]


class Answer(StrEnum):
    """What the engine says when it is asked why a pair is not in a plan."""

    IN_PLAN = "in_plan"
    REFUSED = "refused"
    PRICED = "priced"
    RULED = "ruled"
    """People decided before the round: somebody is held back, or belongs to a fixed pair."""


@dataclass(frozen=True)
class Price:
    """What choosing a mentor for a child would cost a whole plan, or why it cannot be chosen."""

    mentor: int
    child: int
    answer: Answer
    points: int = 0
    km: int = 0
    found: matching.WhyNot | None = None

    @property
    def pairs_lost(self) -> int:
        return self.found.pairs_lost if self.found else 0

    @property
    def points_lost(self) -> int:
        return self.found.points_lost if self.found else 0

    @property
    def others(self) -> list[matching.Moved]:
        """Other children whose mentor would change."""
        change = self.found.diff if self.found else None
        if change is None:
            return []
        return [
            row for row in (*change.lost, *change.moved, *change.gained) if row.child != self.child
        ]


def price_of(record: matching.Record, mentor: int, child: int) -> Price:
    """The exact price of one pair in a recorded plan, found by solving again with it fixed."""
    if any((pair.mentor, pair.child) == (mentor, child) for pair in record.plan.pairs):
        return Price(mentor, child, Answer.IN_PLAN)
    try:
        found = matching.why_not(record.problem, record.policy, record.plan, mentor, child)
    except matching.ProblemError:  # both are in the problem: a lock stands against the pair
        return Price(mentor, child, Answer.RULED)
    answer = Answer.REFUSED if found.refusals else Answer.PRICED
    return Price(mentor, child, answer, sum(found.parts.values()), found=found)


def alternatives(record: matching.Record, child: int, most: int = 5) -> list[Price]:
    """The mentors who cost the plan least in place of the child's own, with exact prices."""
    own = {pair.mentor for pair in record.plan.pairs if pair.child == child}
    offered = matching.options(record.problem, record.policy, record.plan, child)
    others = [option for option in offered if option.mentor not in own][:most]
    return sorted(_priced(record, child, others), key=lambda p: (p.pairs_lost, p.points_lost))


def free_today(record: matching.Record, child: int, most: int = 10) -> tuple[list[Price], int]:
    """Mentors of today whom no rule refuses, the best pair first, with prices; and how many."""
    if child not in record.problem.child_row:
        return [], 0
    offered = matching.options(record.problem, record.policy, record.plan, child)
    best = sorted(offered, key=lambda option: -option.points)[:most]
    return _priced(record, child, best), len(offered)


def _priced(record: matching.Record, child: int, offered: Iterable[matching.Option]) -> list[Price]:
    found = []
    for option in offered:
        price = price_of(record, int(option.mentor), child)
        found.append(
            Price(price.mentor, child, price.answer, option.points, option.km, found=price.found)
        )
    return found


def is_fixed(record: matching.Record, child: int) -> bool:
    """Whether people decided before the round whom this child belongs with."""
    return any(fixed == child for _, fixed in record.problem.locks.fixed)


@dataclass(frozen=True)
class WouldHelp:
    """Why a child waits: the smallest set of rules, and the smallest that a sign-off may relax."""

    why: matching.WhyUnmatched
    relaxable: tuple[str, ...] | None
    relaxable_mentor: int | None


def what_would_help(record: matching.Record, child: int) -> WouldHelp | None:
    """Why a child has no mentor in a plan and what would give one; None where they have one."""
    if child not in record.problem.child_row or child in record.problem.locks.held_children:
        return None
    if any(pair.child == child for pair in record.plan.pairs):
        return None
    asked = (record.problem, record.policy, record.plan, child)
    why = matching.why_unmatched(*asked)
    if why.relax is None or set(why.relax) <= RELAXABLE:
        return WouldHelp(why, why.relax, _id(why.relax_mentor))
    lighter = matching.why_unmatched(*asked, nearest=0, relaxable=RELAXABLE)
    return WouldHelp(why, lighter.relax, _id(lighter.relax_mentor))


def _id(mentor: int | str | None) -> int | None:
    return None if mentor is None else int(mentor)


def why_free(
    mentor: Mentor,
    on: date,
    rules: matching.Policy,
    *,
    proposed: int,
    held: Collection[int],
    waiting: Spots,
) -> list[str]:
    """Codes that say why a mentor with a free place has no child; `free`: nothing is in the way."""
    found = _papers(mentor, on, rules)
    if mentor.id in held:
        found.append("held_back")
    if proposed:
        found.append("proposed")
    near = [languages for spot in _near(mentor, waiting) for languages in waiting[spot]]
    own = {row.language for row in mentor.languages if row.level == Level.FLUENT}
    if not near:
        found.append("out_of_reach")
    elif not any(own & languages for languages in near):
        found.append("no_shared_language")
    return found or ["free"]


def _papers(mentor: Mentor, on: date, rules: matching.Policy) -> list[str]:
    """The rules that refuse this mentor for any child."""
    spot = locate(mentor.region, mentor.town)
    anybody = matching.Child(
        id=0,
        birth_date=on - timedelta(days=13 * 366),
        sex=mentor.sex,
        region=mentor.region,
        centre=0,
        lat=spot.lat,
        lon=spot.lon,
        in_organisation=True,
        languages={},
        first_language=None,
        interests=frozenset(),
        waiting_since=on,
        guardian_consent=True,
        own_consent=True,
    )
    codes = matching.refusals(engine_mentor(mentor, 0, on), anybody, on, rules)
    return [code for code in codes if code in OF_THE_MENTOR]


def _near(mentor: Mentor, waiting: Spots) -> Iterable[tuple[str, str]]:
    home = locate(mentor.region, mentor.town)
    for region, town in waiting:
        spot = locate(region, town)
        if matching.distance_km(home.lat, home.lon, spot.lat, spot.lon) <= mentor.reach_km:
            yield region, town
