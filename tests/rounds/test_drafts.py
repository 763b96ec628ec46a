"""Rounds in the jobs process: the queue, progress, drafts, publishing, comparing."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

import matching
from mentorship import clock
from mentorship.errors import AlreadyDone
from mentorship.jobs import rounds as jobs
from mentorship.jobs.leader import leader_for
from mentorship.jobs.runner import work_that_waits
from mentorship.matches.models import (
    Proposal,
    ProposalStatus,
    Round,
    RoundStage,
    Ruling,
    RulingKind,
    StillWaiting,
)
from mentorship.rounds import services
from mentorship.rounds.policies import CODES, policy_named
from tests import factories
from tests.factories import AT, KARAGANDA, KOSTANAY


@pytest.fixture
def coordinator(store):
    return factories.coordinator(store, regions=(KARAGANDA, KOSTANAY))


@pytest.fixture
def desk(coordinator, sign_in):
    return sign_in(coordinator)


@pytest.fixture
def ask(store, coordinator):
    def ask(*regions, **given):
        asked = services.ask_for_round(
            store,
            regions=regions or (KARAGANDA,),
            start_on=clock.today(),
            by=coordinator.id,
            at=clock.now(),
            **given,
        )
        store.commit()
        return asked.id

    return ask


@pytest.fixture
def people(store):
    """Two mentors of one place each and three children, all of whom suit each other."""
    today = clock.today()
    adults = [
        factories.eligible_mentor(store, on=today, capacity=1, interests=(interest,))
        for interest in ("chess", "cooking")
    ]
    young = [
        factories.eligible_child(store, on=today, interests=(interest,))
        for interest in ("chess", "cooking", "football")
    ]
    store.commit()
    return adults, young


def stage(store, round_id):
    store.expire_all()
    found = store.get(Round, round_id)
    store.commit()
    return found.stage


def pairs(store, round_id, status):
    rows = store.scalars(select(Proposal).where(Proposal.round_id == round_id)).all()
    found = {(row.mentor_id, row.child_id) for row in rows if row.status == status}
    store.commit()
    return found


def test_a_round_that_is_asked_for_is_computed_and_published_by_the_jobs_process(
    store, ask, compute, people
):
    number = ask()
    assert stage(store, number) == RoundStage.QUEUED
    assert compute() == 1
    assert stage(store, number) == RoundStage.PUBLISHED
    assert len(pairs(store, number, ProposalStatus.OPEN)) == 2
    assert compute() == 0


def test_a_draft_changes_nothing_until_it_is_published(store, desk, ask, compute, people):
    first = ask()
    compute()
    shown = pairs(store, first, ProposalStatus.OPEN)
    draft = ask(publish=False)
    compute()
    assert pairs(store, first, ProposalStatus.OPEN) == shown
    page = desk.page(f"/rounds/{draft}")
    assert "nobody decides on its pairs until it is published" in page.text
    desk.send(page, "/publish")
    assert pairs(store, first, ProposalStatus.OPEN) == set()
    assert len(pairs(store, draft, ProposalStatus.OPEN)) == 2


def test_a_draft_that_is_put_away_leaves_the_earlier_pairs_open(store, desk, ask, compute, people):
    first = ask()
    draft = ask(KOSTANAY, publish=False)
    compute()
    desk.send(desk.page(f"/rounds/{draft}"), "/discard")
    assert stage(store, draft) == RoundStage.DISCARDED
    assert len(pairs(store, first, ProposalStatus.OPEN)) == 2
    with pytest.raises(AlreadyDone, match="no_draft"):
        services.publish_round(store, store.get(Round, draft), by=None, at=clock.now())


def test_a_child_who_found_a_mentor_since_is_left_out_when_the_draft_is_published(
    store, desk, ask, compute, people
):
    draft = ask(publish=False)
    compute()
    mentor_id, child_id = sorted(pairs(store, draft, ProposalStatus.DRAFT))[0]
    child = next(child for child in people[1] if child.id == child_id)
    other = factories.eligible_mentor(store, on=clock.today())
    factories.match(store, mentor=other, child=child, started_on=clock.today())
    store.commit()
    answer = desk.send(desk.page(f"/rounds/{draft}"), "/publish")
    assert "1 pair was left out" in desk.page(answer.headers["Location"]).text
    assert (mentor_id, child_id) not in pairs(store, draft, ProposalStatus.OPEN)


def test_a_pair_that_a_person_suggested_is_not_replaced_by_a_round(
    store, desk, ask, compute, people
):
    draft = ask(publish=False)
    compute()
    child = next(c for c in people[1] if c.id == min(pairs(store, draft, ProposalStatus.DRAFT))[1])
    other = factories.eligible_mentor(store, on=clock.today())
    factories.proposal(
        store, mentor=other, child=child, start_on=clock.today(), round=None, origin="manual"
    )
    store.commit()
    answer = desk.send(desk.page(f"/rounds/{draft}"), "/publish")
    assert "1 pair was left out" in desk.page(answer.headers["Location"]).text
    left = store.scalars(
        select(Proposal).where(
            Proposal.child_id == child.id, Proposal.status == ProposalStatus.OPEN
        )
    ).all()
    assert [row.mentor_id for row in left] == [other.id]


def test_a_second_round_of_the_same_people_is_refused_with_who_and_when(
    store, desk, ask, coordinator
):
    ask(KARAGANDA)
    answer = desk.submit("/rounds", regions=[KARAGANDA, KOSTANAY])
    assert answer.status_code == 422
    assert f"{coordinator.name} asked for it at" in answer.page.text
    ask(KOSTANAY)  # other people may be computed meanwhile


def test_a_round_in_the_queue_is_cancelled_at_once(store, desk, ask, compute, people):
    number = ask()
    page = desk.page(f"/rounds/{number}/progress")
    desk.send(page, "/cancel")
    assert compute() == 0
    assert (
        "The round was cancelled. Nothing was changed."
        in desk.page(f"/rounds/{number}/progress").text
    )
    assert store.scalars(select(Proposal)).all() == []


def test_a_round_that_nobody_computes_tells_whom_to_ask(store, desk, ask):
    number = ask()
    address = f"/rounds/{number}/progress"
    assert "tell the administrator" not in desk.page(address).text
    store.get(Round, number).created_at = clock.now() - timedelta(minutes=1)
    assert "tell the administrator" in desk.page(address).text


def test_a_round_that_is_cancelled_while_it_is_computed_stores_nothing(
    store, app, ask, people, monkeypatch
):
    number = ask()
    whole = services.make_plan

    def cancelled_meanwhile(asked, stated, *watched):
        with app.app_context():
            found = jobs.db.session.get(Round, number)
            services.cancel_round(jobs.db.session, found, by=None)
            jobs.db.session.commit()
        return whole(asked, stated, *watched)

    monkeypatch.setattr(services, "make_plan", cancelled_meanwhile)
    assert jobs.work(app) == 1
    assert stage(store, number) == RoundStage.CANCELLED
    assert store.scalars(select(Proposal)).all() == []


def test_a_round_that_cannot_be_computed_says_so_and_the_next_one_is_done(
    store, app, desk, ask, people
):
    wrong = ask(KARAGANDA)
    store.get(Round, wrong).policy = {"nonsense": 1}
    store.commit()
    right = ask(KOSTANAY)
    assert jobs.work(app) == 2
    assert (stage(store, wrong), stage(store, right)) == (RoundStage.FAILED, RoundStage.PUBLISHED)
    assert "could not be computed" in desk.page(f"/rounds/{wrong}/progress").text


def test_a_round_left_half_done_by_a_killed_process_is_taken_up_again(store, app, ask, people):
    number = ask()
    store.get(Round, number).stage = RoundStage.COMPUTING
    store.commit()
    assert jobs.work(app) == 0
    assert jobs.take_up_again(app) == 1
    assert jobs.work(app) == 1
    assert stage(store, number) == RoundStage.PUBLISHED


def test_only_children_of_the_chosen_centres_take_part(store, ask, compute, people):
    _, young = people
    number = ask(centres=[young[0].centre_id])
    compute()
    left = store.scalars(select(StillWaiting.child_id).where(StillWaiting.round_id == number))
    told = {child for _, child in pairs(store, number, ProposalStatus.OPEN)} | set(left)
    here = {child.id for child in young if child.centre_id == young[0].centre_id}
    assert told == here


@pytest.mark.parametrize("code", CODES)
def test_every_policy_on_offer_is_a_whole_policy_with_a_version_of_its_own(code):
    policy = policy_named(code)
    assert matching.Policy.from_dict(policy.as_dict()) == policy
    versions = {policy_named(other).version for other in CODES}
    assert len(versions) == len(CODES)


def ruling(store, kind, mentor=None, child=None, **given):
    row = Ruling(
        kind=kind,
        mentor_id=mentor.id if mentor else None,
        child_id=child.id if child else None,
        reason="Себебі бар",
        recorded_at=AT,
        **given,
    )
    store.add(row)
    store.commit()


def test_people_who_are_held_back_and_pairs_kept_together_shape_the_round(
    store, ask, compute, people
):
    (one, two), (first, second, third) = people
    ruling(store, RulingKind.HOLD_MENTOR, mentor=one)
    ruling(store, RulingKind.HOLD_CHILD, child=second)
    ruling(store, RulingKind.TOGETHER, mentor=two, child=third)
    number = ask()
    compute()
    assert pairs(store, number, ProposalStatus.OPEN) == {(two.id, third.id)}
    assert first.id != third.id


def test_a_ruling_that_has_ended_or_was_lifted_counts_no_more(
    store, ask, compute, people, coordinator
):
    (one, two), _ = people
    ruling(store, RulingKind.HOLD_MENTOR, mentor=one, until=clock.today() - timedelta(days=1))
    ruling(store, RulingKind.HOLD_MENTOR, mentor=two, lifted_at=AT, lifted_by=coordinator.id)
    number = ask()
    compute()
    assert {mentor for mentor, _ in pairs(store, number, ProposalStatus.OPEN)} == {one.id, two.id}


def test_a_pair_to_be_kept_together_that_a_rule_refuses_is_never_proposed(
    store, ask, compute, people
):
    (one, _), _ = people
    stranger = factories.eligible_child(store, on=clock.today(), languages={"uz": "fluent"})
    ruling(store, RulingKind.TOGETHER, mentor=one, child=stranger)
    number = ask()
    compute()
    assert stage(store, number) == RoundStage.PUBLISHED
    assert (one.id, stranger.id) not in pairs(store, number, ProposalStatus.OPEN)


def test_the_comparison_tells_who_gains_loses_and_changes_a_mentor(
    store, desk, ask, compute, people
):
    (one, *_), (*_, third) = people
    before = ask()
    compute()
    ruling(store, RulingKind.TOGETHER, mentor=one, child=third)
    page = desk.page(f"/rounds/{before}")
    assert "Compute" not in page.h1
    found = store.get(Round, before)
    draft = services.ask_again(store, found, by=None, on=clock.today(), at=clock.now()).id
    store.commit()
    compute()
    compared = desk.page(f"/rounds/{draft}/compare/{before}")
    assert "Children who gain a mentor 1" in compared.text
    assert third.full_name in compared.text
    assert "Children who lose theirs 1" in compared.text
    assert "Who loses most" in compared.text


def test_a_round_killed_in_mid_work_is_computed_by_the_next_process(store, app, ask, people):
    """A real process claims the round and dies by SIGKILL; the next one finishes it."""
    number = ask()
    script = (
        "import time\n"
        "from mentorship.jobs import rounds\n"
        "from mentorship.rounds import services\n"
        "from mentorship import create_app\n"
        "services.make_plan = lambda *given: (print('working', flush=True), time.sleep(60))\n"
        "rounds.work(create_app())\n"
    )
    environment = os.environ | _settings(app)
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline().strip() == "working"
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    assert stage(store, number) == RoundStage.COMPUTING
    jobs.take_up_again(app)
    began = time.monotonic()
    assert jobs.work(app) == 1 and time.monotonic() - began < 60
    assert stage(store, number) == RoundStage.PUBLISHED


def _settings(app):
    settings = app.config["SETTINGS"]
    return {
        "DATABASE_URL": settings.database_url,
        "VAR_DIR": str(settings.var),
        "SECRET_KEY": settings.secret_key,
        "PII_KEYS": ",".join(settings.pii_keys),
    }


@pytest.mark.parametrize("kind", ["hold_mentor", "hold_child"])
def test_somebody_held_back_since_is_left_out_when_the_draft_is_published(
    store, desk, ask, compute, people, kind
):
    draft = ask(publish=False)
    compute()
    mentor_id, child_id = sorted(pairs(store, draft, ProposalStatus.DRAFT))[0]
    held = {"mentor_id": mentor_id} if kind == "hold_mentor" else {"child_id": child_id}
    factories.ruling(store, kind=kind, **held)
    store.commit()
    answer = desk.send(desk.page(f"/rounds/{draft}"), "/publish")
    assert "1 pair was left out" in desk.page(answer.headers["Location"]).text
    assert (mentor_id, child_id) not in pairs(store, draft, ProposalStatus.OPEN)
    assert len(pairs(store, draft, ProposalStatus.OPEN)) == 1


def test_a_pair_of_a_mentor_suspended_since_is_left_out_when_the_draft_is_published(
    store, desk, ask, compute, people
):
    draft = ask(publish=False)
    compute()
    mentor_id, child_id = sorted(pairs(store, draft, ProposalStatus.DRAFT))[0]
    desk.submit(f"/mentors/{mentor_id}/suspend", cause="complaint", reason="A call.")
    answer = desk.send(desk.page(f"/rounds/{draft}"), "/publish")
    assert "1 pair was left out" in desk.page(answer.headers["Location"]).text
    assert (mentor_id, child_id) not in pairs(store, draft, ProposalStatus.OPEN)


def test_a_round_that_two_processes_compute_is_stored_by_the_faster_one_only(
    store, app, ask, people, monkeypatch
):
    number = ask()
    whole, slow = services.make_plan, []

    def taken_up_meanwhile(*asked):
        if not slow:  # the lock is lost: another process takes the round up and is faster
            slow.append(True)
            assert jobs.take_up_again(app) == 1
            with app.app_context():
                jobs.work(app)
        return whole(*asked)

    monkeypatch.setattr(services, "make_plan", taken_up_meanwhile)
    jobs.work(app)
    assert stage(store, number) == RoundStage.PUBLISHED
    assert len(pairs(store, number, ProposalStatus.OPEN)) == 2
    assert store.get(Round, number).failure is None


@pytest.mark.parametrize("scheduler_works", [False, True])
def test_run_once_takes_up_a_round_left_half_done_unless_a_scheduler_works_on_it(
    store, app, config, ask, people, scheduler_works
):
    number = ask()
    store.get(Round, number).stage = RoundStage.COMPUTING  # as a killed process leaves it
    store.commit()
    leader = leader_for(config)
    if scheduler_works:
        assert leader.take()
    list(work_that_waits(app))
    leader.leave()
    expected = RoundStage.COMPUTING if scheduler_works else RoundStage.PUBLISHED
    assert stage(store, number) == expected
