import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mentorship.retention.withheld import alone, covered, is_small, lines_of

cells = st.integers(0, 30)
FIRST = (2, 3, 1, 0)


@st.composite
def histories(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """How many began and had ended by four months, in a table of regions by groups."""
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    steps = draw(
        st.lists(
            st.lists(cells, min_size=5, max_size=5),
            min_size=rows * columns,
            max_size=rows * columns,
        )
    )
    whole = np.array(steps).reshape(rows, columns, 5)
    return whole.sum(axis=-1), whole[..., :4].cumsum(axis=-1)


def summed(table: np.ndarray) -> np.ndarray:
    wide = np.concatenate([table, table.sum(axis=1, keepdims=True)], axis=1)
    return np.concatenate([wide, wide.sum(axis=0, keepdims=True)], axis=0)


@given(histories())
def test_no_two_months_that_are_shown_are_one_to_four_endings_apart(history):
    begun, ended = history
    withheld = alone(begun, ended, FIRST)
    assert not (is_small(ended) & ~withheld).any()
    for one in range(4):
        for other in range(4):
            both = ~withheld[..., one] & ~withheld[..., other]
            assert not (is_small(ended[..., one] - ended[..., other]) & both).any()


def test_the_year_is_the_last_to_go():
    begun, ended = np.array([40]), np.array([[2, 7, 12, 15]])
    assert alone(begun, ended, FIRST).tolist() == [[True, False, False, True]]


@given(histories())
def test_no_line_has_a_single_share_withheld(history):
    begun, ended = summed(history[0]), summed(history[1])
    rows, columns = begun.shape
    lines = lines_of(rows, columns)
    for month in range(4):
        withheld = alone(begun, ended, FIRST)[..., month].ravel()
        found = covered(withheld, begun.ravel(), lines)
        assert not (withheld & (begun.ravel() > 0) & ~found).any()
        for line in lines:
            some = begun.ravel()[line] > 0
            if some.sum() > 1:
                assert found[line].sum() != 1


@given(histories())
def test_what_another_table_shows_too_stays_as_it_is(history):
    begun, ended = summed(history[0]), summed(history[1])
    fixed = np.zeros(begun.shape, dtype=bool)
    fixed[:, -1] = True
    withheld = alone(begun, ended, FIRST)[..., 2]
    lines = lines_of(*begun.shape)
    found = covered(withheld.ravel(), begun.ravel(), lines, fixed.ravel()).reshape(begun.shape)
    assert (found[:, -1] == (withheld & (begun > 0))[:, -1]).all()
