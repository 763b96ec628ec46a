"""The engine's problem for a round: free people as they are now, and what people have ruled."""

from collections import Counter
from typing import Any

from sqlalchemy.orm import Session

import matching
from mentorship.matches.models import Round, Ruling, RulingKind
from mentorship.matches.problem import engine_child, engine_mentor
from mentorship.matches.queries import (
    children_for_round,
    mentors_for_round,
    places_taken,
    standing_rulings,
)
from mentorship.matches.refusals import refused_pairs


def load_problem(session: Session, asked: Round) -> matching.Problem:
    """The mentors and free children of a round, with the rulings about them as locks."""
    start_on = asked.start_on
    taken = places_taken(session)
    mentors = [
        engine_mentor(row, taken.get(row.id, 0), start_on)
        for row in mentors_for_round(session, asked.regions)
    ]
    waiting = children_for_round(session, asked.regions, start_on, asked.centres)
    children = [engine_child(row) for row in waiting]
    old, young = {row.id for row in mentors}, {row.id for row in children}
    refused = {
        (mentor, child): code
        for (mentor, child), code in refused_pairs(session, start_on).items()
        if mentor in old and child in young
    }
    stated = matching.Problem(mentors, children, start_on, refused)
    rulings = standing_rulings(session, start_on)
    return stated.with_locks(_locks(stated, matching.Policy.from_dict(asked.policy), rulings))


def _locks(stated: matching.Problem, policy: matching.Policy, rulings: Any) -> matching.Locks:
    """Rulings about people of the round; a pair that no rule allows today is left out."""
    held_mentors = _held(rulings, RulingKind.HOLD_MENTOR) & stated.mentor_row.keys()
    held_children = _held(rulings, RulingKind.HOLD_CHILD) & stated.child_row.keys()
    fixed: dict[int, int] = {}
    used: Counter[int] = Counter()
    for ruling in rulings:
        mentor, child = ruling.mentor_id, ruling.child_id
        if ruling.kind != RulingKind.TOGETHER or child in fixed or child in held_children:
            continue
        if mentor not in held_mentors and _fits(stated, policy, mentor, child, used[mentor]):
            fixed[child] = mentor
            used[mentor] += 1
    return matching.Locks(
        frozenset((mentor, child) for child, mentor in fixed.items()),
        frozenset(),
        frozenset(held_mentors),
        frozenset(held_children),
    )


def _held(rulings: list[Ruling], kind: RulingKind) -> set[Any]:
    return {row.mentor_id or row.child_id for row in rulings if row.kind == kind}


def _fits(
    stated: matching.Problem, policy: matching.Policy, mentor: int, child: int, used: int
) -> bool:
    if mentor not in stated.mentor_row or child not in stated.child_row:
        return False
    adult = stated.mentors[stated.mentor_row[mentor]]
    young = stated.children[stated.child_row[child]]
    if adult.capacity <= used:
        return False
    return not matching.refusals(adult, young, stated.start_on, policy, stated.refused_pairs)
