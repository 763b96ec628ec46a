"""A draft that waited publishes no pair that has become wrong since it was computed."""

from datetime import timedelta

import pytest

from mentorship.children.models import PlacementForm
from mentorship.matches.models import ProposalStatus, RoundStage
from mentorship.matches.problem import rules_of_today
from mentorship.moves import services as moves
from mentorship.qualification import services as qualification
from mentorship.rounds.services import publish_round
from tests import factories
from tests.hostile.conftest import AT, BASE, ON

DAY = timedelta(days=1)
LATER = AT + 40 * DAY


@pytest.fixture
def draft(database):
    """A draft of one pair whom no rule refuses on its first day."""
    mentor = factories.eligible_mentor(database, on=ON)
    child = factories.eligible_child(database, on=ON)
    round_ = factories.matching_round(
        database,
        start_on=ON,
        stage=RoundStage.DRAFT,
        created_at=AT - DAY,
        policy=rules_of_today(database).as_dict(),
    )
    given = {"mentor": mentor, "child": child, "round": round_}
    return factories.proposal(database, **given, status=ProposalStatus.DRAFT)


def published(session, pair, by, at=AT):
    session.flush()
    session.expire_all()
    left_out = publish_round(session, pair.round, by=by, at=at)
    session.refresh(pair)
    assert (left_out, pair.status) in ((0, "open"), (1, "superseded"))
    return pair.status == ProposalStatus.OPEN


def consent_taken_back(kind):
    def act(session, pair, by):
        said = {"said_by": "Директор", "said_on": ON, "reason": None}
        moves.withdraw_consent(
            session, pair.child_id, kind, **said, by=by, on=ON, at=AT, base_url=BASE
        )

    return act


def moved(form):
    def act(session, pair, by):
        centre = factories.centre(session) if form == PlacementForm.INSTITUTION else None
        where = moves.Move(form, ON, pair.child.region, centre)
        last = pair.child.placements[0].id
        how = {"last": last, "by": by, "on": ON, "at": AT, "base_url": BASE}
        moves.record_move(session, pair.child_id, where, **how)

    return act


def away(session, pair, by):
    factories.pause(session, mentor=pair.mentor, from_on=ON, until_on=None)


def asked_again_and_no_answer_yet(session, pair, by):
    data = {"kinds": ["housing"], "result": "pending", "checked_on": ON, "valid_until": None}
    data |= {"issuer": None, "number": None}
    qualification.record_clearances(session, pair.mentor, data, by=by, at=AT, base_url=BASE)


def certificate_has_run_out(session, pair, by):
    pair.mentor.certificates[0].expires_on = ON - DAY


def clearance_has_run_out(session, pair, by):
    pair.mentor.clearances[0].valid_until = ON - DAY


SINCE = {
    "the child's consent was taken back": consent_taken_back("own"),
    "the guardian's consent was taken back": consent_taken_back("guardian"),
    "the consent to the data was taken back": consent_taken_back("data"),
    "the child lives in a family": moved(PlacementForm.PATRONAGE),
    "the child lives in another centre": moved(PlacementForm.INSTITUTION),
    "the mentor is away": away,
    "a clearance is asked for again": asked_again_and_no_answer_yet,
    "the certificate has run out": certificate_has_run_out,
    "a clearance has run out": clearance_has_run_out,
}


@pytest.mark.parametrize("since", SINCE)
def test_a_pair_that_has_become_wrong_is_left_out_of_the_draft(database, one, draft, since):
    SINCE[since](database, draft, one)
    assert not published(database, draft, one)


def test_a_pair_of_a_child_who_came_of_age_while_the_draft_waited_is_left_out(database, one, draft):
    draft.child.birth_date = (ON + 10 * DAY).replace(year=ON.year - 18)
    assert not published(database, draft, one, at=LATER)


def test_a_pair_that_is_as_it_was_is_published(database, one, draft):
    assert published(database, draft, one)
