from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.agreements.endings import close, decline, lock, lock_people
from mentorship.agreements.facts import last_word_on, noon_of
from mentorship.agreements.policies import LAPSES_AFTER, TAKE_BACK_WITHIN
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Invalid, NotEligible
from mentorship.i18n import as_day
from mentorship.matches import services as matches
from mentorship.matches.models import (
    EndReason,
    Match,
    MentorAnswer,
    Preparation,
    PreparationStatus,
    Proposal,
    ProposalStatus,
)
from mentorship.matches.queries import ended_before


def approve(
    session: Session,
    proposal_id: int,
    *,
    by: int,
    on: date,
    at: datetime,
    version: int | None = None,
) -> Preparation:
    """Approve a proposal and open its way to a match, owned by whoever approved.

    Raises what `approve_proposal` raises.
    """
    proposal = matches.approve_proposal(session, proposal_id, by=by, on=on, at=at, version=version)
    preparation = Preparation(
        proposal=proposal,
        mentor_id=proposal.mentor_id,
        child_id=proposal.child_id,
        start_on=max(on, proposal.start_on),
        opened_by=by,
        opened_at=at,
        owner_id=by,
        mentor_due_on=on + LAPSES_AFTER,
    )
    session.add(preparation)
    try:
        session.flush()
    except IntegrityError as error:  # the database's own word, should two ever come this far
        raise AlreadyDone("child_on_the_way") from error
    audit.record("opened_preparation", preparation, by=by, proposal=proposal.id)
    return preparation


def take_back(session: Session, preparation: Preparation, *, by: int, at: datetime) -> None:
    """Undo an approval within a minute, while nobody has said a word; the proposal opens again.

    Raises AlreadyDone when it is too late, somebody spoke, or the child was proposed elsewhere.
    """
    lock_people(session, preparation)  # who suspends the mentor now must see it open again
    if preparation.has_a_word:
        raise AlreadyDone("word_given")
    if at - preparation.opened_at > TAKE_BACK_WITHIN:
        raise AlreadyDone("take_back_late")
    proposal = preparation.proposal
    rival = select(Proposal.id).where(
        Proposal.child_id == proposal.child_id, Proposal.status == ProposalStatus.OPEN
    )
    if session.scalar(rival.limit(1)):
        raise AlreadyDone("child_proposed_again")
    close(preparation, EndReason.TAKEN_BACK, by=by, at=at)
    proposal.status, proposal.decided_by, proposal.decided_at = ProposalStatus.OPEN, None, None
    session.flush()
    audit.record("took_back_approval", preparation, by=by, proposal=proposal.id)


def record_mentor_answer(
    session: Session,
    preparation: Preparation,
    answer: MentorAnswer | str,
    *,
    note: str | None = None,
    on: date | None = None,
    knowing: bool = False,
    by: int,
    at: datetime,
) -> None:
    """The mentor's own word, or the one given by phone on a day and recorded by staff.

    Declining ends the preparation, also after accepting if it is recorded `knowing` of that.
    Raises AlreadyDone or Invalid.
    """
    lock(session, preparation)
    changed = knowing and answer == MentorAnswer.DECLINED
    if preparation.mentor_answer is not None and not changed:
        raise AlreadyDone("already_said")
    said_on = on or as_day(at)
    _check_after_approval(preparation, said_on)
    said_at = at if said_on == as_day(at) else noon_of(said_on)
    preparation.mentor_answer, preparation.mentor_note = MentorAnswer(answer), note
    preparation.mentor_answered_at, preparation.mentor_answered_by = said_at, by
    if preparation.mentor_answer == MentorAnswer.DECLINED:
        decline(preparation, EndReason.MENTOR_DECLINED, by=by, on=said_on, at=at, note=note)
    audit.record("recorded_mentor_answer", preparation, by=by, answer=str(answer))


def record_child_consent(
    session: Session,
    preparation: Preparation,
    *,
    agrees: bool,
    on: date,
    language: str,
    note: str | None = None,
    knowing: bool = False,
    by: int,
    at: datetime,
) -> None:
    """What the child says to this mentor; "no" ends the preparation, also `knowing` of a "yes".

    Every child of the programme is 10 or older, so every child is asked. Raises AlreadyDone
    or Invalid.
    """
    lock(session, preparation)
    if preparation.child_consent_on is not None and not (knowing and not agrees):
        raise AlreadyDone("already_said")
    _check_after_approval(preparation, on)
    if agrees:
        preparation.child_consent_on, preparation.child_consent_language = on, language
        preparation.child_consent_by = by
    else:
        decline(preparation, EndReason.CHILD_DECLINED, by=by, on=on, at=at, note=note)
    audit.record("recorded_child_consent", preparation, by=by, agrees=agrees)


def record_guardian_consent(
    session: Session,
    preparation: Preparation,
    *,
    agrees: bool,
    on: date,
    language: str,
    name: str,
    note: str | None = None,
    knowing: bool = False,
    by: int,
    at: datetime,
) -> None:
    """What the child's legal representative says to this mentor; "no" ends the preparation.

    A "no" counts also after a "yes", when it is recorded `knowing` of that.
    Raises AlreadyDone or Invalid.
    """
    lock(session, preparation)
    if preparation.guardian_consent_on is not None and not (knowing and not agrees):
        raise AlreadyDone("already_said")
    _check_after_approval(preparation, on)
    preparation.guardian_name = name
    if agrees:
        preparation.guardian_consent_on, preparation.guardian_consent_language = on, language
        preparation.guardian_consent_by = by
    else:
        decline(preparation, EndReason.GUARDIAN_DECLINED, by=by, on=on, at=at, note=note)
    audit.record("recorded_guardian_consent", preparation, by=by, agrees=agrees)


def start_match(
    session: Session,
    preparation: Preparation,
    *,
    number: str,
    agreed_on: date,
    by: int,
    on: date,
    at: datetime,
) -> Match:
    """Record the three-party agreement and make the match, with every rule applied again.

    Raises AlreadyDone, Invalid, or NotEligible when words are missing or a rule refuses now.
    """
    mentor, child = lock_people(session, preparation)
    if not preparation.has_every_word:
        raise NotEligible("words_missing")
    if agreed_on < last_word_on(preparation):
        raise Invalid("before_words")
    start_on = max(on, preparation.start_on)
    if refusals := matches.pair_refusals(session, mentor, child, start_on, own_places=1):
        raise NotEligible("pair_not_eligible", rules=refusals)
    match = Match(
        mentor_id=mentor.id,
        child_id=child.id,
        proposal_id=preparation.proposal_id,
        previous_id=ended_before(session, mentor.id, child.id),
        started_on=start_on,
        approved_by=preparation.opened_by,
        approved_at=preparation.opened_at,
    )
    session.add(match)
    try:
        session.flush()
    except IntegrityError as error:  # the database's own word, should two ever come this far
        raise AlreadyDone("child_has_match") from error
    preparation.agreement_number, preparation.agreement_on = number, agreed_on
    preparation.agreement_by, preparation.match_id = by, match.id
    preparation.status = PreparationStatus.STARTED
    audit.record("started_match", match, by=by, preparation=preparation.id)
    return match


def record_first_meeting(
    session: Session,
    preparation: Preparation,
    *,
    held_on: date,
    held_with: str,
    by: int,
    at: datetime,
) -> None:
    """The first meeting of mentor and child, with the staff who were there.

    Raises AlreadyDone or Invalid, and NotEligible while the match is on hold.
    """
    if held_on > as_day(at):
        raise Invalid("meeting_ahead")
    for_update(session, Preparation, [preparation.id])
    if preparation.status == PreparationStatus.ENDED:
        raise AlreadyDone("preparation_closed")
    if preparation.match is None:
        raise AlreadyDone("not_started")
    matches.refuse_meetings_on_hold(session, preparation.match)
    if preparation.first_meeting_on is not None:
        raise AlreadyDone("already_said")
    if held_on < preparation.match.started_on:
        raise Invalid("before_start")
    preparation.first_meeting_on, preparation.first_meeting_with = held_on, held_with
    preparation.first_meeting_by = by
    audit.record("recorded_first_meeting", preparation, by=by, match=preparation.match_id)


def _check_after_approval(preparation: Preparation, day: date) -> None:
    if day < as_day(preparation.opened_at):
        raise Invalid("before_approval")
