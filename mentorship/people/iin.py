"""The individual identification number (ЖСН, ИИН): its check digit and what it says.

Structure and check digit as public validators state them. Since Government Resolution
No. 853 of 26.08.2013 the digits need not agree with the birth date or sex, so such a
difference is a warning for a person to confirm, never an error.
"""

import re
from datetime import date

from mentorship.people.vocabulary import Sex

_FIRST = tuple(range(1, 12))
_SECOND = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
_CENTURIES = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}


def is_twelve_digits(text: str) -> bool:
    """Twelve ASCII digits, not all zero."""
    return re.fullmatch(r"[0-9]{12}", text) is not None and text != "0" * 12


def has_right_check_digit(iin: str) -> bool:
    """Whether the twelfth digit is the one the first eleven ask for."""
    digits = [int(digit) for digit in iin]
    for weights in (_FIRST, _SECOND):
        remainder = sum(d * w for d, w in zip(digits, weights, strict=False)) % 11
        if remainder < 10:
            return remainder == digits[11]
    return False  # numbers whose second round is 10 as well are never issued


def stated_birth_date(iin: str) -> date | None:
    """The birth date the digits state, or None where they state no date."""
    century = _CENTURIES.get(iin[6])
    if century is None:
        return None
    try:
        return date(century + int(iin[:2]), int(iin[2:4]), int(iin[4:6]))
    except ValueError:
        return None


def stated_sex(iin: str) -> Sex | None:
    """The sex the digits state, or None."""
    if iin[6] not in _CENTURIES:
        return None
    return Sex.MALE if int(iin[6]) % 2 else Sex.FEMALE


def disagrees(iin: str, birth_date: date, sex: Sex) -> bool:
    """Whether the number states another birth date or sex: legal, but worth a second look."""
    return stated_birth_date(iin) != birth_date or stated_sex(iin) != sex
