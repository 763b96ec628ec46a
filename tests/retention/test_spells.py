from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mentorship.figures.queries import Facts
from mentorship.retention.spells import (
    GAP_DAYS,
    Leaving,
    MentorRow,
    Parting,
    Spells,
    Way,
    child_spells,
    match_spells,
    mentor_spells,
)

ON = date(2026, 6, 1)
DAY = timedelta(days=1)
Row = dict[str, Any]


def match(begun: date, ended: date | None = None, ending: str = "mentor", **given: Any) -> Row:
    values: Row = {
        "match_id": 1,
        "mentor_id": 1,
        "child_id": 1,
        "region": "35",
        "centre_kind": "childrens_home",
        "language": "kk",
        "training": "full",
        "distance": "town",
        "started_on": begun,
        "ended_on": ended,
        "ending": ending if ended else "",
    }
    return values | given


def facts(rows: Sequence[Row]) -> Facts:
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in match(ON)}
    kinds = {"started_on": "M8[D]", "ended_on": "M8[D]"}
    numbers = {"match_id": np.int64, "mentor_id": np.int64, "child_id": np.int64}
    return Facts(
        {
            name: np.array(values, kinds.get(name) or numbers.get(name) or np.str_)
            for name, values in columns.items()
        }
    )


def told(spells: Spells) -> list[tuple[float, int, bool]]:
    columns = (spells.months.round(3), spells.ways, spells.ended)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_an_early_ending_is_the_event_and_says_through_whom():
    rows = [
        match(date(2025, 1, 10), date(2025, 4, 10), ending)
        for ending in ("mentor", "child", "programme")
    ]
    found = told(match_spells(facts(rows), ON))
    assert found == [(3, Way.MENTOR, True), (3, Way.CHILD, True), (3, Way.PROGRAMME, True)]


def test_a_planned_ending_only_ends_the_watching():
    rows = [match(date(2025, 1, 10), date(2025, 4, 10), "planned")]
    assert told(match_spells(facts(rows), ON)) == [(3, Way.PLANNED, False)]


def test_a_match_under_way_is_watched_up_to_the_day_of_the_figures():
    rows = [match(date(2025, 12, 1)), match(date(2025, 12, 1), date(2026, 6, 2))]
    assert told(match_spells(facts(rows), ON)) == [(6, 0, False), (6, 0, False)]


def test_a_match_that_begins_later_is_left_out():
    assert len(match_spells(facts([match(ON + DAY)]), ON)) == 0
    assert len(match_spells(facts([]), ON)) == 0


def test_a_match_is_grouped_as_it_was_when_it_began():
    spells = match_spells(facts([match(date(2025, 1, 10), training="some")]), ON)
    groups = {name: column.tolist() for name, column in spells.groups.items()}
    assert groups == {
        "year": ["2025"],
        "centre_kind": ["childrens_home"],
        "training": ["some"],
        "language": ["kk"],
        "distance": ["town"],
    }


FIRST = match(date(2025, 1, 10), date(2025, 5, 10))


def test_the_example_of_the_page_comes_out_as_by_hand():
    second = match(date(2025, 6, 20), date(2025, 11, 10), "child", mentor_id=2)
    assert told(child_spells(facts([FIRST, second]), ON)) == [(10, Parting.LEFT_ALONE, True)]
    late = match(date(2025, 8, 20), date(2025, 11, 10), "child", mentor_id=2)
    assert told(child_spells(facts([FIRST, late]), ON)) == [(4, Parting.LEFT_ALONE, True)]


def test_a_gap_of_just_so_many_days_is_not_long():
    end = date(2025, 5, 10)
    within = match(end + GAP_DAYS * DAY)
    beyond = match(end + (GAP_DAYS + 1) * DAY)
    known = date(2026, 3, 3)  # 90 days before the day of the figures
    assert known == ON - GAP_DAYS * DAY
    ((months, way, ended),) = told(child_spells(facts([FIRST, within]), ON))
    assert (way, ended) == (0, False)
    assert 13 < months < 14
    assert told(child_spells(facts([FIRST, beyond]), ON)) == [(4, Parting.LEFT_ALONE, True)]


def test_a_child_whose_last_match_ended_as_planned_was_not_left_alone():
    planned = match(date(2025, 1, 10), date(2025, 5, 10), "planned")
    assert told(child_spells(facts([planned]), ON)) == [(4, Parting.PLANNED, False)]
    again = match(date(2025, 12, 1), date(2026, 1, 1))
    assert told(child_spells(facts([planned, again]), ON)) == [(4, Parting.PLANNED, False)]


def test_an_ending_of_the_last_ninety_days_is_not_judged_yet():
    recent = match(date(2025, 1, 10), date(2026, 4, 10))
    ((months, way, ended),) = told(child_spells(facts([recent]), ON))
    assert (way, ended) == (0, False)
    assert 13 < months < 14
    assert len(child_spells(facts([match(date(2026, 4, 1))]), ON)) == 0


def test_each_child_is_one_and_counts_where_the_first_match_began():
    rows = [
        match(date(2025, 6, 20), child_id=2, region="39"),
        match(date(2025, 1, 1), date(2025, 2, 1), child_id=2, region="35", language="ru"),
        match(date(2024, 1, 1), child_id=1, region="55"),
    ]
    spells = child_spells(facts(rows), ON)
    assert spells.region.tolist() == ["55", "35"]
    assert spells.groups["language"].tolist() == ["kk", "ru"]


days = st.integers(0, 900)
lives = st.lists(st.tuples(days, st.integers(0, 200), st.booleans()), min_size=1, max_size=6)


@given(lives, st.integers(0, 150))
def test_a_childs_time_is_that_of_a_plain_walk_through_the_matches(
    spans: list[tuple[int, int, bool]], gap: int
):
    begin, rows = date(2023, 1, 1), []
    for pause, length, planned in spans:
        begin += (pause % 250) * DAY
        end = begin + length * DAY
        rows.append(match(begin, end if end <= ON else None, "planned" if planned else "child"))
        begin = end + DAY
        if end > ON:
            break
    rows = [row for row in rows if row["started_on"] <= ON]
    known = ON - gap * DAY
    if not rows or rows[0]["started_on"] > known:
        assert rows == [] or len(child_spells(facts(rows), ON, gap)) == 0
        return
    way, until = 0, known
    for row, later in zip(rows, [*rows[1:], None], strict=True):
        if row["ended_on"] is None or row["ended_on"] > known:
            break
        if later is None or (later["started_on"] - row["ended_on"]).days > gap:
            planned = row["ending"] == "planned"
            way, until = (Parting.PLANNED if planned else Parting.LEFT_ALONE), row["ended_on"]
            break
    spells = child_spells(facts(rows), ON, gap)
    whole = match_spells(facts([match(rows[0]["started_on"], until)]), until)
    assert told(spells) == [(whole.months.round(3)[0], way, way == Parting.LEFT_ALONE)]


def mentor(**given: Any) -> MentorRow:
    values: Row = {
        "id": 1,
        "region": "35",
        "has_left": False,
        "certified_on": date(2024, 3, 1),
        "left_on": None,
        "reason": None,
    }
    return MentorRow(**values | given)


def test_a_mentor_is_counted_from_the_certificate_until_they_leave():
    left = mentor(has_left=True, left_on=date(2025, 9, 1), reason="own_wish")
    found = mentor_spells([left], facts([match(date(2024, 6, 1))]), ON)
    assert told(found) == [(18, Leaving.OWN, True)]


def test_a_mentor_who_has_not_left_is_watched_up_to_the_day_of_the_figures():
    away = mentor(left_on=date(2025, 9, 1), reason="own_wish")  # left once, and came back
    assert told(mentor_spells([mentor(), away], facts([]), ON)) == [(27, 0, False)] * 2


def test_a_match_before_the_certificate_begins_a_mentors_time():
    found = mentor_spells([mentor()], facts([match(date(2023, 12, 1))]), ON)
    assert told(found) == [(30, 0, False)]


def test_the_programme_may_have_ended_it():
    left = mentor(has_left=True, left_on=date(2025, 9, 1), reason="programme_decision")
    assert told(mentor_spells([left], facts([]), ON)) == [(18, Leaving.PROGRAMME, True)]


def test_the_last_match_stands_in_for_a_day_of_leaving_that_was_not_written_down():
    rows = [
        match(date(2024, 3, 1), date(2024, 6, 1)),
        match(date(2024, 4, 1), date(2024, 12, 1)),
    ]
    left = mentor(has_left=True)
    assert told(mentor_spells([left], facts(rows), ON)) == [(9, Leaving.OWN, True)]
    assert len(mentor_spells([left], facts([]), ON)) == 0


def test_a_mentor_without_certificate_and_match_and_one_of_later_are_left_out():
    rows = [mentor(certified_on=None), mentor(certified_on=ON + DAY)]
    assert len(mentor_spells(rows, facts([]), ON)) == 0
