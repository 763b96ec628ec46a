"""A plan of contacts in words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

OWNERS = {"Programme": _l("The programme")}


def said(given: Mapping[str, Any]) -> str:
    """The plan of one kind of contact as one line."""
    parts = []
    if given["within"]:
        parts.append(
            ngettext(
                "within %(num)s working day of the first meeting",
                "within %(num)s working days of the first meeting",
                given["within"],
            )
        )
    if given["days"]:
        days = ", ".join(map(str, given["days"]))
        parts.append(gettext("on these days of the first month: %(days)s", days=days))
    parts += [_stage(every, until) for every, until in given["stages"]]
    return "; ".join(parts) or gettext("not planned")


def _stage(every: int, until: int | None) -> str:
    if until is None:
        said = ngettext("then every %(num)s month", "then every %(num)s months", every)
    else:
        said = ngettext(
            "every %(num)s month up to month %(until)s",
            "every %(num)s months up to month %(until)s",
            every,
            until=until,
        )
    return str(said)
