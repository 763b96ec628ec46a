import gzip
import json
from datetime import UTC, date, datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select

import matching
from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.matches.models import Proposal, Round
from mentorship.matches.problem import rules_of_today, unpack
from mentorship.matches.services import decline_proposal, pair_refusals
from mentorship.mentors.models import MentorStatus
from mentorship.rounds.services import run_round
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def coordinator(database):
    return factories.coordinator(database, regions=(KARAGANDA, KOSTANAY))


@pytest.fixture
def run(database, coordinator):
    """Runs a round for some regions, the first one without any."""

    def run(*regions, **given):
        wanted = regions or (KARAGANDA,)
        return run_round(database, regions=wanted, start_on=ON, by=coordinator.id, at=AT, **given)

    return run


def pairs_of(round_):
    return {(row.mentor_id, row.child_id): row for row in round_.proposals}


def test_a_round_keeps_what_it_was_run_with(database, run, coordinator):
    factories.eligible_mentor(database, on=ON)
    factories.eligible_child(database, on=ON)
    found = run(KOSTANAY, KARAGANDA, seed=7)
    asked = rules_of_today(database)
    assert (found.policy, found.policy_version) == (asked.as_dict(), asked.version)
    assert list(asked["limits.required_clearances"]) == list(factories.REQUIRED_KINDS)
    assert (found.seed, found.start_on, found.created_at) == (7, ON, AT)
    assert found.created_by == coordinator.id
    assert found.regions == [KARAGANDA, KOSTANAY]
    assert {"matching", "ortools", "numpy"} <= set(found.versions)
    assert (found.mentors, found.children, found.status) == (1, 1, "optimal")
    assert found.points == found.bound == sum(row.points for row in found.proposals)
    assert found.seconds > 0
    told = [(row.action, row.subject_id) for row in database.scalars(select(AuditEntry))]
    assert told == [("asked_for_round", found.id), ("published_round", found.id)]


def test_the_snapshot_of_a_round_holds_nobodys_name_iin_or_address(database, run):
    secrets = []
    for number in range(3):
        given = {
            "last_name": f"Тегі{number}",
            "first_name": f"Аты{number}",
            "patronymic": f"Әкесінің{number}",
            "iin": factories.fictional_iin(),
        }
        email, phone = f"mentor{number}@example.org", f"+770112345{number:02}"
        adult = factories.eligible_mentor(database, on=ON, email=email, phone=phone, **given)
        young = factories.eligible_child(
            database, on=ON, **(given | {"iin": factories.fictional_iin()})
        )
        secrets += [*given.values(), email, phone, adult.iin, young.iin, young.iin_hash]
        secrets += [young.centre.name_kk, adult.certificates[0].number, young.consents[0].given_by]
    text = gzip.decompress(run().record).decode()
    held = json.loads(text)["problem"]
    readable = json.dumps(held, ensure_ascii=False)
    assert len(held["mentors"]) == len(held["children"]) == 3
    assert [secret for secret in secrets if secret in text or secret in readable] == []


def test_the_same_people_give_the_same_snapshot_and_the_same_plan(database, run):
    for _ in range(4):
        factories.eligible_mentor(database, on=ON, interests=("chess",))
        factories.eligible_child(database, on=ON, interests=("chess", "football"))
    first, second = run(), run()
    one, two = unpack(first.record), unpack(second.record)
    assert (one.plan, one.problem.mentors) == (two.plan, two.problem.mentors)
    assert one.problem.children == two.problem.children
    assert first.points == second.points
    assert set(pairs_of(first)) == set(pairs_of(second))


def test_the_reasons_of_a_proposal_add_up_to_its_points(database, run):
    factories.eligible_mentor(database, on=ON, interests=("chess", "cooking"), capacity=3)
    for interest in ("chess", "cooking", "football"):
        factories.eligible_child(database, on=ON, interests=(interest,))
    found = run()
    assert len(found.proposals) == 3
    for proposal in found.proposals:
        assert sum(proposal.reasons.values()) == proposal.points
        assert set(proposal.reasons) <= set(matching.CRITERIA)


def test_every_child_of_a_round_has_a_proposal_or_a_code_that_says_why_not(database, run):
    mentor = factories.eligible_mentor(database, on=ON, capacity=1)
    factories.mentor(database, birth_date=date(1990, 1, 1))  # without any paper
    young = [factories.eligible_child(database, on=ON) for _ in range(2)]
    stranger = factories.eligible_child(database, on=ON, languages={"uz": "fluent"})
    silent = factories.child(database, birth_date=date(2013, 1, 1))  # without consents
    found = run()
    (proposal,) = found.proposals
    assert proposal.mentor_id == mentor.id
    waiting = {row.child_id: row for row in found.waiting}
    (left,) = {row.id for row in young} - {proposal.child_id}
    assert waiting[left].code == "places_taken"
    assert waiting[left].refusals == {"certificate_not_current": 1, "clearance_not_current": 1}
    assert waiting[stranger.id].code == "no_mentor_allowed"
    assert waiting[stranger.id].refusals["no_shared_language"] == 2
    assert waiting[silent.id].refusals["no_guardian_consent"] == 2
    assert set(waiting) == {left, stranger.id, silent.id}
    assert {row.code for row in found.waiting} <= set(matching.UNMATCHED_CODES)


def test_children_of_another_region_too_young_matched_or_gone_are_not_in_the_round(database, run):
    factories.eligible_mentor(database, on=ON)
    factories.eligible_child(database, on=ON, region=KOSTANAY)
    factories.eligible_child(database, on=ON, birth_date=date(2016, 3, 3))
    factories.eligible_child(database, on=ON, birth_date=date(2008, 3, 2))
    factories.eligible_child(database, on=ON, left_on=ON - DAY)
    factories.eligible_match(database, started_on=ON)
    found = run()
    assert (found.children, found.proposals, found.waiting) == (0, [], [])


def test_a_region_without_anybody_gives_an_empty_round(run):
    found = run("62")
    assert (found.mentors, found.children, found.points, found.status) == (0, 0, 0, "optimal")


def test_a_later_round_supersedes_the_open_proposals_of_its_children_and_no_others(database, run):
    factories.eligible_mentor(database, on=ON, capacity=2)
    factories.eligible_child(database, on=ON)
    town = {"region": KOSTANAY, "town": "Қостанай"}
    factories.eligible_mentor(database, on=ON, **town)
    factories.eligible_child(database, on=ON, region=KOSTANAY)
    earlier = run(KARAGANDA, KOSTANAY)
    later = run(KARAGANDA)
    database.expire_all()
    here = {row.child.centre.region: row for row in earlier.proposals}
    assert (here[KARAGANDA].status, here[KOSTANAY].status) == ("superseded", "open")
    assert here[KARAGANDA].decided_at == AT
    assert [row.status for row in later.proposals] == ["open"]


def test_a_decided_proposal_is_not_superseded(database, run, coordinator):
    factories.eligible_mentor(database, on=ON, capacity=2)
    for _ in range(2):
        factories.eligible_child(database, on=ON)
    first, second = run().proposals
    factories.start_match(database, first.id, by=coordinator.id, on=ON, at=AT)
    decline_proposal(database, second.id, reason="other", note="x", by=coordinator.id, at=AT)
    run()
    database.expire_all()
    assert (first.status, second.status) == ("approved", "declined")


def test_a_declined_pair_is_not_proposed_again(database, run, coordinator):
    mentor = factories.eligible_mentor(database, on=ON)
    child = factories.eligible_child(database, on=ON)
    (proposal,) = run().proposals
    decline_proposal(
        database, proposal.id, reason="child_does_not_wish", note=None, by=coordinator.id, at=AT
    )
    later = run()
    assert later.proposals == []
    assert later.waiting[0].refusals == {"pair_declined_before": 1}
    other = factories.eligible_mentor(database, on=ON)
    assert set(pairs_of(run())) == {(other.id, child.id)}
    assert mentor.id != other.id


def test_a_pair_that_a_person_ruled_out_is_not_proposed(database, run):
    mentor = factories.eligible_mentor(database, on=ON)
    child = factories.eligible_child(database, on=ON)
    factories.ruling(database, kind="apart", mentor=mentor, child=child)
    found = run()
    assert found.proposals == []
    assert found.waiting[0].refusals == {"pair_forbidden": 1}


def test_places_of_running_matches_are_not_given_twice(database, run):
    mentor = factories.eligible_mentor(database, on=ON, capacity=2)
    young = factories.eligible_child(database, on=ON)
    factories.match(database, mentor=mentor, child=young, started_on=ON - 40 * DAY)
    for _ in range(3):
        factories.eligible_child(database, on=ON)
    assert len(run().proposals) == 1


MENTORS = st.fixed_dictionaries(
    {
        "capacity": st.integers(0, 2),
        "reach_km": st.sampled_from([0, 50, 3000]),
        "status": st.sampled_from(list(MentorStatus)[:3]),
        "region": st.sampled_from([KARAGANDA, KOSTANAY]),
        "languages": st.sampled_from([{"kk": "fluent"}, {"kk": "basic", "ru": "fluent"}]),
        "birth_date": st.sampled_from([date(1990, 1, 1), date(2008, 3, 2), date(2008, 3, 3)]),
        "until": st.sampled_from([None, ON - DAY, ON, ON + DAY]),
        "cleared": st.sampled_from([None, ON - DAY, ON, ON + DAY]),
    }
)
CHILDREN = st.fixed_dictionaries(
    {
        "region": st.sampled_from([KARAGANDA, KOSTANAY]),
        "languages": st.sampled_from([{"kk": "fluent"}, {"ru": "fluent"}, {"uz": "fluent"}]),
        "birth_date": st.sampled_from(
            [date(2013, 1, 1), date(2016, 3, 2), date(2016, 3, 3), date(2008, 3, 2)]
        ),
        "consented": st.booleans(),
    }
)


def _register(session, mentors, children):
    adults, young = [], []
    for given_mentor in mentors:
        facts = dict(given_mentor)
        until, cleared = facts.pop("until"), facts.pop("cleared")
        row = factories.mentor(session, **facts)
        factories.certificate(session, mentor=row, issued_on=ON - 9 * DAY, expires_on=until)
        checked = ON - 9 * DAY
        factories.clearances(session, mentor=row, checked_on=checked, valid_until=cleared)
        adults.append(row)
    for given_child in children:
        facts = dict(given_child)
        consented = facts.pop("consented")
        row = factories.child(session, **facts)
        if consented:
            factories.consents(session, child=row, given_on=ON - DAY)
        young.append(row)
    return adults, young


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    mentors=st.lists(MENTORS, min_size=1, max_size=5),
    children=st.lists(CHILDREN, min_size=1, max_size=5),
    ruled_out=st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=4),
)
def test_no_stored_proposal_is_one_that_a_rule_refuses(database, mentors, children, ruled_out):
    adults, young = _register(database, mentors, children)
    by = factories.coordinator(database)
    for one, other in ruled_out:
        if one < len(adults) and other < len(young):
            factories.ruling(database, kind="apart", mentor=adults[one], child=young[other])
    regions = [KARAGANDA, KOSTANAY]
    found = run_round(database, regions=regions, start_on=ON, by=by.id, at=AT)
    held = pairs_of(found)
    for row in held.values():
        assert pair_refusals(database, row.mentor, row.child, ON) == []
        assert sum(row.reasons.values()) == row.points
    for adult in adults:
        assert sum(mentor == adult.id for mentor, _ in held) <= adult.capacity
    for row in found.waiting:
        if row.code == "no_mentor_allowed":
            assert all(pair_refusals(database, adult, row.child, ON) for adult in adults)
    assert len(held) + len(found.waiting) == found.children
    database.rollback()


# The same through the web.


@pytest.fixture
def desk(store, sign_in):
    return sign_in(factories.coordinator(store, regions=(KARAGANDA,)))


def test_a_coordinator_runs_a_round_and_reads_why(desk, store, compute):
    today = clock.today()
    factories.eligible_mentor(
        store, on=today, last_name="Ұстазов", interests=("chess",), capacity=1
    )
    for first_name in ("Айгүл", "Болат"):
        factories.eligible_child(store, on=today, first_name=first_name, interests=("chess",))
    answer = desk.submit("/rounds")
    assert "Waiting to be computed" in desk.page(answer.headers["Location"]).text
    assert compute() == 1
    page = desk.page(answer.headers["Location"])
    figures = [item.text for item in page.find_all("li") if item.within("main")]
    assert figures[0].startswith("1") and figures[3].startswith("1")
    proposal = store.scalars(select(Proposal)).one()
    why = desk.page(f"/proposals/{proposal.id}")
    for word in ("Distance", "Shared interests", "chess", "Waiting time", "points in all"):
        assert word in why.text
    waiting = desk.page(f"{page.address}/waiting")
    assert "Suitable mentors have no place left: other pairs fitted better." in waiting.text
    left = waiting.find("tbody").text
    assert proposal.child.first_name not in left


@pytest.mark.parametrize("regions", [[KOSTANAY], [KARAGANDA, KOSTANAY], ["00"]])
def test_a_region_outside_the_coordinators_own_is_refused(desk, store, regions):
    answer = desk.submit("/rounds", regions=regions)
    assert answer.status_code == 422
    assert answer.page.find("p", id="regions-error").text == "Choose one of the options."
    assert store.scalars(select(Round)).all() == []


@pytest.mark.parametrize(
    ("given_fields", "name", "words"),
    [
        ({"regions": []}, "regions", "Choose at least one option."),
        ({"start_on": ""}, "start_on", "This field is required."),
        ({"start_on": "01.01.2020"}, "start_on", "The date cannot be in the past."),
        ({"start_on": "31.02.2030"}, "start_on", "Enter a date like 05.01.2026."),
    ],
)
def test_a_round_with_wrong_input_is_not_run(desk, store, given_fields, name, words):
    answer = desk.submit("/rounds", **given_fields)
    assert answer.status_code == 422
    assert answer.page.find("p", id=f"{name}-error").text == words
    if "start_on" in given_fields:
        typed = answer.page.find("input", name="start_on").attrs["value"]
        assert typed == given_fields["start_on"]
    assert store.scalars(select(Round)).all() == []


def test_a_round_button_pressed_twice_runs_one_round(desk, store):
    page = desk.page("/rounds")
    assert desk.send(page).status_code == 302
    answer = desk.send(page)
    assert answer.status_code == 422
    assert "This form has already been saved. Nothing was saved twice." in answer.page.text
    assert len(store.scalars(select(Round)).all()) == 1
