from datetime import timedelta

import pytest
from sqlalchemy import select, text

from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.check_ins.queries import check_ins_of_match
from mentorship.check_ins.services import mark_missed, replan
from tests import factories

DAY = timedelta(days=1)
MEETING = {"went": "4", "activity": "Шахмат ойнадық", "minutes": "90"}
CHECK_IN = {"way": "phone", "rating": "4"}


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def match(store, today):
    """A match in its second month; both people have secrets that the other must not read."""
    begun = today - 40 * DAY
    adult = factories.eligible_mentor(store, on=begun, last_name="Ұстазов", phone="+77011234567")
    young = factories.eligible_child(
        store,
        on=begun,
        last_name="Құпиятегі",
        first_name="Еркежан",
        patronymic="Құпияқызы",
        iin=factories.fictional_iin(),
        interests=("chess",),
        birth_date=begun.replace(year=begun.year - 13, day=9),
    )
    young.consents[0].given_by = "Директор Құпиябекова"
    found = factories.match(store, mentor=adult, child=young, started_on=begun)
    replan(store, found, on=begun)
    return found


@pytest.fixture
def desk(store, sign_in, match):
    """The coordinator's browser."""
    return sign_in(factories.coordinator(store))


@pytest.fixture
def phone(store, sign_in, match):
    """The mentor's browser."""
    return sign_in(factories.mentor_user(store, mentor=match.mentor))


def own_pages(match):
    return (
        "/my-children",
        f"/my-matches/{match.id}",
        f"/my-matches/{match.id}/meetings/new",
    )


def test_a_mentor_sees_the_first_name_the_age_the_interests_and_the_centre(phone, match, today):
    page = phone.page("/my-children")
    assert "Еркежан, 13 years" in page.text or "Еркежан, 12 years" in page.text
    assert match.child.centre.name_kk in page.text
    assert [item.text for item in page.find_all("li", class_="tag")] == ["chess"]
    assert "not agreed yet" in page.text


def test_no_page_of_a_mentor_holds_a_last_name_an_iin_a_birth_date_or_papers(phone, match):
    phone.submit(own_pages(match)[2], **MEETING)
    child = match.child
    born = child.birth_date
    secrets = [
        child.last_name,
        child.patronymic,
        child.iin,
        child.iin_hash,
        born.isoformat(),
        f"{born:%d.%m.%Y}",
        f"{born:%d.%m.}",
        child.consents[0].given_by,
        match.mentor.certificates[0].number,
        "consent",
        "IIN",
    ]
    for address in own_pages(match):
        html = phone.page(address).html
        assert [secret for secret in secrets if secret in html] == [], address


@pytest.mark.parametrize("place", [0, 1])
def test_each_reading_by_a_mentor_is_noted(phone, match, store, place):
    phone.page(own_pages(match)[place])
    user = match.mentor.user_id
    entry = store.scalars(select(AuditEntry).where(AuditEntry.action == "read_child")).one()
    assert (entry.actor_id, entry.subject_id) == (user, match.child_id)
    assert entry.details == {"match": match.id}


def test_each_reading_by_a_coordinator_is_noted(desk, match, store):
    check_in = f"/check-ins/{first_check_in(store, match).id}"
    pages = (
        f"/children/{match.child_id}",
        f"/children/{match.child_id}/edit",
        f"/matches/{match.id}",
        check_in,
        f"/children/{match.child_id}/waiting",
    )
    for number, address in enumerate(pages, start=1):
        desk.page(address)
        read = select(AuditEntry).where(AuditEntry.action == "read_child")
        assert len(store.scalars(read).all()) == number, address


REFUSE_AUDIT = {
    "sqlite": [
        "create trigger full before insert on audit_entry"
        " begin select raise(abort, 'the disk is full'); end"
    ],
    "postgresql": [
        "create function full_disk() returns trigger language plpgsql as"
        " $$ begin raise exception 'the disk is full'; end $$",
        "create trigger full_disk before insert on audit_entry execute function full_disk()",
    ],
}


def test_a_reading_that_cannot_be_noted_does_not_happen(desk, phone, match, store, database_kind):
    for statement in REFUSE_AUDIT[database_kind]:
        store.execute(text(statement))
    for browser, address in ((desk, f"/children/{match.child_id}"), (phone, "/my-children")):
        browser.may_fail = True
        answer = browser.get(address)
        assert answer.status_code == 500
        assert "Еркежан" not in answer.get_data(as_text=True)


def first_check_in(store, match):
    return check_ins_of_match(store, match.id)[0]


def rows(store, match, kind="mentor"):
    return [row for row in check_ins_of_match(store, match.id) if row.kind == kind]


def listed(desk, address):
    return len(desk.page(address).find_all("tr")) - 1


def test_overdue_contacts_stand_out_and_are_recorded(desk, match, store, today):
    due = sum(row.due_on < today for row in check_ins_of_match(store, match.id))
    page = desk.page("/check-ins?state=overdue")
    assert len(page.find_all("tr")) == due + 1
    assert page.text.count("Overdue") >= due
    row = first_check_in(store, match)
    answer = desk.submit(f"/check-ins/{row.id}", **CHECK_IN, next_step="Қоңырау шалу")
    assert answer.headers["Location"] == f"/matches/{match.id}"
    page = desk.page(answer.headers["Location"])
    assert "The check-in is recorded." in page.text
    assert "By phone. 4 – well. Next step: Қоңырау шалу" in page.text
    late = (today - row.due_on).days
    assert f"{late} days late" in page.text
    assert listed(desk, "/check-ins?state=overdue") == due - 1


def test_one_visit_is_recorded_for_everybody_who_was_spoken_with(desk, match, store):
    row = first_check_in(store, match)
    page = desk.page(f"/check-ins/{row.id}")
    others = [box.attrs["value"] for box in page.find_all("input", name="also")]
    assert {store.get_one(type(row), int(value)).kind for value in others} == {"child", "carer"}
    desk.send(page, **CHECK_IN, also=others)
    store.expire_all()
    held = [contact for contact in check_ins_of_match(store, match.id) if contact.held_on]
    assert {contact.kind for contact in held} == {"mentor", "child", "carer"}


def test_the_list_is_filtered_by_state_kind_and_region(desk, match, store, today):
    mark_missed(store, on=today)
    counts = {
        kind: sum(row.missed_on is not None for row in rows(store, match, kind))
        for kind in ("mentor", "child", "carer")
    }
    assert listed(desk, "/check-ins?state=missed") == sum(counts.values()) > 2
    assert listed(desk, "/check-ins?state=missed&kind=child") == counts["child"] > 0
    assert "No contact was missed." in desk.page("/check-ins?state=missed&region=39").text


def test_a_missed_contact_is_recorded_with_the_day_it_truly_happened(desk, match, store, today):
    mark_missed(store, on=today)
    row = first_check_in(store, match)
    assert row.missed_on
    assert "contacts were missed." in desk.page(f"/matches/{match.id}").text
    page = desk.page(f"/check-ins/{row.id}")
    assert "This contact counts as missed." in page.text
    desk.send(page, **CHECK_IN, held_on=f"{row.due_on:%d.%m.%Y}")
    store.expire_all()
    assert (row.held_on, row.missed_on) == (row.due_on, None)


def test_a_check_in_recorded_by_a_colleague_meanwhile_is_not_overwritten(desk, match, store):
    row = first_check_in(store, match)
    page = desk.page(f"/check-ins/{row.id}")
    desk.send(page, **CHECK_IN)
    answer = desk.send(page, **(CHECK_IN | {"rating": "1"}))
    assert answer.status_code == 422
    assert "This check-in has already been recorded." in answer.page.text
    store.expire_all()
    assert first_check_in(store, match).rating == 4


@pytest.mark.parametrize(
    ("given", "name", "words"),
    [
        ({"way": None}, "way", "This field is required."),
        ({"way": "shouting"}, "way", "Choose one of the options."),
        ({"rating": "6"}, "rating", "Choose one of the options."),
        ({"also": ["999"]}, "also", "Choose one of the options."),
        ({"held_on": "01.01.2020"}, "held_on", "The date is before the match began."),
        ({"held_on": "01.01.2100"}, "held_on", "The date cannot be in the future."),
    ],
)
def test_a_wrong_entry_of_a_check_in_is_explained(desk, match, store, given, name, words):
    row = first_check_in(store, match)
    answer = desk.submit(f"/check-ins/{row.id}", **(CHECK_IN | {"next_step": "Бару"} | given))
    assert answer.status_code == 422
    assert answer.page.find("p", id=f"{name}-error").text == words
    assert answer.page.find("textarea", name="next_step").text == "Бару"


def test_a_call_that_waits_is_made_from_the_list_and_noted(desk, match, store, today):
    row = rows(store, match)[-1]
    late = next(row for row in reversed(rows(store, match)) if row.due_on < today - 7 * DAY)
    factories.rung(store, check_in=late, step="call", reached_on=today)
    factories.rung(store, check_in=late, step="supervisor", reached_on=today, done_on=today)
    page = desk.page("/check-ins?state=call")
    assert len(page.find_all("tr")) == 2
    assert "Supervisor told" in page.text
    call = next(a for a in page.find_all("a") if a.text == "Call and note it").attrs["href"]
    page = desk.page(call)
    assert match.mentor.phone in page.html
    answer = desk.send(page, note="Телефонды көтермеді")
    assert answer.headers["Location"] == f"/matches/{match.id}"
    assert "Телефонды көтермеді" in desk.page(answer.headers["Location"]).text
    assert "There is no call to make" in desk.page(call).text
    assert "There is no call to make" in desk.page(f"/check-ins/{row.id}/call").text


def test_on_hold_nothing_is_due(desk, match, store):
    factories.hold(store, match=match)
    assert "No check-in is due." in desk.page("/check-ins").text
    page = desk.page(f"/matches/{match.id}").text
    assert "The days on hold do not count." in page


def test_the_list_asks_the_same_number_of_statements_whatever_it_shows(
    desk, match, store, statements
):
    def asked():
        before = len(statements)
        desk.page("/check-ins?state=overdue")
        return len(statements) - before

    before = asked()
    for _ in range(4):
        other = factories.eligible_match(store, started_on=match.started_on)
        replan(store, other, on=other.started_on)
        for row in check_ins_of_match(store, other.id)[:3]:
            factories.rung(store, check_in=row, step="call", reached_on=match.started_on)
    assert asked() == before
