"""Pairs approved in the last weeks and not yet matches: one for every step, one of them stuck."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import matching
from mentorship.agreements.policies import LAPSES_AFTER
from mentorship.demo.care import noon
from mentorship.demo.users import COORDINATED
from mentorship.matches.models import (
    MentorAnswer,
    Preparation,
    Proposal,
    ProposalStatus,
    Round,
)
from mentorship.matches.problem import engine_child, engine_mentor, rules_of_today
from mentorship.matches.queries import (
    children_for_round,
    mentors_for_round,
    places_taken,
)
from mentorship.matches.refusals import refused_pairs

# Days since the approval, then days after it on which mentor, child and representative spoke.
STORIES: tuple[tuple[int, int | None, int | None, int | None], ...] = (
    (2, None, None, None),  # the mentor who signs in to the demo is asked
    (16, 2, 3, None),  # the representative's consent is overdue
    (6, None, 3, None),
    (5, 1, None, 2),
    (9, 3, 4, 6),  # all have agreed: the agreement is next
)


def store_on_the_way(session: Session, on: date, staff_id: int, first_mentor: int) -> int:
    """Insert the pairs, eligible today; how many there are."""
    latest = session.scalar(select(func.max(Round.id)).where(Round.created_by == staff_id))
    pairs = _best_pairs(session, on)
    pairs.sort(key=lambda pair: (pair.mentor != first_mentor, pair.child))
    for pair, story in zip(pairs, STORIES, strict=False):
        proposal = Proposal(
            round_id=latest,
            start_on=on - timedelta(days=story[0]),
            mentor_id=pair.mentor,
            child_id=pair.child,
            points=pair.points,
            reasons=dict(pair.parts),
            status=ProposalStatus.APPROVED,
            decided_at=noon(on - timedelta(days=story[0])),
            decided_by=staff_id,
        )
        session.add(Preparation(proposal=proposal, **_facts(pair, story, on, staff_id)))
    session.flush()
    return min(len(pairs), len(STORIES))


def _best_pairs(session: Session, on: date) -> list[Any]:
    """What a round would propose today to the coordinator of the demo."""
    taken = places_taken(session)
    mentors = [
        engine_mentor(row, taken.get(row.id, 0), on)
        for row in mentors_for_round(session, COORDINATED)
    ]
    children = [engine_child(row) for row in children_for_round(session, COORDINATED, on)]
    known = {row.id for row in mentors}, {row.id for row in children}
    refused = {
        pair: code
        for pair, code in refused_pairs(session, on).items()
        if pair[0] in known[0] and pair[1] in known[1]
    }
    stated = matching.Problem(mentors, children, on, refused)
    return list(matching.propose(stated, rules_of_today(session)).pairs)


def _facts(pair: Any, story: tuple[int, Any, Any, Any], on: date, staff_id: int) -> dict[str, Any]:
    opened = on - timedelta(days=story[0])
    mentor, child, guardian = (
        None if days is None else opened + timedelta(days=days) for days in story[1:]
    )
    return {
        "mentor_id": pair.mentor,
        "child_id": pair.child,
        "start_on": opened,
        "opened_by": staff_id,
        "opened_at": noon(opened),
        "owner_id": staff_id,
        "mentor_due_on": opened + LAPSES_AFTER,
        "mentor_answer": MentorAnswer.ACCEPTED if mentor else None,
        "mentor_answered_at": noon(mentor) if mentor else None,
        "mentor_answered_by": staff_id if mentor else None,
        "child_consent_on": child,
        "child_consent_language": "kk" if child else None,
        "child_consent_by": staff_id if child else None,
        "guardian_consent_on": guardian,
        "guardian_consent_language": "ru" if guardian else None,
        "guardian_name": "Директор" if guardian else None,
        "guardian_consent_by": staff_id if guardian else None,
    }
