import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from mentorship.web.suppression import LEAST, Count, Mark, protect, protect_list

FEW, HIDDEN = Count(Mark.FEW), Count(Mark.HIDDEN)
values = st.one_of(st.integers(0, 8), st.integers(0, 60))
tables = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(values, min_size=width, max_size=width), min_size=1, max_size=5)
)


def shown(value: int) -> Count:
    return Count(Mark.SHOWN, value)


def few_total(counts: list[Count]) -> bool:
    return counts[-1].mark is Mark.FEW


class Reader:
    """Somebody who knows all that is shown, what the labels mean, and how to add up."""

    def __init__(
        self,
        table: list[list[Count]],
        sums: bool = True,
        within: list[list[Count]] | None = None,
    ):
        self.shape = (len(table), len(table[0]))
        self.bounds = []
        columns_few = [few_total([row[j] for row in table]) for j in range(self.shape[1])]
        for i, row in enumerate(table):
            for j, count in enumerate(row):
                in_few = few_total(row) or columns_few[j]
                withheld = within is not None and not within[i][j].is_shown
                self.bounds.append(self.allowed(count, in_few, withheld))
        self.equations = []
        rows, columns = self.shape
        cells = np.arange(rows * columns).reshape(self.shape)
        lines = list(cells.T) if rows > 1 else []
        lines += list(cells) if sums and columns > 1 else []
        for line in lines:
            equation = np.zeros(rows * columns)
            equation[line[:-1]], equation[line[-1]] = 1, -1
            self.equations.append(equation)

    @staticmethod
    def allowed(count: Count, in_few: bool, withheld: bool) -> tuple[int, int | None]:
        if count.value is not None:
            return count.value, count.value
        if count.mark is Mark.FEW:
            return (0 if in_few or withheld else 1), LEAST - 1
        return (0 if withheld else LEAST), None

    def could_differ(self, cell: int) -> bool:
        aim = np.zeros(len(self.bounds))
        aim[cell] = 1
        ends = []
        for sign in (1, -1):
            found = linprog(
                sign * aim,
                A_eq=np.array(self.equations),
                b_eq=np.zeros(len(self.equations)),
                bounds=self.bounds,
            )
            assert found.status in (0, 3)  # solved, or without an upper end
            ends.append(np.inf if found.status == 3 else found.fun)
        return bool(abs(ends[0] + ends[1]) > 0.5)


def test_nothing_is_hidden_where_nothing_is_small():
    assert protect_list([0, 5, 12]) == [shown(0), shown(5), shown(12), shown(17)]


def test_one_small_count_hides_the_smallest_other_one_with_it():
    assert protect_list([3, 40, 9, 0]) == [FEW, shown(40), HIDDEN, shown(0), shown(52)]


def test_two_small_counts_cover_each_other():
    assert protect_list([3, 2, 40]) == [FEW, FEW, shown(40), shown(45)]


def test_two_ones_need_a_third_because_their_sum_gives_them_away():
    assert protect_list([1, 1, 40, 30]) == [FEW, FEW, shown(40), HIDDEN, shown(72)]


def test_a_small_total_hides_its_zeros_too():
    assert protect_list([1, 0, 0]) == [FEW, FEW, FEW, FEW]


def test_an_empty_list_has_a_total_of_zero():
    assert protect_list([]) == [shown(0)]
    assert protect_list([0, 0]) == [shown(0)] * 3


def test_a_small_cell_of_a_table_hides_a_rectangle():
    assert protect([[2, 30, 40], [10, 11, 50], [60, 70, 80]]) == [
        [FEW, HIDDEN, shown(40), shown(72)],
        [HIDDEN, HIDDEN, shown(50), shown(71)],
        [shown(60), shown(70), shown(80), shown(210)],
        [shown(72), shown(111), shown(170), shown(353)],
    ]


def test_a_small_column_of_a_table_hides_its_zeros_but_not_those_of_an_empty_row():
    assert protect([[4, 20], [0, 0], [0, 30]]) == [
        [FEW, HIDDEN, shown(24)],
        [shown(0), shown(0), shown(0)],
        [FEW, HIDDEN, shown(30)],
        [FEW, HIDDEN, shown(54)],
    ]


def test_what_is_hidden_of_a_group_stays_hidden_for_its_parts():
    whole = protect_list([3, 40, 9])
    table = protect([[3, 40, 9], [20, 30, 40]])
    parts = protect([[2, 39, 8], [19, 28, 37]], within=[[3, 40, 9], [20, 30, 40]])
    assert whole[0] == FEW
    for row, part in zip(table, parts, strict=True):
        for count, within in zip(row, part, strict=True):
            assert count.is_shown or not within.is_shown


@given(tables)
@settings(max_examples=60, deadline=None)
def test_no_hidden_cell_of_a_table_can_be_derived_from_what_is_shown(
    counts: list[list[int]],
):
    table = protect(counts)
    reader = Reader(table)
    flat = [count for row in table for count in row]
    for cell, count in enumerate(flat):
        assert count.is_shown or reader.could_differ(cell)


@given(tables, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_no_small_cell_of_a_part_can_be_derived_where_the_whole_is_known(counts, random):
    parts = [[random.randint(0, value) for value in row] for row in counts]
    whole = protect(counts)
    table = protect(parts, counts)
    reader = Reader(table, within=whole)
    true = [[*row, sum(row)] for row in parts]
    true.append([sum(column) for column in zip(*true, strict=True)])
    values = [value for row in true for value in row]
    for cell, count in enumerate(count for row in table for count in row):
        assert count.value in (None, values[cell])
        assert not (0 < values[cell] < LEAST and count.is_shown)
        assert count.is_shown or not values[cell] or reader.could_differ(cell)


@given(st.lists(values, min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_no_hidden_cell_of_a_list_can_be_derived_from_its_total(counts: list[int]):
    answer = protect_list(counts)
    reader = Reader([[count] for count in answer], sums=False)
    for cell, count in enumerate(answer):
        assert count.is_shown or reader.could_differ(cell)


@given(tables)
@settings(deadline=None)
def test_every_count_from_one_to_four_reads_fewer_than_five_and_shown_ones_are_true(
    counts: list[list[int]],
):
    whole = [[*row, sum(row)] for row in counts]
    whole.append([sum(column) for column in zip(*whole, strict=True)])
    for row, true_row in zip(protect(counts), whole, strict=True):
        for count, value in zip(row, true_row, strict=True):
            assert not count.is_shown or (count.value == value and not 0 < value < LEAST)
            assert count.is_shown or count.value is None
            assert count.mark is not Mark.FEW or value < LEAST


@pytest.mark.parametrize("size", [(20, 5), (40, 12)])
def test_a_large_table_is_protected_in_good_time(size: tuple[int, int]):
    counts = np.random.default_rng(1).poisson(6, size).tolist()
    table = protect(counts)
    assert any(count.is_shown for row in table[:-1] for count in row[:-1])
