"""A plan is made again from its record, bit for bit, whatever the rules are by now."""

import gzip
import json

import pytest
from sqlalchemy import select

import matching
from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.errors import Invalid
from mentorship.jobs import recruitment
from mentorship.matches.problem import unpack
from mentorship.records.services import replay_round
from mentorship.rounds.services import run_round
from tests import factories
from tests.factories import AT, KARAGANDA

OLD = matching.Policy.default().with_values(
    {"points.interests.most": 900, "points.distance.most": 0, "objective.coverage": "quality"},
    "2024-of-those-days",
)


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def coordinator(store):
    return factories.coordinator(store, regions=(KARAGANDA,))


@pytest.fixture
def old_round(store, coordinator, today):
    """A round under rules of its own; since then people and the default rules have changed."""
    likes = ("chess", "dombra", "baking", "football", "drawing")
    for number in range(8):
        some = (likes[number % 5], likes[number % 3])
        factories.eligible_mentor(store, on=today, interests=tuple(set(some)))
        for step in (1, 2):
            wish = (likes[(number + step) % 5],)
            factories.eligible_child(store, on=today, interests=wish)
    made = run_round(
        store, regions=[KARAGANDA], start_on=today, by=coordinator.id, at=AT, seed=42, policy=OLD
    )
    for proposal in made.proposals:
        proposal.mentor.capacity = 0
        proposal.child.interests = []
    store.commit()
    return made


def test_an_old_round_is_the_same_after_the_policy_and_the_people_changed(
    store, coordinator, old_round
):
    record = unpack(old_round.record)
    now = matching.propose(record.problem, matching.Policy.default(), seed=42)
    assert now.hashes["pairs"] != record.plan.hashes["pairs"]  # today's rules give another plan
    made = replay_round(store, old_round, by=coordinator.id)
    assert made.same and made.outcome == "same"
    assert made.digest == made.recorded_digest == record.plan.hashes["pairs"]
    assert made.versions["policy"].startswith("2024-of-those-days+register-")


def test_a_coordinator_makes_the_plan_again_and_reads_what_came_of_it(
    store, sign_in, coordinator, old_round
):
    browser = sign_in(coordinator)
    address = f"/rounds/{old_round.id}/replay"
    assert browser.submit(address).headers["Location"] == address
    page = browser.page(address)
    assert "The same plan, bit for bit." in page.html
    assert unpack(old_round.record).plan.hashes["pairs"] in page.html
    row = store.scalars(select(AuditEntry).where(AuditEntry.action == "replayed_round")).one()
    assert (row.actor_id, row.subject_id) == (coordinator.id, old_round.id)
    assert row.details["outcome"] == "same"


def test_a_record_that_somebody_changed_is_not_the_same_plan(
    store, sign_in, coordinator, old_round
):
    data = json.loads(gzip.decompress(old_round.record))
    data["problem"]["mentors"][0]["capacity"] = 0
    data["problem"]["children"][0]["waiting_since"] = "2001-01-01"
    old_round.record = gzip.compress(json.dumps(data).encode())
    store.commit()
    browser = sign_in(coordinator)
    browser.submit(f"/rounds/{old_round.id}/replay")
    assert "Not the same plan." in browser.page(f"/rounds/{old_round.id}/replay").html


def test_other_versions_that_give_the_same_pairs_are_told_as_such(
    store, sign_in, coordinator, old_round
):
    data = json.loads(gzip.decompress(old_round.record))
    data["versions"]["ortools"] = "1.2.3"
    old_round.record = gzip.compress(json.dumps(data).encode())
    store.commit()
    made = replay_round(store, old_round, by=coordinator.id)
    assert made.outcome == "same_other_versions"
    store.commit()
    page = sign_in(coordinator).page(f"/rounds/{old_round.id}/replay").html
    assert "other versions" in page and "1.2.3" in page


def test_a_round_made_before_records_were_kept_says_so(store, sign_in, coordinator, today):
    old = factories.matching_round(store, start_on=today)
    browser = sign_in(coordinator)
    assert "before records were kept" in browser.page(f"/rounds/{old.id}/replay").html
    with pytest.raises(Invalid):
        replay_round(store, old, by=None)


def test_a_round_too_large_to_wait_for_is_left_to_the_command(store, coordinator, old_round):
    with pytest.raises(Invalid) as refused:
        replay_round(store, old_round, by=coordinator.id, most=10)
    assert refused.value.code == "replay_too_large"


def run(app, *args):
    return app.test_cli_runner().invoke(args=["replay", *args])


def test_the_command_says_whether_the_plan_is_the_same(app, store, old_round):
    done = run(app, str(old_round.id), "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["outcome"] == "same"


def test_the_command_ends_with_1_when_it_is_not(app, store, old_round):
    data = json.loads(gzip.decompress(old_round.record))
    data["problem"]["mentors"][0]["capacity"] = 0
    old_round.record = gzip.compress(json.dumps(data).encode())
    store.commit()
    assert run(app, str(old_round.id)).exit_code == 1


def test_the_command_knows_no_round_that_is_not_there(app, store):
    done = run(app, "4711")
    assert (done.exit_code, "There is no round 4711." in done.output) == (2, True)


def test_a_record_that_cannot_be_read_any_more_breaks_no_page_and_no_job(
    app, store, coordinator, sign_in, today
):
    versions = {"matching": "0"}
    found = factories.matching_round(store, start_on=today, record=b"none", versions=versions)
    desk = sign_in(coordinator)
    for page in ("fairness", "replay", "recruitment"):
        desk.page(f"/rounds/{found.id}/{page}")
    assert desk.submit(f"/rounds/{found.id}/replay", "/replay").status_code == 422
    assert recruitment.work(app) == 1
