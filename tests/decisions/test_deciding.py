from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.matches.models import Preparation, Proposal
from mentorship.matches.policies import STANDS_MONTHS, stands_until
from mentorship.matches.refusals import refused_pairs
from mentorship.web import words
from tests import factories
from tests.decisions.conftest import make_pair

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def undo(browser, page):
    """Press the button that the page offers."""
    return browser.page(browser.send(page, "/proposals/undo").headers["Location"])


def actions(store):
    return [row.action for row in store.scalars(select(AuditEntry).order_by(AuditEntry.id))]


# How long a reason stands.


def test_every_reason_for_declining_has_its_usual_term():
    assert set(STANDS_MONTHS) == set(words.DECLINE_REASONS)


@pytest.mark.parametrize(
    ("reason", "on", "until"),
    [
        ("mentor_not_ready", date(2026, 3, 2), date(2026, 9, 2)),
        ("mentor_not_ready", date(2026, 8, 31), date(2027, 2, 28)),
        ("too_far_in_practice", date(2024, 2, 29), date(2025, 2, 28)),
        ("child_does_not_wish", date(2026, 3, 2), None),
        ("known_conflict", date(2026, 3, 2), None),
    ],
)
def test_a_reason_stands_for_its_usual_months_or_for_good(reason, on, until):
    assert stands_until(reason, on) == until


def test_a_declined_pair_is_refused_while_its_reason_stands_and_not_after(desk, store, pair, today):
    desk.submit(f"/proposals/{pair.proposal.id}/decline", reason="mentor_not_ready")
    until = stands_until("mentor_not_ready", today)
    assert pair.proposal.declined_until == until
    key = (pair.mentor.id, pair.child.id)
    assert refused_pairs(store, until) == {key: "declined_before"}
    assert refused_pairs(store, until + DAY) == {}


def test_the_coordinator_may_change_how_long_the_reason_stands(desk, store, today):
    one, two = make_pair(store, on=today), make_pair(store, on=today)
    until = f"{today + 40 * DAY:%d.%m.%Y}"
    desk.submit(f"/proposals/{one.proposal.id}/decline", reason="known_conflict", until=until)
    desk.submit(f"/proposals/{two.proposal.id}/decline", reason="mentor_not_ready", for_good="true")
    assert one.proposal.declined_until == today + 40 * DAY
    assert two.proposal.declined_until is None
    assert until in desk.page(f"/proposals/{one.proposal.id}").text
    assert "The reason stands for good" in desk.page(f"/proposals/{two.proposal.id}").text


def test_the_form_shows_the_usual_terms_and_refuses_two_ends_at_once(desk, pair, today):
    address = f"/proposals/{pair.proposal.id}/decline"
    assert "The mentor is not ready now: 6 months" in desk.page(address).text
    until = f"{today + DAY:%d.%m.%Y}"
    page = desk.submit(address, reason="known_conflict", until=until, for_good="true").page
    assert "Give a last day or tick for good, not both." in page.text
    page = desk.submit(address, reason="other").page
    assert "Give the reason in your own words." in page.text


# A question.


def test_a_question_marks_the_proposal_until_a_colleague_answers_it(desk, colleague, store, pair):
    desk.submit(f"/proposals/{pair.proposal.id}/ask", question="Қашан бос?")
    page = colleague.page(f"/proposals/{pair.proposal.id}")
    assert "Қашан бос?" in page.text
    assert "Айгүл Сейітова" in page.find("main").text
    marked = "/proposals?question=open"
    assert pair.child.full_name in colleague.page(marked).text
    assert "Question" in colleague.page(f"/rounds/{pair.round.id}").find("table").text
    colleague.submit(f"/proposals/{pair.proposal.id}/answer", answer="Бейсенбіде")
    page = desk.page(f"/proposals/{pair.proposal.id}")
    assert "Бейсенбіде" in page.text
    assert "Бауыржан Оспанов" in page.find("main").text
    assert pair.child.full_name not in desk.page(marked).text
    told = actions(store)
    assert told.index("asked_about_proposal") < told.index("answered_about_proposal")


def test_a_question_does_not_forbid_approving(desk, store, pair):
    desk.submit(f"/proposals/{pair.proposal.id}/ask", question="When?")
    desk.submit(f"/proposals/{pair.proposal.id}", "/approve")
    assert pair.proposal.status == "approved"


def test_a_second_question_keeps_the_first_and_waits_for_its_answer(desk, store, pair):
    asking, answering = (f"/proposals/{pair.proposal.id}/{what}" for what in ("ask", "answer"))
    desk.submit(asking, question="First?")
    assert "still waiting for its answer" in desk.submit(asking, question="Second?").page.text
    desk.submit(answering, answer="Yes.")
    assert "already been answered" in desk.submit(answering, answer="No.").page.text
    desk.submit(asking, question="Second?")
    text = desk.page(f"/proposals/{pair.proposal.id}").text
    assert text.index("First?") < text.index("Yes.") < text.index("Second?")


# Undo.


def test_a_decline_is_undone_with_the_button_of_its_message(desk, store, pair):
    answer = desk.submit(f"/proposals/{pair.proposal.id}/decline", reason="known_conflict")
    page = undo(desk, desk.page(answer.headers["Location"]))
    assert "1 proposal is open again." in page.text
    assert (pair.proposal.status, pair.proposal.decline_reason) == ("open", None)
    assert refused_pairs(store, clock.today()) == {}
    assert "took_back_decline" in actions(store)


def test_an_approval_is_undone_with_the_button_of_its_message(desk, store, pair):
    answer = desk.submit(f"/proposals/{pair.proposal.id}", "/approve")
    undo(desk, desk.page(answer.headers["Location"]))
    assert pair.proposal.status == "open"
    assert store.scalars(select(Preparation)).one().status == "ended"
    desk.submit(f"/proposals/{pair.proposal.id}", "/approve")
    assert pair.proposal.status == "approved"


def test_nobody_undoes_the_decision_of_another(desk, colleague, store, pair):
    desk.submit(f"/proposals/{pair.proposal.id}/decline", reason="known_conflict")
    assert "Undo" not in colleague.page(f"/proposals/{pair.proposal.id}").find("main").text
    mine = desk.page(f"/proposals/{pair.proposal.id}")
    decided = mine.values(mine.form("/undo"))["decided"]
    theirs = colleague.page("/rulings")
    sent = {"csrf_token": theirs.find("input", name="csrf_token").attrs["value"]}
    answer = colleague.post("/proposals/undo", data=sent | {"decided": decided})
    assert "can no longer be undone" in colleague.page(answer.headers["Location"]).text
    assert pair.proposal.status == "declined"


def test_after_a_minute_nothing_is_undone(desk, store, pair):
    desk.submit(f"/proposals/{pair.proposal.id}/decline", reason="known_conflict")
    page = desk.page(f"/proposals/{pair.proposal.id}")
    pair.proposal.decided_at -= MINUTE + timedelta(seconds=1)
    store.commit()
    version = f"{pair.proposal.id}.{pair.proposal.version}"
    form = page.form("/undo")
    sent = page.values(form) | {"decided": version}
    answer = desk.post("/proposals/undo", data=sent)
    page = desk.page(answer.headers["Location"])
    assert "can no longer be undone" in page.text
    assert "Undo" not in page.find("main").text
    assert pair.proposal.status == "declined"


@pytest.mark.parametrize("what", ["match", "proposal"])
def test_a_decline_is_not_undone_when_the_child_is_no_longer_free(desk, store, pair, today, what):
    desk.submit(f"/proposals/{pair.proposal.id}/decline", reason="known_conflict")
    page = desk.page(f"/proposals/{pair.proposal.id}")
    other = factories.eligible_mentor(store, on=today)
    if what == "match":
        factories.match(store, mentor=other, child=pair.child, started_on=today)
    else:
        factories.proposal(store, mentor=other, child=pair.child, start_on=today)
    undo(desk, page)
    assert pair.proposal.status == "declined"


def test_pressing_undo_twice_does_it_once(desk, store, pair):
    desk.submit(f"/proposals/{pair.proposal.id}/decline", reason="known_conflict")
    page = desk.page(f"/proposals/{pair.proposal.id}")
    undo(desk, page)
    again = desk.send(page, "/proposals/undo")
    assert again.status_code == 409
    assert "already been saved" in again.page.text
    assert pair.proposal.status == "open"


# In bulk, by plain ticks and buttons.


@pytest.fixture
def three(store, today):
    first = make_pair(store, on=today)
    return [first, *(make_pair(store, on=today, round_=first.round) for _ in range(2))]


def ticked(pairs):
    return [str(pair.proposal.id) for pair in pairs]


def test_ticked_pairs_are_approved_and_undone_together(desk, store, three):
    answer = desk.submit(f"/rounds/{three[0].round.id}", "/approve", proposal=ticked(three[:2]))
    page = desk.page(answer.headers["Location"])
    assert "2 pairs are approved." in page.text
    assert [pair.proposal.status for pair in three] == ["approved", "approved", "open"]
    undo(desk, page)
    assert [pair.proposal.status for pair in three] == ["open"] * 3


def test_ticked_pairs_are_declined_with_one_reason(desk, store, three):
    page = desk.page(f"/rounds/{three[0].round.id}")
    sent = page.values(page.form("/approve")) | {"proposal": ticked(three[:2])}
    address = f"/rounds/{three[0].round.id}/decline"
    asked = desk.post(address, data=sent).page
    assert asked.h1 == "Decline 2 proposals"
    wrong = desk.send(asked, reason="")
    assert wrong.status_code == 422
    done = desk.page(desk.send(wrong.page, reason="known_conflict").headers["Location"])
    assert "2 proposals are declined." in done.text
    assert [pair.proposal.status for pair in three] == ["declined", "declined", "open"]
    undo(desk, done)
    assert [pair.proposal.status for pair in three] == ["open"] * 3


def test_declining_nothing_asks_to_choose_something(desk, three):
    page = desk.page(f"/rounds/{three[0].round.id}")
    sent = page.values(page.form("/approve"))
    answer = desk.post(f"/rounds/{three[0].round.id}/decline", data=sent)
    assert "Choose at least one proposal." in desk.page(answer.headers["Location"]).text


# Old pages, back buttons and double clicks.


@pytest.mark.parametrize("act", ["approve", "decline", "ask"])
def test_an_old_page_says_who_changed_what_and_saves_nothing(desk, colleague, store, pair, act):
    mine = "/approve" if act == "approve" else None
    address = f"/proposals/{pair.proposal.id}" + ("" if mine else f"/{act}")
    old = colleague.page(address)
    desk.submit(f"/proposals/{pair.proposal.id}/ask", question="Ата-анасы не дейді?")
    fields = {"decline": {"reason": "known_conflict"}, "ask": {"question": "?"}}.get(act, {})
    answer = colleague.send(old, mine, **fields)
    assert answer.status_code in (409, 422)
    assert "Айгүл Сейітова changed this proposal at" in answer.page.text
    assert "Question: Ата-анасы не дейді?" in answer.page.text
    assert (pair.proposal.status, pair.proposal.question) == ("open", "Ата-анасы не дейді?")


def test_after_being_told_of_the_change_the_same_form_may_be_sent(desk, colleague, store, pair):
    old = colleague.page(f"/proposals/{pair.proposal.id}/decline")
    desk.submit(f"/proposals/{pair.proposal.id}/ask", question="Why?")
    empty = colleague.send(old, reason="").page  # a mistake in the form tells of nothing yet
    told = colleague.send(empty, reason="known_conflict").page
    assert "changed this proposal" in told.text
    assert pair.proposal.status == "open"
    colleague.send(told)
    assert pair.proposal.status == "declined"


def test_of_a_decided_proposal_an_old_page_tells_the_decision_and_its_reason(
    desk, colleague, store, pair
):
    old = colleague.page(f"/proposals/{pair.proposal.id}")
    desk.submit(f"/proposals/{pair.proposal.id}/decline", reason="other", note="Ауыл алыс")
    text = colleague.send(old, "/approve").page.text
    assert "The proposal is now: Declined." in text
    assert "Reason: Other reason." in text
    assert "Ауыл алыс" in text
    assert pair.proposal.status == "declined"


def test_in_bulk_a_pair_changed_meanwhile_is_left_and_told_of(desk, colleague, store, three):
    old = colleague.page(f"/rounds/{three[0].round.id}")
    desk.submit(f"/proposals/{three[0].proposal.id}/ask", question="Әлі ме?")
    answer = colleague.send(old, "/approve", proposal=ticked(three))
    text = colleague.page(answer.headers["Location"]).text
    assert "2 pairs are approved." in text
    assert "Question: Әлі ме?" in text
    assert [pair.proposal.status for pair in three] == ["open", "approved", "approved"]


def test_a_double_click_on_approve_approves_once(desk, store, pair):
    page = desk.page(f"/proposals/{pair.proposal.id}")
    first, second = (desk.send(page, "/approve") for _ in range(2))
    assert "/agreements/" in first.headers["Location"]
    assert "already been saved" in desk.page(second.headers["Location"]).text
    assert len(store.scalars(select(Preparation)).all()) == 1


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/proposals/{}/decline", {"reason": "known_conflict"}),
        ("/proposals/{}/ask", {"question": "When?"}),
    ],
)
def test_a_form_sent_twice_is_saved_once(desk, store, pair, address, fields):
    page = desk.page(address.format(pair.proposal.id))
    desk.send(page, **fields)
    version = store.get(Proposal, pair.proposal.id).version
    again = desk.send(page, **fields)
    assert "already been saved" in again.page.text
    assert store.get(Proposal, pair.proposal.id).version == version


def test_going_back_to_a_list_whose_pairs_were_approved_does_no_harm(desk, store, three):
    page = desk.page(f"/rounds/{three[0].round.id}")
    for _ in range(2):
        answer = desk.send(page, "/approve", proposal=ticked(three[:1]))
    assert "already been saved" in desk.page(answer.headers["Location"]).text
    assert store.scalar(select(func.count()).select_from(Preparation)) == 1


def test_a_child_who_said_no_is_not_overruled_by_an_undo(desk, store, pair):
    desk.submit(f"/proposals/{pair.proposal.id}", "/approve")
    preparation = store.scalars(select(Preparation)).one()
    desk.submit(f"/agreements/{preparation.id}/child", agrees="no")
    page = desk.page(f"/proposals/{pair.proposal.id}")
    assert "Undo the decision" not in page.text
    old = {
        "csrf_token": page.find("input", name="csrf_token").attrs["value"],
        "decided": f"{pair.proposal.id}.{pair.proposal.version}",
    }
    answer = desk.post("/proposals/undo", data=old)
    assert "can no longer be undone" in desk.page(answer.headers["Location"]).text
    assert pair.proposal.status == "declined"
    assert pair.proposal.decline_reason == "child_does_not_wish"


def test_a_page_that_does_not_say_its_version_approves_nothing(desk, pair):
    page = desk.page(f"/proposals/{pair.proposal.id}")
    sent = {"csrf_token": page.find("input", name="csrf_token").attrs["value"]}
    answer = desk.post(f"/proposals/{pair.proposal.id}/approve", data=sent)
    assert answer.status_code == 409
    assert pair.proposal.status == "open"


def test_so_many_refusals_that_no_cookie_holds_them_are_told_in_part(desk, colleague, store, today):
    round_ = factories.matching_round(store, start_on=today)
    pairs = [make_pair(store, on=today, round_=round_) for _ in range(12)]
    old = colleague.page(f"/rounds/{round_.id}")
    for number, pair in enumerate(pairs):
        question = " ".join(f"{number * 7919 + place * 104729:x}" for place in range(120))
        desk.submit(f"/proposals/{pair.proposal.id}/ask", question=question)
    answer = colleague.send(old, "/approve", proposal=ticked(pairs))
    cookies = answer.headers.getlist("Set-Cookie")
    assert max(len(cookie) for cookie in cookies) < 4093
    assert "changed this proposal at" in colleague.page(answer.headers["Location"]).text


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "²"])
def test_a_number_that_no_row_can_have_finds_nothing(desk, pair, number):
    for address in ("/rulings?child={}", "/children?centre={}", "/pairs/new?child={}"):
        assert desk.get(address.format(number)).status_code == 200
    for address in ("/why-not?child={}", "/proposals/{}", "/children/{}", "/pairs/{}/1/keep"):
        assert desk.get(address.format(number)).status_code == 404
    page = desk.page(f"/rounds/{pair.round.id}")
    token = page.find("input", name="csrf_token").attrs["value"]
    for address in (f"/rounds/{pair.round.id}/approve", f"/rounds/{pair.round.id}/decline"):
        sent = {"csrf_token": token, "proposal": number}
        assert "Choose at least one" in desk.page(desk.post(address, data=sent).location).text
    for decided in (f"{number}.1", f"{pair.proposal.id}.{number}"):
        sent = {"csrf_token": token, "decided": decided}
        assert desk.post("/proposals/undo", data=sent).status_code == 302
    assert pair.proposal.status == "open"
