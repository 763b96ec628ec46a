"""Worries on their pages: mentor, coordinator, second coordinator; messages that say nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.concerns.models import Concern
from mentorship.concerns.notices import remind, tell_of_new
from mentorship.messages.models import Message
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

DAY = timedelta(days=1)
WORRY = "Бала мектептен қорқады дейді"


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def running(store, today):
    return factories.eligible_match(store, started_on=today - 20 * DAY)


@pytest.fixture
def phone(store, sign_in, running):
    """The mentor's browser."""
    return sign_in(factories.mentor_user(store, mentor=running.mentor))


@pytest.fixture
def desk(store, sign_in):
    """The coordinator's browser."""
    return sign_in(factories.coordinator(store))


def log_worry(phone, match):
    return phone.submit(
        f"/my-matches/{match.id}/meetings/new", went="2", activity="Шахмат", worry=WORRY
    )


def report(phone, match, **given):
    page = phone.page(f"/my-matches/{match.id}/worry")
    return phone.send(page, **({"text": WORRY, "severity": "serious"} | given))


def test_a_worry_goes_from_the_mentor_over_two_coordinators_to_its_end(
    phone, desk, sign_in, running, store
):
    answer = log_worry(phone, running)
    assert "Your coordinator will read your worry" in phone.page(answer.headers["Location"]).text
    assert "1" in desk.page("/today").text
    concern = store.scalars(select(Concern)).one()
    address = f"/concerns/{concern.id}"
    page = desk.page(address)
    assert WORRY in page.text and page.find("a", href="tel:111") and page.find("a", href="tel:102")
    answer = desk.submit(f"{address}/review")
    assert answer.page.find("p", id="text-error").text == "This field is required."
    answer = desk.send(answer.page, text="Психологпен сөйлестік", steps=["told_director"])
    page = desk.page(answer.headers["Location"])
    assert "Психологпен сөйлестік" in page.text and "Told the centre's director" in page.text
    answer = desk.submit(f"{address}/close", outcome="helped", text="Бәрі жақсы")
    assert "A second person of the region has to sign." in desk.page(address).text
    own = desk.submit(f"{address}/sign", answer="sign")
    assert "a second person has to sign" in own.page.text
    second = sign_in(factories.coordinator(store))
    answer = second.submit(f"{address}/sign", answer="back")
    assert answer.page.find("p", id="text-error").text == "Say what is missing."
    assert second.send(answer.page, answer="sign").status_code == 302
    assert "Closed" in desk.page(address).text
    assert running.child.full_name in desk.page("/concerns?state=closed").text
    assert "There are no concerns here." in desk.page("/concerns?state=open").text


def test_a_mentor_writes_a_worry_also_while_meetings_are_on_hold_and_sees_who_reads_it(
    phone, running, store
):
    factories.hold(store, match=running)
    page = phone.page(f"/my-matches/{running.id}/worry")
    assert page.find("a", href="tel:112")
    answer = report(phone, running, steps=["called_102", "child_safe"])
    mine = phone.page(answer.headers["Location"])
    assert "Somebody looks at it by" in mine.text and running.child.first_name in mine.text
    assert WORRY not in mine.html
    concern = store.scalars(select(Concern)).one()
    assert (concern.severity, concern.origin) == ("serious", "mentor")
    assert [row.step for row in concern.events] == [None, "called_102", "child_safe"]


def test_the_time_of_a_step_is_not_ahead(phone, running, today):
    page = phone.page(f"/my-matches/{running.id}/worry")
    wrong = {"text": WORRY, "steps": ["called_102"], "done_hour": "25:00"}
    answer = phone.send(page, **wrong)
    assert answer.page.find("p", id="done_hour-error").text == "Enter a time like 14:30."
    ahead = {"done_on": f"{today:%d.%m.%Y}", "done_hour": "2359"}
    answer = phone.send(page, **(wrong | ahead))
    assert answer.page.find("p", id="done_hour-error").text


def test_staff_write_a_worry_from_a_child_and_from_a_match(desk, running, store):
    for address, origin in (
        (f"/children/{running.child_id}/worry", "staff"),
        (f"/matches/{running.id}/worry", "check_in"),
    ):
        answer = desk.submit(address, text=WORRY, severity="worry")
        assert WORRY in desk.page(answer.headers["Location"]).text
        newest = store.scalars(select(Concern).order_by(Concern.id.desc())).first()
        assert newest.origin == origin
    page = desk.page(f"/matches/{running.id}/worries")
    assert len(page.find_all("th", scope="row")) == 2 and WORRY not in page.html


def test_nobody_but_a_coordinator_of_the_region_reads_a_concern(phone, sign_in, running, store):
    concern = factories.concern(store, match=running, text=WORRY)
    address = f"/concerns/{concern.id}"
    away = sign_in(factories.coordinator(store, regions=(KOSTANAY,)))
    assert away.get(address).status_code == 404
    assert "There are no concerns here." in away.page("/concerns").text
    both = sign_in(factories.coordinator(store, regions=(KARAGANDA, KOSTANAY)))
    assert WORRY in both.page(address).text
    for other in (factories.manager(store), factories.administrator(store)):
        browser = sign_in(other)
        assert browser.get(address).status_code == 403
        assert browser.get("/concerns").status_code == 403
    assert phone.get(address).status_code == 403


def test_of_a_restricted_worry_others_see_only_that_it_exists(desk, sign_in, running, store):
    owner = factories.coordinator(store)
    concern = factories.concern(store, match=running, text=WORRY, owner_id=owner.id)
    keeper = sign_in(owner)
    assert keeper.submit(f"/concerns/{concern.id}/readers", restricted="true").status_code == 302
    page = desk.page("/concerns")
    assert "Restricted" in page.text and owner.name in page.text
    assert running.child.last_name not in page.find("table").text
    for path in ("", "/review", "/note", "/owner", "/readers", "/pause", "/close", "/sign"):
        assert desk.get(f"/concerns/{concern.id}{path}").status_code == 404
    assert WORRY in keeper.page(f"/concerns/{concern.id}").text


def test_owner_pause_and_note_have_their_pages(desk, running, store):
    colleague = factories.coordinator(store)
    concern = factories.concern(store, match=running)
    address = f"/concerns/{concern.id}"
    desk.submit(address, "/take")
    assert concern.owner_id is not None
    assert desk.submit(f"{address}/owner", owner=str(colleague.id)).status_code == 302
    assert concern.owner_id == colleague.id
    assert desk.submit(f"{address}/pause", text="Себеп").status_code == 302
    assert "Match on hold" in desk.page(address).text
    answer = desk.submit(f"{address}/note")
    assert answer.page.find("p", id="text-error").text
    assert desk.send(answer.page, steps=["called_111"]).status_code == 302


def test_a_mentor_does_not_find_the_worry_again_on_any_page(phone, running):
    """Somebody else may hold the phone: a child above all."""
    log_worry(phone, running)
    for address in ("/my-children", f"/my-matches/{running.id}", "/my-worries"):
        assert WORRY not in phone.page(address).html


def test_a_worry_is_on_no_page_but_its_own(phone, desk, running, store):
    log_worry(phone, running)
    for address in ("/today", "/concerns", f"/matches/{running.id}", "/matches", "/check-ins"):
        assert WORRY not in desk.page(address).html, address
    assert WORRY in desk.page(f"/concerns/{store.scalars(select(Concern)).one().id}").html


def test_each_reading_of_a_concern_is_noted(desk, running, store):
    concern = factories.concern(store, match=running)
    for path in ("", "/review", "/sign"):
        desk.page(f"/concerns/{concern.id}{path}")
    found = store.scalars(select(AuditEntry).where(AuditEntry.action == "read_concern")).all()
    assert [entry.subject_id for entry in found] == [concern.id] * 3


# Messages.


def test_who_is_on_duty_is_told_at_once_and_once_and_reads_nothing_of_it(running, store):
    own, cover = factories.coordinator(store), factories.coordinator(store, regions=())
    there = factories.coordinator(store)
    factories.coordinator(store, regions=(KOSTANAY,))
    day = clock.today()
    factories.leave(store, user=own, cover=cover, from_on=day - DAY, until_on=day + DAY)
    factories.concern(store, match=running, text=WORRY, severity="danger")
    at = clock.now()
    store.commit()
    assert tell_of_new(store, base_url="http://x", at=at) == 1
    assert tell_of_new(store, base_url="http://x", at=at) == 0
    messages = store.scalars(select(Message).order_by(Message.user_id)).all()
    assert [row.user_id for row in messages] == [cover.id, there.id]
    for secret in (WORRY, running.child.first_name, running.child.last_name, "danger", "Danger"):
        assert all(secret not in row.subject + row.body for row in messages)
    assert all(row.urgent for row in messages)


def test_when_the_clock_has_run_out_the_owner_and_their_supervisor_are_reminded_once(
    running, store
):
    boss = factories.coordinator(store, regions=())
    owner = factories.coordinator(store, supervisor_id=boss.id)
    factories.concern(store, match=running, owner_id=owner.id)
    looked_at = {"reviewed_at": factories.AT, "reviewed_by": owner.id}
    factories.concern(store, match=running, **looked_at)
    at = clock.now()
    store.commit()
    assert remind(store, base_url="http://x", at=at) == 1
    assert remind(store, base_url="http://x", at=at) == 0
    told = store.scalars(select(Message.user_id)).all()
    assert sorted(told) == sorted([owner.id, boss.id])


def test_of_a_restricted_worry_only_its_owner_is_told(running, store):
    owner = factories.coordinator(store)
    factories.coordinator(store)
    factories.concern(store, match=running, owner_id=owner.id, restricted=True)
    store.commit()
    tell_of_new(store, base_url="http://x", at=clock.now())
    assert store.scalars(select(Message.user_id)).all() == [owner.id]


@pytest.mark.parametrize("address", ["/concerns", "/matches/{}/worries"])
def test_a_long_list_costs_as_many_statements_as_a_short_one(
    desk, running, store, statements, address
):
    def cost():
        begun = len(statements)
        desk.page(address.format(running.id))
        return len(statements) - begun

    owner = factories.coordinator(store)
    for _ in range(2):
        factories.concern(store, match=running, owner_id=owner.id)
    few = cost()
    for _ in range(12):
        factories.concern(store, child=running.child, owner_id=factories.coordinator(store).id)
        factories.concern(store, match=running)
    assert cost() == few
