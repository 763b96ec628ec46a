"""Phone numbers of Kazakhstan: stored as E.164, shown as +7 701 123 45 67."""

from typing import Any

import phonenumbers
from flask_babel import gettext
from marshmallow import ValidationError

from mentorship.web.fields import Text


def parse_phone(text: str) -> str | None:
    """The number in E.164, or None where it is not a valid number of Kazakhstan."""
    try:
        number = phonenumbers.parse(text, "KZ")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    if phonenumbers.region_code_for_number(number) != "KZ":
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def show_phone(e164: str | None) -> str:
    """`+77011234567` as `+7 701 123 45 67`."""
    if not e164 or len(e164) != 12:
        return e164 or ""
    return f"{e164[:2]} {e164[2:5]} {e164[5:8]} {e164[8:10]} {e164[10:]}"


class Phone(Text):
    """A phone number of Kazakhstan, kept as E.164."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(label, kind="phone", **more)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        number = parse_phone(str(value))
        if number is None:
            raise ValidationError(gettext("Enter a phone number like +7 701 123 45 67."))
        return number
