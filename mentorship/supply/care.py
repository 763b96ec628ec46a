"""Children by form of placement at the end of each year, as the reader may see them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from mentorship.children.models import PlacementForm
from mentorship.figures.catalogue import MEASURES
from mentorship.figures.pages import read
from mentorship.permissions import Scope
from mentorship.supply import queries
from mentorship.supply.facts import IN_FAMILIES, year_ends
from mentorship.web.periods import Step, period_of
from mentorship.web.suppression import Count, Mark, share_of


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
        return share_of(families_among(self.total, self.forms), self.total)

    @property
    def elsewhere(self) -> int | None:
        """Those who do not live in an organisation, where both numbers may be shown."""
        inside = self.forms[PlacementForm.INSTITUTION].value
        return None if inside is None or self.total.value is None else self.total.value - inside


@dataclass(frozen=True)
class CareReport:
    """The years that are known, and the forms that occur in them."""

    years: list[CareYear]
    forms: list[PlacementForm]
    kept_since: date | None

    @property
    def is_drawable(self) -> bool:
        """Whether there is more than one year to draw."""
        return len(self.drawable) > 1

    @property
    def drawable(self) -> Sequence[CareYear]:
        """The years of which both who lives in organisations and who does not may be shown."""
        return [year for year in self.years if year.elsewhere is not None]


def care_report(session: Session, scope: Scope, until: date, region: str | None) -> CareReport:
    """The ten years before a day and the day itself, from the first year that is known."""
    care = read(session, scope, MEASURES["children_in_care"], until).number
    kept = queries.kept_since(session)
    years: list[CareYear] = []
    for day in year_ends(until):
        year = period_of(day, Step.YEAR)
        total = care.at(year, region, None)
        if total is not None and (total.value != 0 or years):
            forms = {form: care.at(year, region, form) or total for form in PlacementForm}
            years.append(CareYear(day, forms, total, kept is None or day < kept))
    seen = [form for form in PlacementForm if any(year.forms[form].value != 0 for year in years)]
    return CareReport(years, seen, kept)


def families_among(total: Count, forms: Mapping[PlacementForm, Count]) -> Count:
    """Those who live in families: added up, or what the other forms leave of all."""
    added = together(forms[form] for form in IN_FAMILIES)
    others = together(forms[form] for form in PlacementForm if form not in IN_FAMILIES)
    if added.is_shown or total.value is None or others.value is None:
        return added
    return Count(Mark.SHOWN, total.value - others.value)


def together(counted: Iterable[Count | None]) -> Count:
    """Several counts together, shown only where each of them is."""
    values = [count.value if count else None for count in counted]
    if None in values:
        return Count(Mark.HIDDEN)
    return Count(Mark.SHOWN, sum(number or 0 for number in values))
