"""A plan: pairs, points, proof, and why each other child has no mentor."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

from matching.people import PersonId


class Pair(NamedTuple):
    """One proposal: ``points`` is the sum of ``parts``, points by criterion code."""

    mentor: PersonId
    child: PersonId
    points: int
    parts: Mapping[str, int]


class Unmatched(NamedTuple):
    """A child without a mentor.

    ``code``: ``no_mentor_allowed`` (a hard rule refuses every mentor), ``places_taken`` (some are
    allowed, their places went to pairs worth more), ``held_back`` (people left the child or every
    allowed mentor out) or ``not_reached`` (the round was stopped first). ``refusals``: by rule
    code, how many of all mentors it refuses for this child.
    """

    child: PersonId
    code: str
    refusals: Mapping[str, int]


@dataclass(frozen=True)
class Certificate:
    """Prices that prove a plan.

    Parameters
    ----------
    slot_price : tuple of int
        By mentor, in the order of the problem; at least 0.
    child_price : tuple of int
        By child, in the order of the problem; at least 0.
    per_pair : int
        Added to each pair's points in the proof: greater than all points can be together where
        coverage comes first, else 0.
    proven_otherwise : tuple of (mentor rows, child rows, bound)
        Components with coupled children, whose proof is the bound of the search (in points with
        ``per_pair`` added); their prices are an upper bound only.
    """

    slot_price: tuple[int, ...]
    child_price: tuple[int, ...]
    per_pair: int
    proven_otherwise: tuple[tuple[tuple[int, ...], tuple[int, ...], int], ...] = ()


@dataclass(frozen=True)
class Plan:
    """The outcome of a round.

    Parameters
    ----------
    pairs : tuple of Pair
        In the order of the problem's children.
    points : int
        Sum over the pairs, and ``siblings``, less ``penalty``.
    bound : int
        No plan with as many pairs has more points; equal to ``points`` when optimal.
    status : str
        ``"optimal"`` or ``"feasible"``.
    unmatched : tuple of Unmatched
        Every child in no pair.
    certificate : Certificate
    seed : int
    versions : mapping
        Of the engine, NumPy, OR-Tools, Python, and of the policy.
    hashes : mapping
        SHA-256 of the problem, the policy and the pairs.
    seconds : mapping of phase to float
        Processor phases summed over workers; ``total`` is elapsed time.
    penalty : int
        Points paid for soft floors that were missed.
    stopped : str or None
        ``"time_limit"`` or ``"cancelled"`` when the round was stopped early.
    most_pairs : int
        No plan has more pairs where coverage comes first.
    siblings : int
        Points for siblings of the rule ``"prefer"`` who have one mentor: they are in no pair's own
        points.
    """

    pairs: tuple[Pair, ...]
    points: int
    bound: int
    status: str
    unmatched: tuple[Unmatched, ...]
    certificate: Certificate
    seed: int
    versions: Mapping[str, str]
    hashes: Mapping[str, str]
    seconds: Mapping[str, float] = field(compare=False)
    penalty: int = 0
    stopped: str | None = None
    most_pairs: int = 0
    siblings: int = 0

    def to_json(self, *, indent: int | None = None) -> str:
        """The plan as JSON text; :meth:`from_json` gives it back equal."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=indent)

    def as_dict(self) -> dict[str, Any]:
        """The plan as plain lists and dictionaries."""
        proof = self.certificate
        return {
            "pairs": [pair._asdict() | {"parts": dict(pair.parts)} for pair in self.pairs],
            "points": self.points,
            "bound": self.bound,
            "status": self.status,
            "unmatched": [u._asdict() | {"refusals": dict(u.refusals)} for u in self.unmatched],
            "certificate": {
                "slot_price": list(proof.slot_price),
                "child_price": list(proof.child_price),
                "per_pair": proof.per_pair,
                "proven_otherwise": [
                    {"mentors": list(m), "children": list(c), "bound": b}
                    for m, c, b in proof.proven_otherwise
                ],
            },
            "seed": self.seed,
            "versions": dict(self.versions),
            "hashes": dict(self.hashes),
            "seconds": dict(self.seconds),
            "penalty": self.penalty,
            "stopped": self.stopped,
            "most_pairs": self.most_pairs,
            "siblings": self.siblings,
        }

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """Read a plan that :meth:`to_json` wrote; other keys are ignored."""
        return cls.from_dict(json.loads(text))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Plan:
        """Read a plan that :meth:`as_dict` described."""
        proof = data["certificate"]
        otherwise = tuple(
            (tuple(part["mentors"]), tuple(part["children"]), part["bound"])
            for part in proof["proven_otherwise"]
        )
        return cls(
            pairs=tuple(Pair(**pair) for pair in data["pairs"]),
            unmatched=tuple(Unmatched(**child) for child in data["unmatched"]),
            certificate=Certificate(
                tuple(proof["slot_price"]),
                tuple(proof["child_price"]),
                proof["per_pair"],
                otherwise,
            ),
            siblings=data.get("siblings", 0),  # version 1.1 knew none
            **{
                name: data[name]
                for name in (
                    *("points", "bound", "status", "seed", "versions", "hashes", "seconds"),
                    *("penalty", "stopped", "most_pairs"),
                )
            },
        )


def pairs_digest(pairs: tuple[Pair, ...]) -> str:
    """SHA-256 of the pairs and their points, hexadecimal."""
    listed = [[pair.mentor, pair.child, pair.points] for pair in pairs]
    return sha256(json.dumps(listed, ensure_ascii=False).encode()).hexdigest()
