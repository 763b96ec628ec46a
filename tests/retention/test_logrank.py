import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from mentorship.retention.logrank import Answer, compare, holm

# Two groups by hand. A: endings after 1 and 3 months, one watched for 4. B: ending after 2,
# watched for 5 and 5. Expected in A: 3/6 at 1, 2/5 at 2, 2/4 at 3 = 1.4; variance 1/4 + 6/25 +
# 1/4 = 0.74; statistic (2 - 1.4)^2 / 0.74 = 0.486486...
HAND = [(1, True, 0), (3, True, 0), (4, False, 0), (2, True, 1), (5, False, 1), (5, False, 1)]
Row = tuple[float, bool, int]


def answer(rows: list[Row], number: int = 2) -> Answer | None:
    months, ended, groups = (np.array(column) for column in zip(*rows, strict=True))
    return compare(months.astype(float), ended.astype(bool), groups, number)


def test_two_groups_come_out_as_by_hand():
    found = answer(HAND)
    assert found is not None
    assert (found.statistic, found.freedom) == (pytest.approx(0.36 / 0.74), 1)
    first, second = found.comparisons
    assert (first.ended, first.expected) == (2, pytest.approx(1.4))
    assert (second.ended, second.expected) == (1, pytest.approx(1.6))
    assert not first.lasts_longer
    assert second.lasts_longer


@given(
    st.lists(
        st.tuples(st.integers(1, 12), st.booleans(), st.integers(0, 1)), min_size=4, max_size=40
    )
)
def test_for_two_groups_the_test_is_scipys(rows: list[Row]):
    found = answer(rows)
    if found is None or found.freedom == 0:
        return
    data = [
        scipy.stats.CensoredData.right_censored(
            [months for months, _, group in rows if group == side],
            [not ended for _, ended, group in rows if group == side],
        )
        for side in (0, 1)
    ]
    theirs = scipy.stats.logrank(*data)
    assert found.statistic == pytest.approx(float(theirs.statistic) ** 2, abs=1e-9)
    assert found.p_value == pytest.approx(float(theirs.pvalue), abs=1e-9)


@given(
    st.lists(
        st.tuples(st.integers(1, 12), st.booleans(), st.integers(0, 3)), min_size=4, max_size=60
    )
)
def test_endings_expected_are_as_many_as_endings_seen(rows: list[Row]):
    found = answer(rows, 4)
    if found is not None:
        seen = sum(comparison.ended for comparison in found.comparisons)
        expected = sum(comparison.expected for comparison in found.comparisons)
        assert expected == pytest.approx(seen)
        assert 0 <= found.p_value <= 1


def test_one_group_or_no_ending_is_nothing_to_compare():
    assert answer([(1, True, 0), (2, True, 0)]) is None
    assert answer([(1, False, 0), (2, False, 1)]) is None


def test_several_comparisons_at_once_raise_their_p_values():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.6, 0.9]) == [1.0, 1.0]
    assert holm([0.2]) == [0.2]


def test_groups_that_are_the_same_are_found_different_in_one_of_twenty_tables_only():
    random, wrong = np.random.default_rng(7), 0
    for _ in range(60):
        months, ended = random.exponential(10, 80), random.random(80) < 0.7
        found = compare(months, ended, np.arange(80) % 4, 4)
        wrong += found is not None and any(each.is_difference for each in found.comparisons)
    assert wrong / 60 < 0.15
