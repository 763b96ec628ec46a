from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from mentorship.web import words
from mentorship.web.fields import Choice, Choices, Day, PageSchema


class RoundSchema(PageSchema):
    """What to run a round for; the view offers the reader's own regions and centres."""

    regions = Choices(_l("Regions"), dict, required=True)
    centres = Choices(
        _l("Centres"), dict, hint=_l("When none is ticked, all centres of the regions take part.")
    )
    start_on = Day(
        _l("Start date of the new matches"),
        future=True,
        hint=_l("Every requirement is checked for this day."),
    )
    policy = Choice(_l("What comes first"), words.POLICIES, kind="radios")
    publish = Choice(_l("When the plan is ready"), words.PUBLISHING, kind="radios")

    def offer(self, **options: Mapping[str, Any]) -> "RoundSchema":
        """Set what may be chosen."""
        for name, chosen in options.items():
            field = self.fields[name]
            field.metadata = {**field.metadata, "options": chosen}
        return self


class CompareSchema(PageSchema):
    other = Choice(_l("Compare with"), dict)

    def offer(self, other: Mapping[str, Any]) -> "CompareSchema":
        """Set what may be chosen."""
        field = self.fields["other"]
        field.metadata = {**field.metadata, "options": other}
        return self
