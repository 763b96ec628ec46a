"""Every verb in every state of a pair on the way: it does its work, or refuses and says why."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from mentorship.agreements import endings, services
from mentorship.agreements.facts import Step, next_due_on, next_steps, steps
from mentorship.audit import AuditEntry
from mentorship.check_ins.models import CheckIn
from mentorship.check_ins.services import begin_match
from mentorship.children.models import ConsentKind
from mentorship.errors import DomainError, Invalid, NotEligible
from mentorship.matches.models import EndReason, Match, Preparation, ProposalStatus
from mentorship.matches.queries import children_for_round, places_taken
from mentorship.matches.services import pair_refusals
from tests import factories

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
DAY = timedelta(days=1)
STATES = ("fresh", "spoken", "ready", "started", "met", "ended", "taken_back")


@pytest.fixture
def staff(database):
    return factories.coordinator(database).id


@pytest.fixture
def pair(database, staff):
    """A pair approved on ON."""
    mentor = factories.eligible_mentor(database, on=ON)
    child = factories.eligible_child(database, on=ON)
    proposal = factories.proposal(database, mentor=mentor, child=child, start_on=ON)
    return services.approve(database, proposal.id, by=staff, on=ON, at=AT)


@pytest.fixture
def verbs(database, pair, staff):
    """Everything people can do with a pair, by name; each takes later days in its stride."""
    told = {"by": staff, "at": AT}
    agrees = told | {"agrees": True, "on": ON, "language": "kk"}
    refuses = agrees | {"agrees": False, "note": "Жоқ"}
    signed = told | {"number": "12-Н", "agreed_on": ON, "on": ON}
    met = told | {"held_on": ON, "held_with": "Тәрбиеші"}
    day_after = pair.mentor_due_on + DAY
    return {
        "take_back": lambda: services.take_back(database, pair, **told),
        "accept": lambda: services.record_mentor_answer(database, pair, "accepted", **told),
        "decline": lambda: services.record_mentor_answer(
            database, pair, "declined", note="Уақыт жоқ", **told
        ),
        "child_agrees": lambda: services.record_child_consent(database, pair, **agrees),
        "child_refuses": lambda: services.record_child_consent(database, pair, **refuses),
        "guardian_agrees": lambda: services.record_guardian_consent(
            database, pair, name="Директор", **agrees
        ),
        "guardian_refuses": lambda: services.record_guardian_consent(
            database, pair, name="Директор", **refuses
        ),
        "begin": lambda: begin_match(database, pair, **signed),
        "meet": lambda: services.record_first_meeting(database, pair, **met),
        "lapse": lambda: endings.lapse(database, pair, on=day_after, at=AT + 11 * DAY),
        "end_refused": lambda: endings.end_refused(database, pair, by=staff, on=ON, at=AT),
    }


@pytest.fixture
def reach(verbs):
    """Brings the pair to a state."""
    ways = {
        "fresh": (),
        "spoken": ("accept",),
        "ready": ("guardian_agrees", "child_agrees", "accept"),
        "started": ("accept", "child_agrees", "guardian_agrees", "begin"),
        "met": ("accept", "child_agrees", "guardian_agrees", "begin", "meet"),
        "ended": ("child_refuses",),
        "taken_back": ("take_back",),
    }

    def reach(state):
        for name in ways[state]:
            verbs[name]()

    return reach


CLOSED = dict.fromkeys(("started", "met", "ended", "taken_back"), "preparation_closed")
GONE = {"ended": "preparation_closed", "taken_back": "preparation_closed"}
# What each verb answers in each state; a state that is not named lets it pass.
REFUSED = {
    "take_back": CLOSED | {"spoken": "word_given", "ready": "word_given"},
    "accept": CLOSED | {"spoken": "already_said", "ready": "already_said"},
    "decline": CLOSED | {"spoken": "already_said", "ready": "already_said"},
    "child_agrees": CLOSED | {"ready": "already_said"},
    "child_refuses": CLOSED | {"ready": "already_said"},
    "guardian_agrees": CLOSED | {"ready": "already_said"},
    "guardian_refuses": CLOSED | {"ready": "already_said"},
    "begin": CLOSED | {"fresh": "words_missing", "spoken": "words_missing"},
    "meet": GONE
    | dict.fromkeys(("fresh", "spoken", "ready"), "not_started")
    | {"met": "already_said"},
    "lapse": CLOSED | {"spoken": "already_said", "ready": "already_said"},
    "end_refused": CLOSED | dict.fromkeys(("fresh", "spoken", "ready"), "still_allowed"),
}


def written(session):
    session.flush()
    counted = [session.scalar(select(func.count()).select_from(t)) for t in (AuditEntry, Match)]
    row = session.scalars(select(Preparation)).one()
    facts = {column.name: getattr(row, column.name) for column in Preparation.__table__.columns}
    return counted, facts, row.proposal.status


@pytest.mark.parametrize("verb", list(REFUSED))
@pytest.mark.parametrize("state", STATES)
def test_each_verb_in_each_state_works_or_refuses_and_then_changes_nothing(
    database, verbs, reach, state, verb
):
    reach(state)
    before = written(database)
    code = REFUSED[verb].get(state)
    if code is None:
        verbs[verb]()
        assert written(database) != before
    else:
        with pytest.raises(DomainError) as refusal:
            verbs[verb]()
        assert refusal.value.code == code
        assert written(database) == before


def test_the_table_names_every_verb(verbs):
    assert set(REFUSED) == set(verbs)


def test_the_agreement_starts_the_match_with_its_check_ins(database, pair, reach, staff):
    reach("started")
    match = database.scalars(select(Match)).one()
    assert (match.mentor_id, match.child_id) == (pair.mentor_id, pair.child_id)
    assert (match.started_on, match.approved_by, match.approved_at) == (ON, staff, AT)
    assert (pair.match_id, pair.agreement_number, pair.agreement_on) == (match.id, "12-Н", ON)
    of_mentor = select(CheckIn.due_on).where(CheckIn.kind == "mentor")
    dues = database.scalars(of_mentor.order_by(CheckIn.number)).all()
    assert dues[:3] == [date(2026, 3, 4), date(2026, 3, 16), date(2026, 3, 30)]
    assert places_taken(database) == {pair.mentor_id: 1}


def test_a_match_never_starts_before_the_day_the_round_was_for(database, staff):
    mentor = factories.eligible_mentor(database, on=ON + 14 * DAY)
    child = factories.eligible_child(database, on=ON)
    later = factories.proposal(database, mentor=mentor, child=child, start_on=ON + 14 * DAY)
    match = factories.start_match(database, later.id, by=staff, on=ON, at=AT)
    assert match.started_on == ON + 14 * DAY


@pytest.mark.parametrize(
    ("verb", "end", "decline", "until"),
    [
        ("decline", "mentor_declined", "mentor_not_ready", None),
        ("child_refuses", "child_declined", "child_does_not_wish", None),
        ("guardian_refuses", "guardian_declined", "guardian_does_not_agree", None),
        ("lapse", "mentor_silent", "mentor_not_ready", ON + 101 * DAY),
    ],
)
def test_a_no_frees_the_child_and_the_place_and_keeps_the_two_apart(
    database, pair, verbs, verb, end, decline, until
):
    verbs[verb]()
    proposal = pair.proposal
    assert (pair.status, pair.end_reason) == ("ended", end)
    assert (proposal.status, proposal.decline_reason) == ("declined", decline)
    assert proposal.declined_until == until
    assert places_taken(database) == {}
    free = children_for_round(database, [factories.KARAGANDA], ON)
    assert [child.id for child in free] == [pair.child_id]
    rules = pair_refusals(database, pair.mentor, pair.child, ON + 20 * DAY)
    assert rules == ["pair_declined_before"]
    if until:
        assert pair_refusals(database, pair.mentor, pair.child, until + DAY) == []


def test_what_was_said_with_a_no_is_kept(pair, verbs):
    verbs["decline"]()
    assert (pair.mentor_answer, pair.end_note) == ("declined", "Уақыт жоқ")
    assert pair.proposal.decline_note == "Уақыт жоқ"


def test_an_approval_taken_back_leaves_an_open_proposal(database, pair, verbs, staff):
    verbs["take_back"]()
    proposal = pair.proposal
    assert (pair.status, pair.end_reason, pair.ended_by) == ("ended", "taken_back", staff)
    assert (proposal.status, proposal.decided_by, proposal.decided_at) == ("open", None, None)
    again = services.approve(database, proposal.id, by=staff, on=ON, at=AT)
    assert again.is_open


def test_an_approval_is_taken_back_within_a_minute_only(database, pair, staff):
    with pytest.raises(DomainError, match="take_back_late"):
        services.take_back(database, pair, by=staff, at=AT + timedelta(seconds=61))
    services.take_back(database, pair, by=staff, at=AT + timedelta(seconds=60))
    assert pair.end_reason == EndReason.TAKEN_BACK


def test_an_approval_is_not_taken_back_when_the_child_is_proposed_again(database, pair, verbs):
    other = factories.eligible_mentor(database, on=ON)
    factories.proposal(database, mentor=other, child=pair.child, start_on=ON)
    with pytest.raises(DomainError, match="child_proposed_again"):
        verbs["take_back"]()
    assert pair.is_open
    assert pair.proposal.status == ProposalStatus.APPROVED


def test_an_approval_on_an_older_page_is_refused(database, staff):
    mentor = factories.eligible_mentor(database, on=ON)
    child = factories.eligible_child(database, on=ON)
    proposal = factories.proposal(database, mentor=mentor, child=child, start_on=ON)
    shown = proposal.version
    proposal.question = "Тіл?"
    database.flush()
    with pytest.raises(DomainError):
        services.approve(database, proposal.id, by=staff, on=ON, at=AT, version=shown)
    ready = proposal.version
    assert services.approve(database, proposal.id, by=staff, on=ON, at=AT, version=ready).is_open


def spoil_certificate(pair):
    pair.mentor.certificates[0].expires_on = ON - DAY


def spoil_consent(pair):
    pair.child.consent(ConsentKind.GUARDIAN).withdrawn_on = ON


def spoil_capacity(pair):
    pair.mentor.capacity = 0


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (spoil_certificate, "certificate_not_current"),
        (spoil_consent, "no_guardian_consent"),
        (spoil_capacity, "no_capacity"),
    ],
)
def test_a_rule_that_refuses_meanwhile_stops_the_start_and_ends_the_pair(
    database, pair, verbs, reach, spoil, rule
):
    reach("ready")
    spoil(pair)
    database.flush()
    with pytest.raises(NotEligible) as refusal:
        verbs["begin"]()
    assert refusal.value.params["rules"] == [rule]
    assert pair.is_open
    assert database.scalars(select(Match)).all() == []
    assert verbs["end_refused"]() == [rule]
    assert (pair.status, pair.end_reason) == ("ended", "no_longer_allowed")
    assert pair.proposal.declined_until == ON
    assert places_taken(database) == {}


def test_a_word_is_not_older_than_the_approval(database, pair, staff):
    told = {"on": ON - DAY, "by": staff, "at": AT}
    consent = told | {"agrees": True, "language": "ru"}
    for act in (
        lambda: services.record_mentor_answer(database, pair, "accepted", **told),
        lambda: services.record_child_consent(database, pair, **consent),
        lambda: services.record_guardian_consent(database, pair, name="x", **consent),
    ):
        with pytest.raises(Invalid, match="before_approval"):
            act()
    assert not pair.has_a_word


def test_the_agreement_is_not_older_than_the_last_word(database, pair, staff):
    later = AT + 3 * DAY
    factories.give_words(database, pair, by=staff, on=ON + 3 * DAY, at=later)
    given = {"number": "1", "by": staff, "on": ON + 3 * DAY, "at": later}
    with pytest.raises(Invalid, match="before_words"):
        begin_match(database, pair, agreed_on=ON + 2 * DAY, **given)
    assert begin_match(database, pair, agreed_on=ON + 3 * DAY, **given).is_open


def test_a_first_meeting_is_not_before_the_start_nor_ahead(database, pair, reach, staff):
    reach("started")
    for day, code in ((ON - DAY, "before_start"), (ON + DAY, "meeting_ahead")):
        with pytest.raises(Invalid, match=code):
            services.record_first_meeting(
                database, pair, held_on=day, held_with="x", by=staff, at=AT
            )
    assert pair.first_meeting_on is None


def test_a_mentor_is_silent_only_after_the_last_day(database, pair):
    with pytest.raises(DomainError, match="not_due"):
        endings.lapse(database, pair, on=pair.mentor_due_on, at=AT + 10 * DAY)
    assert pair.is_open


def test_the_steps_say_what_is_done_what_comes_next_and_by_when(pair, verbs, staff):
    assert [state.step for state in next_steps(pair)] == ["mentor", "child", "guardian"]
    assert next_due_on(pair) == ON + 10 * DAY
    verbs["child_agrees"]()
    assert [state.step for state in next_steps(pair)] == ["mentor", "guardian"]
    verbs["guardian_agrees"]()
    verbs["accept"]()
    found = {state.step: state for state in steps(pair)}
    assert [found[s].state for s in Step] == ["done", "done", "done", "next", "later"]
    assert (found[Step.CHILD].on, found[Step.CHILD].by) == (ON, staff)
    assert next_due_on(pair) == ON + 14 * DAY
    verbs["begin"]()
    assert [state.step for state in next_steps(pair)] == ["first_meeting"]
    verbs["meet"]()
    assert next_steps(pair) == []


def test_every_step_is_in_the_audit_with_who_did_it(database, reach, staff):
    reach("met")
    entries = database.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == [
        "approved_proposal",
        "opened_preparation",
        "recorded_mentor_answer",
        "recorded_child_consent",
        "recorded_guardian_consent",
        "started_match",
        "recorded_first_meeting",
    ]
    assert {entry.actor_id for entry in entries} == {staff}
