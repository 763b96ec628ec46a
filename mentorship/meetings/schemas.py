from flask_babel import lazy_gettext as _l

from mentorship.meetings.fields import Rating
from mentorship.web import words
from mentorship.web.fields import Choice, Day, PageSchema, Paragraph, Whole


class MeetingSchema(PageSchema):
    held_on = Day(_l("Date of the meeting"), past=True)
    kind = Choice(_l("How you met"), words.MEETING_KINDS, kind="radios")
    minutes = Whole(_l("Duration, minutes"), least=5, most=1440)
    activity = Paragraph(_l("What you did together"), longest=1000)
    went = Rating(_l("How it went"))
    notes = Paragraph(_l("Notes"), required=False, longest=2000)
    next_on = Day(_l("Next meeting"), required=False)
    worry = Paragraph(
        _l("Something worried me"),
        required=False,
        longest=2000,
        hint=_l("Your coordinator reads this first. If a child is in danger, call 102 or 111 now."),
    )
