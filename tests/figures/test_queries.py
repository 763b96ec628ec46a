from datetime import date

import numpy as np
import pytest
from sqlalchemy import delete

from mentorship.figures.models import DailyCount, MatchFact, MonthlyCount
from mentorship.figures.queries import counts, match_facts, newest_build
from mentorship.permissions import Scope
from tests import factories

EVERYWHERE = Scope(None)
JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 31)


@pytest.fixture
def meetings(database):
    for day, region, number in (
        (date(2025, 12, 31), "35", 100),
        (date(2026, 1, 1), "35", 3),
        (date(2026, 1, 31), "39", 4),
        (date(2026, 3, 31), "35", 5),
        (date(2026, 4, 1), "35", 100),
    ):
        factories.daily_count(
            database, measure="meetings_held", day=day, region=region, number=number
        )
    return database


@pytest.mark.parametrize(
    ("by", "wanted"),
    [
        ((), {(): 12}),
        (("region",), {("35",): 8, ("39",): 4}),
        (("month",), {("2026-01",): 7, ("2026-03",): 5}),
        (("day",), {("2026-01-01",): 3, ("2026-01-31",): 4, ("2026-03-31",): 5}),
        (
            ("region", "month"),
            {("35", "2026-01"): 3, ("39", "2026-01"): 4, ("35", "2026-03"): 5},
        ),
        (("part",), {("",): 12}),
    ],
)
def test_what_happened_adds_up_over_the_days_of_a_span(meetings, by, wanted):
    assert counts(meetings, EVERYWHERE, "meetings_held", JANUARY, MARCH, by) == wanted


@pytest.mark.parametrize(
    ("first", "last", "wanted"),
    [
        (date(2025, 12, 31), date(2026, 1, 1), 103),
        (date(2026, 1, 2), date(2026, 1, 31), 4),
        (date(2026, 1, 2), date(2026, 3, 30), 4),
        (date(2025, 12, 15), date(2026, 4, 1), 212),
        (date(2026, 3, 31), date(2026, 3, 31), 5),
        (date(2026, 2, 1), date(2026, 2, 28), 0),
        (date(2026, 1, 31), date(2026, 4, 30), 109),
    ],
)
def test_a_span_may_begin_and_end_within_months(meetings, first, last, wanted):
    found = counts(meetings, EVERYWHERE, "meetings_held", first, last, ())
    assert found.get((), 0) == wanted
    by_day = counts(meetings, EVERYWHERE, "meetings_held", first, last, ("day",))
    assert sum(by_day.values()) == wanted


def test_a_coordinator_reads_counts_and_matches_of_own_regions_alone(meetings):
    own = Scope(frozenset({"39"}))
    assert counts(meetings, own, "meetings_held", JANUARY, MARCH) == {("39",): 4}
    for region in ("35", "39"):
        match = factories.eligible_match(meetings, started_on=JANUARY, region=region)
        factories.match_fact(meetings, match=match, region=region)
    assert match_facts(meetings, own)["region"].tolist() == ["39"]
    assert len(match_facts(meetings, EVERYWHERE)) == 2
    assert counts(meetings, Scope(frozenset()), "meetings_held", JANUARY, MARCH) == {}


def test_a_stock_is_that_of_the_last_day_it_was_taken(database):
    for day, number in ((date(2026, 1, 10), 7), (date(2026, 1, 31), 8), (date(2026, 2, 27), 9)):
        factories.stock_day(database, measure="mentors_idle", day=day)
        factories.daily_count(database, measure="mentors_idle", day=day, number=number)
    assert counts(database, EVERYWHERE, "mentors_idle", JANUARY, MARCH, ()) == {(): 9}
    by_month = counts(database, EVERYWHERE, "mentors_idle", JANUARY, MARCH, ("month",))
    assert by_month == {("2026-01",): 8, ("2026-02",): 9}


def test_a_stock_that_was_nought_when_last_taken_is_nought(database):
    factories.stock_day(database, measure="concerns_open", day=date(2026, 1, 10))
    factories.daily_count(
        database, measure="concerns_open", day=date(2026, 1, 10), number=7, part="week"
    )
    factories.stock_day(database, measure="concerns_open", day=date(2026, 1, 31))
    assert counts(database, EVERYWHERE, "concerns_open", JANUARY, MARCH) == {}


def test_meetings_planned_are_those_held_and_those_cancelled(meetings):
    factories.daily_count(
        meetings, measure="meetings_cancelled", day=JANUARY, number=2, part="mentor"
    )
    assert counts(meetings, EVERYWHERE, "meetings_planned", JANUARY, MARCH, ()) == {(): 14}


def test_matches_are_columns_of_text_days_and_numbers(database):
    ended = date(2026, 2, 1)
    first = factories.eligible_match(database, started_on=JANUARY)
    second = factories.eligible_match(database, started_on=JANUARY)
    factories.match_fact(database, match=first, first_due=3)
    factories.match_fact(database, match=second, ended_on=ended, ending="mentor")
    found = match_facts(database, EVERYWHERE)
    assert found["ending"].tolist() == ["", "mentor"]
    assert found["started_on"].tolist() == [JANUARY, JANUARY]
    assert found["ended_on"].tolist() == [None, ended]
    assert found.is_open.tolist() == [True, False]
    assert found["first_due"].sum() == 3
    assert found.where(~found.is_open)["match_id"].tolist() == [second.id]
    assert set(found.columns) == {column.name for column in MatchFact.__table__.columns}


def test_a_register_without_matches_has_columns_too(database):
    found = match_facts(database, EVERYWHERE)
    assert len(found) == 0
    assert found["started_on"].dtype == np.dtype("datetime64[D]")
    assert len(found.where(found["region"] == "35")) == 0


def test_what_a_build_said_is_remembered_until_the_next_build(database, statements):
    match = factories.eligible_match(database, started_on=JANUARY)
    factories.match_fact(database, match=match)
    factories.daily_count(database, measure="meetings_held", day=JANUARY, number=3)
    factories.build(database, until=MARCH)

    def read():
        return (
            counts(database, EVERYWHERE, "meetings_held", JANUARY, MARCH, ()),
            len(match_facts(database, EVERYWHERE)),
        )

    assert read() == ({(): 3}, 1)
    for table in (DailyCount, MonthlyCount):
        database.execute(delete(table))
    database.execute(delete(MatchFact))
    statements.clear()
    assert read() == ({(): 3}, 1)
    assert len(statements) == 2  # which build is the newest
    factories.build(database, until=MARCH)
    assert read() == ({}, 0)


def test_what_was_read_cannot_be_written_to(database):
    match = factories.eligible_match(database, started_on=JANUARY)
    factories.match_fact(database, match=match)
    with pytest.raises(ValueError, match="read-only"):
        match_facts(database, EVERYWHERE)["first_due"][0] = 1


def test_the_newest_build_says_up_to_which_day(database):
    assert newest_build(database) is None
    factories.build(database, until=JANUARY)
    factories.build(database, until=MARCH)
    assert newest_build(database).until == MARCH
