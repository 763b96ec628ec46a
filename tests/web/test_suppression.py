from itertools import product
from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorship.web.linked import marked
from mentorship.web.suppression import (
    LEAST,
    Count,
    Mark,
    for_rows,
    protect,
    protect_linked,
    protect_list,
    share_of,
)
from tests.attacker import Attacker, known_by_marks, linked, sums_of

FEW, HIDDEN = Count(Mark.FEW), Count(Mark.HIDDEN)
Table = list[list[int]]
values = st.one_of(st.integers(0, 8), st.integers(0, 60))
tables = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(values, min_size=width, max_size=width), min_size=1, max_size=5)
)


@st.composite
def people(draw: st.DrawFn, stages: int = 1) -> list[dict[str, Table]]:
    """Linked tables of the same people, counted person by person; who is left at each stage."""
    rows = draw(st.integers(1, 4))
    widths = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    heads = draw(st.integers(0, 1) | st.integers(0, 120))
    chance = draw(st.randoms(use_true_random=False))
    crowded = draw(st.booleans())  # people of one row and column, and a few strays
    found = [{f"t{t}": np.zeros((rows, w), int).tolist() for t, w in enumerate(widths)}]
    found += [
        {name: [[*row] for row in table] for name, table in found[0].items()}
        for _ in range(stages - 1)
    ]
    for _ in range(heads):
        i, last = chance.randrange(rows), chance.randrange(stages)
        i = 0 if crowded and chance.random() < 0.7 else i
        for t, width in enumerate(widths):
            j = 0 if crowded and chance.random() < 0.7 else chance.randrange(width)
            for stage in range(last + 1):
                found[stage][f"t{t}"][i][j] += 1
    return found


def shown(value: int) -> Count:
    return Count(Mark.SHOWN, value)


def with_totals(table: Table) -> Table:
    rows = [[*row, sum(row)] for row in table]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def values_of(stages: list[dict[str, Table]]) -> dict[object, int]:
    found = {}
    for stage, each in enumerate(stages):
        answers = {
            name: [[shown(value) for value in row] for row in with_totals(table)]
            for name, table in each.items()
        }
        found |= {name: count.value or 0 for name, count in linked(answers, stage).items()}
    return found


def attacked(
    stages: list[dict[str, Table]], answers: list[dict[str, list[list[Count]]]]
) -> tuple[Attacker, dict[object, int]]:
    """An attacker who has every answer, and the numbers as they are, with what is left over."""
    true, counts, sums = values_of(stages), {}, []
    for stage, answer in enumerate(answers):
        counts |= linked(answer, stage)
        sums += list(sums_of(answer, stage))
    known = known_by_marks(counts)
    for name, rest in product(list(true), range(len(stages))):
        stage, row, column = name
        if rest < stage:
            left = ("left", rest, *name)
            whole = (rest, row, column)
            true[left] = true[whole] - true[name]
            known[left] = (0, 10**6)
            sums.append(([name, left], whole))
    return Attacker(known, sums), true


def secrets(true: dict[object, int], answers: list[dict[str, list[list[Count]]]]) -> set[object]:
    """The numbers that are not shown, if there is anybody; and what is left over, if 1 to 4."""
    seen = [linked(answer, stage) for stage, answer in enumerate(answers)]
    hidden = {name for each in seen for name, count in each.items() if not count.is_shown}
    left = {name for name in true if isinstance(name, tuple) and name[0] == "left"}
    small = {name for name in left if 0 < true[name] < LEAST}
    return {name for name in hidden if true[name]} | small


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


@given(people())
@settings(max_examples=30)
def test_no_hidden_cell_of_linked_tables_can_be_worked_out(stages: list[dict[str, Table]]):
    answers = [protect_linked(stages[0])]
    attacker, true = attacked(stages, answers)
    assert not attacker.known(secrets(true, answers))


@given(people(stages=2) | people(stages=3))
@settings(max_examples=15)
def test_no_part_and_no_rest_can_be_worked_out_where_the_whole_is_known_too(
    stages: list[dict[str, Table]],
):
    answers = [protect_linked(each, stages[:stage]) for stage, each in enumerate(stages)]
    attacker, true = attacked(stages, answers)
    assert not attacker.known(secrets(true, answers))


@given(st.lists(st.lists(st.integers(0, 6), min_size=2, max_size=3), min_size=2, max_size=2))
@settings(max_examples=15)
def test_trying_every_way_to_fill_a_tiny_table_finds_no_hidden_cell_either(counts: Table):
    counts = [[*row, 0][:3] for row in counts]
    answers = [{"": protect(counts)}]
    attacker, true = attacked([{"": counts}], answers)
    attacker.high = np.minimum(attacker.high, sum(map(sum, counts)) + 1)
    fillings = list(attacker.fillings())
    assert true in fillings
    known = {name for name in true if len({filling[name] for filling in fillings}) == 1}
    assert not known & secrets(true, answers)


@given(people())
def test_every_count_from_one_to_four_reads_fewer_than_five_and_shown_ones_are_true(
    stages: list[dict[str, Table]],
):
    for name, answer in protect_linked(stages[0]).items():
        for row, true_row in zip(answer, with_totals(stages[0][name]), strict=True):
            for count, value in zip(row, true_row, strict=True):
                assert not count.is_shown or (count.value == value and not 0 < value < LEAST)
                assert count.is_shown or count.value is None
                assert count.mark is not Mark.FEW or value < LEAST


@given(tables)
def test_a_list_is_marked_as_the_totals_of_a_table_alone(counts: Table):
    sums = [sum(row) for row in counts]
    assert protect_list(sums) == [row[-1] for row in protect([[total] for total in sums])]


def test_marks_do_not_depend_on_what_was_asked_before():
    one, other = {"a": [[3, 9], [20, 30]]}, {"a": [[1, 2], [3, 4]]}
    first = protect_linked(one)
    marked.cache_clear()
    protect_linked(other)
    assert protect_linked(one) == first


def test_tables_of_other_people_are_not_taken_for_linked():
    with pytest.raises(ValueError, match="row totals"):
        protect_linked({"a": [[1, 2]], "b": [[4]]})


def test_more_cannot_be_left_than_there_were():
    with pytest.raises(ValueError, match="larger than its whole"):
        protect([[6, 7]], within=[[6, 6]])


def test_a_part_that_leaves_few_of_its_whole_is_not_shown():
    whole, part = [[20, 30], [40, 50]], [[18, 10], [40, 20]]
    answer = protect(part, within=whole)
    assert answer[0][0] == HIDDEN
    assert answer[1][0] == HIDDEN  # or the column would tell: nobody left of the second row
    assert answer[1][1] == HIDDEN


def test_a_share_needs_both_numbers_and_a_rest_that_may_be_known():
    assert share_of(shown(5), shown(10)) == 0.5
    assert share_of(shown(10), shown(10)) == 1
    assert share_of(shown(0), shown(10)) == 0
    for part, whole in [(FEW, 10), (shown(7), 10), (HIDDEN, 10)]:
        assert share_of(part, shown(whole)) is None
    assert share_of(shown(5), HIDDEN) is None
    assert share_of(shown(0), shown(0)) is None


def test_a_reader_of_some_regions_sees_the_same_marks_and_a_total_only_of_what_is_all_shown():
    answer = protect([[2, 30, 40], [10, 11, 50], [60, 70, 80]])
    assert for_rows(answer, [0, 1, 2]) == answer
    assert for_rows(answer, [2]) == [answer[2], answer[2]]
    assert for_rows(answer, [0, 2]) == [
        answer[0],
        answer[2],
        [HIDDEN, HIDDEN, shown(120), shown(72 + 210)],
    ]


@pytest.mark.parametrize("heads", [60, 600, 2000])
def test_tables_of_the_whole_country_are_protected_in_good_time(heads: int):
    chance = np.random.default_rng(heads)
    weights = [chance.dirichlet(np.ones(width)) for width in (20, 10, 6, 3, 3, 4)]
    rows, *columns = (chance.choice(len(each), heads, p=each) for each in weights)
    stage = {}
    for t, column in enumerate(columns):
        table = np.zeros((20, len(weights[t + 1])), int)
        np.add.at(table, (rows, column), 1)
        stage[str(t)] = table.tolist()
    began = process_time()
    answers = [protect_linked(stage)]
    assert process_time() - began < 1  # of one process alone; it takes a fifth of that
    assert any(count.value for row in answers[0]["0"] for count in row)


@st.composite
def years(draw: st.DrawFn) -> list[Table]:
    """Regions by quarters, of several years."""
    rows = draw(st.integers(2, 4))
    quarters = st.lists(values, min_size=3, max_size=3)
    return draw(st.lists(st.lists(quarters, min_size=rows, max_size=rows), min_size=1, max_size=3))


@given(years())
@settings(max_examples=30)
def test_quarters_that_are_marked_below_their_years_give_no_year_and_no_quarter_away(
    given_years: list[Table],
):
    sums = {"year": [[sum(row) for row in rows] for rows in zip(*given_years, strict=True)]}
    upper = protect_linked(sums)["year"]
    known = linked({"year": upper})
    known_ranges, equations = known_by_marks(known), list(sums_of({"year": upper}))
    true = values_of([sums])
    for year, table in enumerate(given_years):
        column = [row[year] if len(given_years) > 1 else row[-1] for row in upper]
        answer = {f"quarter {year}": protect_linked({"q": table}, totals=[column])["q"]}
        assert [row[-1] for row in answer[f"quarter {year}"]] == column
        shown_here = linked(answer, stage=1 + year)
        for name, count in shown_here.items():
            few = count.mark is Mark.FEW
            unknown = (0, LEAST - 1) if few else (0, 10**6)
            known_ranges[name] = (count.value, count.value) if count.is_shown else unknown
        equations += list(sums_of(answer, stage=1 + year))
        whole = {f"quarter {year}": [[shown(v) for v in row] for row in with_totals(table)]}
        true |= {n: c.value or 0 for n, c in linked(whole, stage=1 + year).items()}
        for row in [*range(len(table)), None]:
            of_year = (0, row, ("year", year) if len(given_years) > 1 else None)
            equations.append(([(1 + year, row, None)], of_year))
        known |= shown_here
    secret = [name for name, count in known.items() if not count.is_shown and true[name]]
    assert not Attacker(known_ranges, equations).known(secret)
