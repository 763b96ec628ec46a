"""Papers that end soon: the list, and who is told 60, 30 and 7 days ahead."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.clock import ALMATY
from mentorship.jobs import qualification as jobs
from mentorship.jobs.models import JobRun
from mentorship.mentors.models import Mentor
from mentorship.messages.models import Message
from mentorship.registers.columns import Kind
from tests import factories
from tests.factories import KOSTANAY
from tests.registers.files import MENTOR
from tests.registers.test_import import bring_in

DAY = timedelta(days=1)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
ON = AT.astimezone(ALMATY).date()


@pytest.fixture
def today():
    return clock.today()


def ending(session, on, *, housing=None, certificate=None, **given):
    """A mentor whose papers are good for long, but for these."""
    adult = factories.eligible_mentor(session, on=on, **given)
    if certificate is not None:
        adult.certificates[0].expires_on = certificate
    if housing is not None:
        (paper,) = (row for row in adult.clearances if row.kind == "housing")
        paper.valid_until = housing
    session.flush()
    return adult


def names(page):
    return [cell.text.split()[0] for cell in page.find_all("th", scope="row")]


def test_the_list_is_by_day_and_can_be_narrowed(desk, store, today):
    ending(store, today, last_name="Бірінші", certificate=today - 3 * DAY)
    ending(store, today, last_name="Екінші", housing=today + 5 * DAY)
    ending(store, today, last_name="Үшінші", housing=today + 25 * DAY)
    ending(store, today, last_name="Төртінші", certificate=today + 60 * DAY)
    ending(store, today, last_name="Бесінші", certificate=today + 61 * DAY)
    ending(store, today, last_name="Алыстағы", region=KOSTANAY, housing=today)
    bare = ending(store, today, last_name="Қағазсыз")
    bare.clearances = [row for row in bare.clearances if row.kind != "housing"]
    store.flush()
    every = ["Бірінші", "Екінші", "Үшінші", "Төртінші", "Қағазсыз"]
    assert names(desk.page("/papers-due")) == every
    for asked, wanted in {
        "soon=expired": ["Бірінші"],
        "soon=last": ["Екінші"],
        "soon=second": ["Екінші", "Үшінші"],
        "soon=first": ["Екінші", "Үшінші", "Төртінші"],
        "soon=missing": ["Қағазсыз"],
        "kind=certificate": ["Бірінші", "Төртінші"],
        "kind=housing": ["Екінші", "Үшінші", "Қағазсыз"],
        "kind=housing&soon=last": ["Екінші"],
        "q=ушинши": ["Үшінші"],
        "region=35&dir=desc": [*reversed(every)],
    }.items():
        assert names(desk.page(f"/papers-due?{asked}")) == wanted, asked


def test_one_click_leads_to_the_form_with_the_kinds_that_are_due(desk, store, today):
    ending(store, today, housing=today + 5 * DAY)
    page = desk.page("/papers-due")
    link = next(a for a in page.find_all("a") if a.text == "Record the check")
    form = desk.page(link.attrs["href"])
    assert form.values(form.form())["kinds"] == ["housing"]


def test_the_list_costs_the_same_however_many_there_are(desk, store, today, statements):
    def count(address):
        desk.page(address)
        statements.clear()
        desk.page(address)
        return len(statements)

    pages = ("/papers-due", "/suspensions")

    def add(number):
        for _ in range(number):
            ending(store, today, housing=today + 5 * DAY)
            held = ending(store, today, certificate=today + 5 * DAY, status="suspended")
            who = factories.coordinator(store, regions=())
            factories.suspension(store, mentor=held, cause="other", opened_by=who.id)
        store.commit()

    add(2)
    few = [count(address) for address in pages]
    add(20)
    assert [count(address) for address in pages] == few
    assert max(few) <= 12


@pytest.fixture
def run(database, config):
    """Runs the reminders on a day and keeps its slot, as the runner does."""

    def run(on):
        at = AT + (on - ON)
        database.add(JobRun(job=jobs.REMINDERS, slot=f"{on}", finished_at=at, result=""))
        database.flush()
        return jobs.remind_of_papers(database, config, on, at)

    return run


def letters(session, kind):
    return session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id)).all()


def test_a_mentor_is_told_60_30_and_7_days_ahead_and_each_time_once(database, run):
    last = ON + 61 * DAY
    adult = ending(database, ON, certificate=last, housing=last)
    user = factories.mentor_user(database, mentor=adult)
    told = []
    for days in range(62):
        before = len(letters(database, "papers_end"))
        run(ON + days * DAY)
        if len(letters(database, "papers_end")) > before:
            told.append((last - (ON + days * DAY)).days)
    assert told == [60, 30, 7]
    found = letters(database, "papers_end")
    assert {row.user_id for row in found} == {user.id}
    assert found[0].subject == f"Papers of yours end on {last:%d.%m.%Y}: 2"
    assert "housing" not in found[0].body.casefold() and adult.last_name not in found[0].body


def test_coordinators_get_the_counts_of_their_regions_on_the_day_a_paper_comes_near(database, run):
    own, far = (factories.coordinator(database, regions=(code,)) for code in ("35", KOSTANAY))
    for days in (60, 30, 30, 7):
        ending(database, ON, certificate=ON + days * DAY)
    run(ON - DAY)
    run(ON)
    found = letters(database, "papers_due")
    assert {row.user_id for row in found} == {own.id} and far.id
    assert found[-1].subject == "Papers of mentors that end soon: 4"
    for line in ("7 days or fewer: 1", "30 days or fewer: 2", "60 days or fewer: 1"):
        assert line in found[-1].body
    before = len(found)
    run(ON + DAY)
    assert len(letters(database, "papers_due")) == before


def test_days_on_which_nothing_ran_are_made_up_for(database, run):
    factories.coordinator(database)
    ending(database, ON, certificate=ON + 30 * DAY)
    run(ON - 5 * DAY)
    run(ON + 3 * DAY)
    found = letters(database, "papers_due")
    assert "30 days or fewer: 1" in found[-1].body


def test_a_file_with_an_obstacle_brings_in_a_suspended_mentor(database):
    factories.coordinator(database, regions=("35",))
    adverse = MENTOR | {"clearances_result": "adverse", "clearances_valid_until": ""}
    bring_in(database, Kind.MENTORS, adverse)
    adult = database.scalars(select(Mentor)).one()
    assert adult.status == "suspended"
    assert {row.kind for row in adult.suspensions} == set(factories.REQUIRED_KINDS)
    assert len(letters(database, "mentor_suspended")) == 1
