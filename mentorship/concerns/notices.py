"""Who is told by message that a worry is waiting: never what it says, nor about whom."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defer, joinedload

from mentorship.accounts.models import User
from mentorship.children.models import Child
from mentorship.concerns.models import Concern
from mentorship.concerns.queries import WAITING
from mentorship.i18n import as_day
from mentorship.matches.models import Match
from mentorship.messages.services import coordinators_of, enqueue
from mentorship.reviews.notices import News


def tell_of_new(session: Session, *, base_url: str, at: datetime) -> int:
    """Tell the coordinators of each region, at once, that a worry waits; how many were told of.

    A restricted one concerns its owner alone.
    """
    found = _untold(session)
    for concern in found:
        readers = _owner(concern) if concern.restricted else _region(session, concern, at)
        _write(session, "worry_waiting", concern, readers, base_url=base_url, at=at)
        concern.told_at = at
    return len(found)


def remind(session: Session, *, base_url: str, at: datetime) -> int:
    """Once the clock has run out, remind the owner and their supervisor; else the region's."""
    query = select(Concern).where(WAITING, Concern.review_by < at, Concern.reminded_at.is_(None))
    found = session.scalars(_locked(query)).all()
    for concern in found:
        readers = _owner(concern) or _region(session, concern, at)
        _write(session, "worry_overdue", concern, readers, base_url=base_url, at=at)
        concern.reminded_at = at
    return len(found)


def tell_mentor_of_pause(
    session: Session, concern: Concern, match: Match, *, base_url: str, at: datetime
) -> None:
    """The mentor learns that the two do not meet for now, without the reason."""
    news = News(session, f"concern-{concern.id}-{at:%Y%m%d%H%M}", base_url, at)
    news.to_mentors("match_on_hold", [match.mentor], f"/my-matches/{match.id}")


def _untold(session: Session) -> list[Concern]:
    query = select(Concern).where(Concern.told_at.is_(None), Concern.closed_at.is_(None))
    return list(session.scalars(_locked(query)).all())


def _locked(query: Select[Any]) -> Select[Any]:
    """Locked, so that two schedulers do not write of the same one; the other one goes on.

    What they say is not read: one that no key opens holds up no other.
    """
    child = joinedload(Concern.child, innerjoin=True).joinedload(Child.centre, innerjoin=True)
    fresh = query.options(child, defer(Concern.text)).order_by(Concern.id)
    return fresh.with_for_update(skip_locked=True, of=Concern)


def _owner(concern: Concern) -> list[User]:
    owner = concern.owner
    people = [owner, owner.supervisor] if owner else []
    return [user for user in people if user is not None and user.active]


def _region(session: Session, concern: Concern, at: datetime) -> list[User]:
    """The coordinators of the child's region who are on duty."""
    return coordinators_of(session, concern.child.centre.region, as_day(at))


def _write(
    session: Session,
    kind: str,
    concern: Concern,
    readers: list[User],
    *,
    base_url: str,
    at: datetime,
) -> None:
    for user in readers:
        key = f"{kind}:{concern.id}:{concern.review_by:%Y%m%d%H%M%S}:{user.id}"
        link = f"{base_url}/concerns/{concern.id}"
        enqueue(session, key=key, kind=kind, user=user, at=at, urgent=True, link=link)
