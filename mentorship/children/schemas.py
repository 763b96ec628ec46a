from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from mentorship.people.schemas import PersonSchema
from mentorship.web import words
from mentorship.web.fields import Choice, Day, PageSchema, Text


class CentreChoice(Choice):
    """A centre by its id; the view says which centres the reader may choose."""

    def __init__(self, label: Any) -> None:
        super().__init__(label, dict)
        self.allowed: Mapping[str, Any] = {}

    @property
    def options(self) -> Mapping[str, Any]:
        return self.allowed

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return int(super()._deserialize(value, *args, **kwargs))


class ChildSchema(PersonSchema):
    """A child of the register. Consents may be added later; without both there is no match."""

    sex = Choice(_l("Sex"), words.CHILD_SEXES, kind="radios")
    centre_id = CentreChoice(_l("Centre"))
    first_language = Choice(_l("First language"), words.LANGUAGES)
    waiting_since = Day(_l("Waiting for a mentor since"), past=True)
    guardian_consent_on = Day(_l("Legal representative's consent, date"), past=True, required=False)
    guardian_consent_by = Text(_l("Who gave it (name and position)"), required=False)
    own_consent_on = Day(_l("Child's own consent, date"), past=True, required=False)

    def allow_centres(self, centres: Mapping[str, Any]) -> "ChildSchema":
        """Set the centres that may be chosen: id as text to name."""
        self.fields["centre_id"].allowed = centres  # type: ignore[attr-defined]
        return self

    @validates_schema
    def first_language_is_spoken(self, data: dict[str, Any], **_: Any) -> None:
        first, spoken = data.get("first_language"), data.get("languages")
        if first and spoken and first not in spoken:
            message = gettext("The first language must be among the languages of the child.")
            raise ValidationError(message, "first_language")

    @validates_schema
    def consent_has_a_giver(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("guardian_consent_on") and not data.get("guardian_consent_by"):
            raise ValidationError(gettext("Say who gave the consent."), "guardian_consent_by")


class ConsentSchema(PageSchema):
    kind = Choice(_l("Whose consent"), words.CONSENT_KINDS, kind="radios")
    given_on = Day(_l("Date of the consent"), past=True)
    given_by = Text(
        _l("Who gave it (name and position)"),
        required=False,
        hint=_l("For the child's own consent leave it empty."),
    )

    @validates_schema
    def consent_has_a_giver(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("kind") == "guardian" and not data.get("given_by"):
            raise ValidationError(gettext("Say who gave the consent."), "given_by")


class LeavingSchema(PageSchema):
    left_on = Day(_l("Left organisations for orphans on"), past=True)
