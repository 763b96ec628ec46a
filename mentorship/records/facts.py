"""What the engine saw of one pair and how it proved its plan, out of a round's record."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import matching


@dataclass(frozen=True)
class Prices:
    """The proof for one pair and for the whole plan, in points; `bonus` is added to each pair.

    `all_prices` and `all_worth` are those of what people had not fixed in advance.
    """

    bonus: int
    mentor: int
    child: int
    all_prices: int
    all_worth: int
    searched: bool

    @property
    def together(self) -> int:
        return self.mentor + self.child


@dataclass(frozen=True)
class Snapshot:
    """The pair as it stood in the round: both people, the pair's points and prices."""

    mentor: matching.Mentor
    child: matching.Child
    pair: matching.Pair | None
    fixed: bool
    prices: Prices

    @property
    def distance_km(self) -> int:
        """As the crow flies, as the rules measured it."""
        home, centre = self.mentor, self.child
        return matching.distance_km(home.lat, home.lon, centre.lat, centre.lon)

    @property
    def shared_interests(self) -> frozenset[str]:
        return self.mentor.interests & self.child.interests

    @property
    def shared_languages(self) -> list[str]:
        """Languages in which both are fluent."""
        own = {code for code, level in self.mentor.languages.items() if level == "fluent"}
        return sorted(
            c for c, level in self.child.languages.items() if level == "fluent" and c in own
        )


def snapshot_of(record: matching.Record, mentor_id: int, child_id: int) -> Snapshot | None:
    """Both people as the engine saw them; None when the round did not hold them."""
    problem, plan = record.problem, record.plan
    adult, young = problem.mentor_row.get(mentor_id), problem.child_row.get(child_id)
    if adult is None or young is None:
        return None
    pairs = (p for p in plan.pairs if (p.mentor, p.child) == (mentor_id, child_id))
    return Snapshot(
        problem.mentors[adult],
        problem.children[young],
        next(pairs, None),
        (mentor_id, child_id) in problem.locks.fixed,
        _prices(record, adult, young),
    )


def _prices(record: matching.Record, adult: int, young: int) -> Prices:
    problem, plan, proof = record.problem, record.plan, record.plan.certificate
    fixed = problem.locks.fixed
    used = Counter(mentor for mentor, _ in fixed)
    fixed_children = {child for _, child in fixed}
    places = sum(
        (mentor.capacity - used[mentor.id]) * price
        for mentor, price in zip(problem.mentors, proof.slot_price, strict=True)
    )
    children = sum(
        price
        for child, price in zip(problem.children, proof.child_price, strict=True)
        if child.id not in fixed_children
    )
    free = [pair.points + proof.per_pair for pair in plan.pairs if (pair[0], pair[1]) not in fixed]
    return Prices(
        bonus=proof.per_pair,
        mentor=proof.slot_price[adult],
        child=proof.child_price[young],
        all_prices=places + children,
        all_worth=sum(free),
        searched=bool(proof.proven_otherwise),
    )


def settings_of(policy: matching.Policy) -> dict[str, Any]:
    """Every setting of a policy with the value that was used."""
    return _leaves(policy.as_dict(), "")


def _leaves(data: dict[str, Any], prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in data.items():
        if isinstance(value, dict) and "value" in value:
            found[prefix + name] = value["value"]
        elif isinstance(value, dict):
            found |= _leaves(value, f"{prefix}{name}.")
    return found
