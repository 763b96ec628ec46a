from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from mentorship.audit import AuditEntry
from mentorship.decisions.services import lift, rule
from mentorship.errors import AlreadyDone, Invalid, NotEligible
from mentorship.matches.models import Ruling, RulingKind
from mentorship.matches.refusals import refused_pairs
from mentorship.rounds.services import run_round
from tests import factories
from tests.decisions.conftest import make_pair
from tests.factories import KARAGANDA, KOSTANAY

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def by(database):
    return factories.coordinator(database).id


@pytest.fixture
def decide(database, by):
    def decide(kind, **given):
        values = {"reason": "They are relatives.", "by": by, "on": ON, "at": AT}
        return rule(database, RulingKind(kind), **(values | given))

    return decide


@pytest.fixture
def run(database, by):
    def run(**given):
        given = {"regions": (KARAGANDA,), "start_on": ON, "by": by, "at": AT} | given
        found = run_round(database, **given)
        return {(row.mentor_id, row.child_id) for row in found.proposals}

    return run


def test_a_pair_kept_together_is_proposed_although_another_is_better(database, decide, run):
    near = factories.eligible_mentor(database, on=ON, interests=("chess",))
    other = factories.eligible_mentor(database, on=ON)
    child = factories.eligible_child(database, on=ON, interests=("chess",))
    assert run() == {(near.id, child.id)}
    decide("together", mentor=other, child=child)
    assert run() == {(other.id, child.id)}


def test_a_pair_kept_apart_is_not_proposed_until_its_last_day_has_passed(database, decide, run):
    pair = make_pair(database, on=ON)
    decide("apart", mentor=pair.mentor, child=pair.child, until=ON + 30 * DAY)
    assert run() == set()
    assert run(start_on=ON + 31 * DAY) == {(pair.mentor.id, pair.child.id)}


def test_people_held_back_are_left_out_of_rounds_until_the_ruling_is_lifted(
    database, decide, run, by
):
    pair = make_pair(database, on=ON)
    for kind, who in (
        ("hold_mentor", {"mentor": pair.mentor}),
        ("hold_child", {"child": pair.child}),
    ):
        held = decide(kind, **who)
        assert run() == set()
        lift(database, held, by=by, at=AT)
        assert run() == {(pair.mentor.id, pair.child.id)}


def test_keeping_a_pair_apart_declines_its_open_proposal_and_lifts_its_lock(database, decide):
    pair = make_pair(database, on=ON)
    lock = decide("together", mentor=pair.mentor, child=pair.child)
    ruling = decide("apart", mentor=pair.mentor, child=pair.child)
    assert (pair.proposal.status, pair.proposal.decline_reason) == ("declined", "other")
    assert pair.proposal.decline_note == "They are relatives."
    assert lock.lifted_at == AT
    key = (pair.mentor.id, pair.child.id)
    assert refused_pairs(database, ON) == {key: "forbidden"}
    lift(database, ruling, by=ruling.recorded_by, at=AT)
    assert refused_pairs(database, ON) == {}, "the ruling kept them apart, not the decline"


def test_keeping_a_pair_apart_leaves_the_childs_proposal_with_another_mentor(database, decide):
    pair = make_pair(database, on=ON)
    decide("apart", mentor=factories.eligible_mentor(database, on=ON), child=pair.child)
    assert pair.proposal.status == "open"


def test_holding_back_leaves_open_proposals_as_they_are(database, decide):
    pair = make_pair(database, on=ON)
    decide("hold_child", child=pair.child)
    assert pair.proposal.status == "open"


def test_a_pair_that_a_rule_refuses_is_not_kept_together(database, decide):
    mentor = factories.eligible_mentor(database, on=ON)
    child = factories.child(database, birth_date=date(2013, 1, 1))
    with pytest.raises(NotEligible) as refused:
        decide("together", mentor=mentor, child=child)
    assert refused.value.params["rules"] == [
        "no_guardian_consent",
        "no_child_consent",
        "no_data_consent",
    ]


def test_a_mentor_who_is_full_today_may_be_kept_for_a_child(database, decide):
    mentor = factories.eligible_mentor(database, on=ON, capacity=1)
    other, child = (factories.eligible_child(database, on=ON) for _ in range(2))
    factories.match(database, mentor=mentor, child=other, started_on=ON)
    assert decide("together", mentor=mentor, child=child).id


def test_the_same_ruling_is_not_recorded_twice(database, decide):
    child = factories.eligible_child(database, on=ON)
    decide("hold_child", child=child)
    with pytest.raises(AlreadyDone) as refused:
        decide("hold_child", child=child)
    assert refused.value.code == "ruling_stands"
    assert len(database.scalars(select(Ruling)).all()) == 1


def test_a_child_is_kept_for_one_mentor_at_a_time(database, decide):
    one, two = (factories.eligible_mentor(database, on=ON) for _ in range(2))
    child = factories.eligible_child(database, on=ON)
    decide("together", mentor=one, child=child)
    with pytest.raises(Invalid, match="kept_for_another"):
        decide("together", mentor=two, child=child)


def test_a_ruling_is_lifted_once_and_both_acts_are_in_the_log(database, decide, by):
    held = decide("hold_mentor", mentor=factories.eligible_mentor(database, on=ON))
    lift(database, held, by=by, at=AT)
    with pytest.raises(AlreadyDone, match="ruling_lifted"):
        lift(database, held, by=by, at=AT)
    entries = database.scalars(select(AuditEntry)).all()
    assert [entry.action for entry in entries] == ["ruled_hold_mentor", "lifted_ruling"]


# The same through the web.


def test_a_coordinator_holds_a_child_back_reads_who_did_and_lifts_it(desk, store, today):
    child = factories.eligible_child(store, on=today)
    page = desk.page(f"/children/{child.id}")
    hold = page.find("a", href=f"/children/{child.id}/hold").attrs["href"]
    assert "they may still be approved or declined" in desk.page(hold).text
    answer = desk.submit(hold, reason="Operation in March", until=f"{today + 9 * DAY:%d.%m.%Y}")
    page = desk.page(answer.headers["Location"])
    assert "Operation in March" in page.text
    assert "Айгүл Сейітова" in page.find("main").text
    assert "Held back" in desk.page(f"/children/{child.id}").text
    desk.send(page, "/lift")
    assert "Lifted" in desk.page("/rulings?state=ended").text
    assert "Operation in March" not in desk.page("/rulings?state=standing").text


def test_a_ruling_needs_a_reason_and_a_day_to_come(desk, pair, today):
    address = f"/pairs/{pair.mentor.id}/{pair.child.id}/forbid"
    page = desk.submit(address, reason="", until=f"{today - DAY:%d.%m.%Y}").page
    assert "This field is required." in page.text
    assert "The date cannot be in the past." in page.text


def test_a_pair_is_ruled_out_from_the_page_of_its_proposal(desk, store, pair):
    page = desk.page(f"/proposals/{pair.proposal.id}")
    out = next(a for a in page.find_all("a") if a.text == "Rule this pair out").attrs["href"]
    desk.submit(out, reason="Relatives")
    page = desk.page(f"/proposals/{pair.proposal.id}")
    assert "Keep a pair apart Relatives" in page.text
    assert "Declined: Айгүл Сейітова" in page.text


def test_a_proposal_says_that_somebody_of_it_is_held_back_and_may_still_be_decided(
    desk, store, pair
):
    factories.ruling(store, kind="hold_mentor", mentor=pair.mentor, reason="Ill until May")
    page = desk.page(f"/proposals/{pair.proposal.id}")
    assert "The mentor is held back from rounds. Ill until May" in page.text
    assert "this proposal may still be decided" in page.text
    page.form("/approve")


def test_the_list_of_rulings_is_of_ones_own_regions_and_costs_the_same_for_many(
    desk, store, today, statements
):
    def add(number):
        for _ in range(number):
            factories.ruling(
                store, kind="hold_child", child=factories.eligible_child(store, on=today)
            )

    def cost():
        statements.clear()
        page = desk.page("/rulings")
        return len(statements), len(page.find_all("tr")) - 1

    away = factories.eligible_child(store, on=today, region=KOSTANAY)
    factories.ruling(store, kind="hold_child", child=away, reason="Elsewhere")
    add(2)
    few, rows = cost()
    assert rows == 2
    add(20)
    assert cost() == (few, 22)
    assert "Elsewhere" not in desk.page("/rulings").text


@pytest.mark.parametrize("kind", ["mentor", "child"])
def test_rulings_are_found_by_the_person_they_are_about(desk, store, pair, today, kind):
    factories.ruling(store, kind=f"hold_{kind}", **{kind: getattr(pair, kind)}, reason="This one")
    other = factories.eligible_child(store, on=today)
    factories.ruling(store, kind="hold_child", child=other, reason="Another one")
    page = desk.page(f"/rulings?{kind}={getattr(pair, kind).id}&kind=hold_{kind}")
    assert "This one" in page.text
    assert "Another one" not in page.text
