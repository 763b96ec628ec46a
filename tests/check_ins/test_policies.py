from datetime import timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.check_ins import services
from mentorship.check_ins import store as schedules
from mentorship.check_ins.models import CheckIn, ContactPolicy
from mentorship.check_ins.report import preview
from mentorship.check_ins.schedule import faults
from tests import factories

DAY = timedelta(days=1)
NEW = "/contact-policies/new"
WISH = {"version": "2027-1", "source": "design: a trial"}


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def match(store, today):
    found = factories.eligible_match(store, started_on=today - 100 * DAY)
    services.replan(store, found, on=today)
    return found


@pytest.fixture
def desk(store, sign_in, match):
    return sign_in(factories.administrator(store))


def ahead(session, today, kind="mentor"):
    query = select(CheckIn).where(CheckIn.kind == kind, CheckIn.due_on >= today)
    return session.scalars(query.order_by(CheckIn.due_on)).all()


def policies(session):
    return session.scalars(select(ContactPolicy).order_by(ContactPolicy.id)).all()


def test_the_programmes_own_policy_names_its_source_and_says_what_is_not_checked(database):
    (policy,) = policies(database)
    assert set(policy.stages) == {"mentor", "child", "carer", "review"}
    assert "fifth edition (2025)" in policy.source
    assert "Not checked in the edition itself" in policy.source
    assert faults(policy.stages) == []


def test_the_rules_page_leads_to_the_versions_in_words(desk):
    page = desk.page("/contact-policies")
    assert "2026-2" in page.text and "In force" in page.text
    assert (
        "within 2 working days of the first meeting; on these days of the first month: 14, 28;"
        " every 1 month up to month 12; then every 3 months"
    ) in page.text
    assert "/contact-policies" in desk.page("/rules").html


def test_a_version_is_looked_at_before_it_is_saved_and_then_plans_what_is_ahead(
    desk, match, store, today
):
    before = {row.id: row.due_on for row in ahead(store, today)}
    wish = WISH | {"mentor_every_1": "2", "mentor_until_1": "12"}
    page = desk.submit(NEW, **wish, step="preview").page
    assert "What it would change in the next six months" in page.text
    assert len(policies(store)) == 1
    answer = desk.send(page, step="save")
    assert answer.headers["Location"] == "/contact-policies"
    assert "contacts ahead were changed" in desk.page(answer.headers["Location"]).text
    store.expire_all()
    policy = policies(store)[-1]
    assert (policy.version, policy.in_force_from) == ("2027-1", today)
    after = {row.id: row.due_on for row in ahead(store, today)}
    assert after.items() < before.items()
    entry = store.scalars(select(AuditEntry).where(AuditEntry.action == "made_contact_policy"))
    assert entry.one().details == {"version": "2027-1"}


def test_what_was_changed_after_the_preview_is_shown_again_and_not_saved(desk, match, store):
    page = desk.submit(NEW, **WISH, step="preview").page
    answer = desk.send(page, step="save", carer_days="20")
    assert answer.status_code == 200 and "Save this version" in answer.page.text
    answer = desk.submit(NEW, **WISH, step="save", seen="0" * 20)
    assert answer.status_code == 200
    assert len(policies(store)) == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"version": "2026-2"}, "There is a version of this name already."),
        ({"mentor_days": "14, 16"}, "at least five days apart"),
        ({"mentor_days": "3"}, "Days of the first month go from 10 to 30"),
        ({"child_days": "28, 14"}, "Days of the first month go from 10 to 30"),
        ({"carer_every_2": "1"}, "Each stage ends later than the one before it"),
        ({"review_until_2": "4"}, "Each stage ends later than the one before it"),
        ({"in_force_from": "01.01.2020"}, "The date cannot be in the past."),
        ({"source": ""}, "This field is required."),
    ],
)
def test_a_version_that_cannot_be_followed_is_explained(desk, match, store, given, said):
    page = desk.submit(NEW, **(WISH | given), step="preview")
    if page.status_code == 200:
        page = desk.send(page.page, step="save")
    assert page.status_code == 422
    assert said in page.page.text
    assert len(policies(store)) == 1


def test_the_preview_counts_what_saving_then_does(store, match, today):
    for days in (3, 50, 200, 380):
        other = factories.eligible_match(store, started_on=today - days * DAY)
        services.replan(store, other, on=today)
    (policy,) = policies(store)
    stages = policy.stages | {
        "mentor": {"within": 2, "days": [14, 28], "stages": [[2, 12], [3, None]]},
        "carer": {"within": None, "days": [25], "stages": [[1, None]]},
        "review": {"within": None, "days": [], "stages": []},
    }
    found = preview(store, stages, today + 5 * DAY, on=today)
    until = today + timedelta(days=183)

    def dues():
        rows = store.scalars(select(CheckIn).where(CheckIn.due_on <= until)).all()
        return {(row.match_id, row.kind, row.due_on) for row in rows}

    before = dues()
    data = {"version": "x", "stages": stages, "source": "x", "owner": "x"}
    by = factories.administrator(store).id
    services.add_policy(
        store, data | {"in_force_from": today + 5 * DAY}, by=by, on=today, at=clock.now()
    )
    services.plan_all(store, on=today)
    store.expire_all()
    after = dues()
    for kind in ("mentor", "child", "carer", "review"):
        came = sum(key[1] == kind for key in after - before)
        went = sum(key[1] == kind for key in before - after)
        assert found.added[kind] + found.moved[kind] == came, kind
        assert found.removed[kind] + found.moved[kind] == went, kind
    assert found.matches == 5
    assert found.moved["carer"] == 1  # day 28 of the youngest becomes day 25
    assert {one.kind for one in found.examples} == {"mentor", "carer", "review"}


def test_of_many_matches_the_contacts_follow_in_the_night(store, match, today, monkeypatch):
    monkeypatch.setattr(schedules, "AT_ONCE", 0)
    assert services.plan_few(store, on=today) is None
