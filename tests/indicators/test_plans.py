from datetime import date

import pytest

from mentorship.figures.catalogue import Unit
from mentorship.figures.values import State, Value
from mentorship.indicators.models import IndicatorEdition, IndicatorTarget
from mentorship.indicators.pages import year_begun
from mentorship.indicators.plans import Standing, Year
from tests.factories import AT

OVER, RUNNING = date(2026, 12, 31), date(2026, 11, 22)


def year(fact, target=100.0, direction="more", until=OVER, number=2026):
    edition = IndicatorEdition(direction=direction, made_at=AT)
    planned = None if target is None else IndicatorTarget(value=target, made_at=AT)
    value = fact if isinstance(fact, Value) else Value(State.SHOWN, fact)
    return Year(number, edition, Unit.COUNT, planned, value, until)


@pytest.mark.parametrize(
    ("fact", "direction", "until", "standing", "gap"),
    [
        (100.0, "more", OVER, Standing.REACHED, 0),
        (99.0, "more", OVER, Standing.MISSED, 1),
        (99.0, "less", OVER, Standing.REACHED, -1),
        (101.0, "less", OVER, Standing.MISSED, 1),
        (120.0, "more", RUNNING, Standing.REACHED_SO_FAR, -20),
        (80.0, "more", RUNNING, Standing.NOT_YET, 20),
    ],
)
def test_a_fact_stands_to_its_target_in_the_good_direction(fact, direction, until, standing, gap):
    found = year(fact, direction=direction, until=until)
    assert (found.standing, found.gap) == (standing, gap)


@pytest.mark.parametrize("state", [State.FEW, State.HIDDEN])
def test_of_a_number_that_is_not_told_neither_gap_nor_success_is_told(state):
    found = year(Value(state))
    assert (found.standing, found.gap) == (Standing.WITHHELD, None)


def test_what_is_not_known_is_not_missed():
    assert year(Value(State.UNKNOWN)).standing == Standing.UNKNOWN
    assert year(Value(State.NONE)).standing == Standing.UNKNOWN
    assert year(Value(State.UNKNOWN), number=2027).standing == Standing.AHEAD
    assert year(5.0, target=None).standing == Standing.NO_TARGET


@pytest.mark.parametrize(("months", "began"), [(3, 2025), (12, 2025), (24, 2024)])
def test_matches_that_last_began_long_enough_before_the_year(months, began):
    assert year_begun(2026, months) == began
