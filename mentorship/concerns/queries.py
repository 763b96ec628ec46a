from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from mentorship.accounts.models import User
from mentorship.children.models import Child
from mentorship.concerns.models import Concern
from mentorship.matches.models import Match
from mentorship.places.models import Centre


def visible_concerns(user: User) -> Select[Concern]:
    """Concerns about children in somebody's regions, with the people they are about."""
    query = (
        select(Concern)
        .join(Concern.match)
        .join(Match.child)
        .join(Child.centre)
        .options(
            contains_eager(Concern.match).contains_eager(Match.child).contains_eager(Child.centre),
            joinedload(Concern.match, Match.mentor),
        )
    )
    return user.scope.limit(query, Centre.region)


def open_concerns(user: User) -> Select[Concern]:
    """Those not reviewed yet, the longest waiting first."""
    return visible_concerns(user).where(Concern.reviewed_at.is_(None)).order_by(Concern.review_by)


def find_concern(session: Session, user: User, concern_id: int) -> Concern | None:
    """One visible concern."""
    query = visible_concerns(user).where(Concern.id == concern_id)
    loaded = query.options(joinedload(Concern.meeting), joinedload(Concern.reviewer))
    return session.scalars(loaded).first()
