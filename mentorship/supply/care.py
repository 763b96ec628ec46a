"""Children by form of placement at the end of each year, as the reader may see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from mentorship.children.models import PlacementForm
from mentorship.figures.queries import counts
from mentorship.permissions import Scope
from mentorship.places.regions import REGIONS
from mentorship.supply import queries
from mentorship.supply.facts import IN_FAMILIES, year_ends
from mentorship.web.suppression import Count, Mark, for_rows, protect_linked, share_of

FORMS = list(PlacementForm)


@dataclass(frozen=True)
class CareYear:
    """One day: children of each form and in all; `is_least`: the register was not kept yet."""

    day: date
    forms: dict[PlacementForm, Count]
    total: Count
    is_least: bool

    @property
    def in_families(self) -> float | None:
        """The share of them who live in families."""
        return share_of(together(self.forms[form] for form in IN_FAMILIES), self.total)


@dataclass(frozen=True)
class CareReport:
    """The years that are known, and the forms that occur in them."""

    years: list[CareYear]
    forms: list[PlacementForm]
    kept_since: date | None

    @property
    def is_drawable(self) -> bool:
        """Whether there is more than one year without a hidden number."""
        return len(self.drawable) > 1

    @property
    def drawable(self) -> Sequence[CareYear]:
        return [year for year in self.years if self._is_whole(year)]

    def _is_whole(self, year: CareYear) -> bool:
        return all(year.forms[form].is_shown for form in self.forms)


def care_report(session: Session, scope: Scope, until: date, region: str | None) -> CareReport:
    """The ten years before a day and the day itself; a year of which nothing is known is left."""
    codes = list(REGIONS)
    rows = [i for i, code in enumerate(codes) if scope.covers(code) and region in (None, code)]
    kept = queries.kept_since(session)
    years: list[CareYear] = []
    for day in year_ends(until):
        *counted, total = for_rows(care_table(session, day), rows)[-1]
        if total.value != 0 or years:
            forms = dict(zip(FORMS, counted, strict=True))
            years.append(CareYear(day, forms, total, kept is None or day < kept))
    seen = [form for form in FORMS if any(year.forms[form].value != 0 for year in years)]
    return CareReport(years, seen, kept)


def care_table(session: Session, day: date) -> list[list[Count]]:
    """Children by region and form of placement on a day, marked for the whole country."""
    found = counts(session, Scope(None), "children_in_care", day, day, by=("region", "part"))
    rows = [[found.get((region, form), 0) for form in FORMS] for region in REGIONS]
    return protect_linked({"part": rows})["part"]


def together(counted: Iterable[Count]) -> Count:
    """Several counts together, shown only where each of them is."""
    values = [count.value for count in counted]
    if None in values:
        return Count(Mark.HIDDEN)
    return Count(Mark.SHOWN, sum(number or 0 for number in values))
