"""The 116 organisations where children live: kinds as published, names of our own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import cycle
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from mentorship.demo.figures import CENTRES, KINDS
from mentorship.demo.names import draw_name
from mentorship.demo.rows import insert_all
from mentorship.i18n import search_key, sort_key
from mentorship.people.vocabulary import Sex
from mentorship.places.models import CentreChange, CentreKind
from mentorship.places.regions import TOWNS, Town

NAMES = (
    ("Шаңырақ", "Шанырак"), ("Нұр", "Нур"), ("Жанұя", "Жануя"), ("Мейірім", "Мейирим"),
    ("Үміт", "Умит"), ("Қамқорлық", "Камкорлык"), ("Ақбота", "Акбота"), ("Бәйтерек", "Байтерек"),
    ("Болашақ", "Болашак"), ("Жұлдыз", "Жулдыз"), ("Ақниет", "Акниет"), ("Арман", "Арман"),
    ("Күншуақ", "Куншуак"), ("Қарлығаш", "Карлыгаш"), ("Айналайын", "Айналайын"),
    ("Ақ көгершін", "Ак когершин"), ("Балдәурен", "Балдаурен"), ("Сенім", "Сеним"),
    ("Жүрек жылуы", "Журек жылуы"), ("Алтын ұя", "Алтын уя"), ("Достық", "Достык"),
    ("Береке", "Береке"), ("Өрлеу", "Орлеу"), ("Самғау", "Самгау"), ("Ертегі", "Ертеги"),
)  # fmt: skip
TITLES = {
    CentreKind.FAMILY_SUPPORT: ("отбасын қолдау орталығы", "Центр поддержки семьи"),
    CentreKind.BOARDING: ("мектеп-интернаты", "Школа-интернат"),
    CentreKind.CHILDRENS_VILLAGE: ("балалар ауылы", "Детская деревня"),
    CentreKind.CHILDRENS_HOME: ("балалар үйі", "Дом ребёнка"),
    CentreKind.MEDICAL_SOCIAL: (
        "медициналық-әлеуметтік мекемесі",
        "Медико-социальное учреждение",
    ),
}


@dataclass(frozen=True)
class Place:
    """A centre as the other generators need it."""

    region: str
    kind: CentreKind
    town: Town
    columns: dict[str, Any]


def make_centres(random: Random) -> list[Place]:
    """Every centre, by region; the first of a region lies in its administrative centre."""
    supply = _older_first(random)
    return [
        _centre(region, number, town, next(supply))
        for region, total in CENTRES.items()
        for number, town in zip(range(total), cycle(towns_of(region)), strict=False)
    ]


def describe(random: Random, places: list[Place]) -> None:
    """How to reach every centre, who leads it, and for how many children there is room."""
    for number, place in enumerate(places, start=1):
        last, first, patronymic = draw_name(random, "kk", random.choice((Sex.FEMALE, Sex.MALE)))
        facts = {
            "address": f"Достық көшесі, {random.randint(1, 120)}",
            "director": " ".join(filter(None, (last, first, patronymic))),
            "phone": f"+7717210{number:04}",
            "email": f"centre{number}@example.org",
            "capacity": random.choice((40, 50, 60, 60, 80, 100, 120)),
        }
        place.columns.update(facts)


def store_transformations(
    session: Session, random: Random, places: list[Place], ids: dict[int, int], at: datetime
) -> None:
    """Every family support centre was a boarding organisation before the reform."""
    insert_all(session, CentreChange, [
        {
            "centre_id": ids[id(place)],
            "was": CentreKind.BOARDING,
            "now": place.kind,
            "changed_on": date(random.randint(2014, 2025), random.randint(1, 12), 1),
            "source": None,
            "recorded_at": at,
        }
        for place in places
        if place.kind == CentreKind.FAMILY_SUPPORT
    ])  # fmt: skip


def towns_of(region: str) -> list[Town]:
    """The region's towns, its administrative centre first."""
    return [town for town in TOWNS if town.kato == region]


def _older_first(random: Random) -> Iterator[CentreKind]:
    """A kind for each centre; each region's first two take older children."""
    young = (CentreKind.CHILDRENS_HOME, CentreKind.MEDICAL_SOCIAL)
    kinds = [kind for kind, number in KINDS.items() for _ in range(number)]
    random.shuffle(kinds)
    kinds.sort(key=lambda kind: kind in young)
    first, others = kinds[: 2 * len(CENTRES)], kinds[2 * len(CENTRES) :]
    random.shuffle(others)
    for total in CENTRES.values():
        for number in range(total):
            yield first.pop() if number < 2 else others.pop()


def _centre(region: str, number: int, town: Town, kind: CentreKind) -> Place:
    name_kk, name_ru = NAMES[(number * 7 + int(region)) % len(NAMES)]
    title_kk, title_ru = TITLES[kind]
    kk, ru = f"«{name_kk}» {title_kk}, {town.name_kk}", f"{title_ru} «{name_ru}», {town.name_ru}"
    columns = {
        "name_kk": kk,
        "name_ru": ru,
        "kind": kind,
        "region": region,
        "town": town.name_kk,
        "open": True,
        "languages": ["kk", "ru"],
        "search_key": search_key(kk, ru),
        "sort_key": sort_key(kk),
    }
    return Place(region, kind, town, columns)
