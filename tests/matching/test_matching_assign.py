from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from matching import ProblemError, assign


def random_arrays(seed, m, n, most=30):
    dice = np.random.default_rng(seed)
    points = dice.integers(0, most + 1, (m, n))
    return points, dice.random((m, n)) < 0.3, dice.integers(0, 3, m)


def check_certificate(points, refused, capacity, found):
    assert found.points == capacity @ found.slot_price + found.child_price.sum()
    assert (found.slot_price >= 0).all() and (found.child_price >= 0).all()
    over = points > found.slot_price[:, None] + found.child_price[None, :]
    assert not (over & ~refused).any()
    taken = np.flatnonzero(found.mentor_of >= 0)
    rows = found.mentor_of[taken]
    assert not refused[rows, taken].any()
    assert points[rows, taken].sum() == found.points
    assert (np.bincount(rows, minlength=len(capacity)) <= capacity).all()


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 3), st.integers(1, 5))
def test_small_assignments_equal_the_best_of_all(seed, m, n):
    points, refused, capacity = random_arrays(seed, m, n)
    best = 0
    for rows in product(range(-1, m), repeat=n):
        used = [rows.count(row) for row in range(m)]
        if all(count <= places for count, places in zip(used, capacity, strict=True)):
            pairs = [(row, column) for column, row in enumerate(rows) if row >= 0]
            if not any(refused[pair] for pair in pairs):
                best = max(best, sum(int(points[pair]) for pair in pairs))
    found = assign(points, refused, capacity, seed=seed)
    assert found.points == best
    check_certificate(points, refused, capacity, found)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 40), st.integers(1, 120), st.integers(0, 1000))
def test_larger_assignments_equal_scipys_on_the_expanded_matrix(seed, m, n, most):
    points, refused, capacity = random_arrays(seed, m, n, most)
    found = assign(points, refused, capacity)
    expanded = np.repeat(np.where(refused, 0, points), capacity, axis=0)
    rows, columns = linear_sum_assignment(expanded, maximize=True)
    assert found.points == expanded[rows, columns].sum()
    check_certificate(points, refused, capacity, found)


@pytest.mark.parametrize("seed", range(5))
def test_slot_prices_are_what_one_more_place_adds_and_child_prices_what_a_child_is_worth(seed):
    points, refused, capacity = random_arrays(seed, 6, 14)
    found = assign(points, refused, capacity)
    for row in range(6):
        more = capacity.copy()
        more[row] += 1
        assert assign(points, refused, more).points - found.points == found.slot_price[row]
    for column in range(14):
        without = refused.copy()
        without[:, column] = True
        lost = found.points - assign(points, without, capacity).points
        assert lost == found.child_price[column]


def test_the_seed_decides_between_equals_and_repeats_itself():
    points, refused = np.full((3, 9), 7), np.zeros((3, 9), bool)
    found = [assign(points, refused, np.ones(3, int), seed=seed).mentor_of for seed in range(8)]
    again = assign(points, refused, np.ones(3, int), seed=0).mentor_of
    assert (found[0] == again).all()
    assert len({tuple(each) for each in found}) > 1


@pytest.mark.parametrize("shape", [(0, 0), (0, 4), (4, 0)])
def test_empty_arrays_give_an_empty_assignment(shape):
    found = assign(np.zeros(shape, int), np.zeros(shape, bool), np.ones(shape[0], int))
    assert found.points == 0
    assert found.mentor_of.tolist() == [-1] * shape[1]


@pytest.mark.parametrize(
    ("points", "refused", "capacity", "field"),
    [
        (np.ones((2, 2)), np.zeros((2, 2), bool), [1, 1], "points"),
        (np.ones(2, int), np.zeros(2, bool), [1, 1], "points"),
        (-np.ones((2, 2), int), np.zeros((2, 2), bool), [1, 1], "points"),
        (np.full((2, 2), 2**31), np.zeros((2, 2), bool), [1, 1], "points"),
        (np.ones((2, 2), int), np.zeros((2, 3), bool), [1, 1], "refused"),
        (np.ones((2, 2), int), np.zeros((2, 2), int), [1, 1], "refused"),
        (np.ones((2, 2), int), np.zeros((2, 2), bool), [1], "capacity"),
        (np.ones((2, 2), int), np.zeros((2, 2), bool), [1, -1], "capacity"),
        (np.ones((2, 2), int), np.zeros((2, 2), bool), [1.0, 1.0], "capacity"),
    ],
)
def test_wrong_arrays_are_refused_by_name(points, refused, capacity, field):
    with pytest.raises(ProblemError) as caught:
        assign(points, refused, capacity)
    assert caught.value.field == field
