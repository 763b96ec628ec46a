from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from mentorship import clock
from mentorship.agreements import services as agreements
from mentorship.audit import AuditEntry
from mentorship.check_ins.models import CheckIn
from mentorship.children.models import ConsentKind
from mentorship.errors import AlreadyDone, NotEligible
from mentorship.matches.models import (
    Match,
    Preparation,
    Proposal,
    ProposalStatus,
    Ruling,
    RulingKind,
)
from mentorship.matches.queries import places_taken
from mentorship.matches.services import decline_proposal
from mentorship.mentors.models import ClearanceResult, MentorStatus
from tests import factories

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
DAY = timedelta(days=1)


def make_pair(session, *, start_on, certified_until="long", **mentor):
    """A proposed pair whom no rule refuses but for what the test changes."""
    adult = factories.mentor(session, **({"birth_date": date(1990, 5, 17)} | mentor))
    factories.clearances(
        session,
        mentor=adult,
        checked_on=start_on - 60 * DAY,
        valid_until=start_on + 300 * DAY,
    )
    if certified_until != "no certificate":
        long = start_on + 300 * DAY
        factories.certificate(
            session,
            mentor=adult,
            issued_on=start_on - 365 * DAY,
            expires_on=long if certified_until == "long" else certified_until,
        )
    young = factories.eligible_child(session, on=start_on)
    proposal = factories.proposal(session, mentor=adult, child=young, start_on=start_on)
    return SimpleNamespace(mentor=adult, child=young, proposal=proposal)


@pytest.fixture
def coordinator(database):
    return factories.coordinator(database)


@pytest.fixture
def pair(database):
    return make_pair(database, start_on=ON)


@pytest.fixture
def approve(database, coordinator):
    """Approves a pair on ON, or on another day."""

    def approve(pair, on=ON):
        return agreements.approve(database, pair.proposal.id, by=coordinator.id, on=on, at=AT)

    return approve


@pytest.fixture
def refused(database, approve):
    """Tries to approve: the codes of the refusal, after asking that nothing was written."""

    def refused(pair, on=ON):
        before = counts(database)
        with pytest.raises((NotEligible, AlreadyDone)) as refusal:
            approve(pair, on)
        assert_nothing_was_written(database, pair.proposal, before)
        return refusal.value.params.get("rules", refusal.value.code)

    return refused


def counts(session):
    session.flush()
    return {
        model.__tablename__: session.scalar(select(func.count()).select_from(model))
        for model in (Preparation, Match, CheckIn, AuditEntry)
    }


def assert_nothing_was_written(session, proposal, before):
    assert counts(session) == before
    session.refresh(proposal)
    assert proposal.status == ProposalStatus.OPEN
    assert (proposal.decided_at, proposal.decided_by) == (None, None)


def test_an_approved_pair_is_on_its_way_and_holds_child_and_place(
    database, pair, approve, coordinator
):
    preparation = approve(pair)
    assert (preparation.mentor_id, preparation.child_id) == (pair.mentor.id, pair.child.id)
    assert (preparation.start_on, preparation.is_open) == (ON, True)
    assert (preparation.owner_id, preparation.mentor_due_on) == (coordinator.id, ON + 10 * DAY)
    assert (pair.proposal.status, pair.proposal.decided_by) == ("approved", coordinator.id)
    assert pair.proposal.decided_at == AT
    assert places_taken(database, [pair.mentor.id]) == {pair.mentor.id: 1}
    assert database.scalars(select(Match)).all() == []
    entries = database.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == ["approved_proposal", "opened_preparation"]
    assert {entry.actor_id for entry in entries} == {coordinator.id}


@pytest.mark.parametrize(
    ("certified_until", "start_in", "allowed"),
    [
        (ON - DAY, 0, False),
        (ON, 0, True),
        (ON + DAY, 0, True),
        (None, 0, False),
        ("no certificate", 0, False),
        # the round's matches begin a fortnight after the approval
        (ON + 7 * DAY, 14, False),
        (ON + 13 * DAY, 14, False),
        (ON + 14 * DAY, 14, True),
        # the approval comes a fortnight after the day the round was for
        (ON - 14 * DAY, -14, False),
        (ON - DAY, -14, False),
        (ON, -14, True),
    ],
)
def test_a_certificate_must_be_in_force_on_the_day_the_match_begins(
    database, approve, refused, certified_until, start_in, allowed
):
    pair = make_pair(database, start_on=ON + start_in * DAY, certified_until=certified_until)
    if allowed:
        assert approve(pair).start_on == max(ON, ON + start_in * DAY)
    else:
        assert refused(pair) == ["certificate_not_current"]


def test_a_new_certificate_counts_although_an_older_one_has_expired(database, approve):
    pair = make_pair(database, start_on=ON, certified_until=ON - DAY)
    factories.certificate(
        database, mentor=pair.mentor, issued_on=ON - 2 * DAY, expires_on=ON + 365 * DAY
    )
    assert approve(pair).is_open


@pytest.mark.parametrize("kind", factories.REQUIRED_KINDS)
@pytest.mark.parametrize(
    ("result", "until", "allowed"),
    [
        (ClearanceResult.CLEAR, ON - DAY, False),
        (ClearanceResult.CLEAR, ON, True),
        (ClearanceResult.CLEAR, ON + DAY, True),
        (ClearanceResult.CLEAR, None, False),
        (ClearanceResult.ADVERSE, ON + 300 * DAY, False),
        (ClearanceResult.PENDING, ON + 300 * DAY, False),
    ],
)
def test_the_newest_clearance_of_every_kind_must_be_clear_and_in_force(
    database, pair, approve, refused, kind, result, until, allowed
):
    factories.clearance(
        database,
        mentor=pair.mentor,
        kind=kind,
        result=result,
        checked_on=ON - 5 * DAY,
        valid_until=until,
    )
    if allowed or (kind == "identity" and until is None and result == ClearanceResult.CLEAR):
        assert approve(pair).is_open, "an identity has no end"
    else:
        assert refused(pair) == ["clearance_not_current"]


@pytest.mark.parametrize("kind", factories.REQUIRED_KINDS)
def test_a_mentor_without_one_of_the_clearances_is_refused(database, pair, refused, kind):
    for row in [row for row in pair.mentor.clearances if row.kind == kind]:
        pair.mentor.clearances.remove(row)
    assert refused(pair) == ["clearance_not_current"]


@pytest.mark.parametrize(
    ("kind", "code"),
    [(ConsentKind.GUARDIAN, "no_guardian_consent"), (ConsentKind.OWN, "no_child_consent")],
)
def test_a_consent_withdrawn_after_the_round_refuses_the_pair(database, pair, refused, kind, code):
    pair.child.consent(kind).withdrawn_on = ON
    assert refused(pair) == [code]


@pytest.mark.parametrize("status", [s for s in MentorStatus if s != MentorStatus.ACTIVE])
def test_a_mentor_suspended_paused_or_retired_after_the_round_is_refused(pair, refused, status):
    pair.mentor.status = status
    assert refused(pair) == ["mentor_not_active"]


def test_a_child_who_left_the_centre_after_the_round_is_refused(pair, refused):
    pair.child.left_on = ON - DAY
    assert refused(pair) == ["child_not_in_organisation"]


def test_a_child_whose_centre_was_closed_after_the_round_is_refused(pair, refused):
    pair.child.centre.open = False
    assert refused(pair) == ["child_not_in_organisation"]


@pytest.mark.parametrize(
    ("born", "allowed"),
    [
        (date(2008, 3, 2), False),  # 18 on the day
        (date(2008, 3, 3), True),  # 18 the day after
        (date(2016, 3, 2), True),  # 10 on the day
        (date(2016, 3, 3), False),  # 10 the day after
    ],
)
def test_a_child_is_ten_to_seventeen_on_the_day_the_match_begins(
    pair, approve, refused, born, allowed
):
    pair.child.birth_date = born
    if allowed:
        assert approve(pair).is_open
    else:
        assert refused(pair) == ["child_age_out_of_range"]


def test_a_child_who_turns_18_between_the_approval_and_the_start_is_refused(database, refused):
    pair = make_pair(database, start_on=ON + 14 * DAY)
    pair.child.birth_date = date(2008, 3, 10)
    assert refused(pair) == ["child_age_out_of_range"]


def test_a_pair_declined_before_is_refused(database, pair, refused, coordinator):
    earlier = factories.proposal(
        database, mentor=pair.mentor, child=pair.child, start_on=ON, status="superseded"
    )
    earlier.status, earlier.decline_reason = "declined", "child_does_not_wish"
    assert refused(pair) == ["pair_declined_before"]


def test_a_pair_that_a_person_ruled_out_is_refused(database, pair, refused):
    ruled_out = Ruling(
        kind=RulingKind.APART,
        mentor_id=pair.mentor.id,
        child_id=pair.child.id,
        reason="relatives",
        recorded_at=AT,
    )
    database.add(ruled_out)
    assert refused(pair) == ["pair_forbidden"]


def test_a_mentor_whose_last_place_was_taken_meanwhile_is_refused(database, pair, refused):
    other = factories.eligible_child(database, on=ON)
    factories.match(database, mentor=pair.mentor, child=other, started_on=ON)
    assert refused(pair) == "mentor_full"


def test_a_place_that_became_free_counts(database, pair, approve):
    other = factories.eligible_child(database, on=ON)
    factories.match(
        database, mentor=pair.mentor, child=other, started_on=ON - 90 * DAY, ended_on=ON
    )
    assert approve(pair).is_open


def test_a_child_who_got_a_mentor_meanwhile_is_refused(database, pair, refused):
    other = factories.eligible_mentor(database, on=ON)
    factories.match(database, mentor=other, child=pair.child, started_on=ON)
    assert refused(pair) == "child_has_match"


def test_a_child_who_is_on_the_way_to_another_mentor_is_refused(database, pair, refused):
    other = factories.eligible_mentor(database, on=ON)
    factories.preparation(database, mentor=other, child=pair.child, opened_at=AT)
    assert refused(pair) == "child_on_the_way"


def test_a_place_promised_to_another_child_counts_as_taken(database, pair, refused):
    other = factories.eligible_child(database, on=ON)
    factories.preparation(database, mentor=pair.mentor, child=other, opened_at=AT)
    assert refused(pair) == "mentor_full"


def test_every_reason_is_told_and_not_only_the_first(pair, refused):
    pair.mentor.status = MentorStatus.SUSPENDED
    pair.mentor.certificates[0].expires_on = ON - DAY
    pair.child.consent(ConsentKind.OWN).withdrawn_on = ON
    assert refused(pair) == ["mentor_not_active", "certificate_not_current", "no_child_consent"]


def test_a_decided_proposal_is_not_decided_again(database, pair, approve, coordinator):
    approve(pair)
    before = counts(database)
    with pytest.raises(AlreadyDone, match="already_decided"):
        approve(pair)
    with pytest.raises(AlreadyDone, match="already_decided"):
        decline_proposal(
            database, pair.proposal.id, reason="other", note="x", by=coordinator.id, at=AT
        )
    assert counts(database) == before
    assert pair.proposal.status == "approved"


# The same through the web.


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def desk(store, sign_in):
    return sign_in(factories.coordinator(store))


def test_a_coordinator_approves_and_sees_the_steps_to_the_match(desk, store, today):
    pair = make_pair(store, start_on=today)
    answer = desk.submit(f"/proposals/{pair.proposal.id}", "/approve")
    preparation = store.scalars(select(Preparation)).one()
    assert answer.headers["Location"] == f"/agreements/{preparation.id}"
    page = desk.page(f"/agreements/{preparation.id}")
    assert page.h1.startswith(f"{pair.child.full_name} – {pair.mentor.full_name}")
    assert "The pair is approved. The match begins once both sides have agreed." in page.text
    assert f"{today + 10 * DAY:%d.%m.%Y}" in page.text


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (
            lambda pair, today: setattr(pair.mentor.certificates[0], "expires_on", today - DAY),
            "The mentor's certificate is not in force on the start date.",
        ),
        (
            lambda pair, today: setattr(pair.mentor.clearances[0], "valid_until", today - DAY),
            "A required clearance is missing, not clear or out of date.",
        ),
        (
            lambda pair, today: setattr(pair.child.consents[0], "withdrawn_on", today),
            "of the child's data is missing.",
        ),
        (
            lambda pair, today: setattr(pair.mentor, "status", MentorStatus.SUSPENDED),
            "The mentor is not active.",
        ),
    ],
)
def test_a_refused_approval_says_why_and_changes_nothing(desk, store, today, spoil, words):
    pair = make_pair(store, start_on=today)
    page = desk.page(f"/proposals/{pair.proposal.id}")
    spoil(pair, today)
    before = counts(store)
    answer = desk.send(page, "/approve")
    assert answer.status_code == 409
    assert "This pair cannot be approved today." in answer.page.text
    assert words in answer.page.text
    assert_nothing_was_written(store, pair.proposal, before)


def test_a_pair_is_declined_with_a_reason_and_never_without(desk, store, today):
    pair = make_pair(store, start_on=today)
    page = desk.submit(f"/proposals/{pair.proposal.id}/decline").page
    assert page.find("p", id="reason-error").text == "This field is required."
    page = desk.send(page, reason="other").page
    assert page.find("p", id="note-error").text == "Give the reason in your own words."
    answer = desk.send(page, reason="other", note="Ұстаз бен бала – туыстар")
    assert answer.headers["Location"] == f"/rounds/{pair.proposal.round_id}"
    assert (pair.proposal.status, pair.proposal.decline_reason) == ("declined", "other")
    assert "Ұстаз бен бала – туыстар" in desk.page(f"/proposals/{pair.proposal.id}").text


def test_of_many_ticked_pairs_the_good_ones_are_approved_and_the_others_say_why(desk, store, today):
    round_ = factories.matching_round(store, start_on=today, mentors=3, children=3)
    pairs = [make_pair(store, start_on=today) for _ in range(3)]
    for pair in pairs:
        pair.proposal.round = round_
    pairs[1].mentor.certificates[0].expires_on = today - DAY
    answer = desk.submit(
        f"/rounds/{round_.id}", "/approve", proposal=[str(pair.proposal.id) for pair in pairs]
    )
    page = desk.page(answer.headers["Location"])
    assert "2 pairs are approved." in page.text
    assert "The mentor's certificate is not in force on the start date." in page.text
    assert [pair.proposal.status for pair in pairs] == ["approved", "open", "approved"]
    assert len(store.scalars(select(Preparation)).all()) == 2
    refused = store.scalars(select(Proposal).where(Proposal.status == "open")).one()
    assert refused.decided_at is None


def test_a_pair_ticked_on_an_old_page_is_told_to_be_decided_already(desk, store, today):
    pair, other = make_pair(store, start_on=today), make_pair(store, start_on=today)
    other.proposal.round = pair.proposal.round
    page = desk.page(f"/rounds/{pair.proposal.round_id}")
    desk.submit(f"/proposals/{pair.proposal.id}", "/approve")
    ticked = [str(pair.proposal.id), str(other.proposal.id)]
    page = desk.page(desk.send(page, "/approve", proposal=ticked).headers["Location"])
    assert "1 pair is approved." in page.text
    assert "changed this proposal at" in page.text
    assert "The proposal is now: Approved." in page.text
    assert len(store.scalars(select(Preparation)).all()) == 2
