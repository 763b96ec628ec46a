from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from mentorship.web import words
from mentorship.web.fields import Choice, Day, PageSchema, Paragraph


class Planned(Choice):
    """As planned (True) or earlier (False)."""

    def __init__(self, label: Any) -> None:
        ways = {"planned": _l("As planned"), "early": _l("Earlier than planned")}
        super().__init__(label, ways, kind="radios")

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value, *args, **kwargs) == "planned"


class ClosureSchema(PageSchema):
    ended_on = Day(_l("End date"), past=True)
    ended_as_planned = Planned(_l("How it ended"))
    closure_reason = Choice(_l("Reason for closure"), words.CLOSURE_REASONS)
    ended_by = Choice(_l("Who ended it"), words.ENDED_BY, kind="radios")
    closure_note = Paragraph(_l("Note"), required=False, longest=2000)

    @validates_schema
    def other_needs_words(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("closure_reason") == "other" and not data.get("closure_note"):
            raise ValidationError(gettext("Give the reason in your own words."), "closure_note")
