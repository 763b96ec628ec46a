"""What was done in somebody's regions while they were away."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy.orm import Session

from mentorship.accounts.models import Leave
from mentorship.cover import queries
from mentorship.cover.words import DONE


@dataclass(frozen=True)
class Colleague:
    """One colleague and how often they did what, in the order of the words."""

    name: str
    done: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.done.values())


def digest(session: Session, leave: Leave) -> list[Colleague]:
    """Who did what meanwhile, the busiest first; two statements."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for user_id, action, number in queries.counts_meanwhile(session, leave, DONE):
        found[user_id][action] = number
    names = queries.names_of(session, found)
    people = [
        Colleague(names[user_id], {code: done[code] for code in DONE if code in done})
        for user_id, done in found.items()
    ]
    return sorted(people, key=lambda row: (-row.total, row.name))
