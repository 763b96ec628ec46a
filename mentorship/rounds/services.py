from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from time import perf_counter

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

import matching
from mentorship import audit
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Invalid
from mentorship.i18n import as_day
from mentorship.matches.models import (
    Proposal,
    ProposalOrigin,
    ProposalStatus,
    Round,
    RoundStage,
    StillWaiting,
)
from mentorship.matches.problem import pack, rules_of_today
from mentorship.matches.queries import held_people
from mentorship.matches.refusals import refused_pairs
from mentorship.matches.services import hold_decisions
from mentorship.rounds import queries
from mentorship.rounds.problem import load_problem

Progress = Callable[[int, int, int], None]
_AT_ONCE = 500  # ids in one statement


def ask_for_round(
    session: Session,
    *,
    regions: Collection[str],
    start_on: date,
    by: int | None,
    at: datetime,
    centres: Collection[int] = (),
    publish: bool = True,
    seed: int = 0,
    policy: matching.Policy | None = None,
    parent: Round | None = None,
) -> Round:
    """Put a round in the queue of the jobs process.

    Raises AlreadyDone while another round of some of these regions waits or is computed.
    """
    hold_decisions(session, shared=False)
    if running := queries.running_round(session, regions):
        raise AlreadyDone(
            "round_running",
            who=running.author.name if running.author else "",
            when=running.created_at,
        )
    chosen = rules_of_today(session, policy)
    asked = Round(
        created_at=at,
        created_by=by,
        stage=RoundStage.QUEUED,
        start_on=start_on,
        regions=sorted(regions),
        centres=sorted(centres),
        publish_when_ready=publish,
        parent_id=parent.id if parent else None,
        policy=chosen.as_dict(),
        policy_version=chosen.version,
        seed=seed,
    )
    session.add(asked)
    audit.record("asked_for_round", asked, by=by, session=session, regions=sorted(regions))
    return asked


def run_round(session: Session, *, at: datetime, by: int | None, **asked_for: object) -> Round:
    """Ask for a round, compute it here and publish it, all in the caller's transaction."""
    asked = ask_for_round(session, at=at, by=by, **asked_for)  # type: ignore[arg-type]
    began = perf_counter()
    stated = load_problem(session, asked)
    store_plan(session, asked, stated, make_plan(asked, stated), seconds=perf_counter() - began)
    publish_round(session, asked, by=by, at=at)
    return asked


def make_plan(
    asked: Round,
    stated: matching.Problem,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> matching.Plan:
    """The best plan for a round, verified; needs no database."""
    policy = matching.Policy.from_dict(asked.policy)
    return matching.propose(stated, policy, seed=asked.seed, progress=progress, cancel=cancel)


def store_plan(
    session: Session,
    asked: Round,
    stated: matching.Problem,
    plan: matching.Plan,
    *,
    seconds: float,
) -> None:
    """Keep a plan as a draft: its record, its pairs and who is left waiting."""
    policy = matching.Policy.from_dict(asked.policy)
    asked.record = pack(matching.Record(plan, stated, policy))
    asked.stage = RoundStage.DRAFT
    asked.versions = dict(plan.versions)
    asked.mentors, asked.children = len(stated.mentors), len(stated.children)
    asked.points, asked.bound, asked.status = plan.points, plan.bound, plan.status
    asked.seconds = round(seconds, 3)
    session.flush()
    pairs = [
        {
            "round_id": asked.id,
            "start_on": asked.start_on,
            "mentor_id": pair.mentor,
            "child_id": pair.child,
            "points": pair.points,
            "reasons": dict(pair.parts),
            "status": ProposalStatus.DRAFT,
            "version": 1,
        }
        for pair in plan.pairs
    ]
    waiting = [
        {
            "round_id": asked.id,
            "child_id": row.child,
            "code": row.code,
            "refusals": {code: count for code, count in row.refusals.items() if count},
        }
        for row in plan.unmatched
    ]
    for table, rows in ((Proposal, pairs), (StillWaiting, waiting)):
        if rows:
            session.execute(insert(table), rows)


def publish_round(session: Session, draft: Round, *, by: int | None, at: datetime) -> int:
    """Put a draft's pairs before the people who decide; how many were left out.

    Open proposals of its children are replaced, whatever round they are of; decided ones stay, and
    so do pairs that a person suggested. A pair whose child has found a mentor since or has such a
    suggestion, that people refused since, of which they hold somebody back since, whose child has
    moved or lacks a consent by now, or whose mentor may not mentor by now, is left out.
    Raises AlreadyDone when the round is no draft any more.
    """
    hold_decisions(session, shared=False)
    for_update(session, Round, [draft.id])
    if draft.stage != RoundStage.DRAFT:
        raise AlreadyDone("no_draft")
    children = [row.child_id for row in draft.proposals]
    children += [row.child_id for row in draft.waiting]
    for some in _slices(children):
        session.execute(
            update(Proposal)
            .where(Proposal.status == ProposalStatus.OPEN, Proposal.child_id.in_(some))
            .where(Proposal.origin == ProposalOrigin.ROUND)
            .values(
                status=ProposalStatus.SUPERSEDED,
                decided_at=at,
                decided_by=by,
                version=Proposal.version + 1,
            )
        )
    taken = queries.children_taken(session) | queries.children_suggested(session)
    start_on = max(draft.start_on, as_day(at))  # the draft may have waited
    refused = refused_pairs(session, start_on)
    mentors_held, children_held = held_people(session, start_on)
    mentors_held |= queries.unfit_mentors(session, draft, start_on)
    children_held |= queries.unfit_children(session, draft, start_on)
    late = [
        row.id
        for row in draft.proposals
        if row.child_id in taken | children_held
        or row.mentor_id in mentors_held
        or (row.mentor_id, row.child_id) in refused
    ]
    _settle(session, draft, late, ProposalStatus.SUPERSEDED)
    _settle(
        session,
        draft,
        [row.id for row in draft.proposals if row.id not in set(late)],
        ProposalStatus.OPEN,
    )
    draft.stage, draft.published_at, draft.published_by = RoundStage.PUBLISHED, at, by
    audit.record("published_round", draft, by=by, session=session, left_out=len(late))
    return len(late)


def discard_round(session: Session, draft: Round, *, by: int, at: datetime) -> None:
    """Put a draft away; its record stays. Raises AlreadyDone when it is no draft any more."""
    for_update(session, Round, [draft.id])
    if draft.stage != RoundStage.DRAFT:
        raise AlreadyDone("no_draft")
    _settle(session, draft, [row.id for row in draft.proposals], ProposalStatus.SUPERSEDED)
    draft.stage = RoundStage.DISCARDED
    audit.record("discarded_round", draft, by=by)


def ask_again(session: Session, draft: Round, *, by: int | None, on: date, at: datetime) -> Round:
    """The same round once more, as a draft, with the people and rulings of now.

    Raises Invalid when its policy is not one that the engine of today reads.
    """
    try:
        policy = matching.Policy.from_dict(draft.policy)
    except matching.PolicyError as error:
        raise Invalid("old_policy") from error
    return ask_for_round(
        session,
        regions=draft.regions,
        centres=draft.centres,
        start_on=max(draft.start_on, on),
        by=by,
        at=at,
        publish=False,
        seed=draft.seed,
        policy=policy,
        parent=draft,
    )


def cancel_round(session: Session, asked: Round, *, by: int) -> None:
    """Take a round out of the queue, or ask the jobs process to stop it between components."""
    for_update(session, Round, [asked.id])
    if not asked.is_running:
        raise AlreadyDone("round_ended")
    asked.cancel_requested = True
    if asked.stage == RoundStage.QUEUED:
        asked.stage = RoundStage.CANCELLED
    audit.record("cancelled_round", asked, by=by)


def _settle(
    session: Session, draft: Round, proposal_ids: list[int], status: ProposalStatus
) -> None:
    for some in _slices(proposal_ids):
        session.execute(
            update(Proposal)
            .where(Proposal.id.in_(some), Proposal.status == ProposalStatus.DRAFT)
            .values(status=status)
        )


def _slices(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
