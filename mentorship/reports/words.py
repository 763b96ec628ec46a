"""What people read about reports: how often they come, what stands in a cell."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import format_decimal, format_percent, gettext
from flask_babel import lazy_gettext as _l

from mentorship.figures.catalogue import Kind as FigureKind
from mentorship.i18n import show_date
from mentorship.web.periods import Period, Step, period_words
from mentorship.web.suppression import Count
from mentorship.web.tables import Column, Kind, shown, typed

STEPS: dict[str, Any] = {
    Step.MONTH.value: _l("Every month"),
    Step.QUARTER.value: _l("Every quarter"),
}
KINDS = {
    FigureKind.FLOW: _l("What happened"),
    FigureKind.STOCK: _l("What there was on the last day"),
}
AS_OF = _l(
    "What happened is told for the period, what there is for its last day, and how long matches "
    "last as that day saw them."
)
STAYS = _l(
    "Opened again later, a report of a time that is over says the same, as far as the records "
    "allow: what is entered or corrected later for an earlier day changes it, and which small "
    "numbers are not shown can change while the year goes on."
)
NOT_OVER = _l(
    "This period is not over. Its figures go up to the day named above and change every night."
)
OF_THE_YEAR = _l(
    "An indicator is told for its whole year, or for the year so far while it goes on, and not for "
    "the period of this report."
)
BY_QUARTER = _l(
    "What happened in a month is told for the whole country only, so that nobody can be "
    "recognised. For your regions it is told for the last whole quarter."
)


def period_title(period: Period) -> str:
    """A period as a heading begins: October 2026."""
    name = period_words(period)
    return name[:1].upper() + name[1:]


def told(value: Any, column: Column) -> str:
    """A cell of a table in words, as the reader's language writes it."""
    value, column = typed(value, column)
    value = shown(value) if isinstance(value, Count) else value
    if value is None:
        return "–"
    if isinstance(value, date):
        return show_date(value)
    if not isinstance(value, int | float):
        return str(value)
    if column.kind == Kind.SHARE:
        return str(format_percent(round(value, column.places + 2), format=_percent(column)))
    return str(format_decimal(round(value, column.places)))


def _percent(column: Column) -> str | None:
    return f"#,##0.{'0' * column.places}%" if column.places else None


def not_known(names: Sequence[str]) -> str:
    """Which figures a table leaves out, because nobody counted them then."""
    if not names:
        return ""
    return str(
        gettext(
            "Not known for this time: %(figures)s. Such figures are known from the night on which "
            "this service first took them.",
            figures=", ".join(names),
        )
    )
