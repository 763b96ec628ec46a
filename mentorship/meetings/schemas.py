from datetime import date, time
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, post_load, validates_schema

from mentorship.meetings.fields import Clock, Rating, Weekday
from mentorship.meetings.words import CANCELLED_BY, EVERY
from mentorship.mentors.schemas import PauseSchema
from mentorship.web import words
from mentorship.web.fields import Choice, Day, Options, PageSchema, Paragraph, Text, Whole, YesNo


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


class CancelledSchema(PageSchema):
    """A meeting that did not take place."""

    held_on = Day(_l("The day you wanted to meet"))
    cancelled_by = Choice(_l("Why it did not take place"), CANCELLED_BY, kind="radios")
    cancel_reason = Paragraph(_l("A few words more"), required=False, longest=500)
    next_on = Day(_l("Next meeting"), required=False)


class SlotSchema(PageSchema):
    """When and where the two meet every week."""

    weekday = Weekday(_l("Day of the week"), EVERY)
    at_time = Clock(_l("Time of the meeting"))
    minutes = Whole(_l("Duration, minutes"), least=5, most=1440)
    place = Text(_l("Place"), longest=200, hint=_l("For example: at the centre, in the library."))

    @post_load
    def as_time(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "at_time": time.fromisoformat(data["at_time"])}


class HelpSchema(PageSchema):
    about = Choice(_l("What it is about"), {})
    text = Paragraph(
        _l("What do you need?"),
        longest=2000,
        hint=_l("Your coordinators see it at once. If a child is in danger, call 102 or 111 now."),
    )

    def offer(self, about: Options) -> "HelpSchema":
        """The same form with these children to choose from."""
        field = self.fields["about"]
        field.metadata = {**field.metadata, "options": about}
        return self


class AnswerSchema(PageSchema):
    answer = Paragraph(_l("Your answer"), longest=2000)


class ReplySchema(PageSchema):
    text = Paragraph(_l("Your answer to the mentor"), longest=1000)


class AwaySchema(PauseSchema):
    """Days away, and whether somebody shall meet the child meanwhile."""

    substitute = YesNo(_l("Please find somebody to meet the child while I am away"))
    wish = Text(
        _l("Whom I would suggest"),
        required=False,
        hint=_l("A mentor whom the child knows, if there is one. Your coordinator decides."),
    )


class AppointSchema(PageSchema):
    """Who stands in, from when to when, and that the child agrees."""

    mentor = Choice(_l("Who stands in"), {})
    from_on = Day(_l("From"))
    until_on = Day(_l("Until, the last day"))
    child_agreed_on = Day(_l("The child agreed on"), past=True)
    note = Text(_l("Note"), required=False)

    def offer(self, mentors: Options) -> "AppointSchema":
        """The same form with these mentors to choose from."""
        field = self.fields["mentor"]
        field.metadata = {**field.metadata, "options": mentors}
        return self

    @validates_schema
    def dates_in_order(self, data: dict[str, Any], **_: Any) -> None:
        since: date | None = data.get("from_on")
        until: date | None = data.get("until_on")
        if since and until and until < since:
            raise ValidationError(gettext("The last day is before the first."), "until_on")


class DeclineSchema(PageSchema):
    note = Text(_l("Why nobody stands in"), hint=_l("The mentor reads this."))
