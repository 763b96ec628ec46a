from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validate, validates_schema

from mentorship.accounts.queries import possible_supervisors
from mentorship.i18n import LOCALES
from mentorship.permissions import Role
from mentorship.places.words import region_names
from mentorship.web import words
from mentorship.web.fields import Choice, Choices, Email, PageSchema, Text, YesNo

SHORTEST_PASSWORD = 10
STAFF = {role.value: words.ROLES[role] for role in Role if role is not Role.MENTOR}


class Password(Text):
    """A password, kept as it was typed."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(label, kind="password", **more)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return str(value)


class Supervisor(Choice):
    """Somebody who signs in, by number."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return int(super()._deserialize(value, *args, **kwargs))


class SignInSchema(PageSchema):
    email = Email(_l("E-mail"), autocomplete="username")
    password = Password(_l("Password"), autocomplete="current-password")


class NewPasswordSchema(PageSchema):
    password = Password(
        _l("New password"),
        hint=_l("At least 10 characters. Three or four words are easy to remember."),
        autocomplete="new-password",
        validate=validate.Length(min=SHORTEST_PASSWORD, error=_l("Use at least {min} characters.")),
    )
    again = Password(_l("The same password again"), autocomplete="new-password")

    @validates_schema
    def both_alike(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("password") != data.get("again"):
            raise ValidationError(gettext("The two passwords differ."), "again")


class UserSchema(PageSchema):
    email = Email(_l("E-mail"))
    name = Text(_l("Full name"))
    role = Choice(_l("Role"), STAFF)
    language = Choice(_l("Language"), LOCALES)
    all_regions = YesNo(_l("The whole country"))
    regions = Choices(_l("Regions"), region_names)
    supervisor_id = Supervisor(
        _l("Supervisor"),
        possible_supervisors,
        required=False,
        hint=_l("Sees how much waits in this person's regions, and is told what is long overdue."),
    )

    @validates_schema
    def scope_where_needed(self, data: dict[str, Any], **_: Any) -> None:
        needs = data.get("role") in (Role.COORDINATOR, Role.MANAGER)
        if needs and not data.get("all_regions") and not data.get("regions"):
            raise ValidationError(gettext("Choose at least one option."), "regions")
