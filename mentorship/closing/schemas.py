from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from mentorship.closing import words
from mentorship.matches.schemas import ClosureSchema
from mentorship.web.fields import Choice, Day, PageSchema, Paragraph, Text, YesNo


class ClosingSchema(ClosureSchema):
    """The end of a match: when, as planned or earlier, why, by whom."""

    unwilling = YesNo(
        _l("One of the two does not want it to end"),
        hint=_l("Then each side is heard apart, and somebody stays near the child."),
    )

    class Meta(PageSchema.Meta):
        fields = (
            *("ended_on", "ended_as_planned", "unwilling"),
            *("closure_reason", "ended_by", "closure_note"),
        )

    @validates_schema
    def not_planned_against_a_will(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("unwilling") and data.get("ended_as_planned"):
            words = gettext("An ending that one of the two does not want is not as planned.")
            raise ValidationError(words, "ended_as_planned")


class _Step(PageSchema):
    done_on = Day(_l("On which day"), past=True)


class ToldSchema(_Step):
    who = Text(_l("Who told them"), hint=_l("Somebody they know and trust."))
    note = Paragraph(_l("How they took it"), required=False, longest=2000)


class HeardSchema(_Step):
    who = Text(_l("Who spoke with them"))
    note = Paragraph(_l("What they said, and what they need now"), longest=2000)


class GoalsSchema(_Step):
    note = Paragraph(_l("What was reached, and what stays open"), longest=2000)


class GoodbyeSchema(_Step):
    answer = Choice(_l("How they said goodbye"), words.GOODBYES, kind="radios")
    note = Paragraph(_l("Note"), required=False, longest=2000)


class ContactSchema(_Step):
    answer = Choice(_l("What is agreed"), words.CONTACT_RULES, kind="radios")
    until_on = Day(
        _l("Until when"), required=False, future=True, hint=_l("Empty: until they agree anew.")
    )
    note = Paragraph(_l("What was agreed in particular"), required=False, longest=2000)


class ChildViewSchema(_Step):
    answer = Choice(_l("Which picture the child chose"), words.PICTURES, kind="radios")
    note = Paragraph(_l("What the child said"), required=False, longest=2000)


class ViewSchema(_Step):
    note = Paragraph(_l("What they said"), longest=2000)


class CarerViewSchema(ViewSchema):
    who = Text(_l("Who was asked"))

    class Meta(PageSchema.Meta):
        fields = ("done_on", "who", "note")


class SupportSchema(_Step):
    who = Text(_l("Who stays near the child"))
    until_on = Day(_l("Until when"), future=True)
    note = Paragraph(_l("What is agreed"), required=False, longest=2000)


class AgainSchema(_Step):
    answer = Choice(_l("Ready for another match?"), words.READINESS, kind="radios")
    until_on = Day(_l("Ready from"), required=False, future=True)
    note = Paragraph(_l("Why"), longest=2000)

    @validates_schema
    def later_has_a_day(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("answer") == "later" and not data.get("until_on"):
            raise ValidationError(gettext("Say from which day."), "until_on")


class BecauseSchema(PageSchema):
    because = Paragraph(
        _l("Why it cannot be done"),
        longest=1000,
        hint=_l("It stays written here, and can still be done later."),
    )


SCHEMAS: dict[str, type[PageSchema]] = {
    "told_child": ToldSchema,
    "told_mentor": ToldSchema,
    "other_side": HeardSchema,
    "goals": GoalsSchema,
    "goodbye": GoodbyeSchema,
    "contact": ContactSchema,
    "view_child": ChildViewSchema,
    "view_mentor": ViewSchema,
    "view_carer": CarerViewSchema,
    "support": SupportSchema,
    "child_again": AgainSchema,
    "mentor_again": AgainSchema,
}
