from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from mentorship.i18n import LOCALES
from mentorship.places.words import region_names
from mentorship.web.fields import Choice, Day, Email, PageSchema, Text, Whole, YesNo
from mentorship.web.phones import Phone


class AuthoritySchema(PageSchema):
    name_kk = Text(_l("Name in Kazakh"))
    name_ru = Text(_l("Name in Russian"))
    region = Choice(_l("Region"), region_names)
    address = Text(_l("Address"), longest=300, required=False)
    phone = Phone(_l("Phone number"), required=False)
    email = Email(_l("E-mail"), required=False)
    open = YesNo(_l("The authority works"))


class SpecialistSchema(PageSchema):
    name = Text(_l("Full name"))
    post = Text(_l("Position"), required=False)
    phone = Phone(_l("Phone number"), required=False)
    email = Email(
        _l("E-mail"),
        required=False,
        hint=_l("Messages about the children whose case they manage go here, without names."),
    )
    language = Choice(_l("Language of messages"), LOCALES)
    from_on = Day(_l("Works there since"), past=True)
    until_on = Day(_l("Last day"), required=False)

    @validates_schema
    def dates_in_order(self, data: dict[str, Any], **_: Any) -> None:
        since, until = data.get("from_on"), data.get("until_on")
        if since and until and until < since:
            raise ValidationError(gettext("The last day is before the first."), "until_on")


class PopulationSchema(PageSchema):
    children = Whole(_l("Children under 18"), least=0, most=9_999_999)
    as_of = Day(_l("On which day"), past=True)
    source = Text(_l("Source"), longest=300, hint=_l("Who published it, and when."))
