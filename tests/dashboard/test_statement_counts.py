"""A list of more than a page costs as many SQL statements as a list of three."""

from datetime import timedelta

import pytest

from mentorship import clock
from mentorship.matches.models import StillWaiting
from mentorship.web.paging import PER_PAGE
from tests import factories
from tests.factories import KARAGANDA

DAY = timedelta(days=1)


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def world(store, today):
    """One round, to which more can be added: `world.add(number)` of every kind of row."""
    return World(store, today)


class World:
    def __init__(self, store, today):
        self.store, self.today = store, today
        self.home = factories.centre(store)
        self.round = factories.matching_round(store, start_on=today, regions=[KARAGANDA])
        self.coordinator = factories.coordinator(store, regions=(KARAGANDA,))
        self.administrator = factories.administrator(store)
        self.manager = factories.manager(store)
        self.mentor = factories.mentor_user(store, mentor=self._mentor(capacity=20))

    def _mentor(self, **given):
        """With what a list of mentors may show, and a certificate that expires soon."""
        adult = factories.eligible_mentor(
            self.store, on=self.today, interests=("chess", "cooking"), **given
        )
        adult.certificates[0].expires_on = self.today + 20 * DAY
        return adult

    def _child(self):
        return factories.eligible_child(
            self.store, on=self.today, centre=self.home, interests=("chess", "football")
        )

    def _of_the_match(self, match):
        """One of everything else that Today shows of a match."""
        factories.concern(self.store, match=match, origin="child")
        factories.sign(self.store, match=match, kind="silence", since_on=self.today)
        factories.help_request(self.store, mentor=match.mentor, match=match)
        factories.substitute(self.store, match=match, from_on=self.today, until_on=self.today)
        factories.telling(self.store, match=match, due_at=clock.now())
        factories.review(self.store, match=match, due_on=self.today)
        factories.closure(self.store, match=match, due_on=self.today)

    def add(self, number):
        for _ in range(number):
            match = factories.match(
                self.store, mentor=self._mentor(), child=self._child(), started_on=self.today
            )
            meeting = factories.meeting(self.store, match=match, held_on=self.today)
            factories.concern(self.store, match=match, meeting=meeting)
            self._of_the_match(match)
            factories.check_in(self.store, match=match, due_on=self.today - DAY)
            factories.check_in(self.store, match=match, due_on=self.today + DAY)
            factories.proposal(
                self.store, mentor=self._mentor(), child=self._child(), round=self.round
            )
            self.store.add(
                StillWaiting(
                    round=self.round,
                    child=self._child(),
                    code="no_mentor_allowed",
                    refusals={"no_capacity": 1},
                )
            )
            factories.matching_round(
                self.store, start_on=self.today, regions=[KARAGANDA], created_by=self.manager.id
            )
            factories.preparation(
                self.store,
                mentor=self._mentor(),
                child=self._child(),
                opened_at=clock.now(),
                owner_id=self.coordinator.id,
            )
            people = {"mentor": self._mentor(), "child": self._child()}
            factories.ruling(self.store, kind="apart", **people, recorded_by=self.coordinator.id)
            factories.proposal(
                self.store, **people, round=None, start_on=self.today, origin="manual"
            )
            factories.message(self.store, user=factories.coordinator(self.store))
            factories.centre(self.store)
        self.store.commit()


MOST = {"/today": 48}  # two for each of its groups
STAFF_PAGES = (
    "/signs",
    "/meetings",
    "/closings",
    "/leave",
    "/team",
    "/today",
    "/mentors",
    "/mentors/free",
    "/children",
    "/matches",
    "/check-ins",
    "/concerns",
    "/rounds",
    "/rounds/{round}",
    "/rounds/{round}/waiting",
    "/proposals",
    "/rulings",
    "/agreements",
    "/centres",
)


def counts(browser, addresses, statements):
    found = {}
    for address in addresses:
        browser.page(address)  # what is remembered between requests is remembered now
        statements.clear()
        browser.page(address)
        found[address] = len(statements)
    return found


def test_every_list_costs_as_many_statements_with_thirty_rows_as_with_three(
    world, sign_in, statements
):
    staff = [address.format(round=world.round.id) for address in STAFF_PAGES]
    browsers = (
        (sign_in(world.coordinator), staff),
        (sign_in(world.administrator), ("/users", "/outbox", "/centres")),
        (sign_in(world.manager), ("/overview", "/retention", "/centres")),
    )
    world.add(3)
    few = [counts(browser, addresses, statements) for browser, addresses in browsers]
    world.add(PER_PAGE + 2)
    many = [counts(browser, addresses, statements) for browser, addresses in browsers]
    assert many == few
    assert all(number <= MOST.get(name, 20) for found in many for name, number in found.items())


def test_a_mentor_with_twenty_children_costs_no_more_reads_than_one_with_three(
    world, sign_in, statements, store, today
):
    phone = sign_in(world.mentor)
    adult = next(iter(store.query(type(world._mentor())).filter_by(user_id=world.mentor.id)))

    def reads():
        phone.page("/my-children")
        statements.clear()
        phone.page("/my-children")
        return len([text for text in statements if text.lstrip().lower().startswith("select")])

    def meet(number):
        for _ in range(number):
            match = factories.match(store, mentor=adult, child=world._child(), started_on=today)
            factories.meeting(store, match=match, held_on=today, next_on=today + DAY)

    meet(3)
    few = reads()
    meet(17)
    assert reads() == few
