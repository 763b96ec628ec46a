import re
from datetime import UTC, date, datetime, time
from typing import Any

from flask_babel import gettext
from marshmallow import ValidationError

from mentorship import clock
from mentorship.web.fields import Text


class Hour(Text):
    """A time of day, typed as 14:30 or 1430; as text, 14:30."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        found = re.fullmatch(r"(\d{1,2})[:.]?(\d\d)", str(value).strip(), re.ASCII)
        if found is None or int(found[1]) > 23 or int(found[2]) > 59:
            raise ValidationError(gettext("Enter a time like 14:30."))
        return f"{int(found[1]):02}:{found[2]}"


def moment(day: date, hour: str) -> datetime:
    """This hour of a day in Kazakhstan, as an instant."""
    return datetime.combine(day, time.fromisoformat(hour), clock.ALMATY).astimezone(UTC)
