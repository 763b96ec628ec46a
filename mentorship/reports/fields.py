"""Which addresses may be kept and sent: only pages of figures of this service."""

from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from flask import current_app
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from mentorship.permissions import Permission
from mentorship.reports.models import LONGEST_ADDRESS
from mentorship.web.fields import Text

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
_OPEN = (Permission.SEE_FIGURES, Permission.SEE_PROGRAMME, Permission.SEE_RULES)
NOT_OURS = _l("This is not the address of a page of figures. Open the page and save it from there.")


def own_page(address: str) -> str | None:
    """The address of a page of figures, made anew from its parts; None for any other."""
    if permission_of(address) is None:
        return None
    parts = urlsplit(address)
    asked = {name: value for name, value in parse_qsl(parts.query) if name != "as"}
    made = quote(unquote(parts.path)) + (f"?{urlencode(asked)}" if asked else "")
    return made if len(made) <= LONGEST_ADDRESS else None


def permission_of(address: str) -> Permission | None:
    """What it takes to see a page of figures; None for the address of anything else."""
    if not address.startswith("/") or len(address) > LONGEST_ADDRESS or not address.isprintable():
        return None
    try:
        parts = urlsplit(address)
        endpoint, _ = current_app.url_map.bind("").match(unquote(parts.path), "GET")
    except (ValueError, HTTPException, RequestRedirect):
        return None
    if parts.scheme or parts.netloc:
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
