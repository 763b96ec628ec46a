from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.errors import AlreadyDone, Stale
from mentorship.matches.problem import engine_child, engine_mentor
from mentorship.matches.services import pair_refusals
from mentorship.mentors.models import Mentor, MentorPause
from mentorship.mentors.services import add_pause, change_availability, end_pause
from mentorship.settings.services import change_setting
from mentorship.web.phones import parse_phone, show_phone
from tests import factories
from tests.factories import AT, KARAGANDA, KOSTANAY
from tests.mentors.test_views import NEW

DAY = timedelta(days=1)
ON = date(2026, 3, 2)


@pytest.fixture
def by(database):
    return factories.coordinator(database).id


@pytest.fixture
def away(database, by):
    def away(mentor, first, last):
        data = {"from_on": first, "until_on": last, "reason": "leave"}
        return add_pause(database, mentor, data, by=by, at=AT)

    return away


def test_a_mentor_who_is_away_is_refused_on_the_first_and_the_last_day_and_not_around(
    database, away
):
    mentor = factories.eligible_mentor(database, on=ON)
    child = factories.eligible_child(database, on=ON)
    away(mentor, ON + DAY, ON + 3 * DAY)
    refused = [pair_refusals(database, mentor, child, ON + number * DAY) for number in range(5)]
    assert refused == [[], *[["mentor_not_active"]] * 3, []]


def test_a_mentor_away_without_an_end_is_refused_for_good_until_they_are_back(database, away, by):
    mentor = factories.eligible_mentor(database, on=ON)
    child = factories.eligible_child(database, on=ON)
    pause = away(mentor, ON, None)
    assert pair_refusals(database, mentor, child, ON + 200 * DAY) == ["mentor_not_active"]
    database.flush()
    end_pause(database, mentor, pause.id, on=ON + 10 * DAY, by=by)
    assert pause.until_on == ON + 9 * DAY
    assert pair_refusals(database, mentor, child, ON + 10 * DAY) == []
    with pytest.raises(AlreadyDone, match="pause_over"):
        end_pause(database, mentor, pause.id, on=ON + 10 * DAY, by=by)


def test_days_away_that_have_not_begun_are_taken_back_whole(database, away, by):
    mentor = factories.eligible_mentor(database, on=ON)
    pause = away(mentor, ON + 5 * DAY, ON + 9 * DAY)
    database.flush()
    end_pause(database, mentor, pause.id, on=ON, by=by)
    database.commit()
    assert database.scalars(select(MentorPause)).all() == []
    entry = database.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry.action == "ended_pause"
    assert entry.details["since"] == f"{ON + 5 * DAY}"


@pytest.mark.parametrize(
    ("first", "last", "overlap"),
    [
        (0, 9, False),
        (0, 10, True),
        (12, 14, True),
        (20, 30, True),
        (21, 30, False),
        (0, None, True),
        (21, None, False),
        (5, 25, True),
    ],
)
def test_two_times_away_do_not_overlap(database, away, first, last, overlap):
    mentor = factories.eligible_mentor(database, on=ON)
    away(mentor, ON + 10 * DAY, ON + 20 * DAY)
    database.flush()
    asked = ON + first * DAY, last and ON + last * DAY
    if overlap:
        with pytest.raises(AlreadyDone, match="pauses_overlap"):
            away(mentor, *asked)
    else:
        assert away(mentor, *asked)


def test_what_a_mentor_is_ready_for_reaches_the_engine(database):
    mentor = factories.eligible_mentor(
        database, on=ON, weekdays=[1, 5], child_sex_wish="female", child_age_from=12
    )
    asked = engine_mentor(mentor, 0, ON)
    assert (asked.child_sex_wish, asked.child_age_wish) == ("female", (12, 17))
    assert asked.weekdays == {1, 5}
    plain = engine_mentor(factories.eligible_mentor(database, on=ON), 0, ON)
    assert (plain.child_sex_wish, plain.child_age_wish) == (None, None)
    child = factories.eligible_child(database, on=ON, mentor_age_to=40, mentor_sex_wish="male")
    wished = engine_child(child)
    assert (wished.mentor_age_wish, wished.mentor_sex_wish) == ((18, 40), "male")


WISH = {
    "weekdays": [0],
    "child_sex_wish": None,
    "child_age_from": None,
    "child_age_to": None,
    "languages": {"kk": "fluent"},
}


def test_an_older_page_changes_nothing(database, by):
    mentor = factories.eligible_mentor(database, on=ON)
    change_availability(database, mentor, WISH, version=mentor.version, by=by)
    database.commit()
    with pytest.raises(Stale):
        change_availability(database, mentor, WISH, version=mentor.version - 1, by=by)


@pytest.fixture
def desk(store, sign_in):
    return sign_in(factories.coordinator(store, regions=(KARAGANDA,)))


def test_a_mentor_gets_no_more_places_than_the_programme_allows(desk, store):
    answer = desk.submit("/mentors/new", **NEW | {"capacity": "5"})
    assert answer.status_code == 422
    error = answer.page.find("p", id="capacity-error").text
    assert error == "A mentor has at most 4 children at one time."
    change_setting(
        store,
        "mentor.most_children",
        5,
        source="a decision of the ministry",
        owner="Ministry",
        decided_on=clock.today(),
        by=factories.administrator(store).id,
        at=AT,
    )
    store.commit()
    assert desk.submit("/mentors/new", **NEW | {"capacity": "5"}).status_code == 302


def test_who_had_more_places_before_the_limit_keeps_them(desk, store):
    mentor = factories.eligible_mentor(store, on=clock.today(), capacity=6, phone="+77011234567")
    store.commit()
    address = f"/mentors/{mentor.id}/edit"
    assert desk.submit(address, reach_km="90").status_code == 302
    assert desk.submit(address, capacity="7").status_code == 422
    assert desk.submit(address, capacity="3").status_code == 302
    assert desk.submit(address, capacity="6").status_code == 422


def test_days_and_wishes_are_typed_kept_and_shown(desk, store):
    wishes = {
        "weekdays": ["1", "5"],
        "child_sex_wish": "female",
        "child_age_from": "12",
        "child_age_to": "15",
    }
    desk.submit("/mentors/new", **NEW | wishes)
    mentor = store.scalars(select(Mentor)).one()
    assert (mentor.weekdays, mentor.child_sex_wish) == ([1, 5], "female")
    page = desk.page(f"/mentors/{mentor.id}")
    assert "Tuesday, Saturday" in page.text
    assert "A girl; 12 to 15 years" in page.text
    form = desk.page(f"/mentors/{mentor.id}/edit")
    assert form.values(form.form())["weekdays"] == ["1", "5"]
    wrong = desk.submit(f"/mentors/{mentor.id}/edit", child_age_to="11")
    assert "The older age is below" in wrong.page.find("p", id="child_age_to-error").text
    desk.submit(f"/mentors/{mentor.id}/edit", child_sex_wish="either", weekdays=None)
    store.refresh(mentor)
    assert (mentor.weekdays, mentor.child_sex_wish) == ([], None)


def test_staff_record_days_away_and_every_list_says_so(desk, store):
    today = clock.today()
    mentor = factories.eligible_mentor(store, on=today)
    store.commit()
    last = today + 10 * DAY
    address = f"/mentors/{mentor.id}/pauses/new"
    wrong = desk.submit(address, reason="leave", until_on=f"{today - DAY:%d.%m.%Y}")
    assert "The last day is before the first." in wrong.page.find("p", id="until_on-error").text
    desk.submit(address, reason="leave", until_on=f"{last:%d.%m.%Y}")
    said = f"Away until {last:%d.%m.%Y}"
    for page in (f"/mentors/{mentor.id}", "/mentors", "/mentors/free"):
        assert said in desk.page(page).text, page
    twice = desk.submit(address, reason="leave")
    assert "overlap" in twice.page.find("p", id="from_on-error").text
    pause = store.scalars(select(MentorPause)).one()
    desk.send(desk.page(f"/mentors/{mentor.id}"), f"/pauses/{pause.id}/end")
    assert said not in desk.page("/mentors").text


def test_a_pause_of_another_mentor_is_not_found(desk, store):
    mentor, other = (factories.eligible_mentor(store, on=clock.today()) for _ in range(2))
    pause = factories.pause(store, mentor=other, from_on=clock.today(), until_on=None)
    store.commit()
    page = desk.page(f"/mentors/{mentor.id}/pauses/new")
    token = page.values(page.form())["csrf_token"]
    answer = desk.post(f"/mentors/{mentor.id}/pauses/{pause.id}/end", data={"csrf_token": token})
    assert answer.status_code == 404


def test_mentors_change_their_own_days_on_their_phone_and_staff_see_who_did(desk, store, sign_in):
    mentor = factories.eligible_mentor(store, on=clock.today())
    user = factories.mentor_user(store, mentor=mentor, name="Қарлығаш К.")
    store.commit()
    phone = sign_in(user)
    answer = phone.submit(
        "/my-availability",
        "/my-availability",
        weekdays=["5", "6"],
        child_sex_wish="male",
        **{"languages.ru": "basic"},
    )
    assert answer.status_code == 302
    store.refresh(mentor)
    assert (mentor.weekdays, mentor.child_sex_wish) == ([5, 6], "male")
    assert {row.language for row in mentor.languages} == {"kk", "ru"}
    phone.submit("/my-availability/away", reason="family")
    page = desk.page(f"/mentors/{mentor.id}")
    assert "Saturday, Sunday" in page.text
    assert "Қарлығаш К." in page.text
    assert "Away, the day of return is not known yet" in page.text
    phone.send(phone.page("/my-availability"), "/end")
    assert "Away" not in desk.page("/mentors").text


def test_an_iin_of_the_own_region_leads_to_its_record(desk, store):
    iin = factories.fictional_iin()
    known = factories.eligible_mentor(store, on=clock.today(), iin=iin, last_name="Ұзақбаева")
    store.commit()
    page = desk.submit("/mentors/new", **NEW | {"iin": iin}).page
    link = next(a for a in page.find_all("a") if a.text == "Open the record that has this IIN")
    assert link.attrs["href"] == f"/mentors/{known.id}"


def test_an_iin_of_another_region_tells_the_region_and_nobodys_name(desk, store):
    iin = factories.fictional_iin()
    far = factories.eligible_mentor(
        store, on=clock.today(), iin=iin, last_name="Жаттағы", region=KOSTANAY, town="Қостанай"
    )
    store.commit()
    page = desk.submit("/mentors/new", **NEW | {"iin": iin}).page
    assert "kept in another region: Kostanay" in page.text
    assert "Жаттағы" not in page.html
    assert f"/mentors/{far.id}" not in page.html


MOBILE = r"(?:\+7|8)[ (-]{0,2}7(?:0[0-2]|05|47|7[5-8])[ )-]{0,2}[0-9]{3}-?[0-9]{4}"


@given(st.from_regex(MOBILE, fullmatch=True))
def test_a_mobile_number_is_kept_as_one_form_and_shown_as_one_form(text):
    number = parse_phone(text)
    assert number is not None
    assert number.startswith("+77") and len(number) == 12
    assert parse_phone(show_phone(number)) == number
    assert show_phone(number).split(" ")[0] == "+7"


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_whole_number_of_kazakhstan_or_nothing(text):
    number = parse_phone(text)
    assert number is None or (
        number.startswith("+7") and len(number) == 12 and number[1:].isdigit()
    )
