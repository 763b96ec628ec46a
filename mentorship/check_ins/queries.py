from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from mentorship.accounts.models import User
from mentorship.check_ins.models import SOON_DAYS, CheckIn, ContactPolicy, Rung, RungStep
from mentorship.matches.models import Match
from mentorship.matches.queries import about_visible_matches
from mentorship.places.models import Centre
from mentorship.reviews.models import Hold

SOON = timedelta(days=SOON_DAYS)
IS_OPEN = (CheckIn.held_on.is_(None), CheckIn.missed_on.is_(None))


def on_hold(match_id: Any) -> ColumnElement[bool]:
    """Whether a match is on hold now: nothing of it is due meanwhile."""
    return select(Hold.id).where(Hold.match_id == match_id, Hold.ended_at.is_(None)).exists()


def open_check_ins(user: User, until: date) -> Select[CheckIn]:
    """Contacts due up to a day, neither held nor missed, of matches somebody may see."""
    open_ones = about_visible_matches(user, CheckIn).where(*IS_OPEN, CheckIn.due_on <= until)
    return open_ones.where(Match.ended_on.is_(None), ~on_hold(CheckIn.match_id))


def listed(user: User, filters: Mapping[str, str], on: date) -> Select[CheckIn]:
    """The contacts of the list, by its filters: state, kind, region."""
    state = filters.get("state")
    query = missed_check_ins(user) if state == "missed" else open_check_ins(user, on + SOON)
    if state in ("overdue", "due"):
        query = query.where(CheckIn.due_on < on if state == "overdue" else CheckIn.due_on >= on)
    if state == "call":
        waits = CheckIn.rungs.any((Rung.step == RungStep.CALL) & Rung.done_on.is_(None))
        query = query.where(CheckIn.due_on < on, waits)
    if "kind" in filters:
        query = query.where(CheckIn.kind == filters["kind"])
    if "region" in filters:
        query = query.where(Centre.region == filters["region"])
    return query.options(selectinload(CheckIn.rungs))


def missed_check_ins(user: User) -> Select[CheckIn]:
    """Every missed contact of matches somebody may see, also of those that have ended."""
    return about_visible_matches(user, CheckIn).where(CheckIn.missed_on.is_not(None))


def find_check_in(session: Session, user: User, check_in_id: int) -> CheckIn | None:
    """One check-in of a match somebody may see."""
    query = about_visible_matches(user, CheckIn).where(CheckIn.id == check_in_id)
    found: CheckIn | None = session.scalars(query).first()
    return found


def policies(session: Session) -> Sequence[ContactPolicy]:
    """Every version of the policy, the one that takes effect last first."""
    query = select(ContactPolicy).options(joinedload(ContactPolicy.maker))
    newest = (ContactPolicy.in_force_from.desc(), ContactPolicy.id.desc())
    return session.scalars(query.order_by(*newest)).all()


def check_ins_of_match(session: Session, match_id: int) -> Sequence[CheckIn]:
    """The whole schedule of a match, in order."""
    query = select(CheckIn).where(CheckIn.match_id == match_id)
    query = query.options(joinedload(CheckIn.recorder), selectinload(CheckIn.rungs))
    return session.scalars(query.order_by(CheckIn.due_on, CheckIn.id)).all()


def others_open(session: Session, check_in: CheckIn, until: date) -> Sequence[CheckIn]:
    """The next open contact of every other kind of the same match, due up to a day."""
    query = select(CheckIn).where(
        CheckIn.match_id == check_in.match_id,
        CheckIn.kind != check_in.kind,
        CheckIn.due_on <= until,
        *IS_OPEN,
    )
    found: dict[str, CheckIn] = {}
    for row in session.scalars(query.order_by(CheckIn.due_on)):
        found.setdefault(row.kind, row)
    return list(found.values())
