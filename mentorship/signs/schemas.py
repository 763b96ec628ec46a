from flask_babel import lazy_gettext as _l

from mentorship.web.fields import Day, PageSchema, Paragraph


class SeenSchema(PageSchema):
    note = Paragraph(
        _l("What you have done, or will do"),
        longest=2000,
        hint=_l("One sentence is enough: whom you called, what you agreed."),
    )
    snoozed_until = Day(
        _l("Remind me again on"),
        required=False,
        future=True,
        hint=_l("Until then the sign does not stand on Today. It stays in the list."),
    )
