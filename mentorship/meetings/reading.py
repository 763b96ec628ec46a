"""Staff read what mentors write, under their name, and answer; the mentor sees both."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select, update
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from mentorship import audit
from mentorship.accounts.models import User
from mentorship.children.models import Child
from mentorship.database import for_update
from mentorship.matches.models import Match
from mentorship.meetings.models import Meeting, Reply
from mentorship.places.models import Centre


def find_meeting(session: Session, user: User, meeting_id: int) -> Meeting | None:
    """One entry about a child in somebody's regions."""
    query = select(Meeting).join(Meeting.match).join(Match.child).join(Child.centre)
    found = user.scope.limit(query.where(Meeting.id == meeting_id), Centre.region)
    return session.scalars(found).first()


def hours_of_match(session: Session, match_id: int) -> tuple[int, int, int]:
    """Meetings held, their minutes, and those that did not take place."""
    held = Meeting.cancelled_by.is_(None)
    query = select(
        func.count().filter(held), func.sum(Meeting.minutes), func.count().filter(~held)
    ).where(Meeting.match_id == match_id)
    row = session.execute(query).one()
    return row[0], row[1] or 0, row[2]


def entries(user: User, filters: dict[str, str]) -> Select[Any]:
    """Entries about children in somebody's regions; without a filter those not read yet."""
    query = (
        select(Meeting)
        .join(Meeting.match)
        .join(Match.child)
        .join(Child.centre)
        .join(Match.mentor)
        .options(
            contains_eager(Meeting.match).contains_eager(Match.child).contains_eager(Child.centre),
            contains_eager(Meeting.match).contains_eager(Match.mentor),
        )
    )
    if filters.get("state", "unread") == "unread":
        query = query.where(Meeting.read_at.is_(None))
    elif filters["state"] == "cancelled":
        query = query.where(Meeting.cancelled_by.is_not(None))
    if "region" in filters:
        query = query.where(Centre.region == filters["region"])
    return user.scope.limit(query, Centre.region)


def entries_of_match(match_id: int) -> Select[Any]:
    """The entries of a match with who read and answered them; those not read yet come first."""
    return (
        select(Meeting)
        .where(Meeting.match_id == match_id)
        .options(joinedload(Meeting.reader), joinedload(Meeting.author))
        .options(selectinload(Meeting.replies).joinedload(Reply.author))
        .order_by(case((Meeting.read_at.is_(None), 0), else_=1))
    )


def mark_read(session: Session, shown: Sequence[Meeting], *, by: int, at: datetime) -> int:
    """Note who read these entries first; how many nobody had read before."""
    ids = [row.id for row in shown if row.read_at is None]
    if not ids:
        return 0
    fresh = update(Meeting).where(Meeting.id.in_(ids), Meeting.read_at.is_(None))
    done = session.execute(
        fresh.values(read_by=by, read_at=at).execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def reply_to(session: Session, meeting: Meeting, text: str, *, by: int, at: datetime) -> Reply:
    """Answer an entry; who answers has read it."""
    for_update(session, Meeting, [meeting.id])
    if meeting.read_at is None:
        meeting.read_by, meeting.read_at = by, at
    reply = Reply(meeting_id=meeting.id, text=text, written_by=by, written_at=at)
    session.add(reply)
    audit.record("answered_meeting", reply, by=by, session=session, match=meeting.match_id)
    return reply


def see_replies(session: Session, match_id: int, *, by: int, at: datetime) -> None:
    """Note that a mentor has opened the answers to their own entries of a match."""
    own = select(Meeting.id).where(Meeting.match_id == match_id, Meeting.logged_by == by)
    unseen = update(Reply).where(Reply.meeting_id.in_(own), Reply.seen_at.is_(None))
    session.execute(unseen.values(seen_at=at).execution_options(synchronize_session=False))
