from collections.abc import Sequence
from itertools import islice

from sqlalchemy import Row, String, cast, exists, select
from sqlalchemy.orm import Session, joinedload, undefer

from mentorship.accounts.models import User
from mentorship.audit import AuditEntry
from mentorship.matches.models import Proposal, Round, RoundStage
from mentorship.matches.queries import find_proposal, find_round
from mentorship.records.models import RecruitmentBrief

REPLAYED = "replayed_round"
_RUNNING = (RoundStage.QUEUED, RoundStage.COMPUTING)
_HAS_RECORD = cast(Round.versions, String) != "{}"  # rounds told from memory name no versions


def find_readable_round(
    session: Session, user: User, round_id: int, *, case_team: bool
) -> Round | None:
    """A round in scope that has a plan; outside the case team only once it is published."""
    found = find_round(session, user, round_id)
    if found is None or found.record is None:
        return None
    return found if case_team or found.stage == RoundStage.PUBLISHED else None


def published_rounds(session: Session, user: User, most: int = 6) -> list[Round]:
    """The newest published rounds in scope whose record was kept."""
    newest = (
        select(Round)
        .where(Round.stage == RoundStage.PUBLISHED, _HAS_RECORD)
        .order_by(Round.id.desc())
        .limit(200)
    )
    seen = (
        found
        for found in session.scalars(newest)
        if all(user.scope.covers(region) for region in found.regions)
    )
    return list(islice(seen, most))


def round_without_brief(session: Session) -> Round | None:
    """The newest published round that needs a recruitment brief; none while a round is computed."""
    if session.scalar(select(exists().where(Round.stage.in_(_RUNNING)))):
        return None
    made = exists().where(RecruitmentBrief.round_id == Round.id)
    query = select(Round).where(Round.stage == RoundStage.PUBLISHED, _HAS_RECORD, ~made)
    newest = query.order_by(Round.id.desc()).limit(1).options(undefer(Round.record))
    return session.scalars(newest).first()


def replays(session: Session, found: Round, most: int = 20) -> Sequence[Row[AuditEntry, User]]:
    """How often the round was made again and what came of it, newest first, with who asked."""
    query = (
        select(AuditEntry, User)
        .join(User, User.id == AuditEntry.actor_id, isouter=True)
        .where(AuditEntry.at >= found.created_at, AuditEntry.subject_type == "round")
        .where(AuditEntry.subject_id == found.id, AuditEntry.action == REPLAYED)
        .order_by(AuditEntry.id.desc())
        .limit(most)
    )
    return session.execute(query).all()


def find_recorded_proposal(session: Session, user: User, proposal_id: int) -> Proposal | None:
    """One visible proposal with its round's record and everybody who asked or decided."""
    found = find_proposal(session, user, proposal_id)
    if found is None:
        return None
    people = (joinedload(Proposal.asker), joinedload(Proposal.answerer))
    again = (
        select(Proposal)
        .where(Proposal.id == found.id)
        .options(
            *people,
            joinedload(Proposal.round).options(undefer(Round.record), joinedload(Round.author)),
        )
    )
    return session.scalars(again.execution_options(populate_existing=True)).one()
