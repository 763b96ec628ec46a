from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from mentorship.children.schemas import RowChoice
from mentorship.moves.words import FORMS, VERSIONS, WAYS, WHOSE
from mentorship.places.words import region_names
from mentorship.web import words
from mentorship.web.fields import Choice, Day, PageSchema, Text


class ConsentSchema(PageSchema):
    """A yes: whose, to which text, explained in which language, by whom, when and how."""

    kind = Choice(_l("Whose consent"), WHOSE, kind="radios")
    text_version = Choice(_l("Which text was read"), VERSIONS)
    language = Choice(
        _l("Language in which it was explained"),
        words.LANGUAGES,
        hint=_l("The language in which they really understood it."),
    )
    given_on = Day(_l("Date of the consent"), past=True)
    given_by = Text(
        _l("Who gave it (name and position)"),
        required=False,
        hint=_l("For the child's own consent leave it empty."),
    )
    way = Choice(_l("How it was given"), WAYS, kind="radios")

    @validates_schema(skip_on_field_errors=False)
    def consent_has_a_giver(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("kind") in ("guardian", "data") and not data.get("given_by"):
            raise ValidationError(gettext("Say who gave the consent."), "given_by")


class WithdrawalSchema(PageSchema):
    said_by = Text(
        _l("Who takes it back"), hint=_l("The child, or the representative's name and position.")
    )
    said_on = Day(_l("On which day they said so"), past=True)
    reason = Text(
        _l("Reason, if they gave one"),
        hint=_l("Nobody has to give a reason. Do not ask for one."),
        required=False,
        longest=500,
    )


class MoveSchema(PageSchema):
    """Where a child lives now; the view says which centres may be chosen."""

    form = Choice(_l("Where the child lives now"), FORMS, kind="radios")
    started_on = Day(_l("Since which day"), past=True)
    centre_id = RowChoice(
        _l("Organisation"),
        required=False,
        hint=_l("Only for an organisation for orphans, of this region or of another."),
    )
    region = Choice(
        _l("Region of the family"),
        region_names,
        required=False,
        hint=_l("Only for a family or independent life. Empty: the region of the organisation."),
    )

    def allow_centres(self, centres: Mapping[str, Any]) -> "MoveSchema":
        """Set the centres that may be chosen: id as text to the name."""
        self.fields["centre_id"].allowed = centres  # type: ignore[attr-defined]
        return self
