"""A zero byte, which PostgreSQL keeps in no text, is refused or left out."""

import pytest

from mentorship import clock
from tests import factories

LISTS = (
    "/meetings?region=%00",
    "/check-ins?kind=%00",
    "/concerns?severity=%00",
    "/signs?kind=%00&q=%00",
    "/closings?kind=%00&q=%00",
    "/voices?region=%00",
    "/surveys?side=%00&q=%00",
)


@pytest.mark.parametrize("address", LISTS)
def test_a_list_with_a_zero_byte_in_its_address_is_a_page(store, sign_in, address):
    client = sign_in(factories.coordinator(store))
    assert client.get(address).status_code in (200, 400)


def test_a_zero_byte_in_what_people_write_is_no_error(store, sign_in):
    match = factories.eligible_match(store, started_on=clock.today())
    client = sign_in(factories.mentor_user(store, mentor=match.mentor))
    answer = client.submit(
        f"/my-matches/{match.id}/worry", severity="worry", text="He fell\0 down."
    )
    assert answer.status_code in (302, 400, 422)
    answer = client.submit("/my-help", about="general", text="Help\0 me.")
    assert answer.status_code in (302, 400, 422)


def test_a_zero_byte_in_a_step_is_no_error(store, sign_in):
    match = factories.eligible_match(store, started_on=clock.today())
    client = sign_in(factories.mentor_user(store, mentor=match.mentor))
    page = client.page(f"/my-matches/{match.id}/steps")
    answer = client.send(page, "/steps", code="identity\0", state="done")
    assert answer.status_code in (400, 422)


def test_a_zero_byte_in_the_digits_of_a_slip_is_no_error(client):
    assert client.post("/v", data={"code": "12\x0034"}).status_code < 500
