from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

import matching
from mentorship.candidates.words import OUTCOMES
from mentorship.clock import today
from mentorship.mentors.policies import REASONS
from mentorship.people.fields import Levels, Phone, Weekdays
from mentorship.people.words import WEEKDAYS, interest_names
from mentorship.places.words import region_names, town_names
from mentorship.web import words
from mentorship.web.fields import (
    Choice,
    Choices,
    Day,
    Email,
    PageSchema,
    Paragraph,
    Text,
    Whole,
    YesNo,
)

YES_NO = {"yes": _l("Yes"), "no": _l("No")}
NEVER_MORE = _l("Only what matters for the decision. Never write down a diagnosis.")


class Said(Choice):
    """Yes (True) or no (False), said in so many words."""

    def __init__(self, label: Any) -> None:
        super().__init__(label, YES_NO, kind="radios")

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value, *args, **kwargs) == "yes"


class ApplicationSchema(PageSchema):
    """The least that is needed to invite somebody to an interview."""

    last_name = Text(_l("Last name"), longest=100, autocomplete="family-name")
    first_name = Text(_l("First name"), longest=100, autocomplete="given-name")
    patronymic = Text(_l("Patronymic"), longest=100, required=False, autocomplete="additional-name")
    sex = Choice(_l("Sex"), words.SEXES, kind="radios")
    birth_date = Day(_l("Date of birth"), past=True)
    is_citizen = Said(_l("Are you a citizen of Kazakhstan?"))
    phone = Phone(_l("Phone number"), hint=_l("For example +7 701 123 45 67"), autocomplete="tel")
    email = Email(
        _l("E-mail"),
        required=False,
        hint=_l("To this address we confirm that the application has arrived."),
        autocomplete="email",
    )
    region = Choice(_l("Home region"), region_names)
    town = Text(_l("Home town or village"), longest=100, suggestions=town_names)
    languages = Levels(_l("Languages you speak"))
    weekdays = Weekdays(_l("Days on which you are free (optional)"), WEEKDAYS)
    interests = Choices(_l("What you like to do (optional)"), interest_names)
    motivation = Paragraph(
        _l("Why would you like to be a mentor?"), longest=600, hint=_l("In a few sentences.")
    )
    consent = YesNo(_l("I agree to the use of my data as it is described above."))

    @validates_schema
    def of_age(self, data: dict[str, Any], **_: Any) -> None:
        born, least = data.get("birth_date"), _least_age()
        if born is None:
            return
        now = today()
        if now.year - born.year - ((now.month, now.day) < (born.month, born.day)) < least:
            said = gettext("A mentor is at least %(years)s years old.", years=least)
            raise ValidationError(said, "birth_date")

    @validates_schema
    def citizen(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("is_citizen") is False:
            said = gettext("By law a mentor is a citizen of Kazakhstan. Nothing was saved.")
            raise ValidationError(said, "is_citizen")

    @validates_schema
    def agreed(self, data: dict[str, Any], **_: Any) -> None:
        if not data.get("consent"):
            raise ValidationError(
                gettext("Without this consent the application cannot be taken."), "consent"
            )


def _least_age() -> int:
    return int(matching.Policy.default().number("limits.mentor_min_age_years"))


class StaffApplicationSchema(ApplicationSchema):
    """The same, entered by staff for somebody who applied in person."""

    is_citizen = Said(_l("Citizen of Kazakhstan"))
    email = Email(_l("E-mail"), required=False, hint=_l("Needed for signing in."))
    languages = Levels(_l("Languages"))
    weekdays = Weekdays(_l("Free days (optional)"), WEEKDAYS)
    interests = Choices(_l("Interests (optional)"), interest_names)
    motivation = Paragraph(_l("Why they would like to be a mentor"), longest=600, required=False)
    consent = YesNo(_l("The applicant has agreed to the use of their data."))


class PlanSchema(PageSchema):
    planned_on = Day(_l("Day"), future=True)


class OutcomeSchema(PageSchema):
    """How a step that a person closes has ended."""

    outcome = Choice(_l("Conclusion"), OUTCOMES, kind="radios")
    held_on = Day(_l("Day"), past=True)
    note = Paragraph(_l("Note"), longest=2000, required=False, hint=NEVER_MORE)

    @validates_schema
    def negative_has_its_reason(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("outcome") == "negative" and not data.get("note"):
            raise ValidationError(gettext("Say why the conclusion is negative."), "note")


def _reasons(status: str) -> dict[str, Any]:
    return {code: words.MENTOR_REASONS[code] for code in REASONS[status]}


class RefuseSchema(PageSchema):
    reason = Choice(_l("Reason"), _reasons("refused"), kind="radios")
    note = Paragraph(_l("Note"), longest=500, required=False, hint=NEVER_MORE)

    @validates_schema
    def other_needs_words(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("reason") == "other" and not data.get("note"):
            raise ValidationError(gettext("Give the reason in your own words."), "note")


class WithdrawSchema(RefuseSchema):
    reason = Choice(_l("Reason"), _reasons("withdrawn"), kind="radios")


class AssignSchema(PageSchema):
    """Who sees to a step and by when; the view names those who may."""

    owner = Choice(_l("Who sees to it"), {}, required=False)
    due_on = Day(
        _l("Due date"),
        required=False,
        hint=_l("Leave it empty for the usual time, which the settings say."),
    )

    def among(self, owners: dict[str, str]) -> "AssignSchema":
        """Ask for one of these people."""
        self.fields["owner"].metadata = {**self.fields["owner"].metadata, "options": owners}
        return self


class ActivateSchema(PageSchema):
    capacity = Whole(_l("How many children at one time"), least=1, most=20)
    reach_km = Whole(_l("How far they can travel, km"), least=0, most=3000)
