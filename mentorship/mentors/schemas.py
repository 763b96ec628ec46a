from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from mentorship.mentors.words import CHILD_SEX_WISHES, PAUSE_REASONS, clearance_kind_names
from mentorship.people.fields import Iin, Levels, Phone, SexWish, Weekdays
from mentorship.people.schemas import PersonSchema, refuse_ages_upside_down
from mentorship.people.words import WEEKDAYS
from mentorship.places.words import region_names, town_names
from mentorship.web import words
from mentorship.web.fields import Choice, Choices, Day, Email, PageSchema, Text, Whole


def _expires_after_issue(data: dict[str, Any], prefix: str = "") -> None:
    issued, expires = data.get(f"{prefix}issued_on"), data.get(f"{prefix}expires_on")
    if issued and expires and expires < issued:
        raise ValidationError(
            gettext("The expiry date is before the date of issue."), f"{prefix}expires_on"
        )


class MentorFactsSchema(PersonSchema):
    """Who a mentor is, and how far and for how many children they can be there."""

    iin = Iin(_l("IIN"))
    phone = Phone(_l("Phone number"), hint=_l("For example +7 701 123 45 67"))
    email = Email(_l("E-mail"), required=False, hint=_l("Needed for signing in."))
    region = Choice(_l("Home region"), region_names)
    town = Text(
        _l("Home town or village"),
        longest=100,
        suggestions=town_names,
        hint=_l("Where it is not on the list, distances are measured from the regional centre."),
    )
    reach_km = Whole(_l("How far they can travel, km"), least=0, most=3000)
    capacity = Whole(_l("How many children at one time"), least=1, most=20)
    weekdays = Weekdays(_l("Free days"), WEEKDAYS, hint=_l("Leave all empty when it is not known."))
    child_sex_wish = SexWish(_l("Ready for a girl or a boy"), CHILD_SEX_WISHES)
    child_age_from = Whole(_l("Ready for children from, years"), least=10, most=17, required=False)
    child_age_to = Whole(_l("Ready for children up to, years"), least=10, most=17, required=False)

    @validates_schema
    def ages_in_order(self, data: dict[str, Any], **_: Any) -> None:
        refuse_ages_upside_down(data, "child_age_from", "child_age_to")


class CertificateSchema(PageSchema):
    number = Text(_l("Certificate number"), longest=60)
    issuer = Text(_l("Issued by"))
    issued_on = Day(_l("Date of issue"), past=True)
    expires_on = Day(_l("Valid until"))

    @validates_schema
    def dates_in_order(self, data: dict[str, Any], **_: Any) -> None:
        _expires_after_issue(data)


class MentorSchema(MentorFactsSchema):
    """A mentor to be registered: the facts and, where there is one, the certificate."""

    certificate_number = Text(_l("Certificate number"), longest=60, required=False)
    certificate_issuer = Text(_l("Certificate issued by"), required=False)
    certificate_issued_on = Day(_l("Certificate issued on"), past=True, required=False)
    certificate_expires_on = Day(_l("Certificate valid until"), required=False)

    @validates_schema
    def certificate_is_whole(self, data: dict[str, Any], **_: Any) -> None:
        names = ("number", "issuer", "issued_on", "expires_on")
        given = {name: data.get(f"certificate_{name}") for name in names}
        if any(given.values()):
            for name, value in given.items():
                if not value:
                    message = gettext("Enter it, or leave the whole certificate empty.")
                    raise ValidationError(message, f"certificate_{name}")
        _expires_after_issue(data, "certificate_")


class ClearanceSchema(PageSchema):
    """One paper or answer, for one or more kinds of clearance."""

    kinds = Choices(_l("What was checked"), clearance_kind_names, required=True)
    result = Choice(
        _l("Result"),
        words.CLEARANCE_RESULTS,
        kind="radios",
        hint=_l("Only the result. Never write down a diagnosis or the finding itself."),
    )
    checked_on = Day(_l("Date of the check"), past=True)
    valid_until = Day(
        _l("Valid until"),
        required=False,
        hint=_l("A check without this date does not count as in force."),
    )
    issuer = Text(_l("Issued by"), required=False)
    number = Text(_l("Number of the document"), longest=60, required=False)

    @validates_schema
    def dates_in_order(self, data: dict[str, Any], **_: Any) -> None:
        checked, until = data.get("checked_on"), data.get("valid_until")
        if checked and until and until < checked:
            raise ValidationError(gettext("The date is before the check itself."), "valid_until")


class PauseSchema(PageSchema):
    """Days on which a mentor takes no new child."""

    from_on = Day(_l("Away from"))
    until_on = Day(
        _l("Away until, the last day"),
        required=False,
        hint=_l("Leave it empty when the day of return is not known yet."),
    )
    reason = Choice(_l("Reason"), PAUSE_REASONS, kind="radios")

    @validates_schema
    def dates_in_order(self, data: dict[str, Any], **_: Any) -> None:
        since, until = data.get("from_on"), data.get("until_on")
        if since and until and until < since:
            raise ValidationError(gettext("The last day is before the first."), "until_on")


class AvailabilitySchema(PageSchema):
    """What mentors change themselves: when they are free, and whom they are ready for."""

    weekdays = Weekdays(_l("Days on which I am free"), WEEKDAYS)
    child_sex_wish = SexWish(_l("I am ready for a girl or a boy"), CHILD_SEX_WISHES)
    child_age_from = Whole(_l("For children from, years"), least=10, most=17, required=False)
    child_age_to = Whole(_l("For children up to, years"), least=10, most=17, required=False)
    languages = Levels(_l("Languages I speak"))

    @validates_schema
    def ages_in_order(self, data: dict[str, Any], **_: Any) -> None:
        refuse_ages_upside_down(data, "child_age_from", "child_age_to")
