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
