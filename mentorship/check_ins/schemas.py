from typing import Any

from flask_babel import lazy_gettext as _l

from mentorship.web import words
from mentorship.web.fields import Choice, Choices, Day, PageSchema, Paragraph, Whole


class Rating(Choice):
    """From 5 (very well) to 1 (badly), as a number."""

    def __init__(self, label: Any) -> None:
        super().__init__(label, words.WENT, kind="radios")

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return int(super()._deserialize(value, *args, **kwargs))


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
