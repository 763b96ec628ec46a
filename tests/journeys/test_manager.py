from datetime import timedelta

from mentorship import clock
from mentorship.figures.store import rebuild
from tests import factories
from tests.factories import KOSTANAY


def test_a_manager_sees_figures_of_the_country_and_nobodys_name(store, sign_in):
    today = clock.today()
    home = factories.centre(store)
    away = factories.centre(store, region=KOSTANAY)
    begun = today - timedelta(days=500)
    for number in range(24):
        adult = factories.eligible_mentor(store, on=today, last_name="Ұстазов")
        child = factories.eligible_child(store, on=today, centre=home, last_name="Құпия")
        ended = {}
        if number % 4 == 0:
            ended = {
                "ended_on": begun + timedelta(days=150),
                "closure_reason": "mentor_moved",
                "ended_as_planned": False,
                "ended_by": "mentor",
            }
        match = factories.match(store, mentor=adult, child=child, started_on=begun, **ended)
        factories.check_in(store, match=match, due_on=today - timedelta(days=2))
    for _ in range(7):
        factories.eligible_child(store, on=today, centre=away)
        factories.eligible_mentor(store, on=today, region=KOSTANAY, town="Қостанай")
    rebuild(store, today, clock.now())
    browser = sign_in(factories.manager(store))

    overview = browser.page("/")
    figures = {item.text for item in overview.find_all("li") if item.within("main")}
    for figure in ("18 Matches under way", "13 Mentors with a free place"):
        assert any(text.startswith(figure) for text in figures), figures
    assert "75% Matches that lasted a year" in overview.text

    retention = browser.page("/retention")
    assert "75% of matches lasted a year" in retention.text
    assert "This rests on 24 matches." in retention.text
    assert "Mentor moved away" in browser.page("/retention/why").text
    assert browser.page("/retention?region=35").h1
    assert "Nothing has begun in this choice yet." in browser.page("/retention?region=39").text

    pages = ("/retention/why", "/practice", "/supply", "/indicators", "/figures/matches_active")
    for address in ("/", "/retention", "/centres", *pages):
        page = browser.page(address)
        assert "Ұстазов" not in page.html
        assert "Құпия" not in page.html
    for address in ("/children", "/mentors", "/matches", "/rounds", "/concerns", "/users"):
        assert browser.get(address).status_code == 403
