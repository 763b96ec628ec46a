"""The public form, the board, one candidate's pages and the figures, as a browser sees them."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.accounts.models import SignInAttempt
from mentorship.audit import AuditEntry
from mentorship.candidates.models import Candidate, CandidateStep
from mentorship.jobs.candidates import tell_step_owners
from mentorship.mentors.models import Mentor, MentorStatus
from mentorship.messages.models import Message
from mentorship.settings.services import change_setting
from tests import factories
from tests.candidates.conftest import ADULT, DAY, complete, instant
from tests.conftest import new_client
from tests.dashboard.test_statement_counts import counts
from tests.factories import KARAGANDA, KOSTANAY

FILLED = {
    "last_name": "Серікбаева",
    "first_name": "Меруерт",
    "sex": "female",
    "birth_date": "17.05.1990",
    "is_citizen": "yes",
    "phone": "8 701 000 00 77",
    "email": "meruert@example.org",
    "region": KARAGANDA,
    "town": "Қарағанды",
    "languages.kk": "fluent",
    "languages.ru": "basic",
    "weekdays": ["5", "6"],
    "interests": ["chess"],
    "motivation": "Балаларға көмектескім келеді.",
    "consent": "true",
}


@pytest.fixture
def coordinator(store):
    return factories.coordinator(store, regions=(KARAGANDA,))


@pytest.fixture
def desk(sign_in, coordinator):
    return sign_in(coordinator)


def send(browser, **changed):
    return browser.submit("/apply", "/apply", **(FILLED | changed))


def test_an_applicant_is_thanked_with_a_number_and_nothing_of_what_they_wrote(client, store):
    answer = send(client)
    assert answer.headers["Location"] == "/apply/thanks"
    page = client.page("/apply/thanks")
    candidate = store.scalars(select(Candidate)).one()
    assert candidate.reference in page.text
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", candidate.reference)
    for text in ("Серікбаева", "Меруерт", "701", "meruert", "Балаларға"):
        assert text not in page.html
    mentor = candidate.mentor
    assert (mentor.status, mentor.phone, mentor.iin) == ("candidate", "+77010000077", None)
    assert (mentor.weekdays, candidate.is_citizen) == ([5, 6], True)
    assert (candidate.source, candidate.language) == ("public", "kk")
    assert candidate.consent_version
    assert store.scalars(select(CandidateStep)).all() == []


def test_somebody_who_never_applied_has_no_page_of_thanks(client):
    assert client.get("/apply/thanks").headers["Location"] == "/apply"


def test_the_message_to_an_applicant_holds_the_number_and_no_name(client, store):
    send(client)
    message = store.scalars(select(Message)).one()
    reference = store.scalars(select(Candidate.reference)).one()
    assert (message.address, message.language) == ("meruert@example.org", "kk")
    assert reference in message.body
    assert "Серікбаева" not in message.body + message.subject


def test_an_applicant_without_email_gets_no_message(client, store):
    assert send(client, email="").status_code == 302
    assert store.scalars(select(Message)).all() == []


@pytest.mark.parametrize(("code", "title"), [("kk", "kk"), ("ru", "ru"), ("en", "en")])
def test_the_form_speaks_three_languages(client, store, code, title):
    client.submit("/apply", "/language", language=code, next="/apply")
    page = client.page("/apply")
    assert page.find("html").attrs["lang"] == title
    send(client)
    assert store.scalars(select(Candidate.language)).one() == code


UNDER_AGE = (date.today() - timedelta(days=17 * 365)).strftime("%d.%m.%Y")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("last_name", ""),
        ("birth_date", UNDER_AGE),
        ("birth_date", "31.02.1990"),
        ("is_citizen", "no"),
        ("is_citizen", None),
        ("phone", "+7 495 123 45 67"),
        ("phone", "123"),
        ("email", "not an address"),
        ("region", "99"),
        ("languages.kk", ""),
        ("motivation", ""),
        ("consent", None),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_is_kept(client, store, field, value):
    answer = send(client, **{field: value})
    assert answer.status_code == 422
    assert store.scalars(select(Mentor)).all() == []
    form = answer.page.form("/apply")
    kept = answer.page.values(form)
    for name, typed in FILLED.items():
        if name != field and name != "motivation":
            assert kept[name] == (typed if isinstance(typed, list) else [typed]), name
    if field != "motivation":
        assert FILLED["motivation"] in answer.page.text
    wrong = field.partition(".")[0]
    assert answer.page.find("a", href=f"#{wrong}")


def test_eighteen_years_today_are_enough_and_tomorrow_are_not(client, store):
    today = clock.today()
    born = date(today.year - 18, today.month, today.day) if today.day < 29 else None
    if born is None:
        pytest.skip("this day is not in every month")
    assert send(client, birth_date=(born + DAY).strftime("%d.%m.%Y")).status_code == 422
    assert send(client, birth_date=born.strftime("%d.%m.%Y")).status_code == 302


def test_a_program_that_fills_every_field_saves_nothing(client, store):
    answer = send(client, website="https://example.org")
    assert answer.status_code == 422
    assert store.scalars(select(Mentor)).all() == []
    assert answer.page.find("input", id="website").attrs["value"] == ""


def test_the_language_can_be_changed_beside_an_error(client):
    answer = send(client, phone="")
    switch = answer.page.form("/language")
    assert answer.page.values(switch)["next"] == ["/apply"]


def test_who_reads_an_application_is_written_down(desk, store, today):
    row = factories.candidate(store, **ADULT, applied_at=instant(today), motivation="Себебі")
    page = desk.page(f"/candidates/{row.mentor_id}/outcome/application")
    assert "Себебі" in page.text
    acts = store.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == row.mentor_id))
    assert "read_mentor" in acts.all()


def test_the_form_asks_for_no_iin_and_needs_its_token(client, store):
    page = client.page("/apply")
    assert not page.find_all("input", name="iin")
    assert client.post("/apply", data=FILLED).status_code == 400
    assert store.scalars(select(Mentor)).all() == []


def test_the_same_page_sent_twice_is_one_application_and_the_same_thanks(client, store):
    page = client.page("/apply")
    first = client.send(page, "/apply", **FILLED)
    again = client.send(page, "/apply", **FILLED)
    assert first.headers["Location"] == again.headers["Location"] == "/apply/thanks"
    assert len(store.scalars(select(Candidate)).all()) == 1


def test_a_second_application_is_thanked_alike_and_marked_for_staff_alone(app, client, store, desk):
    send(client)
    other = new_client(app)
    assert send(other, last_name="Басқа").headers["Location"] == "/apply/thanks"
    first, second = (client.page("/apply/thanks"), other.page("/apply/thanks"))
    hide = re.compile(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}")
    assert hide.sub("", first.find("main").text) == hide.sub("", second.find("main").text)
    assert len(store.scalars(select(Candidate)).all()) == 2
    board = desk.page("/candidates")
    assert board.text.count("Possible duplicate") == 2
    shown = desk.page(f"/mentors/{store.scalars(select(Candidate.mentor_id)).all()[0]}")
    assert "somebody else with the same phone number" in shown.text
    assert "Басқа" in shown.text


def test_a_duplicate_of_another_region_is_not_named(client, store, desk):
    factories.mentor(store, **ADULT, region=KOSTANAY, last_name="Жасырын", phone="+77010000077")
    send(client)
    shown = desk.page(f"/mentors/{store.scalars(select(Candidate.mentor_id)).one()}")
    assert "Somebody in another region" in shown.text
    assert "Жасырын" not in shown.text


def limit(store, key, number):
    by = factories.administrator(store)
    change_setting(
        store,
        key,
        number,
        source="test",
        owner="test",
        decided_on=clock.today(),
        by=by.id,
        at=clock.now(),
    )


def test_an_address_applies_so_often_an_hour_and_keeps_what_it_typed(app, client, store):
    limit(store, "candidate.applications_per_hour", 2)
    assert [send(client).status_code for _ in range(3)] == [302, 302, 429]
    answer = send(new_client(app))
    assert answer.status_code == 429
    assert answer.page.values(answer.page.form("/apply"))["last_name"] == ["Серікбаева"]
    elsewhere = new_client(app)
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert send(elsewhere).status_code == 302
    assert len(store.scalars(select(Candidate)).all()) == 3
    for attempt in store.scalars(select(SignInAttempt)):
        assert "127.0.0.1" not in attempt.subject_hash
        attempt.at -= timedelta(minutes=61)
    assert send(client).status_code == 302


def test_everybody_together_applies_so_often_an_hour(app, store):
    limit(store, "candidate.applications_in_all", 2)
    codes = []
    for number in range(3):
        browser = new_client(app)
        browser.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        codes.append(send(browser).status_code)
    assert codes == [302, 302, 429]


def test_applications_do_not_shut_the_door_to_those_who_sign_in(client, store, sign_in):
    user = factories.coordinator(store)
    for _ in range(4):
        send(client)
    assert sign_in(user).get("/").status_code == 302


def test_the_sign_in_page_leads_to_the_form(client):
    assert client.page("/sign-in").find("a", href="/apply")


def test_staff_enter_somebody_who_applied_in_person(desk, store, coordinator):
    typed = FILLED | {"motivation": "", "email": ""}
    answer = desk.submit("/candidates/new", **typed)
    row = store.scalars(select(Candidate)).one()
    assert answer.headers["Location"] == f"/mentors/{row.mentor_id}"
    assert (row.source, row.owner_id) == ("staff", coordinator.id)
    step = store.scalars(select(CandidateStep)).one()
    assert (step.step, step.outcome, step.recorded_by) == (
        "application",
        "positive",
        coordinator.id,
    )
    elsewhere = desk.submit("/candidates/new", **(typed | {"region": KOSTANAY}))
    assert elsewhere.status_code == 422


def test_the_board_shows_each_step_with_its_people(desk, store, coordinator, today):
    plan = (("application",), ("housing",), ("clearances",), ("certificate",), ())
    rows = [complete(store, today, but=but) for but in plan]
    rows[1].owner_id = coordinator.id
    page = desk.page("/candidates")
    titles = [heading.text for heading in page.find_all("h2")]
    assert titles == [
        "Application 1",
        "Housing inspection 1",
        "Clearances 1",
        "Certificate 1",
        "Start as a mentor 1",
    ]
    assert "Not recorded: " in page.text
    assert "and 6 more" in page.text
    assert "10 days overdue" in page.text  # applied 20 days ago, and nobody read it
    for address in (
        f"/candidates/{rows[0].mentor_id}/outcome/application",
        f"/candidates/{rows[1].mentor_id}/plan/housing",
        f"/candidates/{rows[4].mentor_id}/activate",
    ):
        page.find("a", href=address)
    mine = desk.page("/candidates?owner=mine")
    assert [heading.text for heading in mine.find_all("h2")] == ["Housing inspection 1"]
    overdue = desk.page("/candidates?overdue=yes&owner=nobody")
    titles = [heading.text for heading in overdue.find_all("h2")]
    assert titles == ["Application 1", "Clearances 1"]
    assert "Nobody is found" in desk.page(f"/candidates?region={KOSTANAY}").text


def test_a_column_shows_ten_and_leads_to_the_rest(desk, store, today):
    for number in range(27):
        factories.candidate(
            store, **ADULT, applied_at=instant(today), last_name=f"Үміткер{number:02}"
        )
    page = desk.page("/candidates")
    assert len(page.find_all("li", class_=None)) >= 10
    assert len([a for a in page.find_all("a") if a.text.startswith("Үміткер")]) == 10
    step = desk.page(page.find("a", href="/candidates/steps/application").attrs["href"])
    assert step.h1 == "Application 27"
    assert "Page 1 of 2" in step.text
    found = desk.page("/candidates/steps/application?q=умиткер05")
    assert found.h1 == "Application 1"


def test_a_coordinator_of_another_region_sees_nobody(store, sign_in, today):
    row = complete(store, today, but=("housing",), last_name="Көрінбес")
    stranger = sign_in(factories.coordinator(store, regions=(KOSTANAY,)))
    assert "Көрінбес" not in stranger.page("/candidates").html
    assert "Көрінбес" not in stranger.page("/candidates/steps/housing").html
    for path in ("take", "assign/housing", "plan/housing", "outcome/housing", "refuse"):
        address = f"/candidates/{row.mentor_id}/{path}"
        assert stranger.open(address, method="GET").status_code in (404, 405), path


def test_from_the_application_to_an_active_mentor_on_the_pages(
    client, desk, store, coordinator, today
):
    send(client)
    number = store.scalars(select(Candidate.mentor_id)).one()
    own = f"/candidates/{number}"
    desk.submit(f"/mentors/{number}", f"{own}/take")
    desk.submit(f"{own}/outcome/application", outcome="positive")
    shown = desk.page(f"/mentors/{number}")
    assert "Plan the interview" in shown.find("div", class_="next-step").text
    assert desk.submit(f"{own}/plan/interview", planned_on=today.strftime("%d.%m.%Y")).headers
    desk.submit(f"{own}/outcome/interview", outcome="positive", note="Жақсы әңгіме")
    desk.submit(f"{own}/outcome/housing", outcome="positive")
    early = desk.submit(f"{own}/activate", capacity="2", reach_km="30")
    assert early.status_code == 422
    assert "Not every step is complete yet" in early.page.text
    mentor = store.get(Mentor, number)
    until = today + 300 * DAY
    factories.clearances(store, mentor=mentor, checked_on=today, valid_until=until)
    factories.passed(store, mentor=mentor, on=today)
    factories.certificate(store, mentor=mentor, issued_on=today, expires_on=until)
    ready = desk.page(f"/mentors/{number}")
    assert "Make an active mentor" in ready.find("div", class_="next-step").text
    assert len(ready.find("ol", class_="way").text.split("Done")) == 8
    too_many = desk.submit(f"{own}/activate", capacity="9", reach_km="30")
    assert "at most 4 children" in too_many.page.text
    without = desk.submit(f"{own}/activate", capacity="2", reach_km="30")
    assert without.status_code == 422 and "Record the IIN first" in without.page.text
    known = {"iin": factories.fictional_iin(), "iin_confirmed": "true"}
    assert desk.submit(f"/mentors/{number}/edit", **known).status_code == 302
    assert desk.submit(f"{own}/activate", capacity="2", reach_km="30").status_code == 302
    store.expire_all()
    assert store.get(Mentor, number).status == MentorStatus.ACTIVE
    acts = store.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == number)).all()
    assert {"applied", "took_over_candidate", "recorded_candidate_step"} <= set(acts)


def test_a_negative_conclusion_leads_to_a_refusal_with_its_reason(desk, store, today):
    row = complete(store, today, but=("interview", "housing", "clearances", "certificate"))
    own = f"/candidates/{row.mentor_id}"
    silent = desk.submit(f"{own}/outcome/interview", outcome="negative")
    assert silent.status_code == 422
    desk.submit(f"{own}/outcome/interview", outcome="negative", note="Келіспеді")
    step = desk.page(f"/mentors/{row.mentor_id}").find("div", class_="next-step")
    assert "Refuse the application" in step.text
    answer = desk.submit(f"{own}/refuse", reason="interview_negative", note="Хат жіберілді")
    assert answer.status_code == 302
    page = desk.page(f"/mentors/{row.mentor_id}")
    assert "Negative conclusion of the interview" in page.text
    desk.submit(f"/mentors/{row.mentor_id}", "/apply-again")
    again = desk.page(f"/mentors/{row.mentor_id}")
    assert "Earlier tries" in again.text
    assert "Келіспеді" in again.text


def test_a_page_of_a_way_that_has_ended_says_so(desk, store, today):
    row = complete(store, today)
    row.mentor.status, row.ended_as, row.ended_at = "withdrawn", "withdrawn", clock.now()
    for path in ("plan/interview", "outcome/housing", "refuse", "activate", "assign/active"):
        page = desk.page(f"/candidates/{row.mentor_id}/{path}")
        assert "The way of this candidate has ended" in page.text, path


def test_a_conclusion_saved_meanwhile_is_not_overwritten(desk, store, today):
    row = complete(store, today, but=("housing",))
    address = f"/candidates/{row.mentor_id}/outcome/housing"
    page = desk.page(address)
    factories.candidate_step(store, candidate=row, step="housing", done_on=today)
    answer = desk.send(page, outcome="negative", note="Бөлме тар")
    assert answer.status_code == 422
    assert "recorded already" in answer.page.text
    corrected = desk.submit(address, outcome="negative", note="Бөлме тар")
    assert corrected.status_code == 302


def test_a_due_date_and_an_owner_are_set_for_a_step(desk, store, coordinator, today):
    row = complete(store, today, but=("certificate",))
    colleague = factories.coordinator(store, regions=(KARAGANDA,), name="Әріптес")
    factories.coordinator(store, regions=(KOSTANAY,), name="Бөтен")
    address = f"/candidates/{row.mentor_id}/assign/certificate"
    assert "Бөтен" not in desk.page(address).text
    due_on = (today + 3 * DAY).strftime("%d.%m.%Y")
    desk.submit(address, owner=str(colleague.id), due_on=due_on)
    page = desk.page(f"/mentors/{row.mentor_id}")
    assert "Әріптес" in page.find("ol", class_="way").text
    assert due_on in page.text


def test_an_owner_hears_once_that_a_step_is_theirs_and_once_that_it_is_overdue(
    app, store, coordinator, today
):
    row = complete(store, today, but=("certificate",), owner_id=coordinator.id)
    nobodys = complete(store, today, but=("certificate",), last_name="Иесіз")
    store.commit()

    def told(day):
        with app.app_context():
            from_settings = app.config["SETTINGS"]
            said = tell_step_owners(store, from_settings, day, clock.now())
            store.commit()
        return said

    assert [told(today), told(today + DAY)] == ["1 written", "0 written"]
    assert [told(today + 30 * DAY), told(today + 31 * DAY)] == ["1 written", "0 written"]
    messages = store.scalars(select(Message).order_by(Message.id)).all()
    assert [m.kind for m in messages] == ["candidate_step", "candidate_step_overdue"]
    for message in messages:
        assert f"/mentors/{row.mentor_id}" in message.body
        assert row.mentor.last_name not in message.body
    assert nobodys.owner_id is None


def test_the_manager_sees_medians_and_no_small_number(store, sign_in, today):
    for _ in range(6):
        complete(store, today)
    for _ in range(2):
        complete(store, today, but=("housing",), region=KOSTANAY, town="Қостанай")
    manager = sign_in(factories.manager(store))
    page = manager.page("/candidates/figures")
    table = page.find_all("table")[0].text
    assert "Interview" in table
    assert "fewer than 5" in page.text
    manager.page("/practice").find("a", href="/candidates/figures")
    alone = sign_in(factories.manager(store, all_regions=False, regions=(KOSTANAY,)))
    assert len(alone.page("/candidates/figures").find_all("table")) == 1


@pytest.fixture
def many(store, today):
    def add(number):
        for _ in range(number):
            for but in (("application",), ("interview",), ("clearances",), ("test",), ()):
                owner = factories.coordinator(store, regions=(KARAGANDA,))
                complete(store, today, but=but, owner_id=owner.id, phone="+77010000001")
        store.commit()

    return add


def test_lists_of_candidates_cost_a_constant_number_of_statements(
    many, desk, sign_in, store, statements
):
    pages = ("/candidates", "/candidates/steps/clearances", "/candidates/figures")
    many(1)
    few = counts(desk, pages, statements)
    many(8)
    assert counts(desk, pages, statements) == few
    assert all(number <= 16 for number in few.values()), few
