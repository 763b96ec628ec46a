from datetime import timedelta

import pytest
from sqlalchemy import select, text

from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.check_ins.queries import check_ins_of_match
from mentorship.check_ins.services import plan_check_ins
from mentorship.meetings.models import Meeting
from tests import factories

DAY = timedelta(days=1)
MEETING = {"went": "4", "activity": "Шахмат ойнадық", "minutes": "90"}
CHECK_IN = {"spoke_with": ["mentor", "carer"], "rating": "4"}


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
    plan_check_ins(store, found, on=begun)
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


def test_a_meeting_is_logged_in_a_minute_and_seen_by_mentor_and_coordinator(
    phone, desk, match, today
):
    answer = phone.submit(own_pages(match)[2], **MEETING, next_on=f"{today + 7 * DAY:%d.%m.%Y}")
    assert answer.headers["Location"] == f"/my-matches/{match.id}"
    page = phone.page(answer.headers["Location"])
    assert "The meeting is recorded. Thank you." in page.text
    assert "Шахмат ойнадық" in page.text
    assert "in 7 days" in phone.page("/my-children").text
    assert "Шахмат ойнадық" in desk.page(f"/matches/{match.id}").text


@pytest.mark.parametrize(
    ("given", "name", "words"),
    [
        ({"activity": ""}, "activity", "This field is required."),
        ({"went": None}, "went", "This field is required."),
        ({"minutes": "4"}, "minutes", "Enter a number from 5 to 1440."),
        ({"minutes": "екі"}, "minutes", "Enter a number."),
        ({"held_on": "01.01.2100"}, "held_on", "The date cannot be in the future."),
        ({"held_on": "кеше"}, "held_on", "Enter a date like 05.01.2026."),
        ({"held_on": "01.01.2020"}, "held_on", "The date is before the match began."),
    ],
)
def test_a_wrong_entry_of_a_meeting_is_explained_and_kept(phone, match, store, given, name, words):
    fields = {"notes": "Жақсы болды"} | MEETING | given
    answer = phone.submit(own_pages(match)[2], **fields)
    assert answer.status_code == 422
    assert answer.page.find("p", id=f"{name}-error").text == words
    assert answer.page.find("textarea", name="notes").text == "Жақсы болды"
    if name in ("minutes", "held_on"):
        assert answer.page.find("input", name=name).attrs["value"] == given[name]
    assert store.scalars(select(Meeting)).all() == []


def test_a_meeting_sent_twice_is_logged_once(phone, match, store):
    page = phone.page(own_pages(match)[2])
    assert phone.send(page, **MEETING).status_code == 302
    answer = phone.send(page, **MEETING)
    assert answer.status_code == 422
    assert "This form has already been saved. Nothing was saved twice." in answer.page.text
    assert len(store.scalars(select(Meeting)).all()) == 1


def test_overdue_check_ins_stand_out_and_are_recorded(desk, match, store, today):
    page = desk.page("/check-ins?state=overdue")
    assert len(page.find_all("tr")) == 3  # the heading, and the first month's two
    assert page.text.count("Overdue") >= 2
    row = first_check_in(store, match)
    answer = desk.submit(f"/check-ins/{row.id}", **CHECK_IN, next_step="Қоңырау шалу")
    assert answer.headers["Location"] == f"/matches/{match.id}"
    page = desk.page(answer.headers["Location"])
    assert "The check-in is recorded." in page.text
    assert "Mentor, Centre's carer" in page.text
    assert "Қоңырау шалу" in page.text
    assert len(desk.page("/check-ins?state=overdue").find_all("tr")) == 2


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
        ({"spoke_with": []}, "spoke_with", "Choose at least one option."),
        ({"rating": None}, "rating", "This field is required."),
        ({"rating": "6"}, "rating", "Choose one of the options."),
        ({"held_on": "01.01.2020"}, "held_on", "The date is before the match began."),
    ],
)
def test_a_wrong_entry_of_a_check_in_is_explained(desk, match, store, given, name, words):
    row = first_check_in(store, match)
    answer = desk.submit(f"/check-ins/{row.id}", **(CHECK_IN | {"next_step": "Бару"} | given))
    assert answer.status_code == 422
    assert answer.page.find("p", id=f"{name}-error").text == words
    assert answer.page.find("textarea", name="next_step").text == "Бару"


def test_a_closed_match_has_no_check_ins_due_and_takes_no_meeting(desk, phone, match, today):
    page = phone.page(own_pages(match)[2])
    answer = desk.submit(
        f"/matches/{match.id}/close",
        ended_as_planned="early",
        closure_reason="mentor_moved",
        ended_by="mentor",
    )
    assert answer.headers["Location"] == f"/matches/{match.id}/ending"
    closed = desk.page(answer.headers["Location"]).text
    assert "Mentor moved away" in closed
    assert "Earlier than planned" in closed
    assert "No check-in is due." in desk.page("/check-ins").text
    answer = phone.send(page, **MEETING)
    assert answer.status_code == 422
    assert "This match has already been closed." in answer.page.text
    assert "You have no child to meet yet." in phone.page("/my-children").text
