from datetime import timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.matches.models import Proposal, ProposalOrigin, ProposalStatus
from mentorship.mentors.models import MentorStatus
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

DAY = timedelta(days=1)
NAME = "Жаттағы"  # a last name of people outside the reader's regions


@pytest.fixture
def reader(desk, sign_in):
    return sign_in(desk.coordinator)


def reads_of(store, child):
    query = select(AuditEntry).where(
        AuditEntry.action == "read_child", AuditEntry.subject_id == child.id
    )
    return len(store.scalars(query).all())


def test_a_proposal_shows_points_map_papers_and_what_both_have_in_common(desk, reader, store):
    child = desk.placed[0]
    proposal = desk.proposal_of(child)
    page = reader.page(f"/proposals/{proposal.id}")
    assert "in common" in page.text
    assert "0 km between home and centre" in page.text
    assert page.find("svg", role="img").within("figure")
    assert len([c for c in page.find_all("circle") if "map-dot" in c.attrs["class"]]) == 20
    (table,) = page.find_all("table", class_="points")
    assert f"{proposal.reasons['waiting']:,}" in table.text
    assert "Ends within the first year" in page.text  # papers of 300 days
    assert page.find("a", href=f"/proposals/{proposal.id}/alternatives")
    assert reads_of(store, child) == 1


def test_alternatives_name_what_each_other_mentor_would_cost(desk, reader, store):
    child = desk.placed[0]
    page = reader.page(f"/proposals/{desk.proposal_of(child).id}/alternatives")
    assert len([h for h in page.find_all("h2") if h.attrs.get("id", "").startswith("other-")]) == 3
    assert "The whole plan would lose" in page.text or "cost the plan nothing" in page.text
    assert reads_of(store, child) == 1


def test_alternatives_of_an_old_round_say_kindly_that_there_is_no_record(desk, reader, store):
    old = factories.matching_round(store, start_on=clock.today())
    proposal = factories.proposal(store, mentor=desk.mentors[0], child=desk.left[0], round=old)
    page = reader.page(f"/proposals/{proposal.id}/alternatives")
    assert "before the records of plans were kept" in page.text
    page = reader.page(f"/why-not?child={desk.left[0].id}&mentor={desk.mentors[0].id}")
    assert "In the newest round with both" in page.text


def test_why_not_searches_by_name_and_tells_the_price(desk, reader, store):
    child = desk.placed[0]
    own = desk.proposal_of(child).mentor_id
    other = next(mentor for mentor in desk.mentors if mentor.id != own)
    page = reader.page(f"/why-not?child={child.id}&q={other.last_name}")
    assert page.find("a", href=f"/why-not?child={child.id}&mentor={other.id}")
    page = reader.page(f"/why-not?child={child.id}&mentor={other.id}")
    assert "No requirement refuses this pair today." in page.text
    assert "The pair itself would have" in page.text
    page = reader.page(f"/why-not?child={child.id}&mentor={own}")
    assert "The round proposed this very pair." in page.text
    assert reads_of(store, child) == 3


def test_why_not_tells_the_rules_that_refuse_then_and_today(desk, reader):
    page = reader.page(f"/why-not?child={desk.children[5].id}&mentor={desk.mentors[0].id}")
    assert page.text.count("They speak no language fluently in common.") == 2


def test_without_a_round_with_both_only_todays_rules_are_told(desk, reader, store):
    late = factories.eligible_mentor(store, on=clock.today())
    page = reader.page(f"/why-not?child={desk.children[0].id}&mentor={late.id}")
    assert "No published round with a record holds both people" in page.text


def test_why_not_asks_for_a_child_first_and_finds_nobody_of_another_region(reader, store):
    assert "Choose a child first" in reader.page("/why-not").text
    stranger = factories.eligible_child(store, on=clock.today(), region=KOSTANAY)
    reader.page(f"/why-not?child={stranger.id}", status=404)
    reader.page("/why-not?child=x", status=404)


def test_mentors_outside_the_readers_regions_are_counted_but_never_named(
    desk, reader, store, sign_in
):
    on = clock.today()
    for _ in range(3):
        factories.eligible_mentor(
            store, on=on, region=KOSTANAY, town="Қостанай", reach_km=3000, last_name=NAME
        )
    desk.run(regions=(KARAGANDA, KOSTANAY))
    for child in desk.children:
        for address in (f"/children/{child.id}/waiting", f"/children/{child.id}/urgent"):
            assert NAME not in reader.page(address).html
    for proposal in desk.round.proposals:
        if proposal.mentor in desk.mentors:
            page = reader.page(f"/proposals/{proposal.id}/alternatives")
            assert NAME not in page.html
    assert "a mentor outside your regions" in page.text


def test_the_waiting_list_gives_each_child_the_place_by_waiting_time(desk, reader):
    page = reader.page(f"/rounds/{desk.round.id}/waiting?sort=child")
    waited = sorted(desk.left, key=lambda child: (child.waiting_since, child.id))
    for place, child in enumerate(waited, start=1):
        link = page.find("a", href=f"/children/{child.id}/waiting")
        row = next(r for r in reversed(link.inside) if r.tag == "tr")
        assert row.text.startswith(str(place))
        page_of_child = reader.page(f"/children/{child.id}/waiting")
        assert f"Place {place} of 2 in the queue of the round" in page_of_child.text


def test_the_page_of_a_waiting_child_says_what_would_help(desk, reader, store):
    page = reader.page(f"/children/{desk.children[5].id}/waiting")
    assert "They speak no language fluently in common." in page.text
    assert "Needs a sign-off" in page.text
    assert "Nearest mentors" in page.text
    for mentor in desk.mentors:
        mentor.status = MentorStatus.PAUSED
    desk.run()
    page = reader.page(f"/children/{desk.children[0].id}/waiting")
    assert "Never relaxed" in page.text
    assert "Needs a sign-off" not in page.text


def test_free_mentors_are_listed_with_the_reason_and_full_ones_are_not(desk, reader, store):
    on = clock.today()
    factories.match(store, mentor=desk.mentors[0], child=desk.left[0], started_on=on)
    lazy = factories.mentor(store, birth_date=on - 11_000 * DAY, status=MentorStatus.PAUSED)
    far = factories.eligible_mentor(store, on=on, town="Балқаш", reach_km=5)
    page = reader.page("/mentors/free")
    rows = {row.text for row in page.find_all("tr")}

    def row_of(mentor):
        found = page.find_all("a", href=f"/mentors/{mentor.id}")
        return next((r.text for a in found for r in a.inside if r.tag == "tr"), None)

    assert rows
    assert row_of(desk.mentors[0]) is None
    assert "The certificate is not in force." in row_of(lazy)
    assert "No child who waits lives within reach." in row_of(far)
    assert "A proposal with this mentor awaits a decision." in row_of(desk.mentors[1])


def test_an_urgent_match_becomes_a_proposal_of_its_own_that_replaces_the_open_one(
    desk, reader, store
):
    child = desk.placed[0]
    before = desk.proposal_of(child)
    other = next(mentor for mentor in desk.mentors if mentor.id != before.mentor_id)
    address = f"/children/{child.id}/urgent"
    answer = reader.submit(address, "urgent", mentor=str(other.id))
    found = store.scalars(
        select(Proposal).where(Proposal.child_id == child.id, Proposal.status == "open")
    ).one()
    assert answer.headers["Location"] == f"/proposals/{found.id}"
    assert (found.origin, found.round_id) == (ProposalOrigin.URGENT, None)
    assert found.mentor_id == other.id
    assert found.points == sum(found.reasons.values()) > 0
    store.refresh(before)
    assert before.status == ProposalStatus.SUPERSEDED
    page = reader.page(f"/proposals/{found.id}")
    assert "Suggested by a person" in page.text
    assert "no plan to compare" in reader.page(f"/proposals/{found.id}/alternatives").text


def test_the_same_page_sent_twice_proposes_once(desk, reader, store):
    child = desk.left[0]
    page = reader.page(f"/children/{child.id}/urgent")
    mentor = str(desk.mentors[0].id)
    assert reader.send(page, "urgent", mentor=mentor).status_code == 302
    assert reader.send(page, "urgent", mentor=mentor).status_code == 422
    rows = store.scalars(select(Proposal).where(Proposal.child_id == child.id)).all()
    assert len(rows) == 1


def test_nobody_whom_a_rule_refuses_can_be_chosen_for_an_urgent_match(desk, reader, store):
    child = desk.left[0]
    page = reader.page(f"/children/{child.id}/urgent")
    refused = desk.mentors[0]
    refused.certificates[0].expires_on = clock.today() - DAY
    answer = reader.send(page, "urgent", mentor=str(refused.id))
    assert answer.status_code == 422
    stranger = factories.eligible_mentor(
        store, on=clock.today(), region=KOSTANAY, town="Қостанай", reach_km=3000
    )
    assert reader.send(page, "urgent", mentor=str(stranger.id)).status_code == 422
    assert store.scalars(select(Proposal).where(Proposal.origin == "urgent")).all() == []


def test_a_child_with_a_mentor_or_held_back_gets_no_urgent_match(desk, reader, store):
    one, two = desk.left
    factories.match(store, mentor=desk.mentors[0], child=one, started_on=clock.today())
    factories.ruling(store, kind="hold_child", child=two)
    assert "This child has a mentor now." in reader.page(f"/children/{one.id}/urgent").text
    assert "holds this child back" in reader.page(f"/children/{two.id}/urgent").text
    answer = reader.page(f"/children/{two.id}/urgent")
    assert not [b for b in answer.find_all("button") if b.attrs.get("name") == "mentor"]


def test_each_page_costs_as_many_statements_for_twenty_more_people(desk, reader, store, statements):
    def addresses():
        child, left = desk.placed[0], desk.left[0]
        proposal = desk.proposal_of(child)
        return {
            "proposal": f"/proposals/{proposal.id}",
            "alternatives": f"/proposals/{proposal.id}/alternatives",
            "why not": f"/why-not?child={left.id}&mentor={desk.mentors[0].id}",
            "search": f"/why-not?child={left.id}&q=е",
            "list": f"/rounds/{desk.round.id}/waiting",
            "waiting": f"/children/{desk.children[5].id}/waiting",
            "free": "/mentors/free",
            "urgent": f"/children/{left.id}/urgent",
        }

    def counts():
        found = {}
        for name, address in addresses().items():
            reader.page(address)
            statements.clear()
            reader.page(address)
            found[name] = len(statements)
        return found

    few = counts()
    on = clock.today()
    for _ in range(20):
        desk.mentors.append(factories.eligible_mentor(store, on=on, interests=("chess",)))
        desk.children.append(
            factories.eligible_child(store, on=on, interests=("chess",), waiting_since=on)
        )
    for _ in range(10):
        desk.children.append(factories.eligible_child(store, on=on, waiting_since=on))
    desk.run()
    assert counts() == few
    assert max(few.values()) <= 43
