"""Differences against published examples, against SciPy and by hand."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mentorship.retention.why_differences import of_means, of_shares

# Newcombe 1998, Statistics in Medicine 17: 873-890, table II, method 10 (without a correction).
NEWCOMBE = [
    ((56, 70, 48, 80), (0.0524, 0.3339)),
    ((9, 10, 3, 10), (0.1705, 0.8090)),
    ((6, 7, 2, 7), (0.0582, 0.8062)),
    ((5, 56, 0, 29), (-0.0381, 0.1926)),
    ((0, 10, 0, 20), (-0.1611, 0.2775)),
    ((0, 10, 0, 10), (-0.2775, 0.2775)),
    ((10, 10, 0, 20), (0.6791, 1.0000)),
    ((10, 10, 0, 10), (0.6075, 1.0000)),
]


@pytest.mark.parametrize(("counts", "bounds"), NEWCOMBE)
def test_shares_differ_as_in_the_published_table(counts, bounds):
    found = of_shares(*counts)
    assert (round(found.low, 4), round(found.high, 4)) == bounds
    assert found.value == counts[0] / counts[1] - counts[2] / counts[3]


def test_means_differ_as_worked_out_by_hand():
    # Means 2.5 and 5; variances 5/3 of 4 and 17/2 of 5: error sqrt(5/12 + 17/10).
    one, other = np.array([1.0, 2, 3, 4]), np.array([2.0, 3, 4, 7, 9])
    found = of_means(one, other)
    parts = (5 / 12, 8.5 / 5)
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / 3 + parts[1] ** 2 / 4)
    reach = stats.t.ppf(0.975, freedom) * sqrt(sum(parts))
    assert found.value == -2.5
    assert found.low == pytest.approx(-2.5 - reach, abs=1e-12)
    assert found.high == pytest.approx(-2.5 + reach, abs=1e-12)
    assert found.scale == pytest.approx(sqrt((5 / 3 + 8.5) / 2))
    assert not found.leaves_out_zero


def test_a_group_of_one_and_groups_without_any_spread_have_no_interval():
    assert of_means(np.array([1.0]), np.array([1.0, 2.0])) is None
    assert of_means(np.array([2.0, 2.0]), np.array([1.0, 1.0])) is None
    assert of_shares(0, 0, 1, 2) is None


def test_units_on_one_axis_are_standard_deviations_and_zero_stays_where_it_was():
    found = of_means(np.array([10.0, 12, 14]), np.array([1.0, 3, 5]))
    assert found.in_spreads == pytest.approx((found.value / 2, found.low / 2, found.high / 2))
    assert of_shares(10, 10, 0, 10).in_spreads is None


counts = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, counts)
def test_the_difference_lies_in_its_interval_and_turns_its_sign_with_the_groups(one, other):
    found, turned = of_shares(*one, *other), of_shares(*other, *one)
    assert -1 - 1e-9 <= found.low <= found.value + 1e-12
    assert found.value <= found.high + 1e-12 <= 1 + 1e-9
    assert turned.low == pytest.approx(-found.high, abs=1e-12)


values = st.lists(st.floats(-50, 50), min_size=2, max_size=20)


@given(values, values)
def test_a_higher_confidence_never_makes_a_narrower_interval(one, other):
    usual, sure = (of_means(np.array(one), np.array(other), at) for at in (0.95, 0.99))
    if usual is not None:
        assert sure.low <= usual.low
        assert usual.high <= sure.high
