import re
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError

from mentorship.settings.catalogue import Known
from mentorship.web.fields import Day, PageSchema, Text, Whole, YesNo


class SourcedSchema(PageSchema):
    """Who says so: asked with every rule that somebody changes."""

    source = Text(
        _l("Source"),
        longest=300,
        hint=_l("The law, order or decision with its date; or «design» where there is none."),
    )
    owner = Text(_l("Who decides it"))
    decided_on = Day(_l("Decided on"), past=True)


class SettingSchema(SourcedSchema):
    """A new value of a setting; its bounds are those of the catalogue."""

    number = Whole(_l("Value"), least=0, most=100_000)

    class Meta(PageSchema.Meta):
        fields = ("number", "source", "owner", "decided_on")

    def within(self, known: Known) -> "SettingSchema":
        """Ask for a number that this setting may have."""
        bounded = Whole(_l("Value"), least=known.least, most=known.most)
        field = self.fields["number"]
        field.validators = bounded.validators
        field.metadata = bounded.metadata
        return self


class Code(Text):
    """A short name in Latin letters, which files and records keep."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, *args, **kwargs))
        if re.fullmatch(r"[a-z][a-z_]{1,28}[a-z]", text) is None:
            raise ValidationError(gettext("Use small Latin letters and underscores."))
        return text


class ClearanceKindSchema(SourcedSchema):
    """What is checked about mentors, and whether nobody mentors without it."""

    code = Code(_l("Code"), longest=30, hint=_l("For files and records; it cannot be changed."))
    name_kk = Text(_l("Name in Kazakh"))
    name_ru = Text(_l("Name in Russian"))
    name_en = Text(_l("Name in English"))
    required = YesNo(_l("Nobody mentors without it"))
    months = Whole(
        _l("Good for, months"),
        least=1,
        most=120,
        required=False,
        hint=_l("Leave it empty where the paper has no end."),
    )

    class Meta(PageSchema.Meta):
        fields = (
            "code",
            "name_kk",
            "name_ru",
            "name_en",
            "required",
            "months",
            "source",
            "owner",
            "decided_on",
        )
