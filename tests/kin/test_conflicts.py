from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.errors import AlreadyDone, Invalid
from mentorship.kin.services import end_conflict, record_conflict
from mentorship.matches.models import PreparationStatus, ProposalStatus
from mentorship.matches.refusals import refused_pairs
from mentorship.matches.services import pair_refusals, refused_matches
from mentorship.mentors.models import Conflict
from mentorship.reviews.models import Hold, Review, Telling
from mentorship.rounds.services import run_round
from tests import factories
from tests.factories import KARAGANDA

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def by(database):
    return factories.coordinator(database).id


@pytest.fixture
def record(database, by):
    def record(mentor, *, child=None, centre=None, kind="dispute"):
        data = {"kind": kind, "since_on": ON, "note": None, "centre_id": centre and centre.id}
        return record_conflict(
            database, mentor, data, child_id=child and child.id, by=by, on=ON, at=AT
        )

    return record


@pytest.fixture
def run(database, by):
    def run(**given):
        asked = {"regions": (KARAGANDA,), "start_on": ON, "by": by, "at": AT} | given
        return {(row.mentor_id, row.child_id) for row in run_round(database, **asked).proposals}

    return run


def test_a_conflict_with_one_child_keeps_the_pair_out_of_a_round_and_leaves_other_children(
    database, record, run
):
    mentor = factories.eligible_mentor(database, on=ON)
    barred, other = (factories.eligible_child(database, on=ON) for _ in range(2))
    record(mentor, child=barred)
    assert run() == {(mentor.id, other.id)}
    assert pair_refusals(database, mentor, barred, ON) == ["conflict_of_interest"]


def test_somebody_who_works_in_a_centre_is_proposed_to_none_of_its_children(database, record, run):
    mentor = factories.eligible_mentor(database, on=ON, capacity=4)
    home = factories.centre(database)
    own = [factories.eligible_child(database, on=ON, centre=home) for _ in range(3)]
    elsewhere = factories.eligible_child(database, on=ON)
    record(mentor, centre=home, kind="works_in_centre")
    assert run() == {(mentor.id, elsewhere.id)}
    for child in own:
        assert pair_refusals(database, mentor, child, ON) == ["conflict_of_interest"]


def test_a_child_who_moves_into_the_centre_later_is_barred_there(database, record):
    mentor, home = factories.eligible_mentor(database, on=ON), factories.centre(database)
    child = factories.eligible_child(database, on=ON)
    record(mentor, centre=home, kind="works_in_centre")
    assert pair_refusals(database, mentor, child, ON) == []
    child.centre = home
    database.flush()
    assert pair_refusals(database, mentor, child, ON) == ["conflict_of_interest"]


def test_from_the_day_a_conflict_ends_the_pair_is_proposed_again(database, record, run, by):
    mentor = factories.eligible_mentor(database, on=ON)
    child = factories.eligible_child(database, on=ON)
    conflict = record(mentor, child=child)
    end_conflict(database, conflict, ON + 10 * DAY, by=by)
    assert run(start_on=ON + 9 * DAY) == set()
    assert run(start_on=ON + 10 * DAY) == {(mentor.id, child.id)}


def test_a_conflict_that_arrives_ends_open_proposals_and_pairs_on_the_way_of_that_pair_only(
    database, record
):
    mentor = factories.eligible_mentor(database, on=ON, capacity=4)
    other = factories.eligible_mentor(database, on=ON)
    home = factories.centre(database)
    here, on_the_way, away = (
        factories.eligible_child(database, on=ON, **given)
        for given in ({"centre": home}, {"centre": home}, {})
    )
    barred = factories.proposal(database, mentor=mentor, child=here, start_on=ON)
    kept = factories.proposal(database, mentor=mentor, child=away, start_on=ON)
    foreign = factories.proposal(
        database,
        mentor=other,
        child=factories.eligible_child(database, on=ON, centre=home),
        start_on=ON,
    )
    pair = factories.preparation(database, mentor=mentor, child=on_the_way, opened_at=AT)
    record(mentor, centre=home, kind="works_in_centre")
    assert (barred.status, barred.decline_reason) == (
        ProposalStatus.DECLINED,
        "no_longer_allowed",
    )
    assert (kept.status, foreign.status) == (ProposalStatus.OPEN, ProposalStatus.OPEN)
    assert (pair.status, pair.end_reason) == (PreparationStatus.ENDED, "no_longer_allowed")


def test_an_open_match_with_a_new_conflict_is_on_hold_looked_at_again_and_the_child_is_told(
    database, record
):
    match = factories.eligible_match(database, started_on=ON)
    record(match.mentor, child=match.child, kind="relative")
    assert [row.cause for row in database.scalars(select(Hold))] == ["conflict"]
    assert [row.cause for row in database.scalars(select(Review))] == ["conflict"]
    assert [row.cause for row in database.scalars(select(Telling))] == ["conflict"]
    assert match.on_hold
    codes = dict(refused_matches(database, ON))
    assert codes[match] == ["conflict_of_interest"]


def test_a_conflict_is_recorded_once_and_may_be_recorded_again_after_it_ended(database, record, by):
    mentor = factories.eligible_mentor(database, on=ON)
    child = factories.eligible_child(database, on=ON)
    conflict = record(mentor, child=child)
    with pytest.raises(AlreadyDone, match="conflict_exists"):
        record(mentor, child=child)
    with pytest.raises(Invalid, match="conflict_ends_early"):
        end_conflict(database, conflict, ON - DAY, by=by)
    end_conflict(database, conflict, ON, by=by)
    with pytest.raises(AlreadyDone, match="conflict_over"):
        end_conflict(database, conflict, ON, by=by)
    assert record(mentor, child=child).id != conflict.id
    told = database.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert told == ["recorded_conflict", "ended_conflict", "recorded_conflict"]


def test_a_conflict_outweighs_what_was_declined_before_and_children_who_left_are_no_pairs(
    database, record
):
    mentor, home = factories.eligible_mentor(database, on=ON), factories.centre(database)
    child = factories.eligible_child(database, on=ON, centre=home)
    factories.child(database, birth_date=date(2010, 1, 1), centre=home, left_on=ON - DAY)
    factories.proposal(
        database,
        mentor=mentor,
        child=child,
        start_on=ON,
        status=ProposalStatus.DECLINED,
        decline_reason="other",
    )
    record(mentor, centre=home, kind="works_in_centre")
    assert refused_pairs(database, ON) == {(mentor.id, child.id): "conflict"}


@pytest.fixture
def desk(store, sign_in):
    return sign_in(factories.coordinator(store, regions=(KARAGANDA,), name="Айгүл Сейітова"))


def test_a_coordinator_records_that_a_mentor_works_in_a_centre_and_ends_it(desk, store):
    on = clock.today()
    home = factories.centre(store, name_kk="«Шаңырақ» орталығы")
    mentor = factories.eligible_mentor(store, on=on)
    child = factories.eligible_child(store, on=on, centre=home)
    proposal = factories.proposal(store, mentor=mentor, child=child, start_on=on)
    store.commit()
    answer = desk.submit(
        f"/mentors/{mentor.id}/conflicts/new",
        f"/mentors/{mentor.id}/conflicts/new",
        centre_id=str(home.id),
    )
    assert answer.status_code == 302
    page = desk.page(answer.headers["Location"])
    assert "All children of «Шаңырақ» орталығы" in page.text
    assert "Айгүл Сейітова" in page.text
    store.refresh(proposal)
    assert proposal.status == ProposalStatus.DECLINED
    assert mentor.full_name in desk.page(f"/children/{child.id}").text
    conflict = store.scalars(select(Conflict)).one()
    desk.submit(f"/conflicts/{conflict.id}/end", ended_on=f"{on:%d.%m.%Y}")
    assert "Ended on" in desk.page(f"/mentors/{mentor.id}").text


def test_another_conflict_needs_words_and_a_pair_is_found_by_name_from_both_sides(desk, store):
    on = clock.today()
    mentor = factories.eligible_mentor(store, on=on, last_name="Ұзақбаева")
    child = factories.eligible_child(store, on=on, last_name="Қожахметов")
    store.commit()
    pair = f"/pairs/{mentor.id}/{child.id}/conflict"
    for address in (
        f"/mentors/{mentor.id}/conflicts/new?q=кожахметов",
        f"/children/{child.id}/conflicts/new?q=узакбаева",
    ):
        links = [link.attrs["href"] for link in desk.page(address).find_all("a")]
        assert pair in links
    answer = desk.submit(pair, pair, kind="other")
    assert answer.status_code == 422
    assert "Say what the conflict is." in answer.page.find("p", id="note-error").text
    desk.submit(pair, pair, kind="other", note="Көршісі")
    twice = desk.submit(pair, pair, kind="dispute")
    assert "This conflict of interest is already recorded." in twice.page.text
    refusal = desk.page(f"/why-not?child={child.id}&mentor={mentor.id}")
    assert "The mentor has a conflict of interest with this child." in refusal.text
