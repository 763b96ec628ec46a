from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from mentorship.children.schemas import RowChoice
from mentorship.children.words import ANSWERS, RELATIONS, SIBLING_RULES, VISITS
from mentorship.mentors.words import CONFLICT_KINDS
from mentorship.people.fields import Phone
from mentorship.places.words import region_names, town_names
from mentorship.web.fields import Choice, Day, PageSchema, Paragraph, Text


class SiblingsSchema(PageSchema):
    """Whether brothers and sisters get one mentor."""

    rule = Choice(_l("One mentor for all of them"), SIBLING_RULES, kind="radios")
    note = Paragraph(
        _l("Note"), required=False, longest=500, hint=_l("What the children themselves want.")
    )


class RelativeSchema(PageSchema):
    """A relative, and what they said when they were asked."""

    name = Text(_l("Full name"))
    relation = Choice(_l("Who they are to the child"), RELATIONS)
    phone = Phone(_l("Phone number"), required=False, hint=_l("For example +7 701 123 45 67"))
    region = Choice(_l("Region"), region_names, required=False)
    town = Text(_l("Town or village"), required=False, longest=100, suggestions=town_names)
    visits = Choice(_l("How often they visit the child"), VISITS, kind="radios")
    can_mentor = Choice(_l("Could be the child's mentor"), ANSWERS, kind="radios")
    can_take_family = Choice(_l("Could take the child into their family"), ANSWERS, kind="radios")
    asked_on = Day(_l("Asked on"), past=True, required=False)
    note = Paragraph(_l("Note"), required=False, longest=500)

    @validates_schema
    def answers_have_a_day(self, data: dict[str, Any], **_: Any) -> None:
        answers = (data.get("can_mentor"), data.get("can_take_family"))
        if any(answer in ("yes", "no") for answer in answers) and not data.get("asked_on"):
            raise ValidationError(gettext("Say on which day they were asked."), "asked_on")


def _kinds(without: str) -> dict[str, Any]:
    return {code: word for code, word in CONFLICT_KINDS.items() if code != without}


class ConflictSchema(PageSchema):
    """A conflict of interest with one child."""

    kind = Choice(_l("What kind of conflict"), _kinds("works_in_centre"), kind="radios")
    since_on = Day(_l("Since"), past=True)
    note = Paragraph(_l("Note"), required=False, longest=500)

    @validates_schema
    def other_needs_words(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("kind") == "other" and not data.get("note"):
            raise ValidationError(gettext("Say what the conflict is."), "note")


class CentreConflictSchema(ConflictSchema):
    """A conflict of interest with every child of a centre."""

    centre_id = RowChoice(
        _l("Centre"), hint=_l("The mentor is not proposed to any child who lives there.")
    )
    kind = Choice(_l("What kind of conflict"), _kinds("relative"), kind="radios")


class EndSchema(PageSchema):
    ended_on = Day(_l("No longer a conflict from"), past=True)
