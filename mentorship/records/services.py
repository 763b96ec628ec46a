from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from time import perf_counter
from typing import Any

from sqlalchemy.orm import Session

import matching
from mentorship import audit
from mentorship.errors import Invalid
from mentorship.matches.models import Round
from mentorship.matches.problem import unpack
from mentorship.records.models import RecruitmentBrief
from mentorship.records.queries import REPLAYED

# Mentors times children of a round that is made again while somebody waits: under a second.
WHILE_ONE_WAITS = 3_000_000
_unpacked = lru_cache(maxsize=4)(unpack)  # the national register takes 0.4 s to read


def record_of(found: Round | None) -> matching.Record | None:
    """A round's record; None for a round without one that can be read."""
    if found is None or not found.record:
        return None
    try:
        return _unpacked(found.record)
    except matching.ProblemError:
        return None


@dataclass(frozen=True)
class Replay:
    """A plan made again from its record: whether it is the same, and with what it was made."""

    same: bool
    digest: str
    recorded_digest: str
    versions: dict[str, str]
    recorded_versions: dict[str, str]
    seconds: float

    @property
    def outcome(self) -> str:
        """A code: same, same_other_versions or different."""
        if not self.same:
            return "different"
        return "same" if self.versions == self.recorded_versions else "same_other_versions"


def replay_round(
    session: Session, found: Round, *, by: int | None, most: int | None = None
) -> Replay:
    """Make a round's plan again with its own policy and seed, and note what came of it.

    Raises Invalid when no record was kept, or the round has more than `most` pairs to look at.
    """
    if most is not None and found.mentors * found.children > most:
        raise Invalid("replay_too_large", number=found.id)
    record = record_of(found)
    if record is None:
        raise Invalid("no_record")
    began = perf_counter()
    made, same = _made_again(record)
    replayed = Replay(
        same=same,
        digest=made.hashes["pairs"],
        recorded_digest=record.plan.hashes["pairs"],
        versions=dict(made.versions),
        recorded_versions=dict(record.plan.versions),
        seconds=round(perf_counter() - began, 3),
    )
    audit.record(REPLAYED, found, by=by, session=session, **_details(replayed))
    return replayed


def _made_again(record: matching.Record) -> tuple[matching.Plan, bool]:
    try:
        return matching.replay(record), True
    except matching.PlanError:  # which plan it is now is worth knowing
        return matching.propose(record.problem, record.policy, seed=record.plan.seed), False


def _details(replayed: Replay) -> dict[str, Any]:
    return {
        "outcome": replayed.outcome,
        "digest": replayed.digest,
        "recorded_digest": replayed.recorded_digest,
        "versions": replayed.versions,
        "recorded_versions": replayed.recorded_versions,
        "seconds": replayed.seconds,
    }


def store_brief(
    session: Session,
    round_id: int,
    lines: list[dict[str, Any]] | None,
    *,
    seconds: float,
    at: datetime,
) -> None:
    """Keep a round's recruitment brief; no lines where its record does not allow one."""
    session.add(
        RecruitmentBrief(round_id=round_id, made_at=at, seconds=round(seconds, 3), lines=lines)
    )
