"""The register's own figure of each published topic, with its day, as the reader may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import format_decimal, format_percent, gettext
from sqlalchemy.orm import Session

from mentorship.authorities.queries import norms
from mentorship.figures.queries import counts, newest_build
from mentorship.permissions import Scope
from mentorship.places.models import HOMES, CentreKind
from mentorship.places.regions import REGIONS
from mentorship.settings.services import value
from mentorship.supply import queries
from mentorship.supply.care import FORMS, care_table, together
from mentorship.supply.facts import IN_FAMILIES
from mentorship.supply.vocabulary import Topic
from mentorship.web.suppression import Count, Mark, for_rows, protect_linked, share_of


@dataclass(frozen=True)
class Own:
    """A figure of this register: in words, on which day, and the measure that opens it."""

    text: str
    on: date
    note: Any = None
    measure: str | None = None


def own_figures(session: Session, scope: Scope, on: date) -> dict[Topic, Own]:
    """What this register says of each topic; a topic it does not hold is not there."""
    rows = [i for i, code in enumerate(REGIONS) if scope.covers(code)]
    per = value(session, "guardianship.children_per_specialist")
    found = _of_staff(session, scope, on, per)
    found |= _of_organisations(session, scope, on)
    placed = queries.placed_in_year(session, on.year - 1, IN_FAMILIES)
    column = [[placed.get(region, 0)] for region in REGIONS]
    marked = for_rows(protect_linked({"part": column})["part"], rows)
    year = gettext("Counted for %(year)s.", year=on.year - 1)
    found[Topic.PLACED] = Own(shown(marked[-1][-1]), on, year)
    build = newest_build(session)
    if build is not None:
        found |= _of_people(session, rows, build.until)
    return found


def _of_people(session: Session, rows: Sequence[int], until: date) -> dict[Topic, Own]:
    care = for_rows(care_table(session, until), rows)[-1]
    mentors = counts(session, Scope(None), "mentors_active", until, until, by=("region",))
    active = protect_linked({"part": [[mentors.get((code,), 0)] for code in REGIONS]})["part"]
    families = together(care[FORMS.index(form)] for form in IN_FAMILIES)
    share = share_of(families, care[-1])
    mentored = gettext("Only children whom this register knows.")
    found = {
        Topic.CHILDREN: Own(shown(care[-1]), until, mentored, "children_in_care"),
        Topic.MENTORS: Own(shown(for_rows(active, rows)[-1][-1]), until, None, "mentors_active"),
    }
    if share is not None:
        outside = Count(Mark.SHOWN, (care[-1].value or 0) - (families.value or 0))
        found[Topic.IN_FAMILIES] = Own(str(format_percent(share)), until, mentored)
        found[Topic.OUTSIDE_FAMILIES] = Own(shown(outside), until, mentored)
    return found


def _of_staff(session: Session, scope: Scope, on: date, per: int) -> dict[Topic, Own]:
    """Specialists and children of the regions are no secret: they are published by region."""
    known = norms(session, scope, on, per)
    found = {
        Topic.SPECIALISTS: Own(_number(sum(n.specialists for n in known.values())), on),
        Topic.STAFFING_NORM: Own(gettext("1 to %(number)s", number=_number(per)), on),
    }
    counted = [norm for norm in known.values() if norm.population is not None]
    if counted:
        needed = _number(sum(norm.needed or 0 for norm in counted))
        days = [norm.population.as_of for norm in counted if norm.population]
        children = _number(sum(norm.population.children for norm in counted if norm.population))
        found[Topic.SPECIALISTS_TARGET] = Own(needed, on)
        found[Topic.CHILD_POPULATION] = Own(children, max(days))
    return found


def _of_organisations(session: Session, scope: Scope, on: date) -> dict[Topic, Own]:
    kinds = [each.kind for each in queries.organisations(session, scope)]
    homes = _number(sum(kind in HOMES for kind in kinds))
    houses = _number(kinds.count(CentreKind.MOTHERS_HOUSE))
    return {
        Topic.ORGANISATIONS: Own(homes, on, None, "organisations"),
        Topic.MOTHERS_HOUSES: Own(houses, on),
    }


def shown(count: Count) -> str:
    """A count in words, as the reader may see it."""
    if count.value is not None:
        return _number(count.value)
    return str(gettext("fewer than 5") if count.mark is Mark.FEW else gettext("not shown"))


def _number(number: int) -> str:
    return str(format_decimal(number))
