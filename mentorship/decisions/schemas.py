from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from mentorship.web import words
from mentorship.web.fields import Choice, Day, PageSchema, Paragraph, Text, YesNo


class RulingSchema(PageSchema):
    reason = Text(_l("Reason"), longest=500, hint=_l("Colleagues read it. Write no diagnosis."))
    until = Day(
        _l("Last day"),
        required=False,
        future=True,
        hint=_l("Leave it empty when the ruling is for good."),
    )


class DeclineSchema(PageSchema):
    reason = Choice(_l("Reason for declining"), words.DECLINE_REASONS, kind="radios")
    note = Paragraph(_l("Note"), required=False, longest=1000)
    until = Day(
        _l("Last day on which the reason stands"),
        required=False,
        future=True,
        hint=_l("Leave it empty for the usual time of the reason, shown above."),
    )
    for_good = YesNo(_l("The reason stands for good"))

    @validates_schema
    def other_needs_words(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("reason") == "other" and not data.get("note"):
            raise ValidationError(gettext("Give the reason in your own words."), "note")

    @validates_schema
    def one_end(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("for_good") and data.get("until"):
            raise ValidationError(gettext("Give a last day or tick for good, not both."), "until")


class AskSchema(PageSchema):
    question = Paragraph(_l("Question"), longest=1000)


class AnswerSchema(PageSchema):
    answer = Paragraph(_l("Answer"), longest=1000)


class PairSchema(PageSchema):
    start_on = Day(
        _l("Start date of the match"),
        future=True,
        hint=_l("Every requirement is checked for this day."),
    )


class EmptySchema(PageSchema):
    """A form that is only a button."""
