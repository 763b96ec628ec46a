from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.agreements.services import take_back
from mentorship.children.models import Child
from mentorship.database import for_update
from mentorship.decisions import queries
from mentorship.decisions.problem import points_today
from mentorship.errors import AlreadyDone, Invalid, NotEligible
from mentorship.i18n import as_day
from mentorship.matches.models import (
    DeclineReason,
    Proposal,
    ProposalOrigin,
    ProposalStatus,
    Ruling,
    RulingKind,
)
from mentorship.matches.queries import child_taken, held_back, locked_child, locked_mentor_of
from mentorship.matches.services import (
    check_unchanged,
    decline_proposal,
    hold_decisions,
    pair_refusals,
    propose_pair,
)
from mentorship.mentors.models import Mentor

UNDO_WITHIN = timedelta(minutes=1)
PASSING = frozenset({"no_capacity"})
"""Rules that refuse today but need not tomorrow: they do not stop a lock."""
TAKEN_BACK = frozenset({"pair_declined_before"})
"""What the decline itself has said, which is taken back."""


def rule(
    session: Session,
    kind: RulingKind,
    *,
    mentor: Mentor | None = None,
    child: Child | None = None,
    reason: str,
    until: date | None = None,
    by: int,
    on: date,
    at: datetime,
) -> Ruling:
    """Decide something before the engine is asked: a pair together or apart, somebody held back.

    Keeping a pair apart lifts a lock on it and declines its open proposal. Raises AlreadyDone
    when the same ruling stands, NotEligible when a hard rule refuses a pair to be locked.
    """
    hold_decisions(session, shared=True)
    for model, person in ((Mentor, mentor), (Child, child)):
        if person is not None:
            for_update(session, model, [person.id])
    mentor_id, child_id = mentor.id if mentor else None, child.id if child else None
    if known := queries.standing_ruling(session, kind, mentor_id, child_id, on):
        who = known.recorder.name if known.recorder else ""
        raise AlreadyDone("ruling_stands", who=who, when=known.recorded_at)
    if mentor is not None and child is not None:
        if kind == RulingKind.TOGETHER:
            _check_lock(session, mentor, child, on)
        else:
            _part(session, mentor.id, child.id, reason, by=by, on=on, at=at)
    ruling = Ruling(
        kind=kind,
        mentor_id=mentor_id,
        child_id=child_id,
        reason=reason,
        until=until,
        recorded_by=by,
        recorded_at=at,
    )
    session.add(ruling)
    audit.record(f"ruled_{kind}", ruling, by=by, session=session, mentor=mentor_id, child=child_id)
    return ruling


def _check_lock(session: Session, mentor: Mentor, child: Child, on: date) -> None:
    if queries.standing_ruling(session, RulingKind.TOGETHER, None, child.id, on):
        raise Invalid("kept_for_another")
    refused = [r for r in pair_refusals(session, mentor, child, on) if r not in PASSING]
    if refused:
        raise NotEligible("pair_not_locked", rules=refused)


def _part(
    session: Session, mentor_id: int, child_id: int, reason: str, *, by: int, on: date, at: datetime
) -> None:
    """Undo what would bring the pair together; the ruling, not this decline, keeps them apart."""
    lock = queries.standing_ruling(session, RulingKind.TOGETHER, mentor_id, child_id, on)
    if lock is not None:
        lift(session, lock, by=by, at=at)
    proposed = queries.open_proposal_of(session, child_id)
    if proposed is not None and proposed.mentor_id == mentor_id:
        decline_proposal(
            session,
            proposed.id,
            reason=DeclineReason.OTHER,
            note=reason,
            until=on - timedelta(days=1),
            by=by,
            at=at,
        )


def lift(session: Session, ruling: Ruling, *, by: int, at: datetime) -> None:
    """End a ruling; raises AlreadyDone when somebody has lifted it."""
    hold_decisions(session, shared=True)
    for_update(session, Ruling, [ruling.id])
    if ruling.lifted_at is not None:
        raise AlreadyDone("ruling_lifted")
    ruling.lifted_by, ruling.lifted_at = by, at
    audit.record("lifted_ruling", ruling, by=by, kind=ruling.kind)


def _open_proposal(session: Session, proposal_id: int, version: int | None) -> Proposal:
    """An open proposal, locked and unchanged since its page was made."""
    hold_decisions(session, shared=True)
    proposal: Proposal = for_update(session, Proposal, [proposal_id])[0]
    check_unchanged(session, proposal, version)
    if proposal.status != ProposalStatus.OPEN:
        raise AlreadyDone("already_decided")
    return proposal


def ask(
    session: Session, proposal_id: int, question: str, *, version: int | None, by: int, at: datetime
) -> None:
    """Send a proposal back with a question; what was asked and answered before is kept above it."""
    proposal = _open_proposal(session, proposal_id, version)
    if proposal.question and proposal.answered_at is None:
        raise AlreadyDone("question_open")
    earlier = [text for text in (proposal.question, proposal.answer) if text]
    proposal.question = "\n\n".join([*earlier, question])
    proposal.asked_by, proposal.asked_at = by, at
    proposal.answer = proposal.answered_by = proposal.answered_at = None
    session.flush()
    audit.record("asked_about_proposal", proposal, by=by)


def answer(
    session: Session, proposal_id: int, text: str, *, version: int | None, by: int, at: datetime
) -> None:
    """Answer the question about a proposal; raises AlreadyDone when somebody has."""
    proposal = _open_proposal(session, proposal_id, version)
    if proposal.question is None or proposal.answered_at is not None:
        raise AlreadyDone("already_answered")
    proposal.answer, proposal.answered_by, proposal.answered_at = text, by, at
    session.flush()
    audit.record("answered_about_proposal", proposal, by=by)


def may_undo(proposal: Proposal, user_id: int, at: datetime) -> bool:
    """Whether this person decided on the proposal less than a minute ago."""
    decided = proposal.status in (ProposalStatus.APPROVED, ProposalStatus.DECLINED)
    mine = proposal.decided_by == user_id and proposal.decided_at is not None
    if not decided or not mine or at - proposal.decided_at > UNDO_WITHIN:  # type: ignore[operator]
        return False
    return not proposal.refused_on_the_way  # that is somebody's word, not this person's decision


def undo(
    session: Session, proposal_id: int, *, version: int | None, by: int, at: datetime
) -> Proposal:
    """Open a proposal again that the same person decided on within the last minute.

    Only while nothing else happened: raises Stale when the proposal changed, AlreadyDone when
    the minute is over, the mentor, the child or a representative said no, the child is no longer
    free, or another proposal of theirs is open; NotEligible when a rule has come to refuse the
    pair since.
    """
    hold_decisions(session, shared=True)
    mentor = locked_mentor_of(session, proposal_id)  # before the proposal, as everybody does
    proposal: Proposal = for_update(session, Proposal, [proposal_id])[0]
    check_unchanged(session, proposal, version)
    if not may_undo(proposal, by, at):
        raise AlreadyDone("cannot_undo")
    if proposal.status == ProposalStatus.APPROVED:
        opened = queries.open_preparation_of(session, proposal.id)
        if opened is None:
            raise AlreadyDone("cannot_undo")
        take_back(session, opened, by=by, at=at)
        return proposal
    child = locked_child(session, proposal.child_id)
    if taken := child_taken(session, proposal.child_id):
        raise AlreadyDone(taken)
    if queries.open_proposal_of(session, proposal.child_id):
        raise AlreadyDone("child_proposed_again")
    start_on = max(as_day(at), proposal.start_on)
    refused = set(pair_refusals(session, mentor, child, start_on)) - PASSING - TAKEN_BACK
    if refused:
        raise NotEligible("pair_refused", rules=sorted(refused))
    proposal.status, proposal.decided_by, proposal.decided_at = ProposalStatus.OPEN, None, None
    proposal.decline_reason = proposal.decline_note = proposal.declined_until = None
    session.flush()
    audit.record("took_back_decline", proposal, by=by)
    return proposal


def propose(
    session: Session, mentor: Mentor, child: Child, *, start_on: date, by: int, at: datetime
) -> Proposal:
    """Propose a pair by hand, under the very rules and points of a round.

    Raises NotEligible with every rule that refuses it, AlreadyDone when the child is not free.
    """
    check_possible(session, mentor, child, start_on)
    parts = dict(points_today(session, mentor, child, start_on))
    return propose_pair(
        session,
        mentor,
        child,
        origin=ProposalOrigin.MANUAL,
        points=sum(parts.values()),
        reasons=parts,
        start_on=start_on,
        by=by,
        at=at,
    )


def check_possible(session: Session, mentor: Mentor, child: Child, start_on: date) -> None:
    """Raise what stands between a pair and a proposal: another pair, a ruling, or every rule."""
    if taken := child_taken(session, child.id):
        raise AlreadyDone(taken)
    if held_back(session, start_on, mentor.id, child.id):
        raise NotEligible("held_back")
    if refused := pair_refusals(session, mentor, child, start_on):
        raise NotEligible("pair_refused", rules=refused)
