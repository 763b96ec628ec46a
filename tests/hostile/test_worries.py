"""A restricted worry stays with those named, a signature stands under what was read."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from mentorship.concerns import endings, services
from mentorship.concerns.models import Concern
from mentorship.concerns.notices import tell_of_new
from mentorship.errors import Impossible
from tests import factories
from tests.hostile.conftest import AT, BASE, ON

HOUR = timedelta(hours=1)


@pytest.fixture
def people(store):
    found = [factories.coordinator(store) for _ in range(3)]
    store.commit()
    return found


@pytest.fixture
def concern(store):
    found = factories.concern(store, match=factories.eligible_match(store, started_on=ON))
    store.commit()
    return found


@pytest.fixture
def page(store):
    """The session of somebody whose page was read before others acted."""
    with Session(store.get_bind(), expire_on_commit=False) as session:
        yield session


ACTS = {
    "take": lambda session, row, user: services.give_to(session, row, user, by=user.id, at=AT),
    "note": lambda session, row, user: services.add_note(
        session, row, text="I know him", by=user.id, at=AT
    ),
    "open_up": lambda session, row, user: services.open_up(session, row, by=user.id, at=AT),
    "name_oneself": lambda session, row, user: services.restrict(
        session, row, [user], by=user.id, at=AT
    ),
    "close": lambda session, row, user: endings.ask_to_close(
        session, row, outcome="helped", text="Fine", by=user.id, at=AT
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_page_from_before_a_worry_was_restricted_opens_nothing(store, page, people, concern, act):
    one, other, _ = people
    services.review_concern(store, concern, text="Looked", by=one.id, at=AT)
    store.commit()
    seen, user = page.get_one(Concern, concern.id), page.merge(other)
    assert not seen.restricted
    page.commit()
    services.restrict(store, concern, [], by=one.id, at=AT)
    store.commit()
    with pytest.raises(Impossible):
        ACTS[act](page, seen, user)


def test_a_named_reader_and_the_owners_supervisor_go_on_with_a_restricted_worry(store, people):
    one, reader, leader = people
    match = factories.eligible_match(store, started_on=ON)
    concern = factories.concern(store, match=match)
    one.supervisor_id = leader.id
    services.restrict(store, concern, [reader], by=one.id, at=AT)
    store.flush()
    for user in people:
        services.add_note(store, concern, text="Seen", by=user.id, at=AT)
    assert len(concern.events) >= 3


def test_a_signature_does_not_close_what_was_asked_anew_since_the_page_was_read(
    store, sign_in, people, concern
):
    one, other, _ = people
    services.review_concern(store, concern, text="Looked", by=one.id, at=AT)
    endings.ask_to_close(store, concern, outcome="helped", text="Fine", by=one.id, at=AT)
    store.commit()
    client = sign_in(other)
    old = client.page(f"/concerns/{concern.id}/sign")
    store.refresh(concern)
    endings.send_back(store, concern, text="Wrong one", by=one.id, at=AT)
    again = {"outcome": "handed_over", "text": "Police", "by": one.id, "at": AT + HOUR}
    endings.ask_to_close(store, concern, **again)
    store.commit()
    answer = client.send(old, answer="sign")
    assert answer.status_code in (409, 422)
    store.refresh(concern)
    assert concern.closed_at is None
    assert client.submit(f"/concerns/{concern.id}/sign", answer="sign").status_code == 302


def test_a_worry_whose_key_is_lost_keeps_nobody_from_being_told_of_the_others(
    store, sign_in, people, concern
):
    match_id, user = concern.match_id, people[0]
    factories.concern(store, match=factories.eligible_match(store, started_on=ON))
    store.execute(text("update concern set text = 'lost' where id = :id"), {"id": concern.id})
    store.commit()
    with Session(store.get_bind()) as job:
        assert tell_of_new(job, base_url=BASE, at=AT) == 2
        job.commit()
    store.expunge_all()
    client = sign_in(user)
    for address in ("/concerns", "/today", f"/matches/{match_id}/worries"):
        assert client.get(address).status_code == 200
