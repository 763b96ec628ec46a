"""The closed word lists about people: sex, languages and their levels, interests."""

import csv
from enum import StrEnum
from importlib.resources import files


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class Language(StrEnum):
    KAZAKH = "kk"
    RUSSIAN = "ru"
    UZBEK = "uz"
    UYGHUR = "ug"
    TAJIK = "tg"
    ENGLISH = "en"
    SIGN = "sign"


class Need(StrEnum):
    """What a mentor should be prepared for: a child's need, and the skill that answers it."""

    TRAUMA = "trauma"
    SIGN_LANGUAGE = "sign_language"
    MOBILITY = "mobility"
    LEARNING = "learning"
    BEHAVIOUR = "behaviour"
    DAILY_CARE = "daily_care"
    GRIEF = "grief"
    INDEPENDENCE = "independence"


class Relation(StrEnum):
    """How a relative is related to a child."""

    MOTHER = "mother"
    FATHER = "father"
    GRANDPARENT = "grandparent"
    BROTHER_SISTER = "brother_sister"
    AUNT_UNCLE = "aunt_uncle"
    COUSIN = "cousin"
    OTHER = "other"


class Visits(StrEnum):
    """How often a relative visits."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    RARELY = "rarely"
    NEVER = "never"


class Level(StrEnum):
    FLUENT = "fluent"
    BASIC = "basic"


def _interests() -> dict[str, dict[str, str]]:
    text = files("mentorship.people").joinpath("interests.csv").read_text("utf-8")
    return {
        row["code"]: {"kk": row["kk"], "ru": row["ru"], "en": row["en"]}
        for row in csv.DictReader(text.splitlines())
    }


INTERESTS = _interests()

# As a child meets them: every interest stands in one group.
INTERESTS_BY_GROUP: dict[str, tuple[str, ...]] = {
    "sport": (
        "football", "volleyball", "basketball", "table_tennis", "swimming", "cycling", "athletics",
        "skiing", "skating", "wrestling", "kazakh_wrestling", "boxing", "martial_arts",
    ),
    "outdoors": ("animals", "horses", "hiking", "fishing", "travel", "gardening", "ecology"),
    "games": ("computer_games", "board_games", "chess", "togyzqumalaq", "asyq"),
    "stage": (
        "listening_to_music", "singing", "dance", "dombra", "guitar", "cinema", "theatre",
        "photography", "video_making",
    ),
    "making": (
        "drawing", "crafts", "cooking", "baking", "sewing", "embroidery", "woodwork", "fashion",
        "hairdressing",
    ),
    "machines": ("cars", "repair", "robotics", "electronics", "programming"),
    "learning": (
        "reading", "writing", "mathematics", "physics", "chemistry", "biology", "astronomy",
        "history", "kazakh_literature", "russian_literature", "english", "learning_languages",
    ),
    "people": (
        "volunteering", "first_aid", "medicine", "psychology", "entrepreneurship", "law", "debate",
        "journalism",
    ),
}  # fmt: skip
