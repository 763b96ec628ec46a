"""Names of children stay in their region, also where their mentor lives elsewhere."""

import pytest

from mentorship import clock
from mentorship.qualification.models import SuspensionCause
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY


@pytest.fixture
def far_child(store):
    """A child who moved to Kostanay; their mentor lives in Karaganda and is suspended."""
    on = clock.today()
    mentor = factories.eligible_mentor(store, on=on, status="suspended")
    child = factories.eligible_child(
        store, on=on, region=KOSTANAY, last_name="Тұңғышбаев", first_name="Ерасыл"
    )
    match = factories.match(store, mentor=mentor, child=child, started_on=on)
    row = factories.suspension(store, mentor=mentor, cause=SuspensionCause.COMPLAINT, reason="x")
    return match, row


def test_pages_about_a_mentor_do_not_name_a_child_of_another_region(store, sign_in, far_child):
    match, row = far_child
    desk = sign_in(factories.coordinator(store, regions=(KARAGANDA,)))
    for address in (f"/mentors/{match.mentor_id}", f"/suspensions/{row.id}"):
        text = desk.page(address).text
        assert "Тұңғышбаев" not in text and "Ерасыл" not in text, address
        assert "a child in another region" in text, address


def test_whoever_sees_both_regions_reads_the_name(store, sign_in, far_child):
    match, row = far_child
    desk = sign_in(factories.coordinator(store, regions=(KARAGANDA, KOSTANAY)))
    for address in (f"/mentors/{match.mentor_id}", f"/suspensions/{row.id}"):
        assert "Тұңғышбаев" in desk.page(address).text, address
