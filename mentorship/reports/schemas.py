from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow.fields import Field

from mentorship.i18n import LOCALES
from mentorship.reports.fields import FiguresPage
from mentorship.reports.models import LONGEST_NAME
from mentorship.reports.words import STEPS
from mentorship.web.fields import Choice, PageSchema, Text


class Person(Choice):
    """A colleague, by number."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return int(super()._deserialize(value, *args, **kwargs))


class NameSchema(PageSchema):
    name = Text(
        _l("Name of the view"),
        longest=LONGEST_NAME,
        hint=_l("For example: Karaganda, matches of this year"),
    )


class ViewSchema(NameSchema):
    address = FiguresPage()


class SubscriptionSchema(PageSchema):
    step = Choice(_l("How often"), STEPS, kind="radios")
    language = Choice(_l("Language of the report"), LOCALES, kind="radios")


class SendSchema(PageSchema):
    address = FiguresPage()


def send_schema(colleagues: dict[str, str]) -> PageSchema:
    """The form, with the colleagues who may see figures."""
    people: dict[str, Field[Any]] = {"user_id": Person(_l("Colleague"), colleagues)}
    return SendSchema.from_dict(people)()  # type: ignore[return-value]
