from datetime import date

from tests import factories


def test_approving_nothing_asks_to_choose_something(store, sign_in):
    found = factories.matching_round(store, start_on=date(2026, 3, 2))
    mentor = factories.eligible_mentor(store, on=date(2026, 3, 2))
    child = factories.eligible_child(store, on=date(2026, 3, 2))
    factories.proposal(store, mentor=mentor, child=child, round=found)
    client = sign_in(factories.coordinator(store))
    client.submit(f"/rounds/{found.id}", f"/rounds/{found.id}/approve")
    assert "Choose at least one proposal." in client.page(f"/rounds/{found.id}").text
