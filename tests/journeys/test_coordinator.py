from datetime import timedelta

from sqlalchemy import select

from mentorship import clock
from mentorship.accounts.models import User
from mentorship.check_ins.models import CheckIn
from mentorship.figures.store import rebuild
from mentorship.matches.models import Match
from tests import factories
from tests.conftest import new_client
from tests.journeys.steps import (
    done,
    first_sign_in,
    link_in_outbox,
    record_consents,
    register_child,
    register_mentor,
    sign_agreement,
    step_of,
)

WORRY = "Мектепке барғысы келмейді"


def test_a_coordinator_goes_from_two_strangers_to_a_match_that_is_cared_for_and_closed(
    app, store, sign_in, compute
):
    today = clock.today()
    coordinator = factories.coordinator(store)
    home = factories.centre(store)
    office, overview = sign_in(factories.administrator(store)), sign_in(factories.manager(store))
    desk = sign_in(coordinator)
    assert "Nothing is waiting for you today." in desk.page("/").text

    mentor, child = register_mentor(desk), register_child(desk, home.id)

    # The round proposes the pair and says why.
    asked = desk.submit("/rounds")
    compute()
    round_page = done(desk, asked)
    link = next(a for a in round_page.find_all("a") if a.attrs["href"].startswith("/proposals/"))
    proposal = desk.page(link.attrs["href"])
    assert "Why this match was proposed" in proposal.text
    assert "Shared interests" in proposal.text
    assert "Proposals awaiting a decision 1" in desk.page("/today").text

    pair = done(desk, desk.send(proposal, "/approve"))
    assert pair.h1.startswith("Төлегенов Еркежан – Құсайынова Қарлығаш")
    assert "Approved" in desk.page(link.attrs["href"]).text
    assert "On the way 1" in desk.page("/today").text

    # The mentor follows the invitation, reads of the child, and accepts.
    desk.submit(mentor, "/access")
    phone = new_client(app)
    email = "karlygash@example.org"
    mine = first_sign_in(phone, link_in_outbox(office, email), email)
    asked = phone.page(mine.find("a", class_="main").attrs["href"])
    assert "Еркежан, 13" in asked.h1
    assert "Төлегенов" not in asked.html
    assert "You have accepted." in done(phone, phone.send(asked, answer="accepted")).text

    # The child and the representative agree, the agreement is signed: the match begins.
    pair = record_consents(desk, desk.page(pair.address))
    pair = sign_agreement(desk, pair, "35-2026/17")
    match = desk.page(f"/matches/{store.scalars(select(Match.id)).one()}")
    first = store.scalars(select(CheckIn.due_on).order_by(CheckIn.due_on)).first()
    assert today < first <= today + timedelta(days=14)
    assert f"{first:%d.%m.%Y}" in match.text
    assert match.address in desk.page(child).html
    assert match.address in desk.page(mentor).html
    met = {"held_with": "Тәрбиеші Әлия"}
    pair = done(desk, desk.submit(step_of(pair, "Record the first meeting"), **met))
    assert pair.text.count("Done") == 5
    assert "On the way" not in desk.page("/today").text

    # The mentor logs a meeting with a worry.
    mine = phone.page("/my-children")
    assert "Еркежан, 13" in mine.text
    assert "Төлегенов" not in mine.html
    log = mine.find("a", class_="main").attrs["href"]
    fields = {"went": "3", "activity": "Шахмат ойнадық", "worry": WORRY}
    assert "will read your worry first" in done(phone, phone.submit(log, **fields)).text

    # The coordinator reads the worry first, and then records a check-in.
    today_page = desk.page("/today")
    concern = next(a for a in today_page.find_all("a") if a.text == "Read and review")
    worry = desk.page(concern.attrs["href"])
    assert WORRY in worry.text
    review = desk.page(worry.find("a", class_="main").attrs["href"])
    done(desk, desk.send(review, text="Тәрбиешімен сөйлестім, дүйсенбіде мектепке барамыз"))
    assert "Read and review" not in desk.page("/today").text
    assert "Шахмат ойнадық" in desk.page(f"{match.address}/meetings").text
    match = desk.page(match.address)
    contact = match.find("a", class_="main").attrs["href"]
    fields = {"way": "visit", "rating": "4", "next_step": "Мектеп"}
    match = done(desk, desk.submit(contact, **fields))
    assert "A visit. 4 – well. Next step: Мектеп" in match.text

    # It ends as planned, and the manager's figures follow.
    rebuild(store, today, clock.now())
    assert "Matches under way" in overview.page("/overview").text
    fields = {"ended_as_planned": "planned", "closure_reason": "goals_reached"}
    page = desk.submit(f"{match.address}/close", **fields).page
    assert page.find("p", id="ended_by-error").text == "This field is required."
    match = done(desk, desk.send(page, ended_by="agreement"))
    assert "Goals reached. Who ended it: Both, by agreement" in match.text
    row = store.scalars(select(Match)).one()
    assert (row.ended_on, row.closed_by) == (today, coordinator.id)
    assert "There are fewer than 5 in this choice" in overview.page("/retention").text
    assert "Ready for matching." in desk.page(child).text
    assert store.scalars(select(User).where(User.email == email)).one().role == "mentor"
