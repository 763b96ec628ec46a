"""The record of a decision: three versions, three languages, and what each leaves out."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.matches.models import Proposal, ProposalStatus
from mentorship.matches.services import decline_proposal
from mentorship.rounds.services import run_round
from tests import factories
from tests.factories import AT, KARAGANDA, KOSTANAY

NOTE, QUESTION, ANSWER = "Туыстары қарсы", "Тексерілді ме?", "Иә, тексерілді"


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def coordinator(store):
    return factories.coordinator(store, regions=(KARAGANDA,), name="Сәуле Ахметова")


@pytest.fixture
def decided(store, coordinator, today):
    """A declined proposal of a real round, with a question that was answered."""
    factories.eligible_mentor(
        store, on=today, last_name="Жақсыбеков", first_name="Нұрлан", interests=("chess", "dombra")
    )
    factories.eligible_child(
        store,
        on=today,
        last_name="Төлегенова",
        first_name="Айсұлу",
        interests=("chess", "baking"),
        languages={"kk": "fluent", "ug": "basic"},
        waiting_since=today - timedelta(days=400),
    )
    for _ in range(3):
        factories.eligible_child(store, on=today, waiting_since=today)
    made = run_round(store, regions=[KARAGANDA], start_on=today, by=coordinator.id, at=AT)
    found = store.scalars(select(Proposal).where(Proposal.round_id == made.id)).one()
    found.question, found.asked_by, found.asked_at = QUESTION, coordinator.id, AT
    found.answer, found.answered_by, found.answered_at = ANSWER, coordinator.id, AT
    decline_proposal(store, found.id, reason="known_conflict", note=NOTE, by=coordinator.id, at=AT)
    store.commit()
    return found


def address(proposal, language="en", audience="staff"):
    return f"/proposals/{proposal.id}/record?language={language}&for={audience}"


def test_staff_read_the_snapshot_the_policy_the_proof_and_the_decision(
    decided, sign_in, coordinator
):
    page = sign_in(coordinator).page(address(decided)).html
    record = decided.round
    for told in (
        "Төлегенова Айсұлу",
        "Жақсыбеков Нұрлан",
        "baking",
        "Uyghur (Basic)",
        "400 days",
        record.policy_version,
        "Waiting: points for each 30 days",
        "What the plan would lose without this child",
        "OR-Tools",
        "Conflict of interest",
        NOTE,
        QUESTION,
        ANSWER,
        "Сәуле Ахметова",
        "Proven best",
    ):
        assert told in page, told


def test_the_prices_on_the_page_add_up_to_what_the_plan_is_worth(decided, sign_in, coordinator):
    page = sign_in(coordinator).page(address(decided))
    rows = {
        dt.text: dd.text for dt, dd in zip(page.find_all("dt"), page.find_all("dd"), strict=True)
    }
    assert (
        rows["The same figures of all places and children together"]
        == rows["All pairs of the plan together"]
    )
    digits = {
        name: int("".join(c for c in text if c.isdigit()))
        for name, text in rows.items()
        if name.startswith(("Both figures", "Points of this pair", "Added to every"))
    }
    added = next(n for name, n in digits.items() if name.startswith("Added"))
    assert digits["Both figures together"] == digits["Points of this pair"] + added


def test_the_mentors_version_tells_nothing_of_the_child_but_the_first_name(
    decided, sign_in, coordinator
):
    page = sign_in(coordinator).page(address(decided, audience="mentor"))
    text = page.find("main").text
    assert "Айсұлу" in text and "Жақсыбеков Нұрлан" in text
    assert "Chess".lower() in text.lower()  # the mentor's own interest
    for hidden in ("Төлегенова", "baking", "Uyghur", "400", NOTE, QUESTION, ANSWER, "Conflict"):
        assert hidden not in page.html, hidden
    assert "Price" not in text
    assert f"{decided.points}" not in text


def test_the_childs_version_has_no_papers_of_the_mentor_and_no_points(
    decided, sign_in, coordinator
):
    page = sign_in(coordinator).page(address(decided, audience="child"))
    text = page.find("main").text
    assert "Төлегенова Айсұлу" in text and "Жақсыбеков Нұрлан" in text and "baking" in text
    for hidden in ("ertificate", "Criminal", "learance", "points", "Price", NOTE, QUESTION):
        assert hidden not in text, hidden


@pytest.mark.parametrize("audience", ["staff", "mentor", "child"])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_version_speaks_the_language_asked_for(
    decided, sign_in, coordinator, language, audience
):
    browser = sign_in(coordinator)
    page = browser.page(address(decided, language, audience))
    assert page.find("html").attrs["lang"] == language
    region = {"kk": "Қарағанды облысы", "ru": "Карагандинская область", "en": "Karaganda"}
    if audience != "child":
        assert region[language] in page.html
    assert browser.page("/today").find("html").attrs["lang"] == "en"


def test_no_name_stands_in_title_or_address(decided, sign_in, coordinator):
    page = sign_in(coordinator).page(address(decided))
    assert page.find("title").text.startswith(f"Record of proposal {decided.id}")


def test_reading_a_record_is_written_down(decided, sign_in, coordinator, store):
    sign_in(coordinator).page(address(decided, audience="child"))
    row = store.scalars(
        select(AuditEntry).where(AuditEntry.action == "read_child").order_by(AuditEntry.id.desc())
    ).first()
    assert (row.actor_id, row.subject_id) == (coordinator.id, decided.child_id)
    assert row.details == {"record_of": decided.id, "copy": "child"}


@pytest.mark.parametrize("query", ["language=de", "for=press"])
def test_an_unknown_language_or_version_is_not_found(decided, sign_in, coordinator, query):
    sign_in(coordinator).page(f"/proposals/{decided.id}/record?{query}", status=404)


@pytest.mark.parametrize("audience", ["staff", "mentor", "child"])
def test_a_round_without_a_record_still_tells_of_the_decision(
    store, sign_in, coordinator, today, audience
):
    match = factories.eligible_match(store, started_on=today)
    child = factories.eligible_child(store, on=today)
    old = factories.proposal(
        store,
        mentor=match.mentor,
        child=child,
        start_on=today,
        status=ProposalStatus.APPROVED,
        decided_by=coordinator.id,
        decided_at=AT,
    )
    page = sign_in(coordinator).page(address(old, audience=audience))
    assert "before records were kept" in page.html
    assert "Сәуле Ахметова" in page.find("main").text


def test_a_record_of_another_region_is_not_found(decided, sign_in, store):
    stranger = factories.coordinator(store, regions=(KOSTANAY,))
    sign_in(stranger).page(address(decided), status=404)


def test_a_record_costs_as_many_statements_in_a_large_round_as_in_a_small_one(
    store, sign_in, coordinator, today, decided, statements
):
    browser = sign_in(coordinator)

    def cost(proposal):
        browser.page(address(proposal))
        statements.clear()
        browser.page(address(proposal))
        return len(statements)

    few = cost(decided)
    for _ in range(15):
        factories.eligible_mentor(store, on=today)
        factories.eligible_child(store, on=today)
    made = run_round(store, regions=[KARAGANDA], start_on=today, by=coordinator.id, at=AT)
    store.commit()
    large = store.scalars(select(Proposal).where(Proposal.round_id == made.id)).first()
    assert cost(large) <= few <= 26
