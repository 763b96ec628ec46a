from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow.fields import Field

from mentorship.web.fields import Choice, Day, PageSchema


class Person(Choice):
    """Somebody who signs in, by number."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return int(super()._deserialize(value, *args, **kwargs))


class LeaveSchema(PageSchema):
    from_on = Day(_l("First day away"), future=True)
    until_on = Day(_l("Last day away"), future=True, hint=_l("The cover ends after this day."))


def leave_schema(absent: dict[str, str], covers: dict[str, str]) -> PageSchema:
    """The form, with the people who may be away and those who may cover."""
    people: dict[str, Field[Any]] = {
        "user_id": Person(_l("Who is away"), absent),
        "cover_id": Person(
            _l("Who covers"),
            covers,
            hint=_l("Sees the regions of the absent person and gets their messages for that time."),
        ),
    }
    return LeaveSchema.from_dict(people)()  # type: ignore[return-value]
