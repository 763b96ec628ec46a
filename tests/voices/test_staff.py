"""What a coordinator makes, revokes, sends, writes down and sees of three voices."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.check_ins.models import CheckIn
from mentorship.errors import AlreadyDone, Impossible, Invalid
from mentorship.messages.models import Message
from mentorship.voices import queries, results, services
from mentorship.voices.facts import Voice, Word
from mentorship.voices.models import VoiceAnswer, VoiceLink
from tests import factories

DAY = timedelta(days=1)


def noon(day):
    return datetime(day.year, day.month, day.day, 7, tzinfo=UTC)


@pytest.fixture
def desk(sign_in, staff, match):
    return sign_in(staff)


def tab(match):
    return f"/matches/{match.id}/voices"


def test_a_link_for_the_tablet_is_one_press_and_shows_its_digits(desk, store, match):
    answer = desk.submit(tab(match), "/child/link")
    page = desk.page(answer.headers["Location"])
    link = store.scalars(select(VoiceLink)).one()
    assert (link.voice, link.language, link.made_by) == ("child", "kk", match.id and link.made_by)
    shown = page.find("strong", class_="typed").text.replace(" ", "")
    assert len(shown) == 10 and shown.isdigit()
    address = page.find("p", class_="address").text
    assert "/v/" in address
    assert link.check_in.kind == "child"


def test_the_page_begins_in_the_childs_own_language(desk, store, match):
    match.child.first_language = "ru"
    desk.submit(tab(match), "/child/link")
    assert store.scalars(select(VoiceLink)).one().language == "ru"


def test_a_child_whose_language_has_no_page_begins_in_kazakh(desk, store, match):
    match.child.first_language = "uz"
    desk.submit(tab(match), "/child/link")
    assert store.scalars(select(VoiceLink)).one().language == "kk"


def test_a_revoked_link_is_gone_from_the_page_and_opens_nothing(desk, store, match, make):
    link = make()
    answer = desk.submit(tab(match), f"/voice-links/{link.id}/revoke")
    page = desk.page(answer.headers["Location"])
    assert not page.find_all("strong", class_="typed")
    assert desk.get(link.address).status_code == 404
    assert store.get(VoiceLink, link.id).revoked_by


def test_a_carers_link_goes_to_the_organisation_without_a_childs_name(desk, store, match, make):
    match.child.centre.email = "centre@example.org"
    link = make("carer")
    desk.submit(tab(match), f"/voice-links/{link.id}/send")
    message = store.scalars(select(Message)).one()
    assert (message.address, message.kind) == ("centre@example.org", "carer_link")
    assert link.address in message.body
    for word in (match.child.first_name, match.child.last_name, match.mentor.last_name):
        assert word not in message.subject + message.body


REFUSALS = [
    ("child", "centre@example.org", None, Impossible, "only_carers_by_mail"),
    ("carer", None, None, Invalid, "centre_without_email"),
    ("carer", "centre@example.org", "sent", AlreadyDone, "link_sent"),
    ("carer", "centre@example.org", "revoked", AlreadyDone, "link_over"),
]


@pytest.mark.parametrize(("voice", "email", "before", "error", "code"), REFUSALS)
def test_a_link_that_should_not_be_sent_is_not(
    store, match, make, staff, voice, email, before, error, code
):
    match.child.centre.email = email
    link = make(voice)
    given = {"by": staff.id, "at": clock.now()}
    if before == "sent":
        services.send_link(store, link, address="http://127.0.0.1/x", **given)
    if before == "revoked":
        services.revoke_link(store, link, **given)
    with pytest.raises(error, match=code):
        services.send_link(store, link, address="http://127.0.0.1/x", **given)


def test_a_link_is_revoked_once(store, make, staff):
    link = make()
    services.revoke_link(store, link, by=staff.id, at=clock.now())
    with pytest.raises(AlreadyDone, match="link_over"):
        services.revoke_link(store, link, by=staff.id, at=clock.now())


def test_answers_told_in_a_conversation_are_written_down(desk, store, match, staff, on):
    answer = desk.submit(
        f"{tab(match)}/child/answers", way="visit", glad="5", safe="3", note="Likes chess."
    )
    assert answer.headers["Location"] == tab(match)
    said = store.scalars(select(VoiceAnswer)).one()
    assert (said.answers, said.recorded_by) == ({"glad": 5, "safe": 3}, staff.id)
    contact = store.scalars(select(CheckIn).where(CheckIn.kind == "child")).one()
    assert (contact.held_on, contact.way, contact.recorded_by) == (on, "visit", staff.id)
    page = desk.page(tab(match))
    assert "told to staff" in page.text and "Likes chess." in page.text


def test_the_form_saved_twice_writes_one_answer(desk, store, match):
    page = desk.page(f"{tab(match)}/carer/answers")
    desk.send(page, way="phone", calm="4")
    assert desk.send(page, way="phone", calm="4").status_code == 422
    assert len(store.scalars(select(VoiceAnswer)).all()) == 1


@pytest.mark.parametrize(
    ("days", "answers", "note", "error"),
    [(-90, {"glad": 4}, None, "before_start"), (0, {}, None, "nothing_said")],
)
def test_what_cannot_have_been_said_is_refused(store, match, staff, on, days, answers, note, error):
    with pytest.raises(Invalid, match=error):
        results.record_told(
            store,
            match,
            Voice.CHILD,
            answers,
            note=note,
            on=on + days * DAY,
            way="visit",
            language="kk",
            by=staff.id,
            at=clock.now(),
        )


def test_nothing_is_flagged_on_the_page_while_all_three_agree(desk, store, match, on):
    factories.meeting(store, match=match, held_on=on - DAY, went=4)
    for voice in ("child", "carer"):
        factories.voice_answer(store, match=match, answered_at=noon(on - DAY), voice=voice)
    assert "All three voices were heard lately" in desk.page(tab(match)).text


def test_silence_disagreement_and_safety_are_three_flags_with_a_next_step(desk, store, match, on):
    match.started_on = on - 130 * DAY
    factories.meeting(store, match=match, held_on=on - DAY, went=5)
    factories.voice_answer(
        store, match=match, answered_at=noon(on - DAY), answers={"glad": 2, "safe": 1}
    )
    page = desk.page(tab(match))
    tags = [tag.text for tag in page.find_all("span", class_="tag") if tag.within("section")]
    assert tags[:3] == ["Does not feel safe", "Voices disagree", "Silent"]
    rows = page.find("section", **{"aria-labelledby": "flags"})
    assert "Talk with the child today" in rows.text
    assert "Child: 1 of 5. Mentor: 5 of 5." in rows.text
    assert "not heard since the match began" in rows.text


def test_an_unfinished_answer_flags_at_once_that_the_child_is_not_safe(
    client, desk, store, match, make
):
    client.post(f"{make().address}/3", data={"step": "1"})
    page = desk.page(tab(match))
    assert "Does not feel safe" in page.text and "Not finished" in page.text


def test_a_closed_match_shows_what_was_said_and_flags_nothing(desk, store, match, on):
    factories.voice_answer(store, match=match, answered_at=noon(on - DAY), answers={"safe": 1})
    match.ended_on, match.closure_reason = on, "other"
    match.ended_as_planned, match.ended_by = False, "programme"
    page = desk.page(tab(match))
    assert not page.find_all("section", **{"aria-labelledby": "flags"})
    assert "Make a link for the child" not in page.text
    assert "Feels safe" in page.text


def test_a_contact_fulfilled_by_an_answer_is_not_shown_twice(client, desk, make, match):
    link = make()
    for number in range(1, 6):
        client.post(f"{link.address}/{number}", data={"step": "4"})
    table = desk.page(tab(match)).find("table", class_="stack")
    assert table.text.count("4 of 5") == 1 and "by a link" in table.text


def test_this_weeks_children_stand_under_their_organisation(desk, store, match, on):
    late = factories.eligible_match(store, started_on=on - 90 * DAY)
    factories.check_in(store, match=late, due_on=on - 5 * DAY, kind="child")
    later = factories.eligible_match(store, started_on=on - 90 * DAY)
    factories.check_in(store, match=later, due_on=on + 8 * DAY, kind="child")
    mentors = factories.eligible_match(store, started_on=on - 90 * DAY)
    factories.check_in(store, match=mentors, due_on=on, kind="mentor")
    page = desk.page("/voices")
    assert match.child.full_name in page.text
    assert late.child.centre.name_kk in page.text and "Overdue" in page.text
    for other in (later, mentors):
        assert f"/matches/{other.id}/voices" not in page.html


def test_filters_of_the_list_keep_to_one_voice(desk, match):
    page = desk.page("/voices?voice=carer")
    kinds = [
        cell.text for cell in page.find_all("td") if cell.attrs.get("data-label") == "Who is asked"
    ]
    assert kinds == ["Carer at the organisation"]


def test_one_press_makes_the_links_of_an_organisation_and_prints_slips(desk, store, match, on):
    home = match.child.centre
    other = factories.eligible_child(store, on=on - 90 * DAY, centre=home)
    second = factories.match(
        store,
        mentor=factories.eligible_mentor(store, on=on - 90 * DAY),
        child=other,
        started_on=on - 90 * DAY,
    )
    factories.check_in(store, match=second, due_on=on, kind="child")
    answer = desk.submit("/voices", f"/voices/centres/{home.id}/links")
    page = desk.page(answer.headers["Location"])
    slips = page.find("ul", class_="slips")
    assert {row.match_id for row in store.scalars(select(VoiceLink))} == {match.id, second.id}
    for child in (match.child, other):
        assert child.last_name not in slips.text and child.first_name not in slips.text
    assert match.child.full_name in page.text  # the key, which is not printed
    again = desk.submit("/voices", f"/voices/centres/{home.id}/links")
    assert again.status_code == 302
    assert len(store.scalars(select(VoiceLink)).all()) == 2


def test_a_slip_speaks_the_childs_language(desk, store, match, make):
    make(language="ru")
    page = desk.page(f"/voices/centres/{match.child.centre_id}/sheet")
    assert page.find("ul", class_="slips") and [
        li.attrs["lang"]
        for li in page.find_all("li")
        if li.within("ul").attrs.get("class") == "slips"
    ] == ["ru"]


def test_an_organisation_of_another_region_has_no_sheet(desk, store):
    away = factories.centre(store, region=factories.KOSTANAY)
    assert desk.get(f"/voices/centres/{away.id}/sheet").status_code == 404


def test_the_list_costs_as_many_statements_for_sixty_as_for_three(
    desk, store, match, on, statements
):
    def add(number):
        for _ in range(number):
            row = factories.eligible_match(store, started_on=on - 90 * DAY)
            factories.check_in(store, match=row, due_on=on, kind="child")
            factories.voice_link(store, match=row)
            factories.voice_answer(store, match=row, answered_at=noon(on))

    def cost():
        statements.clear()
        desk.page("/voices")
        return len(statements)

    add(2)
    few = cost()
    add(20)
    assert cost() == few <= 12


def test_the_last_words_of_thousands_cost_three_statements(database, statements):
    on = clock.today()
    rows = [factories.eligible_match(database, started_on=on - 90 * DAY) for _ in range(3)]
    for row in rows:
        factories.meeting(database, match=row, held_on=on - 9 * DAY, went=3)
        factories.meeting(database, match=row, held_on=on - 2 * DAY, went=5)
        factories.check_in(
            database, match=row, due_on=on, held_on=on - DAY, kind="mentor", way="phone"
        )
        factories.voice_answer(
            database, match=row, answered_at=noon(on - 20 * DAY), answers={"safe": 1, "glad": 3}
        )
        factories.voice_answer(
            database, match=row, answered_at=noon(on - 3 * DAY), answers={"glad": 4}
        )
    database.flush()
    statements.clear()
    found = queries.latest_voices(database, [*(row.id for row in rows), *range(10_000, 15_000)])
    assert len(statements) == 3
    assert len(found) == 5003
    mentor = Word(on - DAY, 5, on - 2 * DAY)
    child = Word(on - 3 * DAY, 4, on - 3 * DAY, safe=1)
    assert found[rows[0].id] == {Voice.MENTOR: mentor, Voice.CHILD: child}


def test_a_cancelled_meeting_is_not_a_word_of_the_mentor(database):
    on = clock.today()
    row = factories.eligible_match(database, started_on=on - 90 * DAY)
    factories.meeting(
        database,
        match=row,
        held_on=on,
        cancelled_by="mentor",
        kind=None,
        minutes=None,
        activity=None,
        went=None,
    )
    assert queries.latest_voices(database, [row.id]) == {row.id: {}}
