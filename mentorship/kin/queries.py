from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select, union
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from mentorship.accounts.models import User
from mentorship.children.models import Child, Relative, SiblingGroup
from mentorship.children.queries import search_children, visible_children
from mentorship.i18n import like_patterns
from mentorship.matches.models import (
    Match,
    Preparation,
    PreparationStatus,
    Proposal,
    ProposalStatus,
)
from mentorship.mentors.models import Conflict, Mentor
from mentorship.mentors.queries import search_mentors, visible_mentors
from mentorship.places.models import Centre

FEW = 10


def children_named(session: Session, user: User, q: str, but: int | None = None) -> Sequence[Child]:
    """The first children in scope whom a name finds."""
    query = search_children(user, q, {}).where(Child.left_on.is_(None), Child.id != but)
    loaded = query.options(contains_eager(Child.centre)).order_by(Child.sort_key, Child.id)
    found: Sequence[Child] = session.scalars(loaded.limit(FEW)).all()
    return found


def mentors_named(session: Session, user: User, q: str, on: date) -> Sequence[Mentor]:
    """The first mentors in scope whom a name finds."""
    query = search_mentors(user, q, {}, on).order_by(Mentor.sort_key, Mentor.id)
    found: Sequence[Mentor] = session.scalars(query.limit(FEW)).all()
    return found


def search_groups(user: User, q: str, filters: dict[str, str]) -> Select[Any]:
    """Groups of brothers and sisters with a child in scope, by name and rule; the oldest's name."""
    own = visible_children(user).with_only_columns(Child.sibling_group_id)
    for pattern in like_patterns(q):
        own = own.where(Child.search_key.like(pattern, escape="\\"))
    own = own.where(Child.sibling_group_id.is_not(None))
    member = aliased(Child)
    name = select(func.min(member.sort_key)).where(member.sibling_group_id == SiblingGroup.id)
    query = select(SiblingGroup, name.scalar_subquery().label("name")).where(
        SiblingGroup.id.in_(own)
    )
    if "rule" in filters:
        query = query.where(SiblingGroup.rule == filters["rule"])
    members = selectinload(SiblingGroup.children)
    return query.options(
        members.joinedload(Child.centre),
        members.selectinload(Child.matches).joinedload(Match.mentor),
    )


def find_group_of(session: Session, child: Child) -> SiblingGroup | None:
    """A child's group with all of its children, their centres and mentors."""
    members = selectinload(SiblingGroup.children)
    query = select(SiblingGroup).where(SiblingGroup.id == child.sibling_group_id)
    return session.scalars(
        query.options(
            members.joinedload(Child.centre),
            members.selectinload(Child.matches).joinedload(Match.mentor),
        )
    ).first()


def find_relative(session: Session, user: User, relative_id: int) -> Relative | None:
    """One relative of a visible child."""
    query = (
        select(Relative)
        .join(Relative.child)
        .join(Child.centre)
        .options(contains_eager(Relative.child).contains_eager(Child.centre))
        .where(Relative.id == relative_id)
    )
    return session.scalars(user.scope.limit(query, Centre.region)).first()


def find_conflict(session: Session, user: User, conflict_id: int) -> Conflict | None:
    """One conflict of a visible mentor."""
    mine = visible_mentors(user).with_only_columns(Mentor.id)
    query = select(Conflict).where(Conflict.id == conflict_id, Conflict.mentor_id.in_(mine))
    return session.scalars(query.options(joinedload(Conflict.mentor))).first()


def mentor_conflicts(session: Session, user: User, mentor: Mentor) -> Sequence[Any]:
    """A mentor's conflicts, newest first, with the child in scope or the centre, and who says so.

    Rows of conflict, child or None (also where the child is out of scope), centre or None, name.
    """
    seen = visible_children(user).with_only_columns(Child.id)
    query = (
        select(Conflict, Child, Centre, User.name)
        .select_from(Conflict)
        .outerjoin(Child, (Child.id == Conflict.child_id) & Child.id.in_(seen))
        .outerjoin(Centre, Centre.id == Conflict.centre_id)
        .outerjoin(User, User.id == Conflict.recorded_by)
        .where(Conflict.mentor_id == mentor.id)
        .order_by(Conflict.ended_on.is_not(None), Conflict.id.desc())
    )
    return session.execute(query).all()


def child_conflicts(session: Session, user: User, child: Child) -> Sequence[Any]:
    """Mentors in scope who have a conflict with a child or the child's centre, standing ones."""
    query = (
        select(Conflict, Mentor)
        .join(Mentor, Mentor.id == Conflict.mentor_id)
        .where((Conflict.child_id == child.id) | (Conflict.centre_id == child.centre_id))
        .where(Conflict.ended_on.is_(None))
        .order_by(Mentor.sort_key, Mentor.id)
    )
    return session.execute(user.scope.limit(query, Mentor.region)).all()


def standing_conflict(
    session: Session, mentor: Mentor, *, child_id: int | None, centre_id: int | None
) -> Conflict | None:
    """The conflict of this mentor with this very child or centre that has not ended."""
    query = select(Conflict).where(
        Conflict.mentor_id == mentor.id,
        Conflict.ended_on.is_(None),
        Conflict.child_id == child_id,
        Conflict.centre_id == centre_id,
    )
    return session.scalars(query.limit(1)).first()


def children_concerned(session: Session, mentor: Mentor, conflict: Conflict) -> list[int]:
    """Children of a conflict with a proposal, a pair on the way or a match with this mentor."""
    around = union(
        select(Proposal.child_id).where(
            Proposal.mentor_id == mentor.id, Proposal.status == ProposalStatus.OPEN
        ),
        select(Preparation.child_id).where(
            Preparation.mentor_id == mentor.id, Preparation.status == PreparationStatus.OPEN
        ),
        select(Match.child_id).where(Match.mentor_id == mentor.id, Match.ended_on.is_(None)),
    ).subquery()
    query = select(Child.id).where(Child.id.in_(select(around.c.child_id)))
    if conflict.child_id is not None:
        query = query.where(Child.id == conflict.child_id)
    else:
        query = query.where(Child.centre_id == conflict.centre_id)
    return list(session.scalars(query.order_by(Child.id)))
