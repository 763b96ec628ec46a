"""A coordinator is away: a colleague sees their regions and gets their messages, for the days."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import select

from mentorship import audit, clock
from mentorship.accounts import services as accounts
from mentorship.accounts.models import Leave
from mentorship.accounts.queries import coordinators_on_duty, on_duty
from mentorship.clock import ALMATY
from mentorship.cover import services
from mentorship.errors import AlreadyDone, Impossible, Invalid
from mentorship.jobs.cover import tell_supervisors, tell_who_is_back
from mentorship.messages.models import Message
from mentorship.messages.services import coordinators_of
from mentorship.web import problems
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

DAY = timedelta(days=1)
ULYTAU = "62"


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def away(store):
    return factories.coordinator(store, regions=(KOSTANAY,))


@pytest.fixture
def cover(store):
    return factories.coordinator(store, regions=(KARAGANDA,))


def on_leave(store, away, cover, today, first=0, last=3, **given):
    days = {"from_on": today + first * DAY, "until_on": today + last * DAY}
    return factories.leave(store, user=away, cover=cover, **days, **given)


def midnight(day):
    return datetime.combine(day, time(), ALMATY)


def test_the_cover_sees_the_regions_of_whom_they_cover_from_the_first_to_the_last_day(
    store, away, cover, today
):
    on_leave(store, away, cover, today, 1, 3)
    seen = [cover.scope_on(today + number * DAY).covers(KOSTANAY) for number in range(6)]
    assert seen == [False, True, True, True, False, False]
    assert cover.scope_on(today + DAY).covers(KARAGANDA)
    assert away.scope_on(today + DAY).covers(KOSTANAY)


def test_it_ends_by_itself_at_midnight_in_kazakhstan(store, away, cover, today):
    on_leave(store, away, cover, today, 0, 0)
    with time_machine.travel(midnight(today + DAY) - timedelta(seconds=1), tick=False):
        assert cover.scope.covers(KOSTANAY)
    with time_machine.travel(midnight(today + DAY), tick=False):
        assert not cover.scope.covers(KOSTANAY)


@pytest.mark.parametrize("who", ["away", "cover"])
def test_it_ends_at_once_when_either_is_deactivated(store, away, cover, today, who):
    leave = on_leave(store, away, cover, today)
    boss = factories.administrator(store)
    assert cover.scope.covers(KOSTANAY)
    accounts.set_active(
        store, {"away": away, "cover": cover}[who], False, by=boss.id, on=clock.today()
    )
    store.commit()
    assert leave.ended_on == today
    assert not cover.scope.covers(KOSTANAY)


def test_it_ends_at_once_when_it_is_ended_early(store, away, cover, today):
    leave = on_leave(store, away, cover, today)
    assert cover.scope.covers(KOSTANAY)
    services.end_leave(store, leave, by=away, on=today)
    assert not cover.scope.covers(KOSTANAY)


def test_somebody_who_becomes_a_manager_is_no_longer_covered_and_covers_nobody(
    store, away, cover, today
):
    on_leave(store, away, cover, today)
    away.role = "manager"
    assert not cover.scope.covers(KOSTANAY)


def test_a_cover_of_the_whole_country_gives_the_whole_country(store, cover, today):
    everywhere = factories.coordinator(store, regions=(), all_regions=True)
    on_leave(store, everywhere, cover, today)
    assert cover.scope.regions is None


def plan(store, away, cover, today, first=1, last=3, by=None):
    days = {"from_on": today + first * DAY, "until_on": today + last * DAY}
    return services.plan_leave(store, away, cover, by=by or away, on=today, at=clock.now(), **days)


REFUSED = [
    ("themselves", Invalid, "cover_self"),
    ("a stranger", Impossible, "leave_not_yours"),
    ("a mentor", Invalid, "cover_role"),
    ("backwards", Invalid, "leave_days"),
    ("yesterday", Invalid, "leave_past"),
    ("twice", AlreadyDone, "leave_overlaps"),
    ("an absent cover", Invalid, "cover_away"),
    ("while covering", Invalid, "covers_then"),
]


@pytest.mark.parametrize(("what", "kind", "code"), REFUSED)
def test_what_cannot_be_entered_says_why(store, away, cover, today, what, kind, code):
    third = factories.coordinator(store, regions=(ULYTAU,))
    given = {}
    if what == "themselves":
        cover = away
    elif what == "a stranger":
        given["by"] = third
    elif what == "a mentor":
        cover.role = "mentor"
    elif what == "backwards":
        given |= {"first": 3, "last": 2}
    elif what == "yesterday":
        given["first"] = -1
    elif what == "twice":
        on_leave(store, away, third, today, 3, 9)
    elif what == "an absent cover":
        on_leave(store, cover, third, today, 3, 9)
    elif what == "while covering":
        on_leave(store, third, away, today, 3, 9)
    with pytest.raises(kind) as refused:
        plan(store, away, cover, today, **given)
    assert refused.value.code == code and problems.PROBLEMS[code]


def test_there_are_no_chains_even_in_old_rows(store, away, cover, today):
    third = factories.coordinator(store, regions=(ULYTAU,))
    on_leave(store, away, cover, today)
    on_leave(store, cover, third, today)
    assert third.scope.covers(KARAGANDA) and not third.scope.covers(KOSTANAY)


@pytest.mark.parametrize("who", ["themselves", "supervisor", "administrator"])
def test_leave_is_entered_by_the_person_their_supervisor_or_an_administrator(
    store, away, cover, today, who
):
    boss = factories.manager(store)
    away.supervisor_id = boss.id
    by = {"themselves": away, "supervisor": boss, "administrator": factories.administrator(store)}
    leave = plan(store, away, cover, today, by=by[who])
    store.commit()
    assert (leave.user_id, leave.cover_id, leave.made_by) == (away.id, cover.id, by[who].id)
    entry = store.scalars(
        select(audit.AuditEntry).where(audit.AuditEntry.action == "planned_leave")
    )
    assert entry.one().actor_id == by[who].id


def test_an_ended_leave_is_not_ended_again_and_its_days_are_free(store, away, cover, today):
    leave = plan(store, away, cover, today)
    store.flush()
    services.end_leave(store, leave, by=away, on=today)
    with pytest.raises(AlreadyDone):
        services.end_leave(store, leave, by=away, on=today)
    assert plan(store, away, cover, today)


def test_messages_go_to_the_cover_instead_and_to_nobody_twice(store, away, cover, today):
    on_leave(store, away, cover, today)
    assert coordinators_of(store, KOSTANAY, today) == [cover]
    assert coordinators_of(store, KOSTANAY, today + 4 * DAY) == [away]
    assert coordinators_on_duty(store, today) == [cover]
    assert on_duty(store, [away, cover], today) == [cover]
    assert on_duty(store, [away], today + 4 * DAY) == [away]


def test_the_cover_opens_the_pages_of_that_region_and_today_says_for_whom(
    store, away, cover, sign_in, today
):
    match = factories.eligible_match(store, started_on=today - 30 * DAY, region=KOSTANAY)
    desk = sign_in(cover)
    desk.page(f"/matches/{match.id}", status=404)
    leave = on_leave(store, away, cover, today)
    assert desk.page(f"/matches/{match.id}")
    assert f"You are covering for {away.name} until" in desk.page("/today").text
    leave.ended_on = today
    desk.page(f"/matches/{match.id}", status=404)
    assert "You are covering" not in desk.page("/today").text


def test_cover_costs_no_more_statements_however_many_leaves_there_are(
    store, away, cover, sign_in, statements, today
):
    desk = sign_in(cover)

    def cost():
        desk.page("/matches")
        statements.clear()
        desk.page("/matches")
        return len(statements)

    none = cost()
    on_leave(store, away, cover, today)
    one = cost()
    for region in ("11", "15", "19"):
        on_leave(store, factories.coordinator(store, regions=(region,)), cover, today)
    assert none <= one <= none + 2
    assert cost() == one


def test_a_coordinator_enters_their_leave_and_ends_it(store, away, cover, sign_in, today):
    desk = sign_in(away)
    first, last = (f"{today + number * DAY:%d.%m.%Y}" for number in (0, 5))
    given = {"cover_id": str(cover.id), "from_on": first, "until_on": last}
    assert desk.submit("/leave/new", **given).status_code == 302
    leave = store.scalars(select(Leave)).one()
    told = store.scalars(select(Message)).one()
    assert (told.kind, told.user_id) == ("cover_planned", cover.id)
    assert away.name not in told.body and cover.name not in told.body
    answer = desk.submit("/leave/new", user_id=str(away.id), **given)
    assert answer.status_code == 422
    assert f"and {cover.name} covers for you" in desk.page("/today").text
    page = desk.page("/leave")
    assert desk.send(page, f"/leave/{leave.id}/end").status_code == 302
    store.expire_all()
    assert leave.ended_on == today


def test_back_from_leave_one_reads_who_did_what_and_is_told_once(
    app, store, away, cover, sign_in, today
):
    match = factories.eligible_match(store, started_on=today - 90 * DAY, region=KOSTANAY)
    other = factories.eligible_match(store, started_on=today - 90 * DAY, region=KARAGANDA)
    on_leave(store, away, cover, today, -5, -1)
    contact = factories.check_in(store, match=match, due_on=today - 4 * DAY)
    elsewhere = factories.check_in(store, match=other, due_on=today - 4 * DAY)
    store.commit()
    with time_machine.travel(midnight(today - 2 * DAY) + timedelta(hours=9), tick=False):
        for row in (contact, elsewhere):
            audit.record("recorded_check_in", row, by=cover.id, session=store)
        audit.record("recorded_check_in", contact, by=away.id, session=store)
        audit.record("read_child", match.child, by=cover.id, session=store)
        store.commit()
    with app.app_context():
        config = app.config["SETTINGS"]
        assert tell_who_is_back(store, config, today, clock.now()) == "1 written"
        assert tell_who_is_back(store, config, today + DAY, clock.now()) == "0 written"
    told = store.scalars(select(Message).where(Message.kind == "back_from_leave")).one()
    assert told.user_id == away.id and cover.name not in told.body
    desk = sign_in(away)
    page = desk.page("/leave/1")
    assert page.h1 == "While you were away"
    assert f"{cover.name} 1" in page.text and "Contacts held" in page.text
    assert match.child.last_name not in page.text
    assert "See what was done while you were away" in desk.page("/today").text
    sign_in(factories.coordinator(store, regions=(KOSTANAY,))).page("/leave/1", status=404)


def test_a_supervisor_sees_what_waits_with_their_own_people_only(
    app, store, away, cover, sign_in, today
):
    boss = factories.coordinator(store, regions=(KOSTANAY, KARAGANDA))
    away.supervisor_id = boss.id
    match = factories.eligible_match(store, started_on=today - 90 * DAY, region=KOSTANAY)
    factories.check_in(store, match=match, due_on=today - DAY)
    factories.meeting(store, match=match, held_on=today - DAY)
    factories.sign(store, match=match, kind="silence", since_on=today)
    factories.concern(store, match=match, review_by=clock.now() - DAY)
    page = sign_in(boss).page("/team")
    assert away.name in page.text and cover.name not in page.text
    cells = [cell.text for cell in page.find_all("td")]
    assert cells == ["1", "1", "0", "1", "0", "1"]
    with app.app_context():
        config = app.config["SETTINGS"]
        assert tell_supervisors(store, config, today, clock.now()) == "1 written"
        assert tell_supervisors(store, config, today, clock.now()) == "0 written"
    told = store.scalars(select(Message)).one()
    assert told.user_id == boss.id and away.name not in told.body
    assert sign_in(cover).page("/team").find_all("table") == []


def test_a_large_team_costs_as_many_statements_as_a_small_one(store, sign_in, statements):
    boss = factories.manager(store)
    desk = sign_in(boss)

    def cost(number):
        for _ in range(number):
            factories.coordinator(store, supervisor_id=boss.id)
        desk.page("/team")
        statements.clear()
        desk.page("/team")
        return len(statements)

    assert cost(2) == cost(8) <= 20


def test_nobody_supervises_themselves_directly_or_through_others(store, away, cover):
    boss = factories.administrator(store)

    def lead(user, leader):
        accounts.change_user(
            store,
            user,
            name=user.name,
            role=user.role,
            regions=[KARAGANDA],
            all_regions=False,
            language="en",
            supervisor_id=leader.id,
            by=boss.id,
            on=clock.today(),
        )

    lead(cover, away)
    for user, leader, code in (
        (away, cover, "supervisor_circle"),
        (away, away, "supervisor_circle"),
        (away, boss, "supervisor_role"),
    ):
        with pytest.raises(Invalid) as refused:
            lead(user, leader)
        assert refused.value.code == code


def test_an_administrator_says_who_supervises_whom(store, away, cover, sign_in):
    office = sign_in(factories.administrator(store))
    answer = office.submit(f"/users/{away.id}/edit", supervisor_id=str(cover.id))
    assert answer.status_code == 302
    store.expire_all()
    assert away.supervisor_id == cover.id
    assert cover.name in office.page(f"/users/{away.id}").text
