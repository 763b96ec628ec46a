from flask_babel import lazy_gettext as _l

from mentorship.meetings.fields import Rating
from mentorship.web import words
from mentorship.web.fields import Choice, Day, PageSchema, Paragraph


class CheckInSchema(PageSchema):
    held_on = Day(_l("Date of the contact"), past=True)
    way = Choice(_l("How you spoke"), words.CONTACT_WAYS, kind="radios")
    rating = Rating(_l("How the match is going"))
    next_step = Paragraph(
        _l("Next step"),
        required=False,
        longest=2000,
        hint=_l("What you agreed, and who does it by when."),
    )
