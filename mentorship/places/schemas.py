from flask_babel import lazy_gettext as _l

from mentorship.places.words import region_names, town_names
from mentorship.web import words
from mentorship.web.fields import Choice, Choices, Day, Email, PageSchema, Text, Whole, YesNo
from mentorship.web.phones import Phone


class CentreSchema(PageSchema):
    name_kk = Text(_l("Name in Kazakh"))
    name_ru = Text(_l("Name in Russian"))
    kind = Choice(_l("Kind"), words.CENTRE_KINDS)
    region = Choice(_l("Region"), region_names)
    town = Text(
        _l("Town or village"),
        longest=100,
        suggestions=town_names,
        hint=_l("Where it is not on the list, distances are measured from the regional centre."),
    )


class CentreFactsSchema(CentreSchema):
    """All that is kept about an organisation; its kind changes only by a transformation."""

    address = Text(_l("Address"), longest=300, required=False)
    director = Text(_l("Director"), required=False)
    phone = Phone(_l("Phone number"), required=False)
    email = Email(_l("E-mail"), required=False)
    languages = Choices(_l("Languages of the staff"), words.LANGUAGES)
    capacity = Whole(_l("Places for children"), least=0, most=5000, required=False)


class CentreStandingSchema(CentreFactsSchema):
    """The same of a centre that is known, and whether it still works."""

    open = YesNo(
        _l("The organisation works"),
        hint=_l("Children of a closed organisation are not proposed until they are moved."),
    )

    class Meta(PageSchema.Meta):
        exclude = ("kind",)


class TransformationSchema(PageSchema):
    kind = Choice(_l("What it becomes"), words.CENTRE_KINDS)
    changed_on = Day(_l("From which day"), past=True)
    source = Text(_l("Decision"), longest=300, required=False)
