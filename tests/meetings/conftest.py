from datetime import timedelta

import pytest

from mentorship import clock
from tests import factories

DAY = timedelta(days=1)


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def begun(today):
    return today - 60 * DAY


@pytest.fixture
def match(store, begun):
    """A match in its third month, whose mentor signs in."""
    adult = factories.eligible_mentor(store, on=begun, last_name="Ұстазов", phone="+77011234567")
    young = factories.eligible_child(store, on=begun, first_name="Еркежан", last_name="Құпия")
    found = factories.match(store, mentor=adult, child=young, started_on=begun)
    factories.mentor_user(store, mentor=adult)
    return found


@pytest.fixture
def phone(sign_in, match):
    """The mentor's browser."""
    return sign_in(match.mentor.user)


@pytest.fixture
def desk(store, sign_in, match):
    """The coordinator's browser."""
    return sign_in(factories.coordinator(store, name="Айгүл Үйлестіруші"))


@pytest.fixture
def helper(store, begun):
    """Another mentor who may meet the child, and signs in."""
    other = factories.eligible_mentor(store, on=begun, last_name="Көмекшиев", capacity=1)
    factories.mentor_user(store, mentor=other)
    return other
