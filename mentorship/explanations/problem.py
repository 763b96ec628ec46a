"""The engine's own words about a round: what was recorded then, and what it would be today."""

from collections.abc import Collection
from datetime import date
from functools import lru_cache

from sqlalchemy.orm import Session

import matching
from mentorship.matches.models import Round
from mentorship.matches.problem import rules_of_today, unpack
from mentorship.rounds.problem import load_problem

_KEPT = 4  # reading 3,744 children takes a moment; a record never changes


def recorded(round_: Round | None) -> matching.Record | None:
    """The record of a round; None for a pair of no round, and where no record was kept."""
    if round_ is None or not round_.record:
        return None
    try:
        return _unpacked(round_.record)
    except matching.ProblemError:
        return None


@lru_cache(maxsize=_KEPT)
def _unpacked(packed: bytes) -> matching.Record:
    return unpack(packed)


def planned_today(session: Session, regions: Collection[str], on: date) -> matching.Record:
    """The best plan of some regions with the people and rulings of now; nothing is saved."""
    policy = rules_of_today(session)
    asked = Round(start_on=on, regions=sorted(regions), centres=[], policy=policy.as_dict())
    stated = load_problem(session, asked)
    return matching.Record(matching.propose(stated, policy), stated, policy)
