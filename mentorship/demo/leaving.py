"""Mentors who left the programme after their last match, and when and why they did."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy.orm import Session

from mentorship.demo.history import Story
from mentorship.demo.mentors import Adult
from mentorship.demo.people import draw_weighted
from mentorship.demo.rows import insert_all
from mentorship.matches.models import ClosureReason
from mentorship.mentors.models import MentorStatus, StatusChange

LEAVES = 0.6  # of those who have had no child for a while
AFTER = timedelta(days=45)
REASONS = {"no_time": 5, "moved": 2, "own_wish": 3, "family": 2, "health": 1}
BY_PROGRAMME = (ClosureReason.CLEARANCE_LOST, ClosureReason.RULE_VIOLATION)


def leave(
    random: Random, mentors: list[Adult], stories: list[Story], on: date
) -> list[tuple[Adult, date, str]]:
    """Who left, on which day and why; their status says so from now on."""
    by_end = sorted(stories, key=lambda story: story.ended_on or date.max)
    last = {id(story.mentor): story for story in by_end}
    found = []
    for mentor in mentors:
        story = last.get(id(mentor))
        if story is None or story.ended_on is None:
            continue
        day = story.ended_on + timedelta(days=random.randint(7, AFTER.days))
        is_active = mentor.columns["status"] == MentorStatus.ACTIVE
        if day >= on or mentor.is_demo_user or not is_active or random.random() > LEAVES:
            continue
        by_programme = story.reason in BY_PROGRAMME
        reason = "programme_decision" if by_programme else draw_weighted(random, REASONS)
        mentor.columns["status"] = MentorStatus.RETIRED
        found.append((mentor, day, reason))
    return found


def store_leavings(
    session: Session, leavings: list[tuple[Adult, date, str]], staff_id: int
) -> None:
    """Write down each change of status."""
    insert_all(
        session,
        StatusChange,
        [
            {
                "mentor_id": mentor.id,
                "was": MentorStatus.ACTIVE,
                "now": MentorStatus.RETIRED,
                "reason": reason,
                "changed_by": staff_id,
                "changed_at": datetime.combine(day, time(9), UTC),
            }
            for mentor, day, reason in leavings
        ],
    )
