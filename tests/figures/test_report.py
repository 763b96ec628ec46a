"""What a reader may see of a measure: the same marks for everybody, and nothing by differences."""

from datetime import date
from itertools import product

import pytest

from mentorship.figures.catalogue import MEASURES, Kind, Measure, Unit
from mentorship.figures.report import Country, Numbers, Reading, Seen
from mentorship.figures.values import State
from mentorship.web.periods import Period, Step, period_of, read_period

UNTIL = date(2026, 11, 22)
REGIONS = ["10", "11", "35"]
WHOLE, PART = Country(REGIONS, REGIONS), Country(REGIONS, ["11", "35"])
FLOW, STOCK = Measure("flow", "flow"), Measure("stock", "stock", kind=Kind.STOCK)


def seen(cube, kind=Kind.FLOW, country=WHOLE, parts=(), within=None, months=None, **given):
    chain = [Numbers(each, kind, parts, months) for each in ([within] if within else []) + [cube]]
    return Seen(country, chain, UNTIL, **given)


def at(reading, code, region=None, part=None):
    return reading.at(read_period(code), region, part)


def told(value):
    return value.amount if value.is_shown else value.state.value


def test_a_flow_adds_up_over_a_year_a_quarter_and_for_the_country_a_month():
    cube = {("10", "", "2026-01"): 20, ("10", "", "2026-02"): 30, ("35", "", "2026-05"): 7}
    reading = Reading(FLOW, seen(cube))
    assert [told(at(reading, each)) for each in ("2026", "2026-Q1", "2026-01")] == [57, 50, 20]
    assert told(at(reading, "2026-Q1", "10")) == 50
    assert told(at(reading, "2026-01", "10")) == "unknown"


def test_a_small_count_is_few_and_cannot_be_had_by_subtraction():
    cube = {("10", "", "2026-01"): 3, ("11", "", "2026-01"): 9, ("35", "", "2026-01"): 40}
    reading = Reading(FLOW, seen(cube))
    assert told(at(reading, "2026", "10")) == "few"
    assert "hidden" in (told(at(reading, "2026", "11")), told(at(reading, "2026", "35")))
    assert told(at(reading, "2026")) in (52, "hidden")


def test_a_reader_of_some_regions_sees_the_marks_of_the_whole_country():
    cube = {("10", "", "2026-01"): 3, ("11", "", "2026-01"): 9, ("35", "", "2026-01"): 40}
    for region, code in product(PART.seen, ("2026", "2026-Q1")):
        whole, part = (Reading(FLOW, seen(cube, country=each)) for each in (WHOLE, PART))
        assert at(whole, code, region) == at(part, code, region)


def test_months_do_not_tell_what_their_quarter_hides():
    cube = {("10", "", "2026-01"): 2, ("10", "", "2026-02"): 2}
    reading = Reading(FLOW, seen(cube))
    assert told(at(reading, "2026-Q1")) == "few"
    assert not any(at(reading, f"2026-0{month}").is_shown for month in (1, 2))


def test_a_small_month_is_hidden_with_another_of_its_quarter():
    cube = {("10", "", f"2026-0{month}"): n for month, n in ((4, 3), (5, 20), (6, 30))}
    reading = Reading(FLOW, seen(cube))
    assert told(at(reading, "2026-Q2")) == 53
    shown = [at(reading, f"2026-0{month}").is_shown for month in (4, 5, 6)]
    assert shown.count(False) >= 2


def test_a_stock_is_that_of_the_last_day_known_in_a_period():
    cube = {("10", "", "2026-09"): 10, ("10", "", "2026-10"): 12}
    known = {"2026-09", "2026-10", "2026-11"}
    reading = Reading(STOCK, seen(cube, Kind.STOCK, months=known))
    assert [told(at(reading, each)) for each in ("2026-09", "2026-Q3", "2026-10")] == [10, 10, 12]
    assert told(at(reading, "2026")) == 0
    assert told(at(reading, "2026-08")) == "unknown"


def test_a_time_ahead_and_a_time_before_the_first_row_are_not_known():
    reading = Reading(FLOW, seen({("10", "", "2025-05"): 10}))
    assert [told(at(reading, each)) for each in ("2027", "2024", "2025-Q1")] == ["unknown"] * 3
    assert told(at(reading, "2026")) == 0


def test_a_share_is_told_where_the_rest_may_be_told_too():
    measure = MEASURES["share_on_time"]
    due = {("10", "", "2026-01"): 50, ("11", "", "2026-01"): 40}
    held = {("10", "", "2026-01"): 25, ("11", "", "2026-01"): 38}
    reading = Reading(measure, seen(held, within=due), seen(due))
    assert told(at(reading, "2026", "10")) in (0.5, "hidden")
    assert told(at(reading, "2026", "11")) == "hidden"


def test_a_share_of_nothing_is_no_share():
    measure = MEASURES["share_on_time"]
    reading = Reading(measure, seen({("10", "", "2025-01"): 9}), seen({("10", "", "2025-01"): 9}))
    assert at(reading, "2026").state == State.NONE


@pytest.mark.parametrize(("number", "expected"), [(4, "hidden"), (5, 12.0)])
def test_a_mean_needs_five_cases(number, expected):
    measure = Measure("days", "x_days", "x_count", unit=Unit.DAYS)
    sums = seen({("10", "", "2026-01"): 12 * number}, of_people=False)
    reading = Reading(measure, sums, seen({("10", "", "2026-01"): number}))
    assert told(at(reading, "2026", "10")) == expected


def test_what_counts_no_people_is_told_as_it_is():
    reading = Reading(STOCK, seen({("10", "", "2026-10"): 2}, Kind.STOCK, of_people=False))
    assert told(at(reading, "2026-10", "10")) == 2


@pytest.mark.parametrize("code", ["2026", "2026-Q3", "2026-10"])
def test_a_period_is_read_as_it_is_written(code):
    assert read_period(code).code == code


@pytest.mark.parametrize("code", ["", "26", "2026-13", "2026-Q5", "2026-1", "1999", "2026-Q1x"])
def test_what_is_no_period_is_none(code):
    assert read_period(code) is None


def test_periods_know_their_days_and_those_before():
    quarter = period_of(date(2026, 11, 22), Step.QUARTER)
    assert (quarter.first, quarter.last) == (date(2026, 10, 1), date(2026, 12, 31))
    assert quarter.months == ["2026-10", "2026-11", "2026-12"]
    assert quarter.before(4) == Period(date(2025, 10, 1), Step.QUARTER)
