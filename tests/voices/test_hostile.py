"""Who should not answer, or not twice, does not; and no answer tells them why.

The pages have no session, so there is nothing that a form on another site could ride on: the
address is the secret, and who knows it needs no form. So they carry no token against that.
"""

import string
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from itsdangerous import URLSafeSerializer
from sqlalchemy import func, select

from mentorship import clock
from mentorship.check_ins.services import end_schedule
from mentorship.concerns.models import Concern
from mentorship.matches.models import ClosureReason, EndedBy
from mentorship.settings.services import change_setting
from mentorship.voices import services, transport
from mentorship.voices.models import VoiceAnswer, VoiceLink
from tests import factories
from tests.conftest import new_client

OVER = 404
HOUR = timedelta(hours=1)


def close(store, match, on):
    match.ended_on, match.closure_reason = on, ClosureReason.OTHER
    match.ended_as_planned, match.ended_by = False, EndedBy.PROGRAMME
    store.commit()


def finish(client, link):
    for number in range(1, 6):
        client.post(f"{link.address}/{number}", data={"step": "4"})


def text_of(answer):
    assert answer.status_code == OVER
    return answer.page.text


def test_every_link_that_does_not_work_shows_the_same_page_with_111(
    client, store, make, match, staff, on, secret
):
    used, old = make(), make("carer", at=clock.now() - 100 * HOUR)
    finish(client, used)
    revoked = make()
    services.revoke_link(store, revoked, by=staff.id, at=clock.now())
    other = factories.eligible_match(store, started_on=on - timedelta(days=80))
    closed = make(of=other)
    close(store, other, on)
    signed = URLSafeSerializer(secret, salt="voice")
    wrong = [
        "/v/nonsense",
        f"/v/{signed.dumps([987654, 'nonce'])}",  # a row that is not there
        f"/v/{signed.dumps([used.id, 'another nonce'])}",
        f"/v/{signed.dumps(['1', 2])}",
        f"/v/{URLSafeSerializer(secret, salt='password').dumps([used.id, used.nonce])}",
        f"/v/{'x' * 5000}",
        "/v/%00%ff",
        *(link.address for link in (used, old, revoked, closed)),
    ]
    texts = {text_of(client.get(address)) for address in wrong}
    assert len(texts) == 1
    assert "111" in texts.pop()


def test_the_page_says_it_in_all_three_languages(client):
    page = client.get("/v/nonsense").page
    assert [s.attrs["lang"] for s in page.find_all("section")] == ["kk", "ru", "en"]


def test_no_letter_of_an_address_can_be_changed(client, store, make):
    link = make()
    token = link.address.removeprefix("/v/")
    for place in range(len(token)):
        letter = next(c for c in string.ascii_letters if c not in (token[place], "-"))
        changed = token[:place] + letter + token[place + 1 :]
        # The last letter of base64 has bits that mean nothing: it may open the same page.
        if transport.read_token(changed, "x") is None and place < len(token) - 1:
            assert client.get(f"/v/{changed}").status_code == OVER, place


def test_an_address_of_another_service_does_not_open(client, make, secret):
    link = make()
    stranger = transport.token_of(link, "another secret key, longer than 32 characters")
    assert client.get(f"/v/{stranger}").status_code == OVER
    assert transport.read_token(stranger, secret) is None


def test_neither_address_nor_number_stands_in_the_database(store, make):
    link = make()
    row = store.get(VoiceLink, link.id)
    kept = " ".join(str(getattr(row, column.name)) for column in VoiceLink.__table__.columns)
    assert link.code not in kept
    assert link.address.removeprefix("/v/") not in kept


def test_a_link_works_until_the_last_second_and_then_no_more(client, make):
    with time_machine.travel(clock.now(), tick=False) as now:
        link = make()
        now.shift(72 * HOUR - timedelta(seconds=1))
        assert client.get(link.address).status_code == 200
        now.shift(timedelta(seconds=1))
        assert client.get(link.address).status_code == OVER
        assert client.post(f"{link.address}/1", data={"step": "4"}).status_code == OVER


def test_the_programme_decides_how_long_a_link_lasts(store, staff, make, on):
    decided = {"source": "x", "owner": "x", "decided_on": on, "by": staff.id, "at": clock.now()}
    change_setting(store, "voices.link_hours", 5, **decided)
    link = make()
    assert link.expires_at - link.made_at == 5 * HOUR


def test_an_answer_cannot_be_given_twice(client, store, make):
    link = make()
    finish(client, link)
    before = store.scalars(select(VoiceAnswer)).one().answers
    assert client.post(f"{link.address}/1", data={"step": "1"}).status_code == OVER
    assert client.post(f"{link.address}/5", data={"step": "1"}).status_code == OVER
    assert store.scalars(select(VoiceAnswer)).one().answers == before


def test_a_carers_form_sent_a_second_time_changes_nothing(client, store, make):
    link = make("carer")
    client.post(link.address, data={"calm": "5"})
    assert client.post(link.address, data={"calm": "1"}).status_code == OVER
    assert store.scalars(select(VoiceAnswer)).one().answers == {"calm": 5}


def test_two_tabs_answer_one_link_and_the_first_to_finish_counts(app, store, make):
    link = make()
    one, two = new_client(app), new_client(app)
    one.post(f"{link.address}/1", data={"step": "5"})
    two.post(f"{link.address}/1", data={"step": "1"})
    finish(one, link)
    assert two.post(f"{link.address}/5", data={"step": "1"}).status_code == OVER
    assert store.scalar(select(func.count(VoiceAnswer.id))) == 1


def test_two_tabs_at_the_very_same_moment_leave_one_answer_and_one_concern(app, store, make):
    link = make()
    for number in range(1, 5):
        new_client(app).post(f"{link.address}/{number}", data={"step": "3"})
    store.commit()

    def press(path):
        client = app.test_client()
        client.before = client.after = None
        return client.post(link.address + path, data={"step": "3"}).status_code

    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(press, ("/5", "/5", "/talk", "/talk")))
    assert sorted(ended)[:3] == [302, 302, 302] and ended[2:] == [302, 302]
    store.rollback()
    assert store.scalar(select(func.count(VoiceAnswer.id))) == 1
    assert store.scalar(select(func.count(Concern.id))) == 1


def test_a_link_that_is_revoked_midway_takes_no_further_answer(client, store, make, staff):
    link = make()
    client.post(f"{link.address}/1", data={"step": "2"})
    services.revoke_link(store, store.get(VoiceLink, link.id), by=staff.id, at=clock.now())
    assert client.post(f"{link.address}/2", data={"step": "2"}).status_code == OVER
    assert store.scalars(select(VoiceAnswer)).one().answers == {"glad": 2}


@pytest.mark.parametrize("how", ["used", "revoked", "expired", "closed"])
def test_a_wish_to_talk_is_heard_even_when_the_link_has_ended(
    client, store, make, staff, match, on, how
):
    with time_machine.travel(clock.now(), tick=False) as now:
        link = make()
        if how == "used":
            finish(client, link)
        elif how == "revoked":
            services.revoke_link(store, store.get(VoiceLink, link.id), by=staff.id, at=clock.now())
        elif how == "expired":
            now.shift(73 * HOUR)
        else:
            close(store, match, on)
        answer = client.post(f"{link.address}/talk")
        assert answer.status_code == 302
        assert client.page(answer.headers["Location"]).find("a", href="tel:111")
    assert store.scalar(select(func.count(Concern.id))) == 1


def test_a_day_after_its_end_a_link_hears_nothing_and_shows_111(client, store, make):
    with time_machine.travel(clock.now(), tick=False) as now:
        link = make()
        now.shift(96 * HOUR)
        assert "111" in text_of(client.post(f"{link.address}/talk"))
    assert store.scalar(select(func.count(Concern.id))) == 0


def test_a_new_link_ends_the_one_before(client, make):
    first, second = make(), make()
    assert client.get(first.address).status_code == OVER
    assert client.get(second.address).status_code == 200


def test_no_link_is_made_for_a_closed_match(store, make, match, on):
    close(store, match, on)
    with pytest.raises(Exception, match="match_closed"):
        make()


def test_a_childs_link_does_not_open_the_carers_form_nor_the_other_way(client, store, make):
    child, carer = make(), make("carer")
    assert client.post(child.address, data={"calm": "1"}).status_code == OVER
    assert client.post(f"{carer.address}/1", data={"step": "1"}).status_code == OVER
    assert client.post(f"{carer.address}/talk").status_code == OVER
    assert client.get(f"{carer.address}/1").status_code == OVER
    assert store.scalar(select(func.count(VoiceAnswer.id))) == 0


@pytest.mark.parametrize("step", ["", "6", "-1", "5.0", "x" * 500, "٣"])
def test_a_step_that_is_not_on_the_page_is_not_kept(client, store, make, step):
    link = make()
    answer = client.post(f"{link.address}/1", data={"step": step})
    assert answer.status_code == 200  # the same question again
    assert store.scalar(select(func.count(VoiceAnswer.id))) == 0


@pytest.mark.parametrize("number", ["0", "6", "999999999999"])
def test_a_question_that_is_not_there_is_the_same_short_page(client, make, number):
    assert client.get(f"{make().address}/{number}").status_code == OVER


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_change_nothing(client, store, make, method):
    link = make()
    for path in ("", "/1", "/talk", "/thanks", "/language"):
        assert client.open(link.address + path, method=method).status_code == 405
    assert store.get(VoiceLink, link.id).opened_at is None


def test_talking_and_thanks_cannot_be_opened_before_their_time(client, make):
    link = make()
    assert client.get(f"{link.address}/talking").status_code == OVER
    assert client.get(f"{link.address}/thanks").status_code == OVER


def test_the_page_that_thanks_is_gone_after_a_while(client, make):
    with time_machine.travel(clock.now(), tick=False) as now:
        link = make()
        finish(client, link)
        assert client.get(f"{link.address}/thanks").status_code == 200
        now.shift(timedelta(minutes=16))
        assert client.get(f"{link.address}/thanks").status_code == OVER


@pytest.mark.parametrize("path", ["", "/1", "/talk", "/language"])
def test_a_huge_body_is_refused_with_the_same_kind_of_page(client, store, make, path):
    link = make("carer" if path == "" else "child")
    answer = client.post(link.address + path, data={"step": "1", "note": "x" * 200_000})
    assert answer.status_code == 413
    assert "111" in answer.page.text
    assert store.scalar(select(func.count(VoiceAnswer.id))) == 0


def test_a_form_that_a_browser_says_comes_from_another_site_is_refused(client, store, make):
    link = make()
    for site in ("cross-site", "same-site"):
        answer = client.post(f"{link.address}/talk", headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403
    assert store.scalar(select(func.count(Concern.id))) == 0


def test_no_page_sets_a_cookie_is_kept_or_tells_where_it_was(client, make):
    link, carer = make(), make("carer")
    answers = [
        client.get("/v"),
        client.post("/v", data={"code": "1"}),
        client.get(link.address),
        client.get(f"{link.address}/1"),
        client.post(f"{link.address}/1", data={"step": "4"}),
        client.post(f"{link.address}/language", data={"language": "ru"}),
        client.post(f"{link.address}/talk"),
        client.get(f"{link.address}/talking"),
        client.get(carer.address),
        client.post(carer.address, data={"calm": "4"}),
        client.get(f"{carer.address}/thanks"),
        client.get("/v/nonsense"),
    ]
    for answer in answers:
        assert "Set-Cookie" not in answer.headers, answer.request.path
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]


def test_guessing_numbers_is_throttled_and_the_right_one_waits_too(client, make):
    with time_machine.travel(clock.now(), tick=False) as now:
        link = make()
        for guess in range(20):
            assert client.post("/v", data={"code": f"{guess:010}"}).status_code == 422
        answer = client.post("/v", data={"code": link.code})
        assert answer.status_code == 429
        assert "Too many wrong numbers" in answer.page.text or answer.page.find_all("h2")
        now.shift(HOUR + timedelta(seconds=1))
        assert client.post("/v", data={"code": link.code}).status_code == 302


def test_the_number_of_a_used_link_opens_nothing(client, make):
    link = make()
    finish(client, link)
    assert client.post("/v", data={"code": link.code}).status_code == 422


@pytest.mark.parametrize("typed", ["", "abc", "1" * 5000, "'; drop table", "\x00", "１２３"])
def test_whatever_is_typed_is_answered_in_words(client, typed):
    assert client.post("/v", data={"code": typed}).status_code == 422


def test_numbers_are_ten_digits_and_differ(make, secret):
    codes = {transport.code_of(f"nonce {number}", secret) for number in range(2000)}
    assert len(codes) == 2000
    assert all(len(code) == 10 and code.isdigit() for code in codes)
    assert transport.spaced("4829051736") == "482 905 1736"


def test_a_contact_that_the_plan_removes_leaves_its_link_and_its_wish_to_talk_alive(
    client, store, make, match, on
):
    link = make()
    end_schedule(store, match, on=on)  # what lies ahead is removed when a match ends
    store.commit()
    store.expire_all()
    assert store.get(VoiceLink, link.id).check_in_id is None
    assert client.post(f"{link.address}/talk").status_code == 302
    finish(client, link)
    assert store.scalars(select(VoiceAnswer)).one().check_in_id is None
