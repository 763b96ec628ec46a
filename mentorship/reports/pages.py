"""What the pages of reports show: the periods one can open, and one of them in any language."""

from contextlib import AbstractContextManager, nullcontext
from datetime import date

from flask import request

from mentorship import i18n
from mentorship.web.periods import Period, Step, period_of, periods

Year = list[tuple[Period, list[Period]]]


def years(first: date | None, until: date) -> list[tuple[int, Year]]:
    """The years with a report, the newest first; of each the quarters with their months."""
    found: dict[int, Year] = {}
    for month in periods(first or until, until, Step.MONTH):
        quarter = period_of(month.first, Step.QUARTER)
        rows = found.setdefault(month.first.year, [])
        if not rows or rows[-1][0] != quarter:
            rows.append((quarter, []))
        rows[-1][1].append(month)
    return sorted(found.items(), reverse=True)


def speaking() -> AbstractContextManager[None]:
    """The language of the address (`?language=kk`), else the reader's own."""
    code = request.args.get("language", "")
    return i18n.speaking(code) if code in i18n.LOCALES else nullcontext()
