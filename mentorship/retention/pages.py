"""What a reader asks of the pages of retention, from the address."""

from dataclasses import dataclass, field
from typing import Any

from flask import abort, request
from flask_babel import gettext

from mentorship.places.words import own_region_names
from mentorship.retention import words
from mentorship.retention.report import DIMENSIONS, Whose


@dataclass(frozen=True)
class Choice:
    """One region or all of the reader's, and what they are compared by."""

    names: dict[str, str]
    region: str | None
    by: str = "year"
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def regions(self) -> list[str]:
        """The regions the figures are of."""
        return [self.region] if self.region else list(self.names)

    @property
    def place(self) -> str:
        """The regions in words."""
        if self.region:
            return self.names[self.region]
        if len(self.names) == 1:
            return next(iter(self.names.values()))
        return str(gettext("All regions"))

    @property
    def filters(self) -> dict[str, str | None]:
        """As the list macros ask for them."""
        return {"region": self.region, "by": self.by}

    def in_words(self) -> list[tuple[Any, Any]]:
        """For a file: what was chosen."""
        return [(gettext("Region"), self.place)]


def chosen_region() -> Choice:
    """The region in the address; 404 for one outside the reader's scope."""
    names = own_region_names()
    region = request.args.get("region") or None
    if region is not None and region not in names:
        abort(404)
    return Choice(names, region)


def chosen(whose: Whose) -> Choice:
    """The region, and a dimension to compare by; 404 for one there is not."""
    asked = chosen_region()
    many = asked.region is None and len(asked.names) > 1
    own = (("region",) if many else ()) + tuple(DIMENSIONS[whose])
    options = {code: words.DIMENSIONS[code] for code in own}
    by = request.args.get("by") or own[0]
    if by not in words.DIMENSIONS or by not in ("region", *DIMENSIONS[whose]):
        abort(404)
    return Choice(asked.names, asked.region, by if by in options else own[0], options)
