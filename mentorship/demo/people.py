"""What every synthetic person has: names, sex, birth date, IIN, languages, interests."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from mentorship.demo.figures import FIRST_LANGUAGES
from mentorship.demo.names import draw_name
from mentorship.encryption import keyring
from mentorship.i18n import search_key, sort_key
from mentorship.people.iin import has_right_check_digit
from mentorship.people.vocabulary import INTERESTS, Language, Level, Sex

# Interests that many have; the other ones are rarer.
POPULAR = {
    "football": 9, "volleyball": 6, "drawing": 7, "singing": 5, "dance": 5, "computer_games": 7,
    "cinema": 6, "reading": 5, "cooking": 6, "swimming": 5, "animals": 5, "listening_to_music": 6,
    "cycling": 4, "chess": 4, "dombra": 3, "baking": 4, "boxing": 3, "photography": 3, "english": 3,
}  # fmt: skip
FIRST_SERIAL = 9000  # serials from here on are not given to people


class Iins:
    """Draws numbers with the right check digit, no number twice."""

    def __init__(self) -> None:
        self._serials: dict[str, int] = {}

    def draw(self, birth_date: date, sex: Sex) -> str:
        """The next free number of this birth date and sex."""
        century = 3 if birth_date.year < 2000 else 5
        start = f"{birth_date:%y%m%d}{century + (sex is Sex.FEMALE)}"
        for serial in range(self._serials.get(start, FIRST_SERIAL), 10_000):
            for digit in range(10):
                number = f"{start}{serial}{digit}"
                if has_right_check_digit(number):
                    self._serials[start] = serial + 1
                    return number
        raise ValueError("no serial is left for this day")


def person_columns(
    random: Random, tradition: str, sex: Sex, birth_date: date, iin: str | None, at: datetime
) -> dict[str, Any]:
    """The columns that mentors and children share, with the keys made from the names."""
    last, first, patronymic = draw_name(random, tradition, sex)
    return {
        "last_name": last,
        "first_name": first,
        "patronymic": patronymic,
        "sex": sex,
        "birth_date": birth_date,
        "iin": iin,
        "iin_hash": keyring.hashes(iin)[0] if iin else None,
        "search_key": search_key(last, first, patronymic),
        "sort_key": sort_key(last, first, patronymic),
        "version": 1,
        "created_at": at,
    }


def draw_first_language(random: Random, region: str) -> str:
    """A first language by the shares of the region."""
    shares = FIRST_LANGUAGES[region]
    weights = [*shares.values(), 1 - sum(shares.values())]
    return random.choices([*shares, Language.RUSSIAN.value], weights)[0]


def draw_languages(random: Random, first: str, adult: bool) -> dict[str, str]:
    """Languages with their level: the first one fluently, often Kazakh or Russian besides."""
    spoken = {first: Level.FLUENT.value}
    for other, fluent in (("ru", 0.75 if adult else 0.5), ("kk", 0.55 if adult else 0.4)):
        if other not in spoken and random.random() < 0.8:
            level = Level.FLUENT if random.random() < fluent else Level.BASIC
            spoken[other] = level.value
    if random.random() < (0.25 if adult else 0.1):
        spoken["en"] = Level.FLUENT.value if adult and random.random() < 0.4 else Level.BASIC.value
    if random.random() < 0.015:
        spoken["sign"] = Level.FLUENT.value
    return spoken


def draw_interests(random: Random, least: int = 2, most: int = 6) -> list[str]:
    """Some interests; the popular ones come up more often."""
    codes = list(INTERESTS)
    weights = [POPULAR.get(code, 1) for code in codes]
    wanted = random.randint(least, most)
    return sorted(set(random.choices(codes, weights, k=wanted)))


def birth_date_at_age(random: Random, on: date, years: int) -> date:
    """A day on which somebody of that age today may have been born."""
    latest = _years_before(on, years)
    return latest - timedelta(days=random.randint(0, 364))


def _years_before(day: date, years: int) -> date:
    if (day.month, day.day) == (2, 29):
        day = date(day.year, 2, 28)
    return day.replace(year=day.year - years)


def draw_weighted(random: Random, weights: Mapping[Any, float]) -> Any:
    """One of the keys, by weight."""
    return random.choices(list(weights), list(weights.values()))[0]
