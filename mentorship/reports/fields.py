"""Which addresses may be kept and sent: only pages of figures of this service.

An address is sent by mail: of its filters only codes are kept, and nothing that somebody wrote.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from flask import current_app
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from mentorship.figures.catalogue import MEASURES
from mentorship.permissions import Permission
from mentorship.reports.models import LONGEST_ADDRESS
from mentorship.web.fields import Text
from mentorship.web.periods import read_period

# Whole features, and single pages of features that hold more than figures.
_FEATURES = frozenset({"retention", "practice", "supply", "indicators"})
_PAGES = frozenset(
    {
        "dashboard.overview",
        "figures.show",
        "figures.definitions",
        "reports.show",
        "outcomes.index",
        "candidates.figures",
        "records.fairness",
        "records.recruitment",
    }
)
_CODE = r"[a-z_0-9]{1,40}"
_FILTERS = {
    "region": r"\d\d",
    "year": r"\d{4}",
    "period": r"\d{4}(-Q\d|-\d\d)?",
    "language": r"[a-z]{2,10}",
    **dict.fromkeys(("by", "part", "step", "measure", "sort", "dir"), _CODE),
}
"""The filters of these pages, and how their codes look."""
_OPEN = (Permission.SEE_FIGURES, Permission.SEE_PROGRAMME, Permission.SEE_RULES)
NOT_OURS = _l("This is not the address of a page of figures. Open the page and save it from there.")


def own_page(address: str) -> str | None:
    """The address of a page of figures, made anew from its parts; None for any other."""
    if permission_of(address) is None:
        return None
    parts = urlsplit(address)
    asked = {name: value for name, value in parse_qsl(parts.query) if _is_filter(name, value)}
    made = quote(unquote(parts.path)) + (f"?{urlencode(asked)}" if asked else "")
    return made if len(made) <= LONGEST_ADDRESS else None


def _is_filter(name: str, value: str) -> bool:
    return name in _FILTERS and re.fullmatch(_FILTERS[name], value, re.ASCII) is not None


def _is_known(given: Mapping[str, Any]) -> bool:
    """Whether the parts of a path are numbers, figures and periods."""
    measure, period = given.get("measure", next(iter(MEASURES))), given.get("period", "2026")
    return measure in MEASURES and read_period(period) is not None


def permission_of(address: str) -> Permission | None:
    """What it takes to see a page of figures; None for the address of anything else."""
    if not address.startswith("/") or len(address) > LONGEST_ADDRESS or not address.isprintable():
        return None
    try:
        parts = urlsplit(address)
        endpoint, given = current_app.url_map.bind("").match(unquote(parts.path), "GET")
    except (ValueError, HTTPException, RequestRedirect):
        return None
    if parts.scheme or parts.netloc or not _is_known(given):
        return None
    view: Any = current_app.view_functions[endpoint]
    whole = endpoint.partition(".")[0] in _FEATURES
    return view.permission if view.permission in _OPEN and (whole or endpoint in _PAGES) else None


class FiguresPage(Text):
    """The address of one of our pages of figures."""

    def __init__(self) -> None:
        super().__init__(_l("Page"), longest=LONGEST_ADDRESS)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        found = own_page(str(value))
        if found is None:
            raise ValidationError(str(NOT_OURS))
        return found
