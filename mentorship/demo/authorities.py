"""A guardianship authority in every region, its specialists, and how many children live there.

The published totals are kept: 6,841,527 children under 18 on 1 January 2024 (Bureau of National
Statistics), 1,028 specialists (el.kz, 24 January 2026). How they spread over the regions is not
published as a table: that part is made up, and its source says so.
"""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from mentorship.authorities.models import Authority, ChildPopulation, Specialist
from mentorship.demo.children import Young
from mentorship.demo.figures import share
from mentorship.demo.names import draw_name
from mentorship.demo.rows import insert_all, insert_numbered
from mentorship.i18n import search_key, sort_key
from mentorship.people.vocabulary import Sex
from mentorship.places.regions import REGIONS

CHILDREN, SPECIALISTS = 6_841_527, 1_028
COUNTED_ON = date(2024, 1, 1)
SOURCE = (
    "Synthetic, for the demonstration: spread by our guess over the published total of 6,841,527 "
    "(Bureau of National Statistics, 1 January 2024)"
)
# Our guess of the shares, in thousandths.
WEIGHTS = {
    "10": 26, "11": 35, "15": 49, "19": 88, "23": 40, "27": 40, "31": 69, "33": 40, "35": 52,
    "39": 30, "43": 50, "47": 50, "55": 30, "59": 18, "61": 140, "62": 12, "63": 28, "71": 75,
    "75": 95, "79": 78,
}  # fmt: skip
# Where specialists are found easily and where they are not: most regions miss some.
STAFFED = {"19": 0.7, "61": 0.75, "79": 0.8, "47": 0.85, "62": 1.9, "59": 1.5, "39": 1.35}


def store_authorities(session: Session, random: Random, on: date, at: datetime) -> dict[str, Any]:
    """Insert them; the ids of each region's specialists, for the children they manage."""
    rows = [_authority(code) for code in REGIONS]
    ids = insert_numbered(session, Authority, rows)
    numbers = share(SPECIALISTS, {c: WEIGHTS[c] * STAFFED.get(c, 1.0) for c in REGIONS}, least=4)
    staff = [
        _specialist(random, authority, row["region"], number, on)
        for authority, row in zip(ids, rows, strict=True)
        for number in range(numbers[row["region"]])
    ]
    known = insert_numbered(
        session, Specialist, [{k: v for k, v in one.items() if k != "region"} for one in staff]
    )
    counts = share(CHILDREN, {code: WEIGHTS[code] for code in REGIONS})
    insert_all(session, ChildPopulation, [
        {
            "region": code,
            "children": number,
            "as_of": COUNTED_ON,
            "source": SOURCE,
            "recorded_at": at,
        }
        for code, number in counts.items()
    ])  # fmt: skip
    found: dict[str, Any] = {code: [] for code in REGIONS}
    for one, number in zip(staff, known, strict=True):
        found[one["region"]].append(number)
    return found


def give_case_managers(random: Random, children: list[Young], staff: dict[str, Any]) -> None:
    """Give most children a case manager of their region, before their rows go in."""
    for child in children:
        chosen = random.choice(staff[child.place.region])
        child.columns["case_manager_id"] = chosen if random.random() < 0.9 else None


def _authority(code: str) -> dict[str, Any]:
    kk = f"{REGIONS[code].name('kk')}: қорғаншылық және қамқоршылық органы"
    ru = f"{REGIONS[code].name('ru')}: орган опеки и попечительства"
    return {
        "region": code,
        "name_kk": kk,
        "name_ru": ru,
        "phone": f"+7717200{code}00",
        "email": f"authority{code}@example.org",
        "open": True,
        "search_key": search_key(kk, ru),
        "sort_key": sort_key(kk),
    }


def _specialist(
    random: Random, authority: int, region: str, number: int, on: date
) -> dict[str, Any]:
    sex = Sex.FEMALE if random.random() < 0.8 else Sex.MALE
    last, first, patronymic = draw_name(random, "kk" if random.random() < 0.7 else "ru", sex)
    name = " ".join(filter(None, (last, first, patronymic)))
    return {
        "authority_id": authority,
        "region": region,
        "name": name,
        "post": "Бас маман" if number % 5 == 0 else "Маман",
        "email": f"specialist{region}{number:03}@example.org",
        "language": "kk" if random.random() < 0.6 else "ru",
        "from_on": on - timedelta(days=random.randint(60, 1500)),
        "search_key": search_key(name),
        "sort_key": sort_key(name),
    }
