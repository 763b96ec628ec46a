"""Phone numbers of Kazakhstan: stored as E.164, shown as +7 701 123 45 67."""

import phonenumbers


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
