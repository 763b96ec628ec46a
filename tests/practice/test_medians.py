from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorship.practice.medians import Quartiles, quartiles


def test_the_example_is_as_worked_out_by_hand():
    assert quartiles({2: 1, 4: 2, 10: 1}) == Quartiles(3.5, 4, 5.5)


def test_nothing_has_no_median_and_one_is_its_own():
    assert quartiles({}) is None
    assert quartiles({7: 0}) is None
    assert quartiles({7: 1}) == Quartiles(7, 7, 7)


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60))
def test_quartiles_are_those_of_numpy_over_every_single_length(days):
    found = quartiles(Counter(days))
    expected = np.quantile(days, [0.25, 0.5, 0.75])
    assert (found.low, found.median, found.high) == pytest.approx(tuple(expected), abs=1e-9)
