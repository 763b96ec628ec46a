"""The program manager's overview: counts by region, and the figures the state published."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from mentorship.permissions import Scope
from mentorship.places.words import region_names
from mentorship.retention import queries
from mentorship.retention.report import Cohorts
from mentorship.web.suppression import Count, protect_list


@dataclass(frozen=True)
class Published:
    """What was published about the country, to stand beside the register's own figures."""

    source: str
    on: date
    children: int
    in_families: float
    mentors: int

    @property
    def outside_families(self) -> int:
        """Not printed there: calculated from the two figures that are."""
        return round(self.children * (1 - self.in_families))


PUBLISHED = Published("el.kz", date(2026, 1, 24), children=20_798, in_families=0.82, mentors=360)


def overview_figures(session: Session, scope: Scope, on: date) -> dict[str, Any]:
    """Everything the overview shows, every count as a reader may see it."""
    regions = {kato: name for kato, name in region_names().items() if scope.covers(kato)}
    counts = {
        "waiting": queries.children_waiting(session, scope, on),
        "free": queries.mentors_free(session, scope),
        "active": queries.active_matches(session, scope, on),
        "overdue": queries.check_ins_overdue(session, scope, on),
    }
    shown = {
        name: protect_list([found.get(kato, 0) for kato in regions])
        for name, found in counts.items()
    }
    rows = queries.match_rows(session, scope)
    return {
        "on": on,
        "regions": regions,
        "by_region": {kato: _line(shown, place) for place, kato in enumerate(regions)},
        "total": _line(shown, -1),
        "retention": Cohorts(rows, list(regions), on).group(),
        "children_living": protect_list([queries.children_living(session, scope)])[0],
        "mentors_active": protect_list([queries.mentors_active(session, scope)])[0],
        "published": PUBLISHED,
        "whole_country": scope.regions is None,
    }


def _line(shown: dict[str, list[Count]], place: int) -> dict[str, Count]:
    return {name: counts[place] for name, counts in shown.items()}
