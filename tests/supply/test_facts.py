from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorship.places.models import CentreKind
from mentorship.supply.facts import (
    MANY,
    Organisation,
    kinds_on,
    next_step,
    organisation_report,
    per_mentor,
    year_ends,
)
from mentorship.supply.vocabulary import Step
from mentorship.web.suppression import LEAST, Count, Mark
from tests.factories import KARAGANDA, KOSTANAY

SHOWN, FEW, HIDDEN = Mark.SHOWN, Mark.FEW, Mark.HIDDEN
ON = date(2026, 11, 22)
K = CentreKind


def count(number):
    return Count(SHOWN, number) if isinstance(number, int) else Count(number)


@pytest.mark.parametrize(
    ("waiting", "free", "step"),
    [
        (120, 0, Step.RECRUIT_NOW),
        (31, 10, Step.RECRUIT),
        (30, 10, Step.PROPOSE),
        (13, FEW, Step.RECRUIT),
        (12, FEW, Step.UNKNOWN),
        (100, HIDDEN, Step.UNKNOWN),
        (FEW, 10, Step.UNKNOWN),
        (0, 10, Step.LEND),
        (0, 0, Step.NOTHING),
    ],
)
def test_what_to_do_next_follows_from_numbers_that_may_be_shown(waiting, free, step):
    assert next_step(count(waiting), count(free)) == step


@given(waiting=st.integers(0, 500), free=st.integers(1, LEAST - 1))
def test_a_few_mentors_lead_to_the_same_advice_whatever_their_number(waiting, free):
    said = next_step(count(waiting), count(FEW))
    assert said in (Step.UNKNOWN, Step.RECRUIT)
    if said == Step.RECRUIT:
        assert waiting > MANY * free


def test_children_to_a_free_mentor_are_told_only_where_both_are():
    assert per_mentor(count(30), count(8)) == 3.75
    assert per_mentor(count(30), count(0)) is None
    assert per_mentor(count(30), count(FEW)) is None
    assert per_mentor(count(HIDDEN), count(8)) is None


HOME = Organisation(
    K.FAMILY_SUPPORT,
    KARAGANDA,
    [
        (date(2019, 9, 1), K.CHILDRENS_HOME, K.BOARDING),
        (date(2024, 3, 1), K.BOARDING, K.FAMILY_SUPPORT),
    ],
)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2015, 1, 1), K.CHILDRENS_HOME),
        (date(2019, 8, 31), K.CHILDRENS_HOME),
        (date(2019, 9, 1), K.BOARDING),
        (date(2024, 2, 29), K.BOARDING),
        (date(2024, 3, 1), K.FAMILY_SUPPORT),
        (ON, K.FAMILY_SUPPORT),
    ],
)
def test_an_organisation_is_of_its_new_kind_from_the_day_it_changed(day, kind):
    assert HOME.kind_on(day) == kind


def test_organisations_are_as_many_on_every_day_whatever_they_were():
    village = Organisation(K.CHILDRENS_VILLAGE, KOSTANAY, [])
    report = organisation_report([HOME, village], ON)
    assert report.days[0] == date(2016, 12, 31)
    assert report.days[-1] == ON
    assert len(report.days) == 11
    assert [sum(column) for column in zip(*report.kinds.values(), strict=True)] == [2] * 11
    assert report.kinds[K.BOARDING] == [0, 0, 0, *[1] * 5, 0, 0, 0]
    assert report.today == {K.FAMILY_SUPPORT: 1, K.CHILDRENS_VILLAGE: 1}
    assert report.regions[KOSTANAY][K.CHILDRENS_VILLAGE] == 1
    assert kinds_on([], ON) == {}


def test_ten_years_end_with_the_day_itself():
    assert year_ends(date(2026, 1, 5), 2) == [
        date(2024, 12, 31),
        date(2025, 12, 31),
        date(2026, 1, 5),
    ]
