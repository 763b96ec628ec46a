from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from mentorship.supply import words
from mentorship.supply.fields import Number
from mentorship.supply.models import PublishedFigure
from mentorship.supply.vocabulary import Exactness, Unit
from mentorship.web.fields import Choice, Day, PageSchema, Text, YesNo

LANGUAGES = ("kk", "ru", "en")
OF_A_HUNDRED = (Unit.SHARE, Unit.CHANGE)
SAID = tuple(f"said_{code}" for code in LANGUAGES)


class PublishedSchema(PageSchema):
    """A figure as its source says it: a number, or words in three languages."""

    topic = Choice(_l("Stands beside"), words.TOPICS)
    name_kk = Text(_l("What is counted, in Kazakh"), longest=300)
    name_ru = Text(_l("What is counted, in Russian"), longest=300)
    name_en = Text(_l("What is counted, in English"), longest=300)
    number = Number(
        _l("Number"),
        required=False,
        hint=_l("In per cent where it is a share. Leave it empty where the source uses words."),
    )
    number_to = Number(
        _l("Up to"), required=False, hint=_l("Only where the source gives two numbers.")
    )
    unit = Choice(_l("The number is"), words.UNITS)
    exactness = Choice(_l("The source says"), words.EXACTNESS)
    said_kk = Text(_l("In words, in Kazakh"), required=False)
    said_ru = Text(_l("In words, in Russian"), required=False)
    said_en = Text(_l("In words, in English"), required=False)
    as_of = Day(
        _l("As of"),
        required=False,
        past=True,
        hint=_l(
            "The day the figure speaks of, or the day it was published. Leave it empty where the "
            "source has no date."
        ),
    )
    source = Text(_l("Source"), longest=300, hint=_l("Who published it."))
    certainty = Choice(_l("How sure"), words.CERTAINTIES)

    @validates_schema
    def number_or_words(self, data: dict[str, Any], **_: Any) -> None:
        number, told = data.get("number"), [name for name in SAID if data.get(name)]
        if number is None and not told:
            raise ValidationError(gettext("Enter a number or say it in words."), "number")
        if number is not None and told:
            raise ValidationError(gettext("Enter either a number or words."), told[0])
        if told and len(told) < len(SAID):
            missing = next(name for name in SAID if name not in told)
            raise ValidationError(gettext("Say it in all three languages."), missing)

    @validates_schema
    def two_ends_in_order(self, data: dict[str, Any], **_: Any) -> None:
        low, high = data.get("number"), data.get("number_to")
        if high is not None and (low is None or float(high) <= float(low)):
            raise ValidationError(gettext("The second number must be the larger one."), "number_to")


class CorrectionSchema(PublishedSchema):
    """The same with the reason, and whether it is shown at all."""

    withdrawn = YesNo(_l("Do not show this figure any more"))
    reason = Text(_l("Why it is corrected"), longest=300)


def columns(data: dict[str, Any]) -> dict[str, Any]:
    """What was typed as the columns of a figure."""
    given = dict(data)
    parts = 100 if given["unit"] in OF_A_HUNDRED else 1
    number, number_to = given.pop("number"), given.pop("number_to")
    said = {code: given.pop(f"said_{code}") for code in LANGUAGES}
    names = {code: given.pop(f"name_{code}") for code in LANGUAGES}
    return given | {
        "names": names,
        "said": said if said["en"] else None,
        "value": None if number is None else float(number) / parts,
        "value_to": None if number_to is None else float(number_to) / parts,
    }


def values(row: PublishedFigure) -> dict[str, Any]:
    """A figure's columns as the form shows them."""
    parts = 100 if row.unit in OF_A_HUNDRED else 1
    same = ("topic", "unit", "exactness", "as_of", "source", "certainty", "withdrawn")
    return (
        {name: getattr(row, name) for name in same}
        | {f"name_{code}": row.names[code] for code in LANGUAGES}
        | {f"said_{code}": (row.said or {}).get(code) for code in LANGUAGES}
        | {"number": typed(row.value, parts), "number_to": typed(row.value_to, parts)}
    )


def typed(value: float | None, parts: int) -> str | None:
    """A number as somebody would type it."""
    return None if value is None else f"{value * parts:.4f}".rstrip("0").rstrip(".")


NEW = {"unit": Unit.NUMBER, "exactness": Exactness.EXACT}
