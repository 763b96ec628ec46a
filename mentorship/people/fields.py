"""Fields of people: IIN, phone, languages with their level."""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from marshmallow import ValidationError
from marshmallow.fields import Field

from mentorship.people import iin as iin_rules
from mentorship.people.vocabulary import Language, Level
from mentorship.web import words
from mentorship.web.fields import CHOOSE_SOME, Choice, Choices, Options, Text
from mentorship.web.phones import Phone

__all__ = ["Iin", "Levels", "Phone", "SexWish", "Weekdays"]


class Iin(Text):
    """Twelve digits with the right check digit; spaces and hyphens between them are dropped."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(label, kind="iin", **more)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = re.sub(r"[\s-]", "", str(value))
        if not iin_rules.is_twelve_digits(text):
            raise ValidationError(gettext("An IIN has 12 digits."))
        if not iin_rules.has_right_check_digit(text):
            raise ValidationError(gettext("Check the IIN: its check digit does not match."))
        return text


class Levels(Field[dict[str, str]]):
    """Languages with their level: a mapping of language code to `fluent` or `basic`."""

    options: Mapping[str, Any] = words.LANGUAGES
    levels: Mapping[str, Any] = words.LEVELS

    def __init__(self, label: Any, *, hint: Any = None) -> None:
        super().__init__(
            required=True,
            error_messages={"required": CHOOSE_SOME},
            metadata={"input": "levels", "label": label, "hint": hint},
        )

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> dict[str, str]:
        if not isinstance(value, dict) or not value:
            raise ValidationError(str(CHOOSE_SOME))
        if not set(value) <= set(Language) or not set(value.values()) <= set(Level):
            raise ValidationError(gettext("Choose one of the options."))
        if Level.FLUENT not in value.values():
            raise ValidationError(gettext("At least one language must be spoken fluently."))
        return {code: value[code] for code in Language if code in value}


class Weekdays(Choices):
    """Days of the week as numbers, 0 (Monday) to 6."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return [int(code) for code in super()._deserialize(value, *args, **kwargs)]


EITHER = "either"


class SexWish(Choice):
    """A wish for one sex, or none; `options` hold EITHER for no wish."""

    def __init__(self, label: Any, options: Options, **more: Any) -> None:
        super().__init__(label, options, kind="radios", required=False, **more)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        code = super()._deserialize(value, *args, **kwargs)
        return None if code == EITHER else code
