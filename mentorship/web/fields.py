"""marshmallow fields that know how they look on a page and speak the reader's language.

The same field reads a form and an imported cell, so a rule of shape is written once.
Labels, hints and options travel in the field's metadata; `input` names the macro.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from mentorship import clock
from mentorship.i18n import normalise

Options = Mapping[str, Any] | Callable[[], Mapping[str, Any]]
REQUIRED = _l("This field is required.")
CHOOSE = _l("Choose one of the options.")
CHOOSE_SOME = _l("Choose at least one option.")
EARLIEST = date(1900, 1, 1)


class PageSchema(Schema):
    """The base of every form: unknown fields are refused, blank optional fields are None."""

    class Meta:
        unknown = RAISE
        ordered = True

    error_messages = {  # noqa: RUF012 (marshmallow's own name and shape)
        "unknown": _l("This field is not known."),
        "type": _l("The form could not be read. Reload the page."),
    }


def _meta(
    kind: str, label: Any, hint: Any = None, required: bool = True, **more: Any
) -> dict[str, Any]:
    messages = {"required": REQUIRED, "null": REQUIRED} | more.pop("messages", {})
    given: dict[str, Any] = {
        "required": required,
        "error_messages": messages,
        "metadata": {"input": kind, "label": label, "hint": hint, **more},
    }
    if not required:
        given |= {"load_default": None, "allow_none": True}
    return given


class Text(fields.String):
    """A line of text: normalised, at most `longest` characters."""

    def __init__(
        self,
        label: Any,
        *,
        hint: Any = None,
        required: bool = True,
        longest: int = 200,
        **more: Any,
    ) -> None:
        check = more.pop("validate", None)
        length = validate.Length(max=longest, error=_l("Use at most {max} characters."))
        kind = more.pop("kind", "text")
        super().__init__(
            validate=[length, *([check] if check else [])],
            **_meta(kind, label, hint, required, longest=longest, **more),
        )

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return normalise(super()._deserialize(value, *args, **kwargs))


class Paragraph(Text):
    """Several lines of text; line breaks are kept."""

    def __init__(self, label: Any, *, longest: int = 4000, **more: Any) -> None:
        super().__init__(label, longest=longest, kind="paragraph", **more)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        lines = str(value).replace("\r\n", "\n").split("\n")
        return "\n".join(normalise(line) for line in lines).strip()


class Email(Text):
    """An e-mail address, in lower case."""

    def __init__(self, label: Any, **more: Any) -> None:
        check = validate.Email(error=_l("Enter an e-mail address like name@example.org."))
        super().__init__(label, longest=254, kind="email", validate=check, **more)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return str(super()._deserialize(value, *args, **kwargs)).casefold()


class Day(fields.Date):
    """A date, ISO or dd.mm.yyyy; `past` refuses the future, `future` the past."""

    def __init__(
        self,
        label: Any,
        *,
        hint: Any = None,
        required: bool = True,
        past: bool = False,
        future: bool = False,
        **more: Any,
    ) -> None:
        self.past, self.future = past, future
        super().__init__(**_meta("date", label, hint, required, **more))

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> date:
        day = read_day(value)
        if day is None or not EARLIEST <= day <= date(2200, 1, 1):
            raise ValidationError(gettext("Enter a date like 05.01.2026."))
        if self.past and day > clock.today():
            raise ValidationError(gettext("The date cannot be in the future."))
        if self.future and day < clock.today():
            raise ValidationError(gettext("The date cannot be in the past."))
        return day


_ORDERS = (
    (re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII), (1, 2, 3)),
    (re.compile(r"(\d\d?)\.(\d\d?)\.(\d{4})", re.ASCII), (3, 2, 1)),
    (re.compile(r"(\d\d)(\d\d)(\d{4})", re.ASCII), (3, 2, 1)),  # typed without the dots
)


def read_day(value: Any) -> date | None:
    """A date from ISO, dd.mm.yyyy or ddmmyyyy text, or from a spreadsheet's own date cell."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    for pattern, order in _ORDERS:
        found = pattern.fullmatch(str(value).strip())
        if found:
            try:
                return date(*(int(found[group]) for group in order))
            except ValueError:
                return None
    return None


class Whole(fields.Integer):
    """A whole number from `least` to `most`, in digits only."""

    def __init__(
        self,
        label: Any,
        *,
        least: int,
        most: int,
        hint: Any = None,
        required: bool = True,
        **more: Any,
    ) -> None:
        bounds = validate.Range(least, most, error=_l("Enter a number from {min} to {max}."))
        wrong = {"invalid": _l("Enter a number.")}
        super().__init__(
            validate=bounds,
            **_meta("whole", label, hint, required, least=least, most=most, messages=wrong, **more),
        )

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # a spreadsheet's number
        if isinstance(value, bool) or re.fullmatch(r"-?[0-9]{1,9}", str(value).strip()) is None:
            raise self.make_error("invalid")
        return int(str(value).strip())


class Choice(fields.String):
    """One of the options: a mapping of code to words, or a function that returns it."""

    def __init__(
        self, label: Any, options: Options, *, hint: Any = None, required: bool = True, **more: Any
    ) -> None:
        kind = more.pop("kind", "choice")
        super().__init__(**_meta(kind, label, hint, required, options=options, **more))

    @property
    def options(self) -> Mapping[str, Any]:
        options: Options = self.metadata["options"]
        return options() if callable(options) else options

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        code = str(value).strip()
        if code not in self.options:
            raise ValidationError(str(CHOOSE))
        return code


class Choices(Choice):
    """Some of the options, each once, in the order of the options."""

    def __init__(
        self, label: Any, options: Options, *, required: bool = False, **more: Any
    ) -> None:
        self.some = required
        super().__init__(label, options, required=False, kind="choices", **more)
        self.load_default = [] if not required else None

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        codes = value if isinstance(value, list) else [value]
        unknown = [code for code in codes if code not in self.options]
        if unknown:
            raise ValidationError(str(CHOOSE))
        if self.some and not codes:
            raise ValidationError(str(CHOOSE_SOME))
        return [code for code in self.options if code in codes]


class YesNo(fields.Boolean):
    """A tick box: ticked or not."""

    def __init__(self, label: Any, *, hint: Any = None, **more: Any) -> None:
        given = _meta("tick", label, hint, required=False, **more)
        super().__init__(**(given | {"load_default": False}))
