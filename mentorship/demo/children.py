"""3,744 children in centres, aged as published, and some who left in the last three years."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from mentorship.children.models import (
    Child,
    ChildInterest,
    ChildLanguage,
    Consent,
    ConsentKind,
    ConsentWay,
    Placement,
    PlacementForm,
)
from mentorship.demo.centres import Place
from mentorship.demo.figures import AGES, CENTRES, CHILDREN, LEAVERS, YEARS, share
from mentorship.demo.people import (
    Iins,
    birth_date_at_age,
    draw_first_language,
    draw_interests,
    draw_languages,
    person_columns,
)
from mentorship.demo.rows import insert_all, insert_numbered
from mentorship.moves.texts import VERSION
from mentorship.people.vocabulary import Level, Sex
from mentorship.places.models import CentreKind

OLD_ENOUGH = 10
GUARDIAN_YES, OWN_YES, TAKEN_BACK = 0.95, 0.92, 0.015


@dataclass
class Young:
    """A child as the history needs them; `id` is known once the rows are in."""

    place: Place
    columns: dict[str, Any]
    languages: dict[str, str]
    interests: list[str]
    left_on: date | None
    fluent: frozenset[str]
    id: int = 0
    busy: list[tuple[date, date]] = field(default_factory=list)

    @property
    def birth_date(self) -> date:
        found: date = self.columns["birth_date"]
        return found

    @property
    def waiting_since(self) -> date:
        found: date = self.columns["waiting_since"]
        return found


def make_children(
    random: Random, iins: Iins, places: list[Place], on: date, at: datetime
) -> list[Young]:
    """Every child: those who live in centres now, then those who have left."""
    ages = _ages(random)
    regions = [r for r, number in share(CHILDREN, CENTRES).items() for _ in range(number)]
    living = [
        _child(random, iins, places, on, at, region, age)
        for region, age in zip(regions, ages, strict=True)
    ]
    gone = [
        _leaver(random, iins, places, on, at, region)
        for region, number in share(LEAVERS, CENTRES).items()
        for _ in range(number)
    ]
    return living + gone


def _ages(random: Random) -> list[int]:
    spans = {f"{low}-{high}": float(weight) for (low, high), weight in AGES.items()}
    ages = []
    for span, number in share(CHILDREN, spans).items():
        low, high = (int(end) for end in span.split("-"))
        weights = [age + 1 for age in range(low, high + 1)] if high < 12 else None
        ages += random.choices(range(low, high + 1), weights, k=number)
    random.shuffle(ages)
    return ages


def _child(
    random: Random,
    iins: Iins,
    places: list[Place],
    on: date,
    at: datetime,
    region: str,
    age: int,
) -> Young:
    sex = Sex.MALE if random.random() < 0.53 else Sex.FEMALE
    birth_date = birth_date_at_age(random, on, age)
    iin = iins.draw(birth_date, sex) if random.random() < 0.88 else None
    first = draw_first_language(random, region)
    languages = draw_languages(random, first, adult=False) if age >= 5 else {first: "fluent"}
    waited = min(int(random.expovariate(1 / 420)) + 10, age * 365 + 5, YEARS * 500)
    columns = person_columns(random, first, sex, birth_date, iin, at) | {
        "first_language": first,
        "waiting_since": on - timedelta(days=waited),
        "left_on": None,
        "disability": False,
        "weekdays": [],
    }
    return Young(
        place=_place(random, places, region, age),
        columns=columns,
        languages=languages,
        interests=draw_interests(random) if age >= 5 else [],
        left_on=None,
        fluent=frozenset(code for code, level in languages.items() if level == Level.FLUENT),
    )


def _place(random: Random, places: list[Place], region: str, age: int) -> Place:
    """A centre of the region; the youngest live in children's homes where there is one."""
    near = [place for place in places if place.region == region]
    homes = [place for place in near if place.kind is CentreKind.CHILDRENS_HOME]
    others = [place for place in near if place.kind is not CentreKind.CHILDRENS_HOME]
    fitting = homes if homes and age < 5 else others
    weights = [0.4 if p.kind is CentreKind.MEDICAL_SOCIAL else 1 for p in fitting]
    return random.choices(fitting, weights)[0]


def _leaver(
    random: Random, iins: Iins, places: list[Place], on: date, at: datetime, region: str
) -> Young:
    """Somebody who came of age, or was placed in a family, in the last three years."""
    grown = random.random() < 0.65
    age = random.randint(18, 17 + YEARS) if grown else random.randint(11, 17)
    child = _child(random, iins, places, on, at, region, age)
    if grown:
        child.left_on = eighteenth_birthday(child.birth_date)
    else:
        tenth = child.birth_date + timedelta(days=3_700)
        earliest = max(tenth, on - timedelta(days=YEARS * 365 - 200))
        child.left_on = min(earliest + timedelta(days=random.randint(0, 900)), on)
    child.columns["left_on"] = child.left_on
    child.columns["waiting_since"] = child.left_on - timedelta(days=random.randint(200, 1_000))
    return child


def eighteenth_birthday(birth_date: date) -> date:
    """The day somebody comes of age."""
    if (birth_date.month, birth_date.day) == (2, 29):
        return date(birth_date.year + 18, 3, 1)
    return birth_date.replace(year=birth_date.year + 18)


def noted_at(started_on: date, on: date, at: datetime) -> datetime:
    """When a placement was written down: at once, since the demo register is kept."""
    kept_since = on - timedelta(days=round(YEARS * 365.25))
    return at - timedelta(days=(on - max(started_on, kept_since)).days)


def store_children(
    session: Session,
    random: Random,
    children: list[Young],
    centre_ids: dict[int, int],
    on: date,
    at: datetime,
) -> None:
    """Insert the children with their languages, interests and consents."""
    rows = [child.columns | {"centre_id": centre_ids[id(child.place)]} for child in children]
    for child, number in zip(children, insert_numbered(session, Child, rows), strict=True):
        child.id = number
    insert_all(session, ChildLanguage, [
        {"child_id": c.id, "language": code, "level": level}
        for c in children for code, level in c.languages.items()
    ])  # fmt: skip
    insert_all(session, ChildInterest, [
        {"child_id": c.id, "interest": code} for c in children for code in c.interests
    ])  # fmt: skip
    insert_all(session, Placement, [
        {
            "child_id": c.id,
            "form": PlacementForm.INSTITUTION,
            "centre_id": centre_ids[id(c.place)],
            "region": c.place.region,
            "started_on": min(c.waiting_since, on),
            "ended_on": c.left_on,
            "recorded_at": noted_at(min(c.waiting_since, on), on, at),
        }
        for c in children
    ])  # fmt: skip
    insert_all(session, Consent, [
        row for child in children for row in _consents(random, child, on, at)
    ])  # fmt: skip


def _consents(random: Random, child: Young, on: date, at: datetime) -> list[dict[str, Any]]:
    """Both consents of a child of ten or more, mostly; always of one who has had a mentor."""
    if (on - child.birth_date).days < OLD_ENOUGH * 365.25:
        return []
    rows = []
    names = f"{child.columns['last_name']} {child.columns['first_name']}"
    director = "Орталық директоры"
    givers = {ConsentKind.GUARDIAN: director, ConsentKind.OWN: names, ConsentKind.DATA: director}
    given_on = max(child.waiting_since, child.birth_date + timedelta(days=3_653))
    chances = (
        (ConsentKind.GUARDIAN, GUARDIAN_YES),
        (ConsentKind.OWN, OWN_YES),
        (ConsentKind.DATA, GUARDIAN_YES),
    )
    for kind, likely in chances:
        if not child.busy and random.random() > likely:
            continue
        taken_back = not child.busy and random.random() < TAKEN_BACK
        rows.append({
            "child_id": child.id,
            "kind": kind,
            "given_on": min(given_on, on),
            "given_by": givers[kind],
            "text_version": VERSION,
            "language": "ru" if child.columns["first_language"] == "ru" else "kk",
            "way": ConsentWay.ON_PAPER,
            "withdrawn_on": on if taken_back else None,
            "recorded_by": None,
            "recorded_at": at,
        })  # fmt: skip
    return rows
