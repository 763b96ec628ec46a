import os
from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, event, select, update
from sqlalchemy.orm import Session

from mentorship.check_ins.models import CheckIn
from mentorship.concerns.models import Concern
from mentorship.database import begin_reading, db
from mentorship.figures.catalogue import FLOWS, STOCKS, TOLD_LATER
from mentorship.figures.models import Build, DailyCount, MatchFact, MonthlyCount, StockDay
from mentorship.figures.store import month_ends, rebuild
from mentorship.matches.models import Match
from mentorship.meetings.models import Meeting
from tests import factories
from tests.bulk_register import SMALL, at, fill
from tests.figures.oracle import Oracle

ON = date(2026, 11, 22)


class Stopped(Exception):
    """The process ends in the middle."""


NAMES = [column.name for column in MatchFact.__table__.columns]


@pytest.fixture
def register(database):
    """Another one in each run; a failing test shows its seed."""
    seed = int.from_bytes(os.urandom(2))
    print("seed", seed)
    fill(database, ON, SMALL, seed)
    database.commit()
    return database


def facts(session):
    return {row.match_id: row._asdict() for row in session.execute(select(*MatchFact.__table__.c))}


def daily(session, measures):
    query = select(*DailyCount.__table__.c).where(DailyCount.measure.in_(measures))
    return Counter({tuple(row[:4]): row[4] for row in session.execute(query)})


def taken(session, day, measures):
    return Counter(
        {
            (measure, region, part): number
            for (measure, on, region, part), number in daily(session, measures).items()
            if on == day
        }
    )


def monthly(session):
    rows = session.execute(select(*MonthlyCount.__table__.c))
    return Counter({tuple(row[:4]): row[4] for row in rows})


def everything(session):
    return facts(session), daily(session, FLOWS), monthly(session), taken(session, ON, STOCKS)


def test_facts_of_matches_are_those_of_the_rows(register):
    rebuild(register, ON, at(ON))
    oracle, kept = Oracle(register, ON), facts(register)
    for match in oracle.matches:
        wanted = oracle.fact(match)
        assert {name: kept[match.id][name] for name in wanted} == wanted
    assert len(kept) == len(oracle.matches) == SMALL.matches


def test_counts_of_days_are_those_of_the_rows(register):
    rebuild(register, ON, at(ON))
    kept = daily(register, FLOWS)
    assert kept == Oracle(register, ON).flows()
    assert {measure for measure, *_ in kept} == set(FLOWS)
    months: Counter = Counter()
    for (measure, day, region, part), number in kept.items():
        months[measure, f"{day:%Y-%m}", region, part] += number
    assert monthly(register) == months


def test_stocks_of_today_are_those_of_the_rows(register):
    rebuild(register, ON, at(ON))
    wanted = Oracle(register, ON).stocks_today()
    assert taken(register, ON, {measure for measure, *_ in wanted}) == wanted
    assert {measure for measure, *_ in wanted} <= set(STOCKS)


def test_stocks_of_past_months_are_told_as_far_as_rows_tell(register):
    rebuild(register, ON, at(ON))
    oracle = Oracle(register, ON)
    for day in month_ends(ON)[::17]:
        wanted = oracle.stocks_on(day)
        measures = {measure for measure, *_ in wanted}
        assert taken(register, day, measures) == wanted, day


def test_ten_years_of_month_ends_are_told(register):
    rebuild(register, ON, at(ON))
    days = list(register.scalars(select(StockDay.day).where(StockDay.measure == "matches_active")))
    assert sorted(days) == [*month_ends(ON), ON]
    assert len(days) == 121
    known = set(register.scalars(select(StockDay.measure).where(StockDay.day < ON)))
    assert known == set(TOLD_LATER)


def test_what_was_made_by_night_is_what_is_made_whole(register):
    before = ON - timedelta(days=20)
    rebuild(register, before, at(before))
    for day in (ON - timedelta(days=2), ON - timedelta(days=1), ON):
        build = rebuild(register, day, at(day), since=day - timedelta(days=5))
        assert not build.whole
    by_night = everything(register)
    rebuild(register, ON, at(ON))
    assert everything(register) == by_night


def long_ago(session):
    """A match that has been over for two years."""
    ended = select(Match).where(Match.ended_on < ON - timedelta(days=730))
    return session.scalars(ended.order_by(Match.id).limit(1)).one()


def write_late(session):
    match = long_ago(session)
    factories.meeting(session, match=match, held_on=match.started_on, logged_at=at(ON))


def hold_late(session):
    row = session.scalars(
        select(CheckIn)
        .where(CheckIn.held_on.is_(None), CheckIn.due_on < ON - timedelta(days=400))
        .limit(1)
    ).one()
    row.held_on, row.missed_on, row.way, row.recorded_at = row.due_on, None, "phone", at(ON)


def end_otherwise(session):
    match = long_ago(session)
    match.ended_on = match.started_on
    match.ended_as_planned = not match.ended_as_planned


def move_child(session):
    match = long_ago(session)
    for stay in match.child.placements:
        stay.centre_id = stay.centre_id and stay.centre_id % SMALL.centres + 1


def forget_match(session):
    match = long_ago(session)
    for table in (Meeting, CheckIn):
        session.execute(delete(table).where(table.match_id == match.id))
    session.execute(update(Concern).where(Concern.match_id == match.id).values(match_id=None))
    session.delete(match)


@pytest.mark.parametrize("change", [write_late, hold_late, end_otherwise, move_child, forget_match])
def test_a_night_finds_what_changed_about_days_long_ago(register, change):
    before = ON - timedelta(days=1)
    rebuild(register, before, at(before))
    change(register)
    register.flush()
    register.expire_all()
    rebuild(register, ON, at(ON), since=before)
    by_night = everything(register)
    rebuild(register, ON, at(ON))
    assert everything(register) == by_night


@pytest.mark.parametrize("statement", [1, 20, 30, 45])
def test_a_build_that_breaks_off_leaves_the_old_figures(register, statement):
    before = ON - timedelta(days=1)
    rebuild(register, before, at(before))
    register.commit()
    old = everything(register), register.scalars(select(Build.mark)).all()
    left = [statement]

    def break_off(*_):
        left[0] -= 1
        if not left[0]:
            raise Stopped

    event.listen(db.engine, "before_cursor_execute", break_off)
    try:
        with pytest.raises(Stopped):
            rebuild(register, ON, at(ON))
    finally:
        event.remove(db.engine, "before_cursor_execute", break_off)
    register.rollback()
    assert (everything(register), register.scalars(select(Build.mark)).all()) == old


def test_nobody_sees_half_of_a_build(register):
    with Session(db.engine) as reader:
        begin_reading(reader)
        rebuild(register, ON, at(ON))
        assert facts(reader) == {}
        assert daily(reader, FLOWS) == {}


def test_nights_long_ago_leave_the_last_day_of_their_month(database):
    for day in (date(2026, 3, 30), date(2026, 3, 31), date(2026, 4, 1), date(2026, 11, 20)):
        rebuild(database, day, at(day), since=day)
    rebuild(database, ON, at(ON), since=ON)
    noted = select(StockDay.day).where(StockDay.measure == "mentors_free")
    days = [date(2026, 3, 31), date(2026, 11, 20), ON]
    assert sorted(database.scalars(noted)) == days


def test_what_was_noted_on_the_day_itself_is_not_told_anew(register):
    day = date(2026, 10, 31)
    rebuild(register, day, at(day))
    noted = taken(register, day, {"matches_active"})
    match = long_ago(register)
    match.ended_on = day + timedelta(days=1)
    rebuild(register, ON, at(ON))
    assert taken(register, day, {"matches_active"}) == noted
