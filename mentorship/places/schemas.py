from flask_babel import lazy_gettext as _l

from mentorship.places.words import region_names, town_names
from mentorship.web import words
from mentorship.web.fields import Choice, PageSchema, Text


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
