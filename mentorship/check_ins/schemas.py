from flask_babel import lazy_gettext as _l

from mentorship.meetings.fields import Rating
from mentorship.web import words
from mentorship.web.fields import Choices, Day, PageSchema, Paragraph


class CheckInSchema(PageSchema):
    held_on = Day(_l("Date of the contact"), past=True)
    spoke_with = Choices(_l("Whom you spoke with"), words.SPOKE_WITH, required=True)
    rating = Rating(_l("How the match is going"))
    next_step = Paragraph(
        _l("Next step"),
        required=False,
        longest=2000,
        hint=_l("What you agreed, and who does it by when."),
    )
