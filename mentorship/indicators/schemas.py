import re
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, post_load, validates_schema

from mentorship.indicators import words
from mentorship.indicators.vocabulary import FACTORS, YEARS, Formula
from mentorship.places.words import region_names
from mentorship.web.fields import Choice, PageSchema, Text

NEEDED = {
    Formula.MEASURE: {"measure": _l("Choose the figure.")},
    Formula.RATIO: {
        "measure": _l("Choose what is counted."),
        "base": _l("Choose by what it is divided."),
        "factor": _l("Choose how the ratio is told."),
    },
    Formula.LASTING: {"months": _l("Choose how long a match must last.")},
}


class IndicatorSchema(PageSchema):
    """What an indicator is called, how it is counted, and who says so."""

    name_kk = Text(_l("Name in Kazakh"), longest=300)
    name_ru = Text(_l("Name in Russian"), longest=300)
    name_en = Text(_l("Name in English"), longest=300)
    formula = Choice(_l("How it is computed"), words.FORMULAS, kind="radios")
    measure = Choice(
        _l("Figure"),
        words.measure_options,
        required=False,
        hint=_l("For one figure, or for what is divided. Leave it empty for matches that last."),
    )
    base = Choice(_l("Divided by"), words.count_options, required=False)
    factor = Choice(_l("The ratio is told"), words.FACTORS, required=False)
    months = Choice(_l("Matches that last at least"), words.months_options, required=False)
    region = Choice(
        _l("Region"), region_names, required=False, hint=_l("Leave it empty for the whole country.")
    )
    direction = Choice(_l("Which way is good"), words.DIRECTIONS, kind="radios")
    from_year = Choice(
        _l("Counted in this way from"),
        {str(year): str(year) for year in YEARS},
        hint=_l("A changed formula counts from this year on. Years before keep their own."),
    )
    source = Text(
        _l("Source"),
        longest=300,
        hint=_l("The law, order or decision with its date; or «design» where there is none."),
    )
    owner = Text(_l("Who answers for it"))

    @validates_schema(skip_on_field_errors=True)
    def _is_whole(self, data: dict[str, Any], **kwargs: Any) -> None:
        formula = Formula(data["formula"])
        missing = {
            name: [str(said)] for name, said in NEEDED[formula].items() if not data.get(name)
        }
        if missing:
            raise ValidationError(missing)
        if formula == Formula.RATIO and data["measure"] not in words.count_options():
            message = gettext("A share or a mean cannot be divided again. Choose a count.")
            raise ValidationError({"measure": [message]})
        if formula == Formula.RATIO and data["measure"] == data["base"]:
            message = gettext("A count divided by itself says nothing. Choose another one.")
            raise ValidationError({"base": [message]})

    @post_load
    def _only_what_counts(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        """Without what the chosen formula does not use; codes with their parts taken apart."""
        used = NEEDED[Formula(data["formula"])]
        measure, part = _taken_apart(data.get("measure") if "measure" in used else None)
        base, base_part = _taken_apart(data.get("base") if "base" in used else None)
        factor = FACTORS[data["factor"]] if "factor" in used else None
        months = int(data["months"]) if "months" in used else None
        return data | {
            "measure": measure,
            "part": part,
            "base": base,
            "base_part": base_part,
            "factor": factor,
            "months": months,
            "region": data.get("region"),
            "from_year": int(data["from_year"]),
        }


def _taken_apart(code: str | None) -> tuple[str | None, str | None]:
    if not code:
        return None, None
    measure, _, part = code.partition("/")
    return measure, part or None


class Amount(Text):
    """A number that may have a decimal, with a comma or a point; `most` is the largest."""

    def __init__(self, label: Any, *, most: float, **more: Any) -> None:
        self.most = most
        super().__init__(label, longest=20, **more)
        self.validators = []  # those of a text; it is a number when they would look at it

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = str(super()._deserialize(value, *args, **kwargs))
        text = text.replace(" ", "").removesuffix("%").replace(",", ".")
        if re.fullmatch(r"\d{1,9}(\.\d{1,3})?", text, re.ASCII) is None:
            raise ValidationError(gettext("Enter a number like 82 or 82,5."))
        if float(text) > self.most:
            raise ValidationError(gettext("Enter a number of at most %(most)s.", most=self.most))
        return float(text)


class TargetSchema(PageSchema):
    """The plan of a year."""

    value = Amount(
        _l("Target"), most=1_000_000_000, required=False, hint=_l("Leave it empty to withdraw it.")
    )
    source = Text(_l("Source"), longest=300)


class ShareTargetSchema(TargetSchema):
    """The plan of a year, of an indicator that is told in percent."""

    value = Amount(
        _l("Target, percent"), most=100, required=False, hint=_l("Leave it empty to withdraw it.")
    )
