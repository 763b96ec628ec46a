from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from mentorship.people import iin as iin_rules
from mentorship.people.fields import Iin, Levels
from mentorship.people.vocabulary import Sex
from mentorship.people.words import interest_names
from mentorship.web import words
from mentorship.web.fields import Choice, Choices, Day, PageSchema, Text, YesNo


def refuse_ages_upside_down(data: dict[str, Any], low: str, high: str) -> None:
    """Raise ValidationError where the younger age of a wish is above the older one."""
    youngest, oldest = data.get(low), data.get(high)
    if youngest is not None and oldest is not None and oldest < youngest:
        raise ValidationError(gettext("The older age is below the younger one."), high)


class PersonSchema(PageSchema):
    """What is asked of every person. A wrong-looking IIN must be confirmed: it can be right."""

    last_name = Text(_l("Last name"), longest=100)
    first_name = Text(_l("First name"), longest=100)
    patronymic = Text(_l("Patronymic"), longest=100, required=False)
    sex = Choice(_l("Sex"), words.SEXES, kind="radios")
    birth_date = Day(_l("Date of birth"), past=True)
    iin = Iin(_l("IIN"), required=False)
    iin_confirmed = YesNo(_l("I have compared the IIN with the document"))
    languages = Levels(_l("Languages"))
    interests = Choices(_l("Interests"), interest_names)

    @validates_schema
    def iin_agrees_or_is_confirmed(self, data: dict[str, Any], **_: Any) -> None:
        asked = data.get("iin"), data.get("birth_date"), data.get("sex")
        if not all(asked) or data.get("iin_confirmed"):
            return
        if iin_rules.disagrees(data["iin"], data["birth_date"], Sex(data["sex"])):
            message = gettext(
                "The IIN does not match the date of birth or the sex. "
                "Compare it with the document and tick the box."
            )
            raise ValidationError(message, "iin_confirmed")
