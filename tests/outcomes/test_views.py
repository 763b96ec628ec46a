import io
import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.outcomes.models import ChildStep, Goal, GoalRating, Instrument, Survey
from tests import factories
from tests.factories import KOSTANAY

GOAL = {
    "text": "Айына бір кітап оқу",
    "area": "learning",
    "expected": "Бір кітап",
    "much_more": "Үш кітап",
    "much_less": "Оқымайды",
    "start": "-2",
}


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def match(store, today):
    return factories.eligible_match(store, started_on=today - timedelta(days=40))


@pytest.fixture
def mentor(store, match, sign_in):
    return sign_in(factories.mentor_user(store, mentor=match.mentor))


@pytest.fixture
def staff(store, sign_in):
    return sign_in(factories.coordinator(store))


@pytest.fixture
def survey(store, match, today):
    return factories.survey(store, match=match, side="child", due_on=today)


def levels(store):
    return list(store.scalars(select(GoalRating.level).order_by(GoalRating.id)))


def test_a_mentor_agrees_on_a_goal_and_rates_it_with_one_tap(store, match, mentor):
    goals = f"/my-matches/{match.id}/goals"
    assert mentor.submit(f"{goals}/new", **GOAL).location.endswith(goals)
    goal = store.scalars(select(Goal)).one()
    assert goal.levels == {"-2": "Оқымайды", "0": "Бір кітап", "2": "Үш кітап"}
    page = mentor.page(goals)
    assert goal.text in page.text and "Бір кітап" in page.text
    mentor.send(page, "rating", level="0", note="Бірінші кітап")
    assert levels(store) == [0]  # the same day: corrected
    pressed = mentor.page(goals).find("button", class_="chosen")
    assert pressed.attrs["value"] == "0"


def test_the_same_page_of_a_new_goal_sent_twice_makes_one_goal(store, match, mentor):
    page = mentor.page(f"/my-matches/{match.id}/goals/new")
    for _ in range(2):
        mentor.send(page, **GOAL)
    assert len(store.scalars(select(Goal)).all()) == 1


def test_a_fourth_goal_is_neither_offered_nor_taken(store, match, mentor, today):
    for _ in range(3):
        factories.goal(store, match=match, agreed_on=today)
    assert "End one to agree on another" in mentor.page(f"/my-matches/{match.id}/goals").text
    answer = mentor.submit(f"/my-matches/{match.id}/goals/new", **GOAL)
    assert answer.status_code == 422 and "3 open goals already" in answer.page.text


@pytest.mark.parametrize("level", ["3", "-3", "x", None, "１"])
def test_a_level_out_of_range_keeps_nothing(store, match, mentor, today, level):
    factories.goal(store, match=match, agreed_on=today)
    page = mentor.page(f"/my-matches/{match.id}/goals")
    assert mentor.send(page, "rating", level=level).status_code == 422
    assert levels(store) == [-2]


def test_another_mentors_match_is_not_there(store, mentor, today):
    other = factories.eligible_match(store, started_on=today - timedelta(days=40))
    goal = factories.goal(store, match=other, agreed_on=today)
    for address in ("goals", "goals/new", f"goals/{goal.id}/end", "survey", "steps"):
        assert mentor.get(f"/my-matches/{other.id}/{address}").status_code == 404
    mine = store.scalars(select(Goal.match_id).where(Goal.id != goal.id)).all()
    assert mine == []


def test_a_goal_is_not_reached_through_another_match(store, match, mentor, today):
    other = factories.eligible_match(store, started_on=today - timedelta(days=40))
    goal = factories.goal(store, match=other, agreed_on=today)
    factories.goal(store, match=match, agreed_on=today)
    page = mentor.page(f"/my-matches/{match.id}/goals")
    token = page.values(page.form("rating"))["csrf_token"]
    sent = {"level": "2", "csrf_token": token}
    address = f"/my-matches/{match.id}/goals/{goal.id}/rating"
    assert mentor.post(address, data=sent).status_code == 404
    assert levels(store) == [-2, -2]


def closed(store, mentor, today, **given):
    young = factories.eligible_child(store, on=today - timedelta(days=90))
    start = today - timedelta(days=80)
    return factories.match(
        store, mentor=mentor, child=young, started_on=start, ended_on=today, **given
    )


def test_goals_of_a_closed_match_are_read_and_no_more_changed(store, match, mentor, today):
    over = closed(store, match.mentor, today)
    goal = factories.goal(store, match=over, agreed_on=over.started_on)
    page = mentor.page(f"/my-matches/{over.id}/goals")
    assert goal.text in page.text and not page.find_all("button", name="level")
    assert mentor.submit(f"/my-matches/{over.id}/goals/new", **GOAL).status_code == 422


def test_what_a_child_does_after_the_match_is_not_the_former_mentors_to_see(
    store, match, mentor, today
):
    over = closed(store, match.mentor, today)
    assert mentor.get(f"/my-matches/{over.id}/steps").status_code == 404


def test_a_mentor_answers_when_the_day_has_come(store, match, mentor, today):
    address = f"/my-matches/{match.id}/survey"
    assert "Nothing is asked now" in mentor.page(address).text
    row = factories.survey(store, match=match, side="mentor", due_on=today + timedelta(days=3))
    assert "Nothing is asked now" in mentor.page(address).text
    row.due_on = today
    codes = [item["code"] for item in store.get(Instrument, 2).content["items"]]
    mentor.submit(address, **{f"q_{code}": "4" for code in codes})
    assert row.score == pytest.approx((7 * 4 + 3 * 2) / 10)
    assert (row.way, row.answered_on) == ("own_phone", today)


def test_a_survey_sent_twice_is_kept_once(store, match, mentor, today):
    factories.survey(store, match=match, side="mentor", due_on=today)
    page = mentor.page(f"/my-matches/{match.id}/survey")
    assert mentor.send(page, q_enjoy="5").status_code == 302
    again = mentor.send(page, q_enjoy="1")
    assert again.status_code == 200 and "Nothing is asked now" in again.page.text
    assert store.scalars(select(Survey.answers)).all() == [{"enjoy": 5}]


def test_a_mentor_never_sees_what_the_child_answered(store, match, mentor, survey, today):
    survey.instrument_id, survey.way, survey.answered_on = 1, "talk", today
    survey.answers, survey.score = {"uneasy": 5}, 1.0
    for address in ("goals", "survey", "steps"):
        text = mentor.page(f"/my-matches/{match.id}/{address}").text
        assert "uneasy" not in text and "awkward" not in text


def test_staff_ask_the_child_in_the_childs_language(store, staff, survey):
    page = staff.page(f"/surveys/{survey.id}")
    assert "Тәлімгеріңмен кездесуді асыға күтесің бе?" in page.text
    russian = staff.page(f"/surveys/{survey.id}?language=ru")
    staff.send(russian, q_uneasy="5", q_listens="4")
    assert (survey.answers, survey.language, survey.way) == (
        {"uneasy": 5, "listens": 4},
        "ru",
        "talk",
    )
    assert survey.score is None
    page = staff.page(f"/matches/{survey.match_id}/outcomes")
    assert "worth a talk" in page.text and "too few answers" in page.text


def test_a_child_answers_on_the_tablet_one_question_a_screen(store, staff, survey):
    address = f"/surveys/{survey.id}/tablet"
    page = staff.page(address)
    assert page.find("html").attrs["lang"] == "kk" and not page.find_all("nav")
    page = staff.send(page, answer="5").page
    page = staff.send(page, back="1").page
    assert page.find("button", class_="chosen").attrs["value"] == "5"
    page = staff.send(page, skip="1").page
    for _ in range(6):
        assert survey.answered_on is None
        page = staff.send(page, answer="4").page
    done = staff.send(page, answer="2")
    assert done.location.startswith(f"/surveys/{survey.id}/thanks")
    assert "111" in staff.page(done.location).text
    assert survey.way == "tablet" and survey.answers["uneasy"] == 2 and len(survey.answers) == 7
    assert staff.send(page, answer="1").location == done.location  # pressed twice
    assert survey.answers["uneasy"] == 2


def test_a_child_who_skips_every_question_did_not_want_to_answer(store, staff, survey):
    page = staff.page(f"/surveys/{survey.id}/tablet")
    for _ in range(7):
        page = staff.send(page, skip="1").page
    staff.send(page, skip="1")
    assert (survey.skipped_reason, survey.answered_on) == ("declined", None)


@pytest.mark.parametrize("sent", [{"at": "99"}, {"at": "-1"}, {"at": "9" * 5000}, {"answer": "6"}])
def test_a_tampered_tablet_answers_nothing(store, staff, survey, sent):
    staff.send(staff.page(f"/surveys/{survey.id}/tablet"), **sent)
    assert survey.answered_on is None


def test_a_survey_that_is_not_asked_keeps_the_reason(store, staff, survey):
    staff.submit(f"/surveys/{survey.id}/skip", reason="unsuitable")
    assert survey.skipped_reason == "unsuitable"
    again = staff.submit(f"/surveys/{survey.id}/skip", reason="declined")
    assert again.status_code == 422 and survey.skipped_reason == "unsuitable"


def test_a_mentor_ticks_and_staff_confirm(store, match, mentor, staff):
    mine, theirs = f"/my-matches/{match.id}/steps", f"/children/{match.child_id}/steps"
    mentor.send(mentor.page(mine), state="done")
    row = store.scalars(select(ChildStep)).one()
    assert row.confirmed_at is None
    assert "wait" in staff.page(f"/matches/{match.id}/outcomes").text
    staff.send(staff.page(theirs), "confirm")
    assert row.confirmed_at is not None
    mentor.send(mentor.page(mine), state="started")
    history = store.scalars(select(ChildStep.state).order_by(ChildStep.id)).all()
    assert history == ["done", "started"]


def test_the_same_tick_again_adds_nothing_and_staff_confirm_by_ticking(store, match, mentor, staff):
    for client, address in (
        (mentor, f"/my-matches/{match.id}/steps"),
        (mentor, f"/my-matches/{match.id}/steps"),
        (staff, f"/children/{match.child_id}/steps"),
    ):
        client.send(client.page(address), state="done")
    assert store.scalars(select(ChildStep)).one().confirmed_at is not None


def test_steps_stay_with_the_child_and_notes_of_another_mentor_do_not_show(
    store, match, mentor, staff
):
    before = factories.user(store, role="mentor")
    row = factories.child_step(
        store, child=match.child, code="cooking", note="Тек менің жазбам", noted_by=before.id
    )
    assert row.note not in mentor.page(f"/my-matches/{match.id}/steps").text
    assert row.note in staff.page(f"/children/{match.child_id}/steps").text


def test_a_step_that_is_not_in_the_catalogue_is_refused(store, match, mentor):
    page = mentor.page(f"/my-matches/{match.id}/steps")
    assert mentor.send(page, state="done", code="flying").status_code == 422


def test_staff_of_another_region_find_nothing(store, sign_in, match, survey, today):
    goal = factories.goal(store, match=match, agreed_on=today)
    far = sign_in(factories.coordinator(store, regions=(KOSTANAY,)))
    for address in (
        f"/matches/{match.id}/outcomes",
        f"/matches/{match.id}/goals/{goal.id}/end",
        f"/surveys/{survey.id}",
        f"/surveys/{survey.id}/tablet",
        f"/surveys/{survey.id}/thanks",
        f"/children/{match.child_id}/steps",
    ):
        assert far.get(address).status_code == 404
    assert "0" in far.page("/surveys").h1


def test_the_list_of_surveys_asks_the_database_the_same_for_any_length(
    store, staff, match, today, statements
):
    counts = []
    for wave in (1, 6, 12, 24):
        factories.survey(store, match=match, side="mentor", due_on=today, wave=wave)
        statements.clear()
        page = staff.page("/surveys")
        counts.append(len(statements))
        assert match.mentor.full_name in page.text
    assert len(set(counts)) == 1


def test_the_tab_of_a_match_asks_the_database_the_same_for_any_number_of_goals(
    store, staff, match, today, statements
):
    counts = []
    for day in range(3):
        goal = factories.goal(store, match=match, agreed_on=today - timedelta(days=30))
        for after in range(1, 4):
            on = today - timedelta(days=day + after)
            factories.goal_rating(store, goal=goal, rated_on=on, level=1)
        statements.clear()
        staff.page(f"/matches/{match.id}/outcomes")
        counts.append(len(statements))
    assert len(set(counts)) == 1


def test_the_average_of_goals_is_a_number_and_no_verdict(store, staff, match, today):
    goal = factories.goal(store, match=match, agreed_on=today - timedelta(days=9), importance=1)
    factories.goal_rating(store, goal=goal, rated_on=today, level=1)
    text = staff.page(f"/matches/{match.id}/outcomes").text
    assert "Average of goals: 60" in text and "no verdict" in text


OWN = {
    "code": "other_child",
    "version": 1,
    "side": "child",
    "title": dict.fromkeys(("kk", "ru", "en"), "T"),
    "introduction": dict.fromkeys(("kk", "ru", "en"), "I"),
    "scale": [dict.fromkeys(("kk", "ru", "en"), f"S{n}") for n in range(5)],
    "items": [
        {"code": "one", "text": dict.fromkeys(("kk", "ru", "en"), "One?"), "reverse": False},
        {"code": "two", "text": dict.fromkeys(("kk", "ru", "en"), "Two?"), "reverse": True},
    ],
    "scoring": {"rule": "mean", "least_answered_percent": 80},
    "source": "A test",
    "licence": "Ours",
}


def upload(client, content):
    page = client.page("/instruments/new")
    values = page.values(page.form())
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    given = {name: found[0] for name, found in values.items()}
    given["questions"] = (io.BytesIO(data), "questions.json")
    return client.post("/instruments/new", data=given, content_type="multipart/form-data")


@pytest.fixture
def admin(store, sign_in):
    return sign_in(factories.administrator(store))


def test_an_administrator_adds_questions_and_puts_them_to_use(store, admin, staff, survey):
    upload(admin, OWN)
    added = store.scalars(select(Instrument).where(Instrument.code == "other_child")).one()
    assert not added.active and "One?" not in staff.page(f"/surveys/{survey.id}").text
    admin.submit(f"/instruments/{added.id}", "/use")
    in_use = store.scalars(
        select(Instrument.id).where(Instrument.active, Instrument.side == "child")
    )
    assert in_use.all() == [added.id]
    staff.submit(f"/surveys/{survey.id}", q_one="5", q_two="1")
    assert (survey.instrument_id, survey.score) == (added.id, 5)


def test_a_page_opened_before_other_questions_came_into_use_is_still_kept(
    store, admin, staff, survey
):
    page = staff.page(f"/surveys/{survey.id}")
    upload(admin, OWN)
    added = store.scalars(select(Instrument).where(Instrument.code == "other_child")).one()
    admin.submit(f"/instruments/{added.id}", "/use")
    staff.send(page, q_listens="5")
    assert (survey.instrument_id, survey.answers) == (1, {"listens": 5})


def spoilt(**changed):
    return {name: value for name, value in (OWN | changed).items() if value is not None}


@pytest.mark.parametrize(
    "content",
    [
        b"not json",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[]",
        b"1" * 5000,
        b" " * 100_001,
        spoilt(surprise=1),
        spoilt(licence=None),
        spoilt(licence=" \u0000 "),
        spoilt(code="Bad Code"),
        spoilt(version=0),
        spoilt(version=True),
        spoilt(side="carer"),
        spoilt(scale=OWN["scale"][:4]),
        spoilt(items=[]),
        spoilt(items=[OWN["items"][0]] * 2),
        spoilt(items=[OWN["items"][0] | {"reverse": "yes"}]),
        spoilt(items=[OWN["items"][0] | {"text": {"kk": "a", "ru": "b"}}]),
        spoilt(scoring={"rule": "sum", "least_answered_percent": 80}),
        spoilt(scoring={"rule": "mean", "least_answered_percent": 10}),
    ],
    ids=range(20),
)
def test_a_file_that_is_not_in_the_right_form_is_refused(store, admin, content):
    answer = upload(admin, content)
    assert answer.status_code == 422 and answer.page.find("p", id="questions-error")
    assert len(store.scalars(select(Instrument)).all()) == 2


def test_a_version_is_added_once_and_a_code_stays_with_its_side(store, admin):
    upload(admin, OWN)
    assert "higher version" in upload(admin, OWN).page.text
    other = upload(admin, spoilt(side="mentor", version=2))
    assert "for the other side" in other.page.text


def test_managers_see_no_small_count(store, sign_in, today):
    start = today - timedelta(days=100)
    for region, number in (("35", 6), (KOSTANAY, 3)):
        for _ in range(number):
            match = factories.eligible_match(store, started_on=start, region=region)
            goal = factories.goal(store, match=match, agreed_on=start)
            factories.goal_rating(store, goal=goal, rated_on=today, level=0)
            factories.survey(
                store, match=match, side="child", due_on=start, answered_on=today, score=4.0,
                instrument_id=1, way="talk", answers={"listens": 4},
            )  # fmt: skip
    manager = sign_in(factories.manager(store, regions=("35", KOSTANAY)))
    rows = [row.text for row in manager.page("/outcomes").find_all("tr")]
    of = {name: next(row for row in rows if name in row) for name in ("Kostanay", "Karaganda")}
    assert "fewer than 5" in of["Kostanay"] and " 3 " not in of["Kostanay"]
    assert "50.0 (" not in of["Kostanay"]
    alone = manager.page(f"/outcomes?region={KOSTANAY}")
    assert "fewer than 5" in alone.text and "4.00 (4.00 to 4.00)" not in alone.text
    assert manager.get("/outcomes?region=75").status_code == 404


def test_the_figures_ask_the_database_the_same_for_any_number_of_matches(
    store, sign_in, today, statements
):
    manager, counts = sign_in(factories.manager(store)), []
    for _ in range(2):
        for _ in range(3):
            match = factories.eligible_match(store, started_on=today - timedelta(days=90))
            factories.goal(store, match=match, agreed_on=today)
            factories.child_step(store, child=match.child, code="cooking")
        statements.clear()
        manager.page("/outcomes")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_every_change_says_who_made_it(store, match, mentor, staff, survey):
    mentor.submit(f"/my-matches/{match.id}/goals/new", **GOAL)
    staff.submit(f"/surveys/{survey.id}", q_listens="5")
    mentor.send(mentor.page(f"/my-matches/{match.id}/steps"), state="done")
    staff.send(staff.page(f"/children/{match.child_id}/steps"), "confirm")
    acts = ("agreed_goal", "answered_survey", "noted_step", "confirmed_step")
    found = store.scalars(select(AuditEntry).where(AuditEntry.action.in_(acts))).all()
    assert [row.action for row in found] == list(acts)
    assert all(row.actor_id for row in found)
    kept = {value for row in found for value in row.details.values()}
    assert GOAL["text"] not in kept and date not in {type(value) for value in kept}
