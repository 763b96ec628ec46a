"""Consents through the web: explained, recorded, taken back, given again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.children.models import Consent, ConsentKind
from mentorship.matches.models import Preparation, Proposal
from mentorship.messages.models import Message
from mentorship.reviews.models import Hold, Review, Telling
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

DAY = timedelta(days=1)


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def coordinator(store):
    return factories.coordinator(store, regions=(KARAGANDA,))


@pytest.fixture
def desk(sign_in, coordinator):
    return sign_in(coordinator)


@pytest.fixture
def match(store, today):
    """Two people who have met for two months; the mentor can sign in."""
    found = factories.eligible_match(store, started_on=today - 60 * DAY)
    factories.mentor_user(store, mentor=found.mentor)
    return found


def take_back(desk, child, kind="own", **typed):
    return desk.submit(f"/children/{child.id}/consents/{kind}/withdraw", "/withdraw", **typed)


def kinds_to(store, user_id):
    query = select(Message.kind).where(Message.user_id == user_id).order_by(Message.id)
    return store.scalars(query).all()


def test_the_child_who_withdraws(desk, store, sign_in, match, coordinator, today):
    child, mentor_user = match.child, match.mentor.user
    stranger = factories.coordinator(store, regions=(KOSTANAY,))
    # the page says what will happen before anything does
    page = desk.page(f"/children/{child.id}/consents/own/withdraw")
    assert page.h1 == "Take a consent back"
    assert f"The match with {match.mentor.full_name} is put on hold" in page.text
    assert "The child decides how to say goodbye" in page.text
    assert store.scalars(select(Hold)).all() == []
    answer = desk.send(page, reason="Хочет побыть один")
    # at once: the consent, the hold, the review, the messages, the audit
    consent = store.scalars(select(Consent).where(Consent.kind == "own")).one()
    assert consent.withdrawn_on == today and consent.withdrawn_by == coordinator.id
    assert consent.withdrawal_said_by == child.first_name
    assert consent.withdrawal_reason == "Хочет побыть один"
    assert match.on_hold and match.is_open
    review = store.scalars(select(Review)).one()
    assert (review.cause, review.decided_at) == ("consent_withdrawn", None)
    assert store.scalars(select(Telling)).all() == []  # the child said it: nobody need tell them
    assert kinds_to(store, coordinator.id) == ["consent_withdrawn"]
    assert kinds_to(store, mentor_user.id) == ["match_on_hold"]
    assert kinds_to(store, stranger.id) == []
    for message in store.scalars(select(Message)):
        assert child.first_name not in message.body and child.last_name not in message.body
    actions = store.scalars(select(AuditEntry.action)).all()
    for action in ("withdrew_consent", "held_match", "opened_review"):
        assert action in actions
    # afterwards the page says what happens next
    page = desk.page(answer.headers["Location"])
    assert page.h1 == "The consent is taken back"
    assert page.find("a", class_="main").text == "Review the match"
    # the mentor cannot log a meeting while the match is on hold
    mentor = sign_in(mentor_user)
    assert "on hold" in mentor.page(f"/my-matches/{match.id}").text.lower()
    # nobody continues a match without the child's yes
    page = desk.page(f"/reviews/{review.id}")
    assert "The match cannot go on" in page.text
    assert "The child's own consent is missing." in page.text
    assert page.find_all("input", name="decision") == []
    # the child says yes again, and the two go on the same day
    desk.submit(f"/children/{child.id}/consents/new?kind=own", way="in_person")
    assert child.consent("own").given_on == today
    assert child.consent("own").text_version == "2026-11"
    answer = desk.submit(f"/reviews/{review.id}", decision="continue")
    assert answer.headers["Location"] == f"/matches/{match.id}"
    assert not match.on_hold and match.is_open
    assert kinds_to(store, mentor_user.id) == ["match_on_hold", "match_goes_on"]


def test_the_child_who_withdraws_and_parts_well(desk, store, match):
    take_back(desk, match.child)
    review = store.scalars(select(Review)).one()
    page = desk.page(f"/reviews/{review.id}")
    link = page.find("a", class_="main")
    assert link.text == "Close the match well"
    page = desk.page(link.attrs["href"])
    assert page.values(page.form())["closure_reason"] == ["child_wish"]
    answer = desk.send(page, ended_as_planned="early", ended_by="child")
    assert answer.status_code == 302
    assert not match.is_open and not match.on_hold
    assert (review.decision, review.decided_by) == ("close", match.closed_by)
    assert store.scalars(select(Hold).where(Hold.ended_at.is_(None))).all() == []


def test_a_representative_who_withdraws_opens_the_task_of_telling_the_child(desk, store, match):
    page = desk.page(f"/children/{match.child_id}/consents/guardian/withdraw")
    assert "who tells the child, when, and with whom" in page.text
    desk.send(page)
    assert store.scalars(select(Telling)).one().cause == "consent_withdrawn"


def test_taking_back_the_consent_to_data_ends_proposals_and_pairs_on_the_way(
    desk, store, coordinator, today
):
    adult = factories.eligible_mentor(store, on=today, capacity=3)
    user = factories.mentor_user(store, mentor=adult)
    child = factories.eligible_child(store, on=today)
    proposal = factories.proposal(store, mentor=adult, child=child, start_on=today)
    other = factories.eligible_child(store, on=today)
    factories.preparation(store, mentor=adult, child=other, opened_at=clock.now())
    page = desk.page(f"/children/{child.id}/consents/data/withdraw")
    assert "1 open proposal ends." in page.text
    desk.send(page)
    assert proposal.status == "declined" and proposal.decline_reason == "no_longer_allowed"
    page = desk.page(f"/children/{other.id}/consents/data/withdraw")
    assert "1 pair on the way to a match ends" in page.text
    desk.send(page)
    pair = store.scalars(select(Preparation)).one()
    assert (pair.status, pair.end_reason) == ("ended", "no_longer_allowed")
    assert kinds_to(store, user.id) == ["pair_withdrawn"]  # of a proposal a mentor never heard
    assert kinds_to(store, coordinator.id) == ["consent_withdrawn"] * 2


def test_the_case_manager_is_told_without_a_name_or_a_link(desk, store, match, today):
    authority = factories.authority(store, region=KARAGANDA)
    specialist = factories.specialist(
        store, authority=authority, email="case@example.org", from_on=today - DAY
    )
    match.child.case_manager = specialist
    take_back(desk, match.child)
    letter = store.scalars(select(Message).where(Message.address == "case@example.org")).one()
    assert letter.kind == "consent_withdrawn_specialist"
    assert "http" not in letter.body and match.child.first_name not in letter.body


def test_a_child_is_eligible_the_same_day_a_new_consent_is_given(desk, store, compute, today):
    factories.eligible_mentor(store, on=today)
    child = factories.eligible_child(store, on=today)
    take_back(desk, child)
    desk.submit("/rounds")
    compute()
    assert store.scalars(select(Proposal)).all() == []
    desk.submit(f"/children/{child.id}/consents/new?kind=own", way="in_person")
    desk.submit("/rounds")
    compute()
    assert store.scalars(select(Proposal)).one().child_id == child.id


def test_a_consent_is_recorded_with_text_language_giver_and_way(desk, store, coordinator, today):
    child = factories.child(store, birth_date=today.replace(year=today.year - 12, day=1))
    address = f"/children/{child.id}/consents/new?kind=guardian"
    page = desk.submit(address).page
    assert page.find("p", id="given_by-error").text == "Say who gave the consent."
    assert page.find("p", id="way-error").text == "This field is required."
    given = {"given_by": "Директор Әбенова", "way": "on_paper", "language": "uz"}
    assert desk.send(page, **given).status_code == 302
    consent = child.consent("guardian")
    facts = (consent.text_version, consent.language, consent.way, consent.recorded_by)
    assert facts == ("2026-11", "uz", "on_paper", coordinator.id)
    page = desk.page(f"/children/{child.id}")
    assert "given by Директор Әбенова" in page.text
    assert "On paper, signed. Explained in: Uzbek. The text of November 2026." in page.text


def test_consents_to_an_older_text_or_to_one_nobody_noted_are_marked(desk, store, today):
    child = factories.eligible_child(store, on=today)
    page = desk.page(f"/children/{child.id}")
    assert page.text.count("Given to an older text") == 3
    assert "which one is not recorded" in page.text
    for consent in child.consents:
        consent.text_version = "other"
    assert desk.page(f"/children/{child.id}").text.count("Given to an older text") == 3
    for consent in child.consents:
        consent.text_version = "2026-11"
    assert "Given to an older text" not in desk.page(f"/children/{child.id}").text


def test_a_consent_that_stands_is_not_recorded_twice(desk, store, today):
    child = factories.eligible_child(store, on=today)
    answer = desk.submit(f"/children/{child.id}/consents/new?kind=own", way="in_person")
    assert answer.status_code == 422
    assert "This consent is already recorded." in answer.page.text
    assert len(child.consents) == 3


@pytest.mark.parametrize(("days", "code"), [(0, 302), (1, 422)])
def test_a_child_consents_from_the_tenth_birthday(desk, store, today, days, code):
    birth_date = today.replace(year=today.year - 10) + days * DAY
    child = factories.child(store, birth_date=birth_date)
    answer = desk.submit(f"/children/{child.id}/consents/new?kind=own", way="in_person")
    assert answer.status_code == code
    if code == 422:
        assert "from the age of 10" in answer.page.find("p", id="given_on-error").text
        page = desk.page(f"/children/{child.id}")
        assert "Too young" in page.text and "This child is 9." in page.text


def test_a_new_consent_is_not_older_than_the_last_no(desk, store, today):
    child = factories.eligible_child(store, on=today)
    take_back(desk, child)
    page = desk.page(f"/children/{child.id}/consents/new?kind=own")
    answer = desk.send(page, way="in_person", given_on=f"{today - DAY:%d.%m.%Y}")
    assert "last taken back" in answer.page.find("p", id="given_on-error").text


def test_a_consent_is_not_taken_back_before_it_was_given_nor_tomorrow(desk, store, today):
    child = factories.eligible_child(store, on=today)
    given_on = child.consent("own").given_on
    answer = take_back(desk, child, said_on=f"{given_on - DAY:%d.%m.%Y}")
    assert "before the consent was given" in answer.page.find("p", id="said_on-error").text
    answer = take_back(desk, child, said_on=f"{today + DAY:%d.%m.%Y}")
    assert "cannot be in the future" in answer.page.find("p", id="said_on-error").text
    assert take_back(desk, child, said_by="").status_code == 422
    assert child.consent("own") is not None


def test_taking_back_twice_says_so_and_changes_nothing(desk, store, match, today):
    page = desk.page(f"/children/{match.child_id}/consents/own/withdraw")
    desk.send(page)
    answer = desk.send(page)
    assert "There is no such consent in force." in answer.page.text
    assert len(store.scalars(select(Review)).all()) == 1


def test_the_history_keeps_every_consent_also_those_to_single_mentors(desk, store, today):
    adult = factories.eligible_mentor(store, on=today, last_name="Ұзақбаева")
    child = factories.eligible_child(store, on=today)
    factories.preparation(store, mentor=adult, child=child, opened_at=clock.now(), with_words=True)
    take_back(desk, child, kind="guardian", said_by="Директор Ким")
    page = desk.page(f"/children/{child.id}")
    assert "To this mentor: Ұзақбаева" in page.text
    assert "Директор Ким" in page.text
    assert [row.kind for row in child.consents].count(ConsentKind.GUARDIAN) == 1
    assert f"Taken back on {today:%d.%m.%Y}: Директор Ким" in page.text
