from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, post_load, validates_schema

from mentorship import clock
from mentorship.concerns import words
from mentorship.concerns.fields import Hour, moment
from mentorship.web.fields import Choice, Choices, Day, PageSchema, Paragraph, YesNo


class StepsSchema(PageSchema):
    """What was done at once, and when: `steps` and `happened_at`."""

    steps = Choices(_l("What has been done already"), words.STEPS)
    done_on = Day(_l("On which day"), past=True, required=False)
    done_hour = Hour(_l("At what time"), required=False, kind="text")

    @validates_schema
    def not_ahead(self, data: dict[str, Any], **_: Any) -> None:
        hour, day = data.get("done_hour"), data.get("done_on")
        if hour and moment(day or clock.today(), hour) > clock.now():
            raise ValidationError(gettext("The time cannot be in the future."), "done_hour")

    @post_load
    def at_once(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """One instant of day and hour; without an hour, the moment of writing, or noon."""
        day, hour = data.pop("done_on", None), data.pop("done_hour", None)
        now = clock.now().astimezone(clock.ALMATY)
        if hour is None:
            hour = f"{now:%H:%M}" if day in (None, now.date()) else "12:00"
        data["happened_at"] = moment(day or now.date(), hour)
        return data


class ReportSchema(StepsSchema):
    severity = Choice(_l("How serious is it?"), words.SEVERITIES, kind="radios")
    text = Paragraph(
        _l("What you saw or heard"),
        longest=4000,
        hint=_l(
            "As it was, in the child's own words where you remember them. "
            "When and where. No guesses: they are for those who look into it."
        ),
    )

    class Meta(PageSchema.Meta):
        fields = ("severity", "text", "steps", "done_on", "done_hour")


class ReviewSchema(StepsSchema):
    text = Paragraph(
        _l("What you found out, and what happens next"),
        longest=4000,
        hint=_l("Whom you spoke with, what is agreed, who watches. Never a diagnosis."),
    )

    class Meta(PageSchema.Meta):
        fields = ("text", "steps", "done_on", "done_hour")


class NoteSchema(StepsSchema):
    text = Paragraph(_l("Note"), longest=4000, required=False)

    class Meta(PageSchema.Meta):
        fields = ("text", "steps", "done_on", "done_hour")


class PauseSchema(PageSchema):
    text = Paragraph(_l("Why the two do not meet for now"), longest=2000)


class OwnerSchema(PageSchema):
    """`staff`: who may answer for it, by id."""

    def __init__(self, staff: dict[str, str]) -> None:
        super().__init__()
        self.fields["owner"].metadata = {**self.fields["owner"].metadata, "options": staff}

    owner = Choice(_l("Who answers for it"), {})


class ReadersSchema(PageSchema):
    """`staff`: who may be named a reader, by id."""

    def __init__(self, staff: dict[str, str]) -> None:
        super().__init__()
        self.fields["readers"].metadata = {**self.fields["readers"].metadata, "options": staff}

    restricted = YesNo(
        _l("Only the owner, the people named here and the owner's supervisor may read it"),
        hint=_l("For example when it is about somebody who works with you."),
    )
    readers = Choices(_l("Who else may read it"), {})


class CloseSchema(PageSchema):
    outcome = Choice(
        _l("What it came to"),
        {code: word for code, word in words.OUTCOMES.items() if code != "earlier"},
        kind="radios",
    )
    text = Paragraph(
        _l("Why it can be closed"),
        longest=4000,
        hint=_l("How the child is now, and who goes on watching. The second person reads this."),
    )


class SignSchema(PageSchema):
    """The second person signs, or sends it back saying what is missing."""

    answer = Choice(
        _l("Your decision"),
        {"sign": _l("Close it with my signature"), "back": _l("Send it back")},
        kind="radios",
    )
    text = Paragraph(_l("What is missing, or what you checked"), longest=2000, required=False)

    @validates_schema
    def say_what_is_missing(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("answer") == "back" and not data.get("text"):
            raise ValidationError(gettext("Say what is missing."), "text")


class ReopenSchema(PageSchema):
    text = Paragraph(_l("What is new"), longest=2000)
