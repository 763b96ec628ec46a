from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorship.retention.cohorts import quarters_of
from mentorship.retention.ends import Ends
from mentorship.retention.spells import Spells
from mentorship.retention.study import Group, Study, rounded
from mentorship.web.suppression import LEAST, Count, Mark

REGIONS = ["35", "39", "55"]
FEW = Count(Mark.FEW)
Row = tuple[str, str, float, int]  # region, year, months, way


def spells(rows: list[Row], started: str = "-03-01") -> Spells:
    region, year, months, ways = zip(*rows, strict=True) if rows else ((), (), (), ())
    way = np.array(ways, np.int64)
    return Spells(
        np.array(region, np.str_),
        np.array([f"{each}{started}" for each in year], "M8[D]"),
        np.array(months, float),
        way,
        way > 1,
        {"year": np.array(year, np.str_)},
    )


def study(rows: list[Row]) -> Study:
    found = spells(rows)
    return Study(found, REGIONS, {"year": np.unique(found.groups["year"]).tolist() or [""]})


def shown(value: int) -> Count:
    return Count(Mark.SHOWN, value)


ROWS: list[Row] = [
    *[("35", "2024", 26.5, 0)] * 20,
    *[("35", "2024", 8.0, 2)] * 10,
    *[("39", "2025", 14.0, 0)] * 15,
    *[("39", "2025", 5.0, 3)] * 5,
]


def test_a_group_says_how_many_began_and_how_many_of_them_lasted():
    group = study(ROWS).group(REGIONS)
    assert group.count == shown(50)
    assert group.year is not None
    # At 5 months 5 of 50 ended, at 8 months 10 of the 45 left.
    assert group.year.share == pytest.approx(45 / 50 * 35 / 45)
    assert [group.at_risk(month) for month in (3, 6, 12, 24)] == [
        shown(50),
        shown(45),
        shown(35),
        shown(20),
    ]


def test_one_region_and_one_year_narrow_the_figures():
    table = study(ROWS)
    assert table.group(["35"]).count == shown(30)
    assert table.group(["35"], "year", "2025").count == shown(0)
    found = table.group(REGIONS, "year", "2024").year
    assert found is not None
    assert found.share == pytest.approx(2 / 3)


def test_numbers_under_observation_are_rounded_to_fives():
    assert [rounded(n) for n in (0, 3, 5, 7, 8, 12, 13)] == [
        shown(0),
        FEW,
        shown(5),
        shown(5),
        shown(10),
        shown(10),
        shown(15),
    ]


def test_a_group_of_four_shows_neither_count_nor_curve_nor_share():
    group = study([*ROWS, *[("55", "2024", 20.0, 0)] * 4]).group(["55"])
    assert (group.count, group.curve, group.year, group.median) == (FEW, None, None, None)
    assert group.points == []
    assert group.is_withheld(12)


def test_no_share_is_given_for_months_that_fewer_than_five_have_reached():
    group = study([*[("35", "2026", 4.0, 0)] * 20, *[("35", "2025", 17.0, 0)] * 4]).group(["35"])
    assert group.year is None
    assert not group.is_withheld(12)
    assert group.at(3) is not None


def test_a_share_from_which_four_endings_could_be_counted_is_withheld():
    rows: list[Row] = [
        *[("35", "2024", 26.0, 0)] * 20,
        *[("35", "2024", 8.0, 2)] * 4,
        *[("39", "2024", 26.0, 0)] * 20,
        *[("39", "2024", 8.0, 2)] * 9,
        *[("55", "2024", 26.0, 0)] * 40,
        *[("55", "2024", 8.0, 2)] * 20,
    ]
    table = study(rows)
    few, cover, other = (table.group([region]) for region in REGIONS)
    assert few.year is None
    assert few.is_withheld(12)
    # Alone, it could be had from the country and the others: the smallest other goes with it.
    assert cover.year is None
    assert other.year is not None
    assert table.group(REGIONS).year is not None


def test_some_regions_together_show_no_more_than_each_of_them():
    rows: list[Row] = [*ROWS, *[("55", "2024", 26.0, 0)] * 30, *[("55", "2024", 8.0, 2)] * 3]
    table = study(rows)
    assert table.group(["55"]).year is None
    assert table.group(["35", "55"]).year is None
    assert table.group(["35", "55"]).count == shown(63)


def test_an_empty_register_has_nothing_to_say():
    table = study([])
    assert table.group(REGIONS).count == shown(0)
    assert table.group([]).count == shown(0)
    assert table.group(REGIONS).points == []


many = st.lists(
    st.tuples(
        st.sampled_from(REGIONS),
        st.sampled_from(["2024", "2025"]),
        st.integers(0, 30).map(float),
        st.integers(0, 4),
    ),
    min_size=1,
    max_size=150,
)


def groups_of(table: Study) -> list[Group]:
    codes = [None, *table.codes["year"]]
    return [
        table.group(regions, "year" if code else None, code)
        for regions in (*([region] for region in REGIONS), REGIONS, REGIONS[:2])
        for code in codes
    ]


@given(many)
@settings(max_examples=25)
def test_no_piece_of_a_curve_and_no_two_shares_are_one_to_four_endings(rows: list[Row]):
    for group in groups_of(study(rows)):
        if group.curve is None:
            continue
        months = [point.months for point in group.points]
        months += [month for month in (3, 6, 12, 24) if group.at(month)]
        ended = [group.curve.events(month) for month in sorted(months) if month]
        for before, after in pairwise([0, *ended]):
            assert not 0 < after - before < LEAST


@given(many)
@settings(max_examples=25)
def test_what_is_shown_is_true(rows: list[Row]):
    table = study(rows)
    for region in REGIONS:
        own = [row for row in rows if row[0] == region]
        group = table.group([region])
        if group.count.value is not None:
            assert group.count.value == len(own)
        for month in (3, 6, 12, 24):
            found = group.at(month)
            if found and not any(0 < row[2] < month and row[3] < 2 for row in own):
                early = sum(row[2] <= month and row[3] > 1 for row in own)
                assert found.share == pytest.approx(1 - early / len(own))


@given(many)
@settings(max_examples=25)
def test_a_hidden_quarter_does_not_follow_from_its_year(rows: list[Row]):
    years = [row[1] for row in rows]
    quarter = [f"-{3 * (place % 4) + 1:02}-01" for place in range(len(rows))]
    base = spells(rows)
    started = np.array([y + q for y, q in zip(years, quarter, strict=True)], "M8[D]")
    table = quarters_of(
        Spells(base.region, started, base.months, base.ways, base.ended, base.groups), REGIONS
    )
    for row, _ in enumerate([*REGIONS, None]):
        for place, each in enumerate(table.codes["year"]):
            whole = table.counts["year"][row][place]
            parts = [
                table.counts["quarter"][row][column]
                for column, code in enumerate(table.codes["quarter"])
                if code.startswith(each)
            ]
            if whole.is_shown:
                assert sum(not part.is_shown for part in parts) != 1
            elif len(parts) > 1:
                assert any(not part.is_shown for part in parts)


@given(many)
@settings(max_examples=25)
def test_shown_ways_of_ending_and_what_is_left_add_up(rows: list[Row]):
    table = study(rows)
    ends = Ends(table, 4)
    for regions in (REGIONS, REGIONS[:1], REGIONS[:2]):
        shares = ends.of(regions)
        for month, together in shares.together.items():
            assert sum(way[month].share for way in shares.ways) + together == pytest.approx(1)
        for month in shares.months:
            withheld = [way for way in shares.ways if month not in way]
            assert len(withheld) != 1 or len(regions) == 2 or month not in shares.together


def test_a_way_that_few_took_is_withheld_with_another_one():
    rows: list[Row] = [
        *[("35", "2024", 26.0, 0)] * 40,
        *[("35", "2024", 5.0, 2)] * 10,
        *[("35", "2024", 5.0, 3)] * 3,
        *[("35", "2024", 5.0, 4)] * 7,
    ]
    shares = Ends(study(rows), 4).of(["35"])
    assert shares.count == shown(60)
    at_year = [12 in way for way in shares.ways]
    assert at_year == [True, True, False, False]
    assert 12 not in shares.together
    assert shares.ways[1][12].share == pytest.approx(1 / 6)
