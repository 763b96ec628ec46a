"""A look at the matches opens and ends their signs, and what people do about them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.errors import AlreadyDone, Invalid
from mentorship.jobs.signs import look_for_signs
from mentorship.signs import services
from mentorship.signs.models import Sign
from mentorship.web import problems
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

DAY = timedelta(days=1)


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def coordinator(store):
    return factories.coordinator(store, regions=(KARAGANDA,))


@pytest.fixture
def match(store, today):
    """A match of 200 days in which staff heard everybody and the two met a week ago."""
    return lively(store, today)


def lively(store, today, region=KARAGANDA):
    found = factories.eligible_match(store, started_on=today - 200 * DAY, region=region)
    for kind in ("mentor", "child", "carer"):
        heard(store, found, kind, today - DAY)
    found.mentor.certificates[0].expires_on = today + 300 * DAY
    factories.meeting(store, match=found, held_on=today - 7 * DAY)
    return found


def heard(store, match, kind, on):
    factories.check_in(store, match=match, kind=kind, due_on=on, held_on=on, way="phone")


def looked(store, today, **given):
    done = services.look(store, today, clock.now(), **given)
    store.commit()
    return done.opened, done.ended


def open_kinds(store, match):
    query = select(Sign.kind).where(Sign.match_id == match.id, Sign.ended_on.is_(None))
    return sorted(store.scalars(query))


def cancelled(store, match, on, by="mentor"):
    nothing = {"kind": None, "minutes": None, "activity": None, "went": None, "notes": None}
    return factories.meeting(store, match=match, held_on=on, cancelled_by=by, **nothing)


def test_a_look_twice_opens_a_sign_once_and_ends_it_when_its_reason_is_over(store, match, today):
    assert looked(store, today) == (0, 0)
    rows = [cancelled(store, match, today - number * DAY) for number in (2, 1)]
    assert looked(store, today) == (1, 0)
    assert looked(store, today) == (0, 0)
    assert open_kinds(store, match) == ["cancellations"]
    for row in rows:
        store.delete(row)
    assert looked(store, today) == (0, 1)
    sign = store.scalars(select(Sign)).one()
    assert sign.ended_on == today


def test_a_sign_that_comes_back_is_a_new_one_that_nobody_has_seen(store, match, coordinator, today):
    first = [cancelled(store, match, today - number * DAY) for number in (2, 1)]
    looked(store, today)
    sign = store.scalars(select(Sign)).one()
    given = {"by": coordinator.id, "on": today, "at": clock.now()}
    services.note_sign(store, sign, note="Called.", snoozed_until=None, **given)
    store.delete(first[0])
    looked(store, today)
    cancelled(store, match, today)
    looked(store, today)
    new = store.scalars(select(Sign).where(Sign.ended_on.is_(None))).one()
    assert new.id != sign.id and new.noted_at is None


def test_a_sign_that_goes_on_keeps_its_note_and_has_new_numbers(store, match, coordinator, today):
    for number in (3, 2):
        cancelled(store, match, today - number * DAY)
    looked(store, today)
    sign = store.scalars(select(Sign)).one()
    given = {"by": coordinator.id, "on": today, "at": clock.now()}
    services.note_sign(store, sign, note="Called.", snoozed_until=today + 7 * DAY, **given)
    cancelled(store, match, today - DAY)
    assert looked(store, today) == (0, 0)
    assert sign.facts == {"count": 3, "weeks": 8, "by_mentor": 3}
    assert (sign.note, sign.snoozed_until) == ("Called.", today + 7 * DAY)


def test_every_kind_is_found_in_the_register(store, match, today):
    factories.slot(store, match=match, weekday=today.weekday(), from_on=today - 200 * DAY)
    for number, mark in enumerate((5, 5, 5, 1, 1, 1)):
        on = today - (160 - number) * DAY
        factories.meeting(store, match=match, held_on=on, went=mark)
    store.delete(store.scalars(select(factories.Meeting).order_by(factories.Meeting.id)).first())
    for number in (2, 1):
        cancelled(store, match, today - number * DAY)
        due = today - 20 * number * DAY
        factories.check_in(store, match=match, kind="mentor", due_on=due, missed_on=due + 9 * DAY)
    match.mentor.certificates[0].expires_on = today + 5 * DAY
    answers = {"safe": 1, "glad": 1}
    factories.voice_answer(store, match=match, answers=answers, answered_at=clock.now() - DAY)
    silent = factories.eligible_match(store, started_on=today - 100 * DAY)
    silent.mentor.certificates[0].expires_on = today + 300 * DAY
    looked(store, today)
    found = {*open_kinds(store, match), *open_kinds(store, silent)}
    assert found == {
        "unsafe",
        "silence",
        "cancellations",
        "falling_ratings",
        "few_meetings",
        "missed_check_ins",
        "certificate",
    } | (found & {"disagreement"})


def test_the_signs_of_a_match_that_has_ended_end_with_it(store, match, today):
    factories.sign(store, match=match, kind="silence", since_on=today)
    match.ended_on, match.closure_reason = today, "child_wish"
    match.ended_as_planned, match.ended_by = False, "child"
    assert looked(store, today) == (0, 1)


def test_a_look_at_one_match_leaves_the_others_alone(store, match, today):
    other = factories.eligible_match(store, started_on=today - 100 * DAY)
    factories.sign(store, match=match, kind="unsafe", since_on=today)
    looked(store, today, match_ids=[other.id])
    assert open_kinds(store, match) == ["unsafe"]
    assert open_kinds(store, other) == ["silence"]


def test_sixty_matches_are_looked_at_in_as_many_statements_as_three(store, today, statements):
    def cost(number):
        for _ in range(number):
            found = factories.eligible_match(store, started_on=today - 100 * DAY)
            cancelled(store, found, today - DAY)
        store.commit()
        statements.clear()
        looked(store, today)
        return len([text for text in statements if text.lstrip().upper().startswith("SELECT")])

    assert cost(3) == cost(20) <= 16


def test_the_nightly_job_says_what_it_found(store, app, today):
    factories.eligible_match(store, started_on=today - 100 * DAY)
    with app.app_context():
        line = look_for_signs(store, app.config["SETTINGS"], today, clock.now())
    assert line == "1 matches, 1 opened, 0 ended"


REFUSED = [
    ({"ended_on": date(2026, 1, 1)}, None, AlreadyDone, "sign_ended"),
    ({}, 0, Invalid, "snooze_ahead"),
    ({}, -1, Invalid, "snooze_ahead"),
]


@pytest.mark.parametrize(("given", "days", "kind", "code"), REFUSED)
def test_what_cannot_be_noted_says_why(store, match, coordinator, today, given, days, kind, code):
    sign = factories.sign(store, match=match, kind="silence", since_on=today, **given)
    until = None if days is None else today + days * DAY
    about = {"by": coordinator.id, "on": today, "at": clock.now()}
    with pytest.raises(kind) as refused:
        services.note_sign(store, sign, note="x", snoozed_until=until, **about)
    assert refused.value.code == code and problems.PROBLEMS[code]


def test_a_coordinator_reads_the_reason_notes_what_they_do_and_puts_it_aside(
    store, match, coordinator, sign_in, today
):
    for number in (2, 1):
        cancelled(store, match, today - number * DAY)
    looked(store, today)
    desk = sign_in(coordinator)
    page = desk.page("/signs")
    assert match.child.full_name in page.text
    assert "The mentor cancelled 2 meetings in a row." in page.text
    sign = store.scalars(select(Sign)).one()
    until = f"{today + 9 * DAY:%d.%m.%Y}"
    address = f"/signs/{sign.id}"
    assert desk.submit(address, note="Called her.", snoozed_until=until).status_code == 302
    store.expire_all()
    assert (sign.note, sign.snoozed_until, sign.noted_by) == (
        "Called her.",
        today + 9 * DAY,
        coordinator.id,
    )
    assert desk.page("/signs?state=new").find_all("table") == []
    assert match.child.full_name in desk.page("/signs?state=aside").text
    assert match.child.full_name not in desk.page("/signs?kind=unsafe").text


def test_a_coordinator_looks_again_at_one_match_on_demand(
    store, match, coordinator, sign_in, today
):
    desk = sign_in(coordinator)
    cancelled(store, match, today - 2 * DAY), cancelled(store, match, today - DAY)
    page = desk.page(f"/matches/{match.id}")
    answer = desk.send(page, f"/matches/{match.id}/signs")
    assert answer.status_code == 302
    assert open_kinds(store, match) == ["cancellations"]


def test_signs_of_another_region_are_not_there(store, coordinator, sign_in, today):
    away = factories.eligible_match(store, started_on=today - 100 * DAY, region=KOSTANAY)
    sign = factories.sign(store, match=away, kind="silence", since_on=today)
    desk = sign_in(coordinator)
    assert away.child.full_name not in desk.page("/signs").text
    desk.page(f"/signs/{sign.id}", status=404)
