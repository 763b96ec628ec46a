from types import SimpleNamespace

import pytest

from mentorship import clock
from tests import factories
from tests.factories import KARAGANDA


def make_pair(session, *, on, round_=None, **given):
    """Two people whom no rule refuses, and an open proposal of a round."""
    mentor = given.pop("mentor", None) or factories.eligible_mentor(session, on=on)
    child = factories.eligible_child(session, on=on)
    round_ = round_ or factories.matching_round(session, start_on=on)
    proposal = factories.proposal(session, mentor=mentor, child=child, round=round_, **given)
    return SimpleNamespace(mentor=mentor, child=child, proposal=proposal, round=round_)


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def coordinator(store):
    return factories.coordinator(store, regions=(KARAGANDA,), name="Айгүл Сейітова")


@pytest.fixture
def desk(coordinator, sign_in):
    return sign_in(coordinator)


@pytest.fixture
def colleague(store, sign_in):
    return sign_in(factories.coordinator(store, regions=(KARAGANDA,), name="Бауыржан Оспанов"))


@pytest.fixture
def pair(store, today):
    return make_pair(store, on=today)
