from datetime import date

from tests import factories

BORN = date(1985, 4, 12)


def test_a_name_is_found_by_its_words_in_any_order(store, sign_in):
    factories.mentor(store, birth_date=BORN, last_name="Әбенова", first_name="Қанат")
    factories.mentor(store, birth_date=BORN, last_name="Әбенова", first_name="Гүлнәр")
    page = sign_in(factories.coordinator(store)).page("/mentors?q=канат+абенова")
    assert "Әбенова Қанат" in page.text
    assert "Гүлнәр" not in page.text


def test_a_mentor_whose_iin_an_old_register_did_not_know_can_still_be_changed(store, sign_in):
    mentor = factories.mentor(store, birth_date=BORN, phone="+77010000007", email=None)
    store.commit()
    client = sign_in(factories.coordinator(store))
    answer = client.submit(f"/mentors/{mentor.id}/edit", reach_km="70")
    assert answer.status_code == 302
    assert mentor.reach_km == 70


def test_an_iin_that_was_confirmed_once_is_not_asked_about_again(store, sign_in):
    mentor = factories.mentor(
        store, birth_date=BORN, phone="+77010000007", iin=factories.fictional_iin()
    )
    store.commit()
    client = sign_in(factories.coordinator(store))
    answer = client.submit(f"/mentors/{mentor.id}/edit", reach_km="70")
    assert answer.status_code == 302
    assert mentor.reach_km == 70
