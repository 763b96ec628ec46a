from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorship.retention.incidence import Incidence, aalen_johansen
from mentorship.retention.survival import kaplan_meier

PLANNED, MENTOR, CHILD = 1, 2, 3
WORKED = [(2, PLANNED), (3, MENTOR), (5, MENTOR), (5, CHILD), (6, 0), (8, PLANNED), *[(12, 0)] * 4]
Row = tuple[int, int]
rows_of_endings = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 4)), min_size=1, max_size=60
)


def incidence(rows: list[Row], number: int = 4) -> Incidence:
    months = np.array([months for months, _ in rows], dtype=float)
    return aalen_johansen(months, np.array([way for _, way in rows]), number)


def by_hand(rows: list[Row], way: int, until: float) -> Fraction:
    together, share = Fraction(1), Fraction(0)
    for time in sorted({months for months, ended in rows if ended and months <= until}):
        at_risk = sum(months >= time for months, _ in rows)
        share += together * Fraction(sum(row == (time, way) for row in rows), at_risk)
        ended = sum(months == time and bool(way) for months, way in rows)
        together *= Fraction(at_risk - ended, at_risk)
    return share


def test_the_worked_example_comes_out_as_by_hand():
    found = incidence(WORKED, 3)
    assert found.months.tolist() == [2, 3, 5, 8]
    assert found.share.round(12).tolist() == [
        [0.1, 0.1, 0.1, 0.22],
        [0, 0.1, 0.2, 0.2],
        [0, 0, 0.1, 0.1],
    ]
    assert found.together.round(12).tolist() == [0.9, 0.8, 0.6, 0.48]


@given(rows_of_endings)
def test_the_ways_of_ending_and_the_curve_add_up_to_one(rows: list[Row]):
    found = incidence(rows)
    months = np.array([months for months, _ in rows], dtype=float)
    overall = kaplan_meier(months, np.array([way > 0 for _, way in rows]))
    assert found.share.sum(axis=0) + found.together == pytest.approx(1)
    for place, time in enumerate(found.months):
        at = overall.at(float(time))
        assert at is not None
        assert found.together[place] == pytest.approx(at.share, abs=1e-9)


@given(rows_of_endings, st.integers(1, 4), st.integers(0, 21))
def test_each_way_equals_its_sum_in_whole_fractions(rows: list[Row], way: int, until: int):
    estimate = incidence(rows).at(way, until)
    assert estimate.share == pytest.approx(float(by_hand(rows, way, until)), abs=1e-12)
    assert 0 <= estimate.low <= estimate.share + 1e-12
    assert estimate.share - 1e-12 <= estimate.high <= 1


@given(rows_of_endings, st.randoms(use_true_random=False))
def test_no_curve_falls_and_the_order_of_the_rows_means_nothing(rows: list[Row], random):
    found = incidence(rows)
    assert (np.diff(found.share, axis=1) >= 0).all()
    random.shuffle(rows)
    again = incidence(rows)
    assert again.share == pytest.approx(found.share)
    assert again.variance == pytest.approx(found.variance)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 1)), min_size=1, max_size=60))
def test_with_one_way_of_ending_it_is_what_the_curve_leaves(rows: list[Row]):
    found = incidence(rows, 1)
    assert found.share[0] == pytest.approx(1 - found.together)


def test_before_the_first_ending_and_without_any_the_share_is_nought():
    assert incidence(WORKED, 3).at(PLANNED, 1).share == 0
    assert incidence([(3, 0), (4, 0)]).at(PLANNED, 4).share == 0
