"""The file field of a form: what it loads has already been looked through."""

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields

from mentorship.errors import Invalid
from mentorship.papers import content
from mentorship.web import problems


class ScanField(fields.Field[content.Scan]):
    """A scanned paper. The form's tag needs `{{ forms.enctype(form) }}`."""

    def __init__(self, label: Any, *, required: bool = True, hint: Any = None) -> None:
        needed = _l("Choose a file.")
        given: dict[str, Any] = {} if required else {"load_default": None, "allow_none": True}
        super().__init__(
            required=required,
            error_messages={"required": needed, "null": needed},
            metadata={
                "input": "file",
                "label": label,
                "hint": hint or _l("PDF, JPEG or PNG, at most 10 MB and 100 pages."),
            },
            **given,
        )

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> content.Scan:
        try:
            return content.check(value.read(), value.filename or "")
        except Invalid as error:
            raise ValidationError(problems.problem(error)) from error
