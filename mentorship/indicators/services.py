from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Impossible, Invalid, Stale
from mentorship.indicators.models import (
    Indicator,
    IndicatorEdition,
    IndicatorFact,
    IndicatorTarget,
)
from mentorship.indicators.queries import has_name
from mentorship.indicators.vocabulary import YEARS

NAMES = ("name_kk", "name_ru", "name_en")


def add_indicator(
    session: Session,
    data: dict[str, Any],
    *,
    by: int | None,
    at: datetime,
    is_example: bool = False,
) -> Indicator:
    """Define an indicator; raises AlreadyDone where one of its names is taken."""
    _check_names(session, data, None)
    row = Indicator(is_example=is_example, made_by=by, made_at=at)
    session.add(row)
    row.editions.append(IndicatorEdition(**data, version=1, made_by=by, made_at=at))
    audit.record("added_indicator", row, by=by, session=session)
    return row


def change_indicator(
    session: Session,
    row: Indicator,
    data: dict[str, Any],
    facts: Mapping[int, float | None],
    *,
    by: int,
    on: date,
    at: datetime,
    seen: int | None = None,
) -> IndicatorEdition:
    """Word an indicator anew; a new formula starts a version and keeps what was said before.

    `facts`: by year, as readers see them now; `seen`: the edition that the page showed. Raises
    Impossible for an ended one, Stale where somebody changed it meanwhile, Invalid where the new
    formula would count years that are over, AlreadyDone where nothing is changed.
    """
    for_update(session, Indicator, [row.id])
    session.expire(row, ["editions"])
    _check_open(row)
    if seen is not None and seen != row.now.id:
        raise Stale("changed_meanwhile")
    _check_names(session, data, row.id)
    was = row.now
    same = was.counts_like(data)
    if same and not audit.changed_fields(was, data | {"from_year": was.from_year}):
        raise AlreadyDone("indicator_unchanged")
    if same:
        data = data | {"from_year": was.from_year}
    elif data["from_year"] < max(on.year, YEARS[0]):
        raise Invalid("indicator_year_over", year=on.year)
    else:
        _keep_facts(was, facts, on)
    version = was.version if same else was.version + 1
    edition = IndicatorEdition(**data, version=version, made_by=by, made_at=at)
    row.editions.append(edition)
    fields = audit.changed_fields(was, data)
    audit.record("changed_indicator", row, by=by, fields=fields, version=version)
    return edition


def _keep_facts(was: IndicatorEdition, facts: Mapping[int, float | None], on: date) -> None:
    known = {fact.year for fact in was.facts}
    for year, value in facts.items():
        if year not in known:
            was.facts.append(IndicatorFact(year=year, value=value, until=on))


def set_target(
    session: Session,
    row: Indicator,
    year: int,
    value: float | None,
    *,
    source: str,
    by: int | None,
    at: datetime,
) -> IndicatorTarget:
    """Plan a year, or withdraw its plan; raises Invalid for a year outside the programme."""
    _check_open(row)
    if year not in YEARS:
        raise Invalid("indicator_year_unknown", first=YEARS[0], last=YEARS[-1])
    before = row.target(year)
    if value is None and before is None:
        raise AlreadyDone("indicator_no_target")
    target = IndicatorTarget(year=year, value=value, source=source, made_by=by, made_at=at)
    row.targets.append(target)
    was = before.value if before else None
    audit.record("set_indicator_target", row, by=by, session=session, year=year, was=was, now=value)
    return target


def end_indicator(session: Session, row: Indicator, *, by: int, on: date) -> None:
    """Stop following an indicator; what was planned and reached stays to be read."""
    _check_open(row)
    row.ended_on = on
    audit.record("ended_indicator", row, by=by, session=session)


def _check_open(row: Indicator) -> None:
    if row.ended_on is not None:
        raise Impossible("indicator_ended")


def _check_names(session: Session, data: Mapping[str, Any], but: int | None) -> None:
    if has_name(session, {name: data[name] for name in NAMES}, but):
        raise AlreadyDone("indicator_name_taken")
