"""On its last day a paper is good; on the next it is not: every paper, through the web."""

from datetime import timedelta

import pytest

from mentorship import clock
from mentorship.jobs import qualification as jobs
from mentorship.jobs import runner
from mentorship.jobs.timetable import Job, When
from mentorship.matches.models import Preparation, Proposal
from mentorship.settings.services import change_setting
from tests import factories

DAY = timedelta(days=1)
PAPERS = ("certificate", *factories.REQUIRED_KINDS)


@pytest.fixture
def today():
    return clock.today()


def show(day):
    return f"{day:%d.%m.%Y}"


def mentor_with(desk, store, paper, until):
    """A mentor whose papers a coordinator recorded; all but one are good for long."""
    today = clock.today()
    adult = factories.mentor(store, birth_date=today.replace(year=1985, day=1), capacity=4)
    later = today + 200 * DAY
    certificate = {
        "number": f"C-{adult.id}",
        "issuer": "Өркен",
        "issued_on": show(today - 300 * DAY),
        "expires_on": show(until if paper == "certificate" else later),
    }
    assert desk.post(f"/mentors/{adult.id}/certificates/new", data=certificate).status_code == 302
    groups = {later: [kind for kind in factories.REQUIRED_KINDS if kind != paper]}
    if paper != "certificate":
        groups[until] = [paper]
    for day, kinds in groups.items():
        facts = {"kinds": kinds, "result": "clear", "checked_on": show(today - 100 * DAY)}
        facts["valid_until"] = show(day)
        answer = desk.post(f"/mentors/{adult.id}/clearances/new", data=facts)
        assert answer.status_code == 302
    return adult


def proposed_by_hand(desk, store, adult):
    child = factories.eligible_child(store, on=clock.today())
    data = {"mentor": adult.id, "child": child.id, "start_on": show(clock.today())}
    desk.post("/pairs/new", data=data)
    store.commit()
    return store.query(Proposal).filter_by(child_id=child.id).count() == 1


def approved(desk, store, adult):
    child = factories.eligible_child(store, on=clock.today())
    proposal = factories.proposal(store, mentor=adult, child=child, start_on=clock.today())
    desk.post(f"/proposals/{proposal.id}/approve", data={"version": proposal.version})
    store.commit()
    return store.query(Preparation).filter_by(child_id=child.id).count() == 1


def run_the_night(app, name):
    outcome = runner.run(app, Job(name, When(), jobs.suspend_for_papers))
    assert not outcome.failed, outcome.line
    return outcome.line


@pytest.mark.parametrize(("away", "good"), [(-1, False), (0, True), (1, True)])
def test_each_paper_counts_up_to_and_on_its_last_day(app, desk, store, freely, today, away, good):
    adults = {paper: mentor_with(desk, store, paper, today + away * DAY) for paper in PAPERS}
    found = {
        paper: (proposed_by_hand(desk, store, adult), approved(desk, store, adult))
        for paper, adult in adults.items()
    }
    assert found == dict.fromkeys(PAPERS, (good, good))
    store.commit()
    assert run_the_night(app, "night").startswith("0" if good else f"{len(PAPERS)}")
    store.expire_all()
    status = "active" if good else "suspended"
    assert {adult.status for adult in adults.values()} == {status}
    causes = {
        paper: [(row.cause, row.kind) for row in adult.suspensions]
        for paper, adult in adults.items()
    }
    if not good:
        assert causes.pop("certificate") == [("certificate_expired", None)]
        assert causes == {kind: [("clearance_expired", kind)] for kind in factories.REQUIRED_KINDS}
    store.commit()
    assert run_the_night(app, "again").startswith("0")


@pytest.mark.parametrize(("away", "suspended"), [(-3, True), (-2, False), (0, False)])
def test_a_grace_of_two_days_suspends_on_the_third(
    app, desk, store, freely, today, away, suspended
):
    by = factories.administrator(store).id
    how = {"source": "x", "owner": "y", "decided_on": today, "by": by, "at": clock.now()}
    change_setting(store, "papers.grace_days", 2, **how)
    adult = mentor_with(desk, store, "housing", today + away * DAY)
    store.commit()
    run_the_night(app, "night")
    store.expire_all()
    assert (adult.status == "suspended") is suspended
    assert not suspended or adult.suspensions[0].cause == "clearance_expired"


def test_a_paper_that_was_never_recorded_suspends_nobody_but_is_listed(
    app, desk, store, freely, today
):
    adult = factories.eligible_mentor(store, on=today)
    adult.clearances = [row for row in adult.clearances if row.kind != "housing"]
    store.commit()
    assert run_the_night(app, "night").startswith("0")
    assert adult.full_name in desk.page("/papers-due?soon=missing&kind=housing").text


def test_a_pending_answer_does_not_save_a_paper_that_has_run_out(app, store, today):
    adult = factories.eligible_mentor(store, on=today)
    for row in adult.clearances:
        if row.kind == "housing":
            row.valid_until = today - DAY
    how = {"checked_on": today, "valid_until": None}
    factories.clearance(store, mentor=adult, kind="housing", result="pending", **how)
    store.commit()
    assert run_the_night(app, "night").startswith("1")
    store.expire_all()
    assert adult.status == "suspended"


def test_an_endless_check_without_a_last_day_is_good_and_others_last_as_their_kind_says(
    desk, store, freely, today
):
    adult = factories.mentor(store, birth_date=today.replace(year=1985, day=1))
    checked = today - 10 * DAY
    facts = {"kinds": ["identity", "housing"], "result": "clear", "checked_on": show(checked)}
    assert desk.post(f"/mentors/{adult.id}/clearances/new", data=facts).status_code == 302
    found = {row.kind: row.valid_until for row in adult.clearances}
    assert found["identity"] is None
    assert (found["housing"].year, found["housing"].month) == (checked.year + 1, checked.month)
