"""Our figures beside those of `lifelines`, on the data sets it is published with."""

import warnings
from typing import Any

import numpy as np
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of pandas and matplotlib, while they are loaded
    import lifelines.datasets as published
    from lifelines import AalenJohansenFitter, KaplanMeierFitter
    from lifelines.statistics import logrank_test, multivariate_logrank_test

from mentorship.retention.incidence import aalen_johansen
from mentorship.retention.logrank import compare
from mentorship.retention.survival import kaplan_meier

# Each with its own words for how long, whether it ended, and the groups.
SETS: dict[str, tuple[str, str, str | None]] = {
    "waltons": ("T", "E", "group"),
    "larynx": ("time", "death", "Stage_III"),
    "rossi": ("week", "arrest", "fin"),
    "lymphoma": ("Time", "Censor", "Stage_group"),
    "multicenter_aids_cohort_study": ("T", "D", None),
    "leukemia": ("t", "status", "Rx"),
    "gbsg2": ("time", "cens", "tgrade"),
    "kidney_transplant": ("time", "death", "black_male"),
    "dd": ("duration", "observed", "un_continent_name"),
    "canadian_senators": ("diff_days", "observed", None),
    "g3": ("time", "event", "group"),
    "psychiatric_patients": ("T", "C", "sex"),
    "regression_dataset": ("T", "E", None),
}
EXACT = 1e-9
Columns = tuple[np.ndarray, np.ndarray, np.ndarray | None]


def columns(name: str) -> Columns:
    time, event, group = SETS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = getattr(published, f"load_{name}")()
    groups = None if group is None else np.unique(frame[group], return_inverse=True)[1]
    return frame[time].to_numpy(dtype=float), frame[event].to_numpy(dtype=bool), groups


def fitted(fitter: Any, *args: Any, **options: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where a share is 1 or 0 they divide by nought
        return fitter.fit(*args, **options)


@pytest.mark.parametrize("name", SETS)
def test_the_curve_its_median_and_its_band_are_those_of_lifelines(name: str):
    times, ended, _ = columns(name)
    ours, theirs = kaplan_meier(times, ended), fitted(KaplanMeierFitter(), times, ended)
    shares = theirs.survival_function_["KM_estimate"]
    band = theirs.confidence_interval_
    for place, time in enumerate(ours.months):
        assert ours.share[place] == pytest.approx(shares[time], abs=EXACT)
        if 0 < shares[time] < 1:  # elsewhere theirs is 1 to 1 or 0 to 0, ours the exact binomial
            low, high = band.loc[time]
            assert ours.low[place] == pytest.approx(low, abs=EXACT)
            assert ours.high[place] == pytest.approx(high, abs=EXACT)
    median = theirs.median_survival_time_
    assert (np.inf if ours.median is None else ours.median) == pytest.approx(median, abs=EXACT)


@pytest.mark.parametrize("name", SETS)
def test_the_numbers_at_risk_and_of_endings_are_those_of_lifelines(name: str):
    times, ended, _ = columns(name)
    ours, theirs = kaplan_meier(times, ended), fitted(KaplanMeierFitter(), times, ended)
    table = theirs.event_table.iloc[1:]
    assert [ours.at_risk(time) for time in table.index] == list(table["at_risk"])
    assert [ours.events(time) for time in table.index] == list(
        theirs.event_table["observed"].cumsum()
    )[1:]


@pytest.mark.parametrize("name", [name for name, (_, _, group) in SETS.items() if group])
def test_the_test_of_several_groups_is_that_of_lifelines(name: str):
    times, ended, groups = columns(name)
    assert groups is not None
    number = int(groups.max()) + 1
    found = compare(times, ended, groups, number)
    theirs = multivariate_logrank_test(times, groups, ended)
    assert found is not None
    assert found.freedom == number - 1
    assert found.statistic == pytest.approx(theirs.test_statistic, rel=EXACT)
    assert found.p_value == pytest.approx(theirs.p_value, abs=EXACT)
    for comparison in found.comparisons:
        assert comparison.p_value >= one_against_others(times, ended, groups, comparison.group)


def one_against_others(
    times: np.ndarray, ended: np.ndarray, groups: np.ndarray, group: int
) -> float:
    inside = groups == group
    found = logrank_test(times[inside], times[~inside], ended[inside], ended[~inside])
    return float(found.p_value) - EXACT


def reasons() -> tuple[np.ndarray, np.ndarray]:
    """Senators of Canada: why they left, each on a day of their own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = published.load_canadian_senators()
    days = frame["diff_days"].to_numpy(dtype=float)
    apart = days + np.arange(days.size) / days.size  # theirs cannot have two ways on one day
    reason = frame["reason"].fillna("").to_numpy(dtype=str)
    ways = np.select([reason == "Death", reason == "Retirement", reason != ""], [1, 2, 3], 0)
    return apart, np.where(frame["observed"].to_numpy(dtype=bool), ways, 0)


@pytest.mark.parametrize("way", [1, 2, 3])
def test_competing_ends_and_their_band_are_those_of_lifelines(way: int):
    times, ways = reasons()
    assert (ways == way).sum() > 20
    ours = aalen_johansen(times, ways, 3)
    theirs = fitted(AalenJohansenFitter(), times, ways, event_of_interest=way)
    shares = theirs.cumulative_density_[f"CIF_{way}"]
    band = theirs.confidence_interval_
    for place, time in enumerate(ours.months):
        assert ours.share[way - 1, place] == pytest.approx(shares[time], abs=EXACT)
        if 0 < shares[time] < 1 and place + 1 < ours.months.size:
            high, low = sorted(band.loc[time], reverse=True)
            found = ours.at(way, float(time))
            assert (found.low, found.high) == (
                pytest.approx(low, abs=EXACT),
                pytest.approx(high, abs=EXACT),
            )
