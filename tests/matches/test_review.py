from datetime import date, timedelta

import time_machine

from tests import factories

ON = date(2026, 3, 2)


def test_a_match_whose_mentor_loses_the_certificate_is_listed_with_the_requirement(store, sign_in):
    kept = factories.eligible_match(store, started_on=ON - timedelta(days=30))
    lapsed = factories.eligible_match(store, started_on=ON - timedelta(days=30))
    lapsed.mentor.certificates[0].expires_on = ON - timedelta(days=1)
    elsewhere = factories.eligible_match(store, started_on=ON - timedelta(days=30), region="39")
    elsewhere.mentor.certificates[0].expires_on = ON - timedelta(days=1)
    for match, name in ((kept, "Тұрақова"), (lapsed, "Өткенова"), (elsewhere, "Жаттова")):
        match.child.last_name = name
    user = factories.coordinator(store)
    with time_machine.travel(f"{ON} 09:00+05:00", tick=False):
        page = sign_in(user).page("/matches/to-review")
    assert "Өткенова" in page.text
    assert "The mentor's certificate is not in force on the start date." in page.text
    assert "Тұрақова" not in page.text
    assert "Жаттова" not in page.text


def test_without_such_a_match_the_page_says_so(store, sign_in):
    page = sign_in(factories.coordinator(store)).page("/matches/to-review")
    assert "Every active match meets every requirement today." in page.text
