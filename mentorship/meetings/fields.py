import re
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError

from mentorship.web import words
from mentorship.web.fields import Choice, Text

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])", re.ASCII)


class Rating(Choice):
    """From 5 (very well) to 1 (badly), as a number."""

    def __init__(self, label: Any, *, required: bool = True) -> None:
        super().__init__(label, words.WENT, kind="radios", required=required)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return int(super()._deserialize(value, *args, **kwargs))


class Clock(Text):
    """A time of day: 15:00 or 15.00, as text that `time.fromisoformat` reads."""

    def __init__(self, label: Any) -> None:
        super().__init__(label, longest=5, kind="time")

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        found = _CLOCK.fullmatch(str(value).strip())
        if found is None:
            raise ValidationError(str(_l("Enter a time like 15:00.")))
        return f"{int(found[1]):02}:{found[2]}"


class Weekday(Choice):
    """A day of the week as a number, 0 for Monday."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return int(super()._deserialize(value, *args, **kwargs))
