"""The pages from approval to the start of a match, as staff and mentors use them."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.check_ins.models import CheckIn
from mentorship.clock import ALMATY
from mentorship.matches.models import Match, Preparation
from mentorship.messages.models import Message
from tests import factories

DAY = timedelta(days=1)


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def coordinator(store):
    return factories.coordinator(store)


@pytest.fixture
def desk(sign_in, coordinator):
    return sign_in(coordinator)


@pytest.fixture
def make_pair(store, coordinator, today):
    """A pair approved some days ago, with what else is given."""

    def make_pair(*, days_ago=0, **given):
        at = datetime.combine(today - days_ago * DAY, datetime.min.time(), ALMATY)
        mentor = given.pop("mentor", None) or factories.eligible_mentor(store, on=today)
        child = factories.eligible_child(store, on=today, interests=("chess",))
        who = {"opened_by": coordinator.id, "owner_id": coordinator.id}
        return factories.preparation(
            store, mentor=mentor, child=child, opened_at=at, **(who | given)
        )

    return make_pair


@pytest.fixture
def pair(make_pair):
    return make_pair(days_ago=2)


@pytest.fixture
def phone(store, sign_in, pair):
    """The browser of the pair's mentor."""
    return sign_in(factories.mentor_user(store, mentor=pair.mentor))


def test_a_mentor_reads_of_the_child_only_what_the_answer_needs_and_accepts(phone, pair, store):
    link = phone.page("/my-children").find("a", class_="main").attrs["href"]
    page = phone.page(link)
    assert page.h1 == f"{pair.child.first_name}, 13 years"
    for shown in ("chess", "Kazakh", pair.child.centre.place("en"), "in your own town"):
        assert shown in page.text
    for hidden in (pair.child.last_name, str(pair.child.birth_date), "Consent"):
        assert hidden not in page.html
    words = [button.text for button in page.find_all("button", name="answer")]
    assert words == ["Accept", "Decline"]
    answer = phone.send(page, answer="accepted", note="Қуана келісемін")
    assert "You have accepted." in phone.page(answer.headers["Location"]).text
    assert (pair.mentor_answer, pair.mentor_note) == ("accepted", "Қуана келісемін")
    assert pair.mentor_answered_by == pair.mentor.user_id
    told = store.scalars(select(Message)).one()
    assert (told.kind, told.user_id) == ("mentor_accepted", pair.owner_id)
    assert pair.child.first_name not in told.body
    assert pair.mentor.last_name not in told.body


def test_a_mentor_who_declines_sees_nothing_of_the_child_any_more(phone, pair, store):
    page = phone.page(f"/my-proposals/{pair.id}")
    answer = phone.send(page, answer="declined")
    page = phone.page(answer.headers["Location"])
    assert "You have declined." in page.text
    assert pair.child.first_name not in page.text
    assert (pair.status, pair.end_reason) == ("ended", "mentor_declined")
    assert pair.child.first_name not in phone.page("/my-children").text
    assert store.scalars(select(Message.kind)).all() == ["mentor_declined"]


def test_a_mentor_who_presses_twice_or_goes_back_changes_nothing(phone, pair):
    page = phone.page(f"/my-proposals/{pair.id}")
    phone.send(page, answer="accepted")
    said_at = pair.mentor_answered_at
    answer = phone.send(page, answer="declined")
    assert answer.status_code == 422
    assert "You have accepted." in answer.page.text
    assert (pair.mentor_answer, pair.mentor_answered_at) == ("accepted", said_at)


def test_an_answer_is_one_of_the_two(phone, pair):
    answer = phone.submit(f"/my-proposals/{pair.id}", answer="perhaps")
    assert answer.status_code == 422
    assert pair.mentor_answer is None


def test_a_mentor_does_not_find_the_child_of_another_mentor(phone, make_pair):
    other = make_pair()
    assert phone.get(f"/my-proposals/{other.id}").status_code == 404


def test_staff_record_every_step_and_the_match_begins(desk, pair, store, today, coordinator):
    page = desk.page(f"/agreements/{pair.id}")
    assert page.text.count("Due date:") == 3
    assert page.text.count("Later") == 2
    yesterday = today - DAY
    said = {"on": f"{yesterday:%d.%m.%Y}"}
    assert desk.submit(f"{page.address}/mentor", answer="accepted", **said).status_code == 302
    said |= {"agrees": "yes", "language": "ru"}
    assert desk.submit(f"{page.address}/child", **said).status_code == 302
    desk.submit(f"{page.address}/guardian", name="Директор Әбенова", **said)
    page = desk.page(page.address)
    assert page.text.count("recorded by Person") == 3
    assert "Директор Әбенова. In this language: Russian." in page.text
    answer = desk.submit(f"{page.address}/agreement", number="35-7")
    page = desk.page(answer.headers["Location"])
    assert "The match has begun. The first check-ins are planned." in page.text
    match = store.scalars(select(Match)).one()
    assert (match.started_on, match.approved_by) == (today, coordinator.id)
    assert store.scalars(select(CheckIn).where(CheckIn.match_id == match.id)).first()
    desk.submit(f"{page.address}/first-meeting", held_with="Тәрбиеші Әлия")
    assert (pair.first_meeting_on, pair.first_meeting_with) == (today, "Тәрбиеші Әлия")


def test_the_agreement_waits_for_the_three_words(desk, pair, store):
    page = desk.page(f"/agreements/{pair.id}/agreement")
    assert "when the mentor, the child and the legal representative have agreed" in page.text
    sent = {"csrf_token": page.values(page.form("/sign-out"))["csrf_token"], "number": "1"}
    sent["agreed_on"] = f"{clock.today():%d.%m.%Y}"
    assert desk.post(page.address, data=sent).status_code == 422
    assert store.scalars(select(Match)).all() == []


def test_a_word_that_was_given_is_not_asked_for_again(desk, pair):
    page = desk.page(f"/agreements/{pair.id}/child")
    said = {"agrees": "yes", "language": "kk"}
    desk.send(page, **said)
    given = pair.child_consent_on
    answer = desk.send(page, agrees="no", language="ru")
    assert answer.status_code == 422
    assert "This step has already been recorded." in answer.page.text
    assert (pair.is_open, pair.child_consent_on) == (True, given)
    assert "already been recorded" in desk.page(page.address).text


def test_a_date_before_the_approval_stands_beside_its_field(desk, pair, today):
    early = f"{today - 3 * DAY:%d.%m.%Y}"
    page = desk.submit(f"/agreements/{pair.id}/child", agrees="yes", language="kk", on=early).page
    assert page.find("p", id="on-error").text == "The date is before the pair was approved."


def test_a_child_who_says_no_is_free_again_and_the_page_says_why(desk, pair):
    answer = desk.submit(f"/agreements/{pair.id}/child", agrees="no", language="kk", note="Жоқ")
    page = desk.page(answer.headers["Location"])
    assert "The child does not wish it" in page.text
    assert "The child is free again" in page.text
    assert pair.proposal.status == "declined"


def test_a_pair_that_a_rule_refuses_says_which_and_can_be_ended(desk, pair, today):
    address = f"/agreements/{pair.id}"
    assert "A requirement refuses" not in desk.page(address).text
    pair.mentor.certificates[0].expires_on = today - DAY
    page = desk.page(address)
    assert "The mentor's certificate is not in force on the start date." in page.text
    desk.send(page, "/end")
    assert (pair.status, pair.end_reason) == ("ended", "no_longer_allowed")
    assert "A requirement is no longer met" in desk.page(address).text


def test_a_pair_that_no_rule_refuses_is_not_ended_so(desk, pair, today):
    pair.mentor.certificates[0].expires_on = today - DAY
    page = desk.page(f"/agreements/{pair.id}")
    pair.mentor.certificates[0].expires_on = today + 300 * DAY
    answer = desk.send(page, "/end")
    assert answer.status_code == 409
    assert "No requirement refuses this pair today." in answer.page.text
    assert pair.is_open


def test_an_agreement_that_a_rule_refuses_says_why_and_starts_nothing(
    desk, make_pair, store, today
):
    ready = make_pair(days_ago=1, with_words=True)
    page = desk.page(f"/agreements/{ready.id}/agreement")
    ready.mentor.certificates[0].expires_on = today - DAY
    answer = desk.send(page, number="35-8")
    assert answer.status_code == 422
    assert "The mentor's certificate is not in force on the start date." in answer.page.text
    assert store.scalars(select(Match)).all() == []


def test_what_is_stuck_longest_stands_first_and_is_marked(desk, make_pair):
    fresh, stuck = make_pair(), make_pair(days_ago=12)
    ready = make_pair(days_ago=5, with_words=True)
    page = desk.page("/agreements")
    rows = [row.text for row in page.find_all("tr")[1:]]
    names = [pair.mentor.full_name for pair in (stuck, ready, fresh)]
    order = [next(i for i, row in enumerate(rows) if name in row) for name in names]
    assert order[0] == 0
    assert "Overdue" in rows[0]
    assert page.text.count("Overdue") == 1
    assert "Three-party agreement" in rows[order[1]]
    page = desk.page("/agreements?step=agreement")
    assert [row.text for row in page.find_all("tr")[1:]] == [rows[order[1]]]
    assert "No pair on the way fits" in desk.page("/agreements?step=first_meeting").text


def test_an_empty_list_says_what_to_do(desk):
    assert "No pair is on the way." in desk.page("/agreements").text


def test_a_started_pair_stays_on_the_way_until_its_first_meeting(desk, make_pair, store):
    ready = make_pair(with_words=True)
    desk.submit(f"/agreements/{ready.id}/agreement", number="1")
    assert "First meeting with staff present" in desk.page("/agreements?step=first_meeting").text
    desk.submit(f"/agreements/{ready.id}/first-meeting", held_with="x")
    assert "No pair is on the way." in desk.page("/agreements").text


def test_today_counts_pairs_on_the_way_and_those_overdue(desk, make_pair):
    make_pair()
    make_pair(days_ago=12)
    page = desk.page("/today")
    assert "On the way 2 1 overdue" in page.text
    assert "/agreements" in [a.attrs.get("href") for a in page.find_all("a")]


def test_reading_a_pair_is_noted_as_reading_of_the_child(desk, phone, pair, store, coordinator):
    desk.page(f"/agreements/{pair.id}")
    phone.page(f"/my-proposals/{pair.id}")
    reads = store.scalars(select(AuditEntry).where(AuditEntry.action == "read_child")).all()
    assert [(row.actor_id, row.subject_id) for row in reads] == [
        (coordinator.id, pair.child_id),
        (pair.mentor.user_id, pair.child_id),
    ]


def test_a_list_of_sixty_costs_as_many_statements_as_a_list_of_three(
    desk, make_pair, store, statements, today
):
    def cost(address):
        desk.page(address)
        statements.clear()
        desk.page(address)
        return len(statements)

    def add(number):
        for _ in range(number):
            owner = factories.coordinator(store).id
            make_pair(days_ago=3, owner_id=owner)
            make_pair(with_words=True, owner_id=owner)

    add(2)
    few = [cost("/agreements"), cost("/agreements?step=mentor"), cost("/today")]
    add(28)
    assert [cost("/agreements"), cost("/agreements?step=mentor"), cost("/today")] == few
    assert max(few) <= 22
    assert len(store.scalars(select(Preparation)).all()) == 60


def test_pairs_of_another_region_are_not_on_the_list(store, sign_in, pair):
    stranger = sign_in(factories.coordinator(store, regions=(factories.KOSTANAY,)))
    assert "No pair is on the way." in stranger.page("/agreements").text


def test_a_match_that_ended_before_its_first_meeting_is_stuck_no_more(desk, store, today):
    mentor = factories.eligible_mentor(store, on=today)
    child = factories.eligible_child(store, on=today)
    match = factories.match(store, mentor=mentor, child=child, started_on=today, ended_on=today)
    factories.preparation(
        store,
        mentor=mentor,
        child=child,
        opened_at=clock.now(),
        with_words=True,
        status="started",
        match_id=match.id,
    )
    assert child.full_name not in desk.page("/agreements").text


@pytest.mark.parametrize(
    ("step", "field", "no", "reason"),
    [
        ("mentor", "answer", "declined", "mentor_declined"),
        ("child", "agrees", "no", "child_declined"),
        ("guardian", "agrees", "no", "guardian_declined"),
    ],
)
def test_a_yes_may_become_a_no_until_the_match_begins(
    desk, store, make_pair, step, field, no, reason
):
    pair = make_pair(with_words=True)
    store.commit()
    address = f"/agreements/{pair.id}/{step}"
    desk.page(f"/agreements/{pair.id}").find("a", href=address)
    name = {"name": "Директор", "language": "kk"} if step == "guardian" else {}
    yes = {"mentor": "accepted"}.get(step, "yes")
    again = desk.submit(address, **{field: yes}, **name)
    assert again.status_code == 422
    desk.submit(address, **{field: no}, **name)
    store.expire_all()
    assert (pair.status, pair.end_reason, pair.proposal.status) == ("ended", reason, "declined")
