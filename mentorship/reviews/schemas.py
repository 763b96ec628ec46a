from flask_babel import lazy_gettext as _l

from mentorship.reviews.words import DECISIONS
from mentorship.web.fields import Choice, Day, PageSchema, Paragraph, Text

GOING_ON = {code: DECISIONS[code] for code in ("continue", "adapt")}


class GoingOnSchema(PageSchema):
    """A match goes on as it is, or adapted."""

    decision = Choice(_l("Your decision"), GOING_ON, kind="radios")
    note = Paragraph(
        _l("How it is adapted, or what was agreed"),
        hint=_l("For example: how often they meet, online or in person, who brings the child."),
        required=False,
        longest=2000,
    )


class AdaptingSchema(GoingOnSchema):
    """A match goes on, but not as it is."""

    decision = Choice(_l("Your decision"), {"adapt": DECISIONS["adapt"]}, kind="radios")


class PlanSchema(PageSchema):
    teller = Text(_l("Who tells the child"), hint=_l("Somebody the child knows and trusts."))
    beside = Text(
        _l("Who is beside the child"),
        hint=_l("For example the carer of the group or the psychologist."),
        required=False,
    )
    planned_on = Day(_l("On which day"), future=True)


class ToldSchema(PageSchema):
    told_on = Day(_l("The child was told on"), past=True)
    teller = Text(_l("Who told the child"))
    beside = Text(_l("Who was beside the child"), required=False)
    note = Paragraph(
        _l("How the child took it, and what the child asked for"), required=False, longest=2000
    )
