import warnings
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from mentorship.clock import months_after
from mentorship.retention.survival import Curve, kaplan_meier, months_between

Length = tuple[float, bool]
EARLY: list[Length] = [(months, True) for months in (2, 4, 6, 10)]
CENSORED: list[Length] = [(months, False) for months in (4, 8, 12, 12)]


def lengths(least: int = 1) -> st.SearchStrategy[list[Length]]:
    one = st.tuples(st.integers(0, 30).map(float), st.booleans())
    return st.lists(one, min_size=least, max_size=60)


def curve_of(rows: list[Length]) -> Curve:
    months = np.array([months for months, _ in rows], dtype=float)
    return kaplan_meier(months, np.array([ended for _, ended in rows], dtype=bool))


def product_limit(rows: list[Length], months: float) -> Fraction:
    share = Fraction(1)
    for time in sorted({length for length, ended in rows if ended and length <= months}):
        at_risk = sum(length >= time for length, _ in rows)
        events = sum(length == time and ended for length, ended in rows)
        share *= Fraction(at_risk - events, at_risk)
    return share


def test_the_worked_example_comes_out_as_by_hand():
    curve = curve_of(CENSORED + EARLY)
    shares = {months: curve.at(months) for months in (1, 2, 3, 4, 6, 9, 10, 12)}
    found = {months: round(estimate.share, 12) for months, estimate in shares.items() if estimate}
    assert found == {1: 1, 2: 0.875, 3: 0.875, 4: 0.75, 6: 0.6, 9: 0.6, 10: 0.4, 12: 0.4}
    assert [curve.at_risk(months) for months in (0, 3, 4, 6, 10, 12, 13)] == [8, 7, 7, 5, 3, 2, 0]
    assert [curve.events(months) for months in (0, 2, 3, 4, 12)] == [0, 1, 1, 2, 4]
    assert curve.median == 10


def test_the_band_of_the_worked_example_is_the_log_log_one_by_hand():
    # At month 4 Greenwood's sum is 1/(8 x 7) + 1/(7 x 6) = 0.0416667, its root 0.2041241;
    # ln 0.75 = -0.2876821; 1.959964 x 0.2041241 / 0.2876821 = 1.390687; e of it is 4.01761.
    estimate = curve_of(CENSORED + EARLY).at(4)
    assert estimate is not None
    assert estimate.low == pytest.approx(0.75**4.01761, abs=1e-5)
    assert estimate.high == pytest.approx(0.75 ** (1 / 4.01761), abs=1e-5)


@given(lengths(), st.integers(0, 32))
def test_the_curve_equals_a_product_limit_in_whole_fractions(rows: list[Length], months: int):
    estimate = curve_of(rows).at(months)
    if months > max(length for length, _ in rows):
        assert estimate is None
    else:
        assert estimate is not None
        assert estimate.share == pytest.approx(float(product_limit(rows, months)), abs=1e-9)
        assert 0 <= estimate.low <= estimate.share + 1e-12
        assert estimate.share - 1e-12 <= estimate.high <= 1


@given(lengths())
def test_the_band_equals_scipys_wherever_scipy_has_one(rows: list[Length]):
    curve = curve_of(rows)
    data = stats.CensoredData.right_censored(
        [months for months, _ in rows], [not ended for _, ended in rows]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        band = stats.ecdf(data).sf.confidence_interval(method="log-log")
    for ours, theirs in (
        (curve.low, band.low.probabilities),
        (curve.high, band.high.probabilities),
    ):
        known = ~np.isnan(theirs)
        assert ours[known] == pytest.approx(theirs[known], abs=1e-9)
        assert not np.isnan(ours).any()


@given(lengths())
def test_shares_and_bounds_never_rise(rows: list[Length]):
    curve = curve_of(rows)
    assert (np.diff(curve.share) <= 1e-12).all()
    assert ((curve.low <= curve.share + 1e-12) & (curve.share <= curve.high + 1e-12)).all()
    if curve.median is not None:
        assert product_limit(rows, curve.median) <= Fraction(1, 2)
        assert product_limit(rows, curve.median - 0.5) > Fraction(1, 2)


def test_where_none_has_ended_the_band_still_says_how_little_is_known():
    estimate = curve_of([(14.0, False)] * 10).at(12)
    assert estimate is not None
    assert (estimate.share, estimate.high) == (1, 1)
    assert estimate.low == pytest.approx(0.025 ** (1 / 10))  # the exact binomial bound, 0.69


def test_where_all_have_ended_the_band_is_not_empty():
    estimate = curve_of([(3.0, True)] * 4).at(3)
    assert estimate is not None
    assert (estimate.share, estimate.low) == (0, 0)
    assert estimate.high == pytest.approx(1 - 0.025 ** (1 / 4))


def test_nobody_at_all_gives_an_empty_curve():
    curve = curve_of([])
    assert (curve.at(0), curve.median, curve.at_risk(0), curve.known_until(5)) == (None, None, 0, 0)


def test_the_curve_is_known_as_long_as_enough_are_watched():
    curve = curve_of(CENSORED + EARLY)
    assert curve.known_until(5) == 6
    assert curve.known_until(9) == 0


def between(start: date, *ends: date) -> list[float]:
    days = np.array(ends, dtype="M8[D]")
    return list(months_between(np.full(len(ends), start, dtype="M8[D]"), days))


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2025, 1, 1), date(2025, 1, 1), 0),
        (date(2025, 1, 1), date(2026, 1, 1), 12),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
        (date(2025, 1, 31), date(2025, 2, 28), 1),
        (date(2025, 1, 31), date(2025, 2, 14), 0.5),
        (date(2025, 12, 16), date(2026, 1, 15), 30 / 31),
    ],
)
def test_months_are_calendar_months(start: date, end: date, months: float):
    assert between(start, end) == [pytest.approx(months)]


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 300))
def test_months_are_those_of_the_clock(start: date, months: int):
    assert between(start, months_after(start, months)) == [months]


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.lists(st.integers(0, 900), min_size=2))
@settings(max_examples=50)
def test_a_later_end_never_makes_fewer_months(start: date, days: list[int]):
    ends = [date.fromordinal(start.toordinal() + day) for day in sorted(days)]
    found = between(start, *ends)
    assert found == sorted(found)
