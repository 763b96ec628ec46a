"""The rounds behind the matches: one a quarter and area, with approved and declined proposals."""

from collections import defaultdict
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from mentorship.demo.care import noon
from mentorship.demo.history import Story, distance_km
from mentorship.demo.people import draw_weighted
from mentorship.demo.rows import insert_all, insert_numbered
from mentorship.demo.users import COORDINATED
from mentorship.matches.models import (
    DeclineReason,
    Match,
    Proposal,
    ProposalStatus,
    Round,
    RoundStage,
)

VERSION = "demo"
DECLINED = 0.1


def store_matches(session: Session, random: Random, stories: list[Story], staff_id: int) -> None:
    """Insert rounds, proposals and matches; each story learns the id of its match."""
    groups: dict[tuple[date, tuple[str, ...]], list[Story]] = defaultdict(list)
    for story in stories:
        day = _quarter(story.started_on - timedelta(days=3))
        groups[day, _together(story.mentor.region)].append(story)
    keys = sorted(groups)
    rows = [_round(day, regions, groups[day, regions], staff_id) for day, regions in keys]
    rounds = insert_numbered(session, Round, rows)
    for round_id, (day, regions) in zip(rounds, keys, strict=True):
        told = groups[day, regions]
        approved = [_proposal(random, round_id, day, story, staff_id) for story in told]
        proposals = insert_numbered(session, Proposal, approved)
        matches = [
            _match(story, proposal_id, staff_id)
            for story, proposal_id in zip(told, proposals, strict=True)
        ]
        for story, number in zip(told, insert_numbered(session, Match, matches), strict=True):
            story.id = number
        insert_all(session, Proposal, _declined(random, round_id, day, told, staff_id))


def _together(region: str) -> tuple[str, ...]:
    """The regions whose rounds are run together: those of one coordinator."""
    return COORDINATED if region in COORDINATED else (region,)


def _quarter(day: date) -> date:
    """The first day of the quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _points(story: Story) -> dict[str, int]:
    """Points in the manner of the default policy, good enough for a look back."""
    mentor, child = story.mentor, story.child
    km = distance_km(mentor, child)
    shared = len(set(mentor.interests) & set(child.interests))
    waited = max(0, (story.started_on - child.waiting_since).days)
    return {
        "distance": max(0, min(300, round(300 * (150 - km) / 145))),
        "first_language": 200 if child.columns["first_language"] in mentor.fluent else 0,
        "interests": min(200, 45 * shared),
        "waiting": waited * 20 // 30,
    }


def _round(
    day: date, regions: tuple[str, ...], stories: list[Story], staff_id: int
) -> dict[str, Any]:
    points = sum(sum(_points(story).values()) for story in stories)
    return {
        "created_at": noon(day),
        "created_by": staff_id,
        "start_on": day + timedelta(days=7),
        "regions": sorted(regions),
        "policy": {},
        "policy_version": VERSION,
        "seed": 0,
        "versions": {},
        "stage": RoundStage.PUBLISHED,
        "centres": [],
        "record": b"",
        "published_at": noon(day),
        "published_by": staff_id,
        "mentors": len({story.mentor.id for story in stories}),
        "children": len(stories),
        "points": points,
        "bound": points,
        "status": "optimal",
        "seconds": 0.0,
    }


def _proposal(
    random: Random, round_id: int, day: date, story: Story, staff_id: int
) -> dict[str, Any]:
    reasons = _points(story)
    return {
        "round_id": round_id,
        "start_on": day + timedelta(days=7),
        "version": 1,
        "mentor_id": story.mentor.id,
        "child_id": story.child.id,
        "points": sum(reasons.values()),
        "reasons": reasons,
        "status": ProposalStatus.APPROVED,
        "decided_at": noon(max(day, story.started_on - timedelta(days=random.randint(1, 3)))),
        "decided_by": staff_id,
        "decline_reason": None,
        "decline_note": None,
    }


def _declined(
    random: Random, round_id: int, day: date, stories: list[Story], staff_id: int
) -> list[dict[str, Any]]:
    """Pairs a person refused: a mentor of one match, a child of another of the same region."""
    rows = []
    reasons = {
        DeclineReason.MENTOR_NOT_READY: 4,
        DeclineReason.CHILD_DOES_NOT_WISH: 3,
        DeclineReason.TOO_FAR_IN_PRACTICE: 2,
        DeclineReason.KNOWN_CONFLICT: 1,
    }
    for one in stories:
        others = [s for s in stories if s.mentor.region == one.mentor.region and s is not one]
        if not others or random.random() > DECLINED:
            continue
        pair = Story(one.mentor, random.choice(others).child, one.started_on)
        refused = {
            "status": ProposalStatus.DECLINED,
            "decline_reason": draw_weighted(random, reasons),
        }
        rows.append(_proposal(random, round_id, day, pair, staff_id) | refused)
    return rows


def _match(story: Story, proposal_id: int, staff_id: int) -> dict[str, Any]:
    ended = story.ended_on
    return {
        "mentor_id": story.mentor.id,
        "child_id": story.child.id,
        "proposal_id": proposal_id,
        "started_on": story.started_on,
        "approved_by": staff_id,
        "approved_at": noon(story.started_on - timedelta(days=1)),
        "ended_on": ended,
        "closure_reason": story.reason,
        "ended_as_planned": story.planned,
        "ended_by": story.ended_by,
        "closure_note": None,
        "closed_by": staff_id if ended else None,
        "closed_at": noon(ended) if ended else None,
        "version": 1,
    }
