"""Three years of matches: who with whom, from when, until when, why they ended.

In the shape of the published evidence: about 30 % end before twelve months, and about 64 %
of those from the mentor's side, by moving away or for lack of time (STAR study, OJJDP 2018).
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from math import acos, cos, radians, sin
from random import Random

from mentorship.demo.children import Young, eighteenth_birthday
from mentorship.demo.mentors import Adult
from mentorship.demo.people import draw_weighted
from mentorship.matches.models import ClosureReason as Reason
from mentorship.matches.models import EndedBy

YEAR = 365
ENDS_EARLY = 0.27  # with those who come of age or go to a family, about 30 % end in the first year
SLOT_STAYS_FREE = 0.1
LEAST_AHEAD = timedelta(days=300)  # a match is not begun shortly before a child leaves
TRIES = 25
EARLY = {
    (Reason.MENTOR_NO_TIME, EndedBy.MENTOR): 36,
    (Reason.MENTOR_MOVED, EndedBy.MENTOR): 28,
    (Reason.CHILD_WISH, EndedBy.CHILD): 15,
    (Reason.MENTOR_WISH, EndedBy.MENTOR): 6,
    (Reason.CLEARANCE_LOST, EndedBy.PROGRAMME): 5,
    (Reason.OTHER, EndedBy.AGREEMENT): 7,
    (Reason.RULE_VIOLATION, EndedBy.PROGRAMME): 3,
}
LATER = {
    (Reason.GOALS_REACHED, EndedBy.AGREEMENT): 66,
    (Reason.MENTOR_NO_TIME, EndedBy.MENTOR): 17,
    (Reason.MENTOR_MOVED, EndedBy.MENTOR): 9,
    (Reason.CHILD_WISH, EndedBy.CHILD): 8,
}


@dataclass
class Story:
    """One match from its start to its end, or to today."""

    mentor: Adult
    child: Young
    started_on: date
    ended_on: date | None = None
    reason: Reason | None = None
    planned: bool | None = None
    ended_by: EndedBy | None = None
    id: int = 0


def tell(random: Random, mentors: list[Adult], children: list[Young], on: date) -> list[Story]:
    """All matches of all mentors, in the order of their start."""
    by_region: dict[str, list[Young]] = defaultdict(list)
    for child in children:
        if (on - child.birth_date).days > 10 * 365.25:
            by_region[child.place.region].append(child)
    stories: list[Story] = []
    # The mentor who signs in chooses first: their two children are part of every demo.
    for mentor in sorted(mentors, key=lambda m: not m.is_demo_user):
        for slot in range(mentor.columns["capacity"]):
            stories += _slot(random, mentor, slot, by_region[mentor.region], on)
    return sorted(stories, key=lambda story: story.started_on)


def _slot(random: Random, mentor: Adult, slot: int, children: list[Young], on: date) -> list[Story]:
    """One place of one mentor: matches one after another, with pauses."""
    if mentor.is_demo_user:
        return _demo_slot(random, mentor, slot, children, on)
    if random.random() < SLOT_STAYS_FREE:
        return []
    stories = []
    start = mentor.joined_on + timedelta(days=random.randint(10, 150))
    while start < on - timedelta(days=3):
        story = _story(random, mentor, children, start, on)
        if story is None:
            break
        stories.append(story)
        stays = story.reason is not Reason.MENTOR_MOVED and random.random() < 0.8
        if story.ended_on is None or not stays:
            break
        start = story.ended_on + timedelta(days=random.randint(20, 150))
    return stories


def _demo_slot(
    random: Random, mentor: Adult, slot: int, children: list[Young], on: date
) -> list[Story]:
    """Two open matches and a free place."""
    if slot > 1:
        return []
    start = on - timedelta(days=(410, 75)[slot])
    lasting = [c for c in children if eighteenth_birthday(c.birth_date) > on and not c.left_on]
    child = _pick(random, mentor, lasting, start, on)
    if child is None:
        return []
    child.busy.append((start, date.max))
    return [Story(mentor, child, start)]


def _story(
    random: Random, mentor: Adult, children: list[Young], start: date, on: date
) -> Story | None:
    early = random.random() < ENDS_EARLY
    if early:
        lasts = int(random.triangular(20, YEAR - 1, 150))
    else:
        lasts = YEAR + int(random.expovariate(1 / 600))
    end = start + timedelta(days=lasts)
    child = _pick(random, mentor, children, start, min(end, on))
    if child is None:
        return None
    story = Story(mentor, child, start)
    leaves = child.left_on or eighteenth_birthday(child.birth_date)
    if min(end, leaves) <= on:
        _close(random, story, min(end, leaves), leaves)
    child.busy.append((start, story.ended_on or date.max))
    return story


def _close(random: Random, story: Story, end: date, leaves: date) -> None:
    story.ended_on = end
    if end == leaves:
        grown = leaves >= eighteenth_birthday(story.child.birth_date)
        story.reason = Reason.CHILD_TURNED_18 if grown else Reason.CHILD_PLACED_IN_FAMILY
        story.planned, story.ended_by = True, EndedBy.PROGRAMME
        return
    early = (end - story.started_on).days < YEAR
    story.reason, story.ended_by = draw_weighted(random, EARLY if early else LATER)
    story.planned = story.reason is Reason.GOALS_REACHED


def _pick(
    random: Random, mentor: Adult, children: list[Young], start: date, end: date
) -> Young | None:
    """A child who was eligible on the day and free; the longest waiting of a few."""
    found = []
    for child in random.sample(children, min(TRIES * 4, len(children))):
        if _fits(mentor, child, start, end):
            found.append(child)
        if len(found) == 4:
            break
    return min(found, key=lambda child: child.waiting_since, default=None)


def _fits(mentor: Adult, child: Young, start: date, end: date) -> bool:
    leaves = child.left_on or eighteenth_birthday(child.birth_date)
    if child.waiting_since > start or leaves <= start + LEAST_AHEAD:
        return False
    tenth = eighteenth_birthday(child.birth_date).replace(year=child.birth_date.year + 10, day=1)
    if not tenth + timedelta(days=31) <= start:
        return False
    if not mentor.fluent & child.fluent:
        return False
    if any(start <= until + timedelta(days=14) and since <= end for since, until in _held(child)):
        return False
    return distance_km(mentor, child) <= float(mentor.columns["reach_km"])


def _held(child: Young) -> list[tuple[date, date]]:
    """When the child has a mentor already; an open match has no end."""
    return [(since, min(until, date(9000, 1, 1))) for since, until in child.busy]


def distance_km(mentor: Adult, child: Young) -> float:
    """Great-circle distance from the mentor's town to the child's centre."""
    one, other = mentor.town, child.place.town
    if one == other:
        return 0.0
    lat1, lat2 = radians(one.lat), radians(other.lat)
    cosine = sin(lat1) * sin(lat2) + cos(lat1) * cos(lat2) * cos(radians(one.lon - other.lon))
    return acos(min(1.0, cosine)) * 6371.0
