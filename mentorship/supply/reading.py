"""The register's own figure of each published topic, with its day, as the reader may see it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import format_decimal, format_percent, gettext
from sqlalchemy.orm import Session

from mentorship.authorities.queries import norms
from mentorship.children.models import PlacementForm
from mentorship.figures.catalogue import MEASURES
from mentorship.figures.pages import country_of, read
from mentorship.figures.queries import newest_build
from mentorship.permissions import Scope
from mentorship.places.models import HOMES, CentreKind
from mentorship.settings.services import value
from mentorship.supply import queries
from mentorship.supply.care import families_among
from mentorship.supply.facts import IN_FAMILIES
from mentorship.supply.vocabulary import Topic
from mentorship.web.periods import Step, period_of
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
    country = country_of(scope)
    per = value(session, "guardianship.children_per_specialist")
    found = _of_staff(session, scope, on, per)
    found |= _of_organisations(session, scope, on)
    placed = queries.placed_in_year(session, on.year - 1, IN_FAMILIES)
    column = [[placed.get(region, 0)] for region in country.regions]
    marked = for_rows(protect_linked({"part": column})["part"], country.rows)
    year = gettext("Counted for %(year)s.", year=on.year - 1)
    found[Topic.PLACED] = Own(shown(marked[-1][-1]), on, year)
    build = newest_build(session)
    if build is not None:
        found |= _of_people(session, scope, build.until)
    return found


def _of_people(session: Session, scope: Scope, until: date) -> dict[Topic, Own]:
    month = period_of(until, Step.MONTH)
    care = read(session, scope, MEASURES["children_in_care"], until).number
    total = care.at(month, None, None)
    mentors = read(session, scope, MEASURES["mentors_active"], until).number.at(month, None, None)
    known = gettext("Only children whom this register knows.")
    found = {}
    if mentors is not None:
        found[Topic.MENTORS] = Own(shown(mentors), until, None, "mentors_active")
    if total is not None and total.value != 0:
        found[Topic.CHILDREN] = Own(shown(total), until, known, "children_in_care")
        forms = {form: care.at(month, None, form) or total for form in PlacementForm}
        families = families_among(total, forms)
        share = share_of(families, total)
        if share is not None:
            outside = Count(Mark.SHOWN, (total.value or 0) - (families.value or 0))
            found[Topic.IN_FAMILIES] = Own(str(format_percent(share)), until, known)
            found[Topic.OUTSIDE_FAMILIES] = Own(shown(outside), until, known)
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
