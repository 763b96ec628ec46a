"""Days, wishes and needs, brothers and sisters, relatives, and conflicts of interest."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from mentorship.children.models import (
    Answer,
    Child,
    ChildNeed,
    Relative,
    SiblingGroup,
    SiblingRule,
)
from mentorship.demo.children import Young
from mentorship.demo.history import Story
from mentorship.demo.mentors import Adult
from mentorship.demo.names import draw_name
from mentorship.demo.people import draw_weighted
from mentorship.demo.rows import insert_all, insert_numbered
from mentorship.i18n import search_key, sort_key
from mentorship.mentors.models import Conflict, ConflictKind, MentorPause, PauseReason
from mentorship.people.vocabulary import Need, Relation, Sex, Visits

OLD_ENOUGH = 10 * 365.25
# Shares of children of ten and over, of mentors, and of groups; invented, plausible.
WISHES, DISABLED, NEEDY, HAS_KIN, IN_GROUP = 0.3, 0.09, 0.35, 0.3, 0.14
READY_FOR, AWAY, CONFLICTED = 0.25, 0.04, 0.03
NEEDS = {
    Need.TRAUMA: 30,
    Need.LEARNING: 25,
    Need.INDEPENDENCE: 15,
    Need.GRIEF: 12,
    Need.BEHAVIOUR: 10,
    Need.MOBILITY: 4,
    Need.DAILY_CARE: 3,
    Need.SIGN_LANGUAGE: 1,
}
OWN_WORDS = (
    "Маған футбол ойнауға үйрететін адам керек.",
    "Мені тыңдай алатын адам болса екен.",
    "Бірге ас әзірлегім келеді.",
    "Хочу, чтобы со мной ходили в библиотеку.",
    "Хочу научиться играть на гитаре.",
    "Чтобы приезжал, когда обещал.",
)
RELATIONS = {
    Relation.GRANDPARENT: 35,
    Relation.AUNT_UNCLE: 30,
    Relation.BROTHER_SISTER: 20,
    Relation.COUSIN: 8,
    Relation.MOTHER: 5,
    Relation.FATHER: 2,
}
ANSWERS = {Answer.UNKNOWN: 55, Answer.NO: 37, Answer.YES: 8}
RULES = {SiblingRule.PREFER: 60, SiblingRule.MUST: 25, SiblingRule.NO: 15}


def give_wishes(random: Random, mentors: list[Adult], children: list[Young], on: date) -> None:
    """When people are free, and whom they wish for."""
    for mentor in mentors:
        low = random.choice((10, 12, 14)) if random.random() < READY_FOR else None
        mentor.columns |= {
            "weekdays": _days(random, 2 if random.random() < 0.8 else 0),
            "child_sex_wish": random.choice(list(Sex)) if random.random() < READY_FOR else None,
            "child_age_from": low,
            "child_age_to": min(17, low + 4) if low else None,
        }
    for child in children:
        old = (on - child.birth_date).days >= OLD_ENOUGH
        child.columns |= {
            "weekdays": _days(random, 3) if old and random.random() < 0.7 else [],
            "wish": random.choice(OWN_WORDS) if old and random.random() < WISHES else None,
            "mentor_sex_wish": random.choice(list(Sex))
            if old and random.random() < WISHES
            else None,
            "mentor_age_from": None,
            "mentor_age_to": 40 if old and random.random() < WISHES / 3 else None,
            "disability": random.random() < DISABLED,
        }


def _days(random: Random, most: int) -> list[int]:
    """Some days of the week; more often the weekend."""
    return sorted(set(random.choices(range(7), (1, 1, 1, 1, 2, 5, 4), k=most)))


def make_siblings(random: Random, children: list[Young]) -> list[list[Young]]:
    """Brothers, or sisters, of one centre who bear one name."""
    near: dict[Any, list[Young]] = defaultdict(list)
    for child in children:
        if child.left_on is None:
            facts = child.columns
            near[id(child.place), facts["sex"], facts["first_language"]].append(child)
    groups = []
    for alike in near.values():
        random.shuffle(alike)
        for _ in range(int(len(alike) * IN_GROUP / 2)):
            size = min(3 if random.random() < 0.2 else 2, len(alike))
            group = [alike.pop() for _ in range(size)]
            if len(group) > 1:
                groups.append(group)
                _name_alike(group)
    return groups


def _name_alike(group: list[Young]) -> None:
    eldest = group[0].columns
    for child in group[1:]:
        own = child.columns
        own |= {name: eldest[name] for name in ("last_name", "patronymic")}
        names = (own["last_name"], own["first_name"], own["patronymic"])
        own |= {"search_key": search_key(*names), "sort_key": sort_key(*names)}


def store_family(
    session: Session,
    random: Random,
    mentors: list[Adult],
    children: list[Young],
    groups: list[list[Young]],
    on: date,
    at: datetime,
    by: int,
) -> None:
    """Insert groups of brothers and sisters, needs, relatives and mentors' days away."""
    _store_groups(session, random, groups, at, by)
    living = [
        child
        for child in children
        if child.left_on is None and (on - child.birth_date).days >= OLD_ENOUGH
    ]
    insert_all(session, ChildNeed, [
        {"child_id": child.id, "need": draw_weighted(random, NEEDS)}
        for child in living
        if random.random() < NEEDY
    ])  # fmt: skip
    related = [child for child in living if random.random() < HAS_KIN]
    insert_all(session, Relative, [
        _relative(random, child, number, on, at, by)
        for number, child in enumerate(related, start=1)
    ])  # fmt: skip
    insert_all(session, MentorPause, [
        _pause(random, mentor, on, at, by)
        for mentor in mentors
        if not mentor.is_demo_user and random.random() < AWAY
    ])  # fmt: skip


def _store_groups(
    session: Session, random: Random, groups: list[list[Young]], at: datetime, by: int
) -> None:
    """A group one of whom has a mentor already does not have to share one."""
    rows = []
    for group in groups:
        matched = any(until == date.max for child in group for _, until in child.busy)
        rule = SiblingRule.PREFER if matched else draw_weighted(random, RULES)
        rows.append({"rule": rule, "note": None, "recorded_by": by, "recorded_at": at})
    numbers = insert_numbered(session, SiblingGroup, rows)
    members = [
        {"of_child": child.id, "number": number}
        for group, number in zip(groups, numbers, strict=True)
        for child in group
    ]
    table: Any = Child.__table__
    change = update(table).where(table.c.id == bindparam("of_child"))
    if members:
        session.connection().execute(change.values(sibling_group_id=bindparam("number")), members)


def _relative(
    random: Random, child: Young, number: int, on: date, at: datetime, by: int
) -> dict[str, Any]:
    sex = random.choice(list(Sex))
    last, first, patronymic = draw_name(random, child.columns["first_language"], sex)
    answers = (draw_weighted(random, ANSWERS), draw_weighted(random, ANSWERS))
    asked = answers != (Answer.UNKNOWN, Answer.UNKNOWN)
    return {
        "child_id": child.id,
        "name": " ".join(filter(None, (last, first, patronymic))),
        "relation": draw_weighted(random, RELATIONS),
        "phone": f"+77005{number:06}",
        "region": child.place.region,
        "town": child.place.town.name_kk,
        "visits": draw_weighted(
            random, {Visits.WEEKLY: 1, Visits.MONTHLY: 3, Visits.RARELY: 4, Visits.NEVER: 2}
        ),
        "can_mentor": answers[0],
        "can_take_family": answers[1],
        "asked_on": on - timedelta(days=random.randint(5, 300)) if asked else None,
        "recorded_by": by,
        "recorded_at": at,
    }


def _pause(random: Random, mentor: Adult, on: date, at: datetime, by: int) -> dict[str, Any]:
    first = on - timedelta(days=random.randint(0, 20))
    return {
        "mentor_id": mentor.id,
        "from_on": first,
        "until_on": on + timedelta(days=random.randint(3, 40)) if random.random() < 0.8 else None,
        "reason": draw_weighted(
            random, {PauseReason.LEAVE: 5, PauseReason.ILLNESS: 3, PauseReason.WORK: 2}
        ),
        "recorded_by": by,
        "recorded_at": at,
    }


def store_conflicts(
    session: Session,
    random: Random,
    mentors: list[Adult],
    stories: list[Story],
    centre_ids: dict[int, int],
    children: list[Young],
    on: date,
    at: datetime,
    by: int,
) -> None:
    """Some mentors work in a centre; never in one of a child they have mentored."""
    met = {(id(story.mentor), id(story.child.place)) for story in stories}
    places = {id(child.place): child.place for child in children}
    rows = []
    for mentor in mentors:
        near = [
            key
            for key, place in places.items()
            if place.region == mentor.region and (id(mentor), key) not in met
        ]
        if near and not mentor.is_demo_user and random.random() < CONFLICTED:
            rows.append({
                "mentor_id": mentor.id,
                "kind": ConflictKind.WORKS_IN_CENTRE,
                "centre_id": centre_ids[random.choice(near)],
                "since_on": on - timedelta(days=random.randint(30, 700)),
                "recorded_by": by,
                "recorded_at": at,
            })  # fmt: skip
    insert_all(session, Conflict, rows)
