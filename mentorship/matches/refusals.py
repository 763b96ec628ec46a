"""Pairs that people's decisions rule out, whatever the points: the refused pairs of a problem."""

from datetime import date
from typing import Any

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session, aliased

from mentorship.children.models import Child, SiblingGroup, SiblingRule
from mentorship.matches.models import (
    Match,
    Preparation,
    PreparationStatus,
    Proposal,
    ProposalStatus,
    Ruling,
    RulingKind,
)
from mentorship.matches.queries import is_free
from mentorship.mentors.models import NEVER_PROPOSED, Conflict, Mentor


def refused_pairs(
    session: Session, on: date, mentor_id: int | None = None, child_id: int | None = None
) -> dict[tuple[int | str, int | str], str]:
    """Pairs that a person has kept apart or declined, or with a conflict of interest, on a day.

    A conflict with a centre is one with every child who lives there. Brothers and sisters who
    must have one mentor are kept from every other as soon as one of them has a mentor.
    """
    declined = select(Proposal.mentor_id, Proposal.child_id).where(
        Proposal.status == ProposalStatus.DECLINED,
        (Proposal.declined_until.is_(None)) | (Proposal.declined_until >= on),
    )
    apart = select(Ruling.mentor_id, Ruling.child_id).where(
        Ruling.kind == RulingKind.APART,
        Ruling.lifted_at.is_(None),
        (Ruling.until.is_(None)) | (Ruling.until >= on),
    )
    barred = (
        select(Conflict.mentor_id, Child.id)
        .join(
            Child,
            (Child.id == Conflict.child_id) | (Child.centre_id == Conflict.centre_id),
        )
        .where(Conflict.ended_on.is_(None) | (Conflict.ended_on > on), Child.left_on.is_(None))
    )
    found: dict[tuple[int | str, int | str], str] = {}
    sources: tuple[tuple[Any, Any, Any, str], ...] = (
        (declined, Proposal.mentor_id, Proposal.child_id, "declined_before"),
        (apart, Ruling.mentor_id, Ruling.child_id, "forbidden"),
        (_with_a_siblings_mentor(), Mentor.id, Child.id, "forbidden"),
        (barred, Conflict.mentor_id, Child.id, "conflict"),
    )
    for query, adult, young, code in sources:
        if mentor_id is not None:
            query = query.where(adult == mentor_id, young == child_id)
        found |= dict.fromkeys(((row[0], row[1]) for row in session.execute(query)), code)
    return found


def _with_a_siblings_mentor() -> Select[Any, Any]:
    """Free children of a group that must have one mentor, with every mentor but that one."""
    has_one = union_all(
        select(Match.child_id, Match.mentor_id).where(Match.ended_on.is_(None)),
        select(Preparation.child_id, Preparation.mentor_id).where(
            Preparation.status == PreparationStatus.OPEN
        ),
    ).subquery()
    sibling = aliased(Child)
    own = (
        select(sibling.sibling_group_id, has_one.c.mentor_id)
        .join(has_one, has_one.c.child_id == sibling.id)
        .join(SiblingGroup, SiblingGroup.id == sibling.sibling_group_id)
        .where(SiblingGroup.rule == SiblingRule.MUST)
        .subquery()
    )
    theirs = select(own.c.mentor_id).where(own.c.sibling_group_id == Child.sibling_group_id)
    return (
        select(Mentor.id, Child.id)
        .select_from(Child)
        .join(Mentor, Mentor.status.not_in(NEVER_PROPOSED))
        .where(
            Child.sibling_group_id.in_(select(own.c.sibling_group_id)),
            is_free(),
            Mentor.id.not_in(theirs),
        )
    )
