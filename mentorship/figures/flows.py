"""What happened on each day, counted from the rows of meetings, contacts, matches and people."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Session

from mentorship.candidates.models import Candidate
from mentorship.candidates.queries import ways
from mentorship.check_ins.models import CheckIn
from mentorship.children.models import Child
from mentorship.clock import ALMATY
from mentorship.concerns.models import Concern
from mentorship.figures.catalogue import FLOWS
from mentorship.figures.matched import days_between, was_due
from mentorship.figures.models import DailyCount, MatchFact, MonthlyCount
from mentorship.figures.offices import Key
from mentorship.i18n import as_day
from mentorship.meetings.models import Meeting
from mentorship.mentors.models import Certificate, Mentor
from mentorship.places.models import Centre

AT_ONCE = 20_000
NAMES = ("measure", "day", "region", "part", "number")
LONGEST = 9_999
TABLE: Any = DailyCount.__table__
PLACES: tuple[Any, ...] = tuple(literal_column(place) for place in ("2", "3", "4"))
"""Day, region and part by their places, for parts that are worked out."""


def refresh_flows(session: Session, on: date, since: date | None) -> None:
    """Count every day anew, or only from a day on."""
    stale = delete(DailyCount).where(DailyCount.measure.in_(FLOWS))
    if since is not None:
        stale = stale.where(DailyCount.day >= since)
    session.execute(stale, execution_options={"synchronize_session": False})
    first = since or date.min
    counted = (_matches, _meetings, _contacts, _late_contacts)
    for query in (query for queries in counted for query in queries(session, first, on)):
        session.execute(insert(TABLE).from_select(NAMES, query))
    found: Counter[Key] = Counter()
    _add_waits(session, found)
    _add_people(session, found)
    _add_steps(session, found, on, since)
    keep(session, ((key, n) for key, n in found.items() if first <= key[1] <= on))
    _add_up_months(session, since)


def _add_up_months(session: Session, since: date | None) -> None:
    """The months anew that have a day from `since` on."""
    stale = delete(MonthlyCount)
    days: ColumnElement[bool] = DailyCount.measure.in_(FLOWS)
    if since is not None:
        stale = stale.where(MonthlyCount.month >= f"{since:%Y-%m}")
        days &= DailyCount.day >= since.replace(day=1)
    session.execute(stale, execution_options={"synchronize_session": False})
    month = func.substr(cast(DailyCount.day, String), 1, 7)
    rest = (DailyCount.region, DailyCount.part, func.sum(DailyCount.number))
    query = select(DailyCount.measure, month, *rest).where(days)
    added = query.group_by(literal_column("1"), *PLACES)
    names = ("measure", "month", "region", "part", "number")
    session.execute(insert(MonthlyCount).from_select(names, added))


def keep(session: Session, found: Iterable[tuple[Key, int]]) -> None:
    """Insert counts."""
    rows = [dict(zip(NAMES, (*key, number), strict=True)) for key, number in found]
    for place in range(0, len(rows), AT_ONCE):
        session.execute(insert(TABLE), rows[place : place + AT_ONCE])


def _matches(_session: Session, first: date, on: date) -> Iterable[Select[Any]]:
    fact, none = MatchFact, literal("")
    begun: Any = select(literal("matches_begun"), fact.started_on, fact.region, none, func.count())
    yield begun.where(fact.started_on.between(first, on)).group_by(fact.started_on, fact.region)
    by: tuple[Any, ...] = (fact.ended_on, fact.region, fact.ending)
    ended = select(literal("matches_ended"), *by, func.count())
    yield ended.where(fact.ended_on.between(first, on)).group_by(*by)


def _meetings(_session: Session, first: date, on: date) -> Iterable[Select[Any]]:
    held = Meeting.cancelled_by.is_(None)
    between = Meeting.held_on.between(first, on)
    by = (Meeting.held_on, MatchFact.region)
    placed = (MatchFact, MatchFact.match_id == Meeting.match_id)

    def counted(measure: str, part: Any, number: Any) -> Select[Any]:
        query = select(literal(measure), *by, part, number).select_from(Meeting)
        return query.join(*placed).where(between)

    none = literal("")
    yield counted("meetings_held", none, func.count()).where(held).group_by(*by)
    yield counted("meeting_minutes", none, func.sum(Meeting.minutes)).where(held).group_by(*by)
    side = Meeting.cancelled_by
    yield counted("meetings_cancelled", side, func.count()).where(~held).group_by(*by, side)


def _contacts(_session: Session, first: date, on: date) -> Iterable[Select[Any]]:
    by: tuple[Any, ...] = (CheckIn.due_on, MatchFact.region, CheckIn.kind)
    due = (CheckIn.due_on.between(first, on), *was_due(on, MatchFact.ended_on))
    wanted = {
        "contacts_due": (),
        "contacts_on_time": (CheckIn.held_on <= CheckIn.due_on,),
        "contacts_missed": (CheckIn.missed_on.is_not(None),),
    }
    for measure, more in wanted.items():
        query = select(literal(measure), *by, func.count()).select_from(CheckIn)
        placed = query.join(MatchFact, MatchFact.match_id == CheckIn.match_id)
        yield placed.where(*due, *more).group_by(*by)


def _late_contacts(session: Session, first: date, on: date) -> Iterable[Select[Any]]:
    """Contacts that were held after their day: how late, on the day they were held."""
    days = days_between(session, CheckIn.due_on, CheckIn.held_on)
    padded = func.substr(cast(LONGEST + 1 + _at_most(days, LONGEST), String), 2)
    kind: Any = CheckIn.kind
    for measure, part, number in (
        ("wait_overdue_count", kind, func.count()),
        ("wait_overdue_days", kind, func.sum(days)),
        ("waited_overdue", padded, func.count()),
    ):
        by = (CheckIn.held_on, MatchFact.region, part)
        query: Any = select(literal(measure), *by, number).select_from(CheckIn)
        placed = query.join(MatchFact, MatchFact.match_id == CheckIn.match_id)
        late = CheckIn.held_on > CheckIn.due_on, CheckIn.held_on.between(first, on)
        yield placed.where(*late).group_by(*PLACES)


def _at_most(number: Any, most: int) -> Any:
    return case((number > most, most), else_=number)


def _add_waits(session: Session, found: Counter[Key]) -> None:
    """How long mentors and children had waited when their first match began.

    A child who came back waits anew, for the first beginning since then.
    """
    certified = _first_certificates(session)
    waiting = {row[0]: row[1] for row in session.execute(select(Child.id, Child.waiting_since))}
    columns = (MatchFact.region, MatchFact.started_on, MatchFact.mentor_id, MatchFact.child_id)
    matched: set[int] = set()
    served: set[int] = set()
    for region, began, mentor_id, child_id in session.execute(
        select(*columns).order_by(MatchFact.started_on, MatchFact.match_id)
    ):
        if child_id not in served and waiting[child_id] <= began:
            served.add(child_id)
            _add_wait(found, "child", waiting[child_id], began, region)
        if mentor_id not in matched:
            matched.add(mentor_id)
            _add_wait(found, "certificate", certified.get(mentor_id), began, region)


def _first_certificates(session: Session) -> dict[int, date]:
    query = select(Certificate.mentor_id, func.min(Certificate.issued_on))
    return {row[0]: row[1] for row in session.execute(query.group_by(Certificate.mentor_id))}


def _add_wait(found: Counter[Key], what: str, since: date | None, until: date, region: str) -> None:
    """Days from one to the other: their number, their sum, and each length for a median."""
    if since is None or since > until:
        return
    days = (until - since).days
    found[f"wait_{what}_count", until, region, ""] += 1
    found[f"wait_{what}_days", until, region, ""] += days
    found[f"waited_{what}", until, region, f"{min(days, LONGEST):04}"] += 1


def _add_people(session: Session, found: Counter[Key]) -> None:
    """Certificates, applications and worries, each on its day."""
    issued = select(Mentor.region, Certificate.issued_on, func.count()).join(Certificate.mentor)
    for region, day, number in session.execute(issued.group_by(Mentor.region, "issued_on")):
        found["certificates_issued", day, region, ""] += number
    applied = select(Mentor.region, Candidate.applied_at).join(Candidate.mentor)
    for region, at in session.execute(applied):
        found["applications", as_day(at), region, ""] += 1
    for region, raised, closed in session.execute(_worries()):
        found["concerns_raised", as_day(raised), region, ""] += 1
        if closed is not None:
            found["concerns_closed", as_day(closed), region, ""] += 1


def _worries() -> Select[Any]:
    region = func.coalesce(MatchFact.region, Centre.region)
    query: Any = select(region, Concern.raised_at, Concern.closed_at).join(Concern.child)
    placed: Select[Any] = query.join(Child.centre).outerjoin(
        MatchFact, MatchFact.match_id == Concern.match_id
    )
    return placed


def _add_steps(session: Session, found: Counter[Key], on: date, since: date | None) -> None:
    """Steps on the way to becoming a mentor: how many days each took, on the day it was done."""
    chosen = select(Candidate.mentor_id).join(Candidate.mentor)
    if since is not None:
        ended = datetime.combine(since - timedelta(days=1), time(), ALMATY)
        chosen = chosen.where(or_(Candidate.ended_at.is_(None), Candidate.ended_at >= ended))
    regions = session.execute(chosen.add_columns(Mentor.region)).all()
    by_id = ways(session, chosen, on)
    for mentor_id, region in regions:
        for state in by_id[mentor_id].steps:
            if state.days is None or state.done_on is None:
                continue
            step, day = str(state.step), state.done_on
            found["step_count", day, region, step] += 1
            found["step_days", day, region, step] += state.days
            found["waited_step", day, region, f"{step}:{min(state.days, LONGEST):04}"] += 1
