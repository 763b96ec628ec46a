from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from mentorship import audit
from mentorship.agreements.services import start_match
from mentorship.check_ins import store
from mentorship.check_ins.models import CheckIn, ContactKind, ContactPolicy, Rung
from mentorship.check_ins.queries import IS_OPEN, on_hold
from mentorship.check_ins.schedule import faults
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Invalid, Stale
from mentorship.i18n import as_day
from mentorship.matches.models import Match, Preparation
from mentorship.settings.services import value


def begin_match(
    session: Session,
    preparation: Preparation,
    *,
    number: str,
    agreed_on: date,
    by: int,
    on: date,
    at: datetime,
) -> Match:
    """Record the agreement, make the match and plan its contacts; raises what starting raises."""
    match = start_match(
        session, preparation, number=number, agreed_on=agreed_on, by=by, on=on, at=at
    )
    replan(session, match, on=on)
    return match


def replan(session: Session, match: Match, *, on: date) -> int:
    """Let the contacts of a match follow the plan from a day on; how many changed.

    What was held, missed or fell due stays; done twice, the second time changes nothing.
    """
    session.flush()
    return store.plan(session, [match.id], on=on)


def add_policy(
    session: Session, data: Mapping[str, Any], *, by: int, on: date, at: datetime
) -> ContactPolicy:
    """Add a version of the policy, in force from a day on; raises Invalid.

    The contacts ahead follow it when `plan_all` runs next.
    """
    if data["in_force_from"] < on:
        raise Invalid("policy_in_the_past")
    if session.scalar(select(ContactPolicy.id).where(ContactPolicy.version == data["version"])):
        raise Invalid("policy_version_in_use")
    wrong = faults(data["stages"])
    if wrong:
        raise Invalid(wrong[0])
    policy = ContactPolicy(**data, made_by=by, made_at=at)
    session.add(policy)
    audit.record("made_contact_policy", policy, by=by, session=session, version=policy.version)
    return policy


def plan_all(session: Session, *, on: date) -> int:
    """The same for every open match: new days, first meetings, pauses and policies."""
    return store.plan(session, store.open_matches(session), on=on)


def plan_few(session: Session, *, on: date) -> int | None:
    """The same at once, or None where there are so many matches that it waits for the night."""
    session.flush()
    ids = store.open_matches(session)
    return store.plan(session, ids, on=on) if len(ids) <= store.AT_ONCE else None


def next_contact(session: Session, match_id: int, kind: ContactKind, on: date) -> CheckIn | None:
    """The open contact of a kind that one held on a day fulfils: the earliest, not too far off."""
    query = (
        select(CheckIn)
        .where(CheckIn.match_id == match_id, CheckIn.kind == kind, *IS_OPEN)
        .where(CheckIn.due_on <= on + early(session))
        .order_by(CheckIn.due_on)
        .limit(1)
    )
    return session.scalars(query).first()


def early(session: Session) -> timedelta:
    """How long before its day a contact still counts as that one."""
    return timedelta(days=value(session, "contacts.early_days"))


def record_check_in(
    session: Session,
    check_in: CheckIn,
    data: dict[str, Any],
    *,
    also: Sequence[CheckIn] = (),
    by: int | None,
    at: datetime,
) -> None:
    """Note that a contact was held and what came of it; `also` holds others of the same talk.

    A missed one is recorded with the day it truly happened. Raises AlreadyDone or Invalid; Stale
    where the plan has come to leave it out.
    """
    rows = [check_in, *also]
    for_update(session, Match, [check_in.match_id])  # before its contacts, as closing does
    if len(for_update(session, CheckIn, [row.id for row in rows])) < len(rows):
        raise Stale("changed_meanwhile") if check_in.match.is_open else AlreadyDone("match_closed")
    for row in rows:
        _refuse_to_record(session, row, check_in.match, data["held_on"], as_day(at))
    for row in rows:
        row.held_on, row.way, row.missed_on = data["held_on"], data["way"], None
        row.rating, row.next_step = data["rating"], data["next_step"]
        row.recorded_by, row.recorded_at = by, at
        audit.record(
            "recorded_check_in", row, by=by, session=session, match=row.match_id, kind=row.kind
        )
    ids = [row.id for row in rows]
    waiting = update(Rung).where(Rung.check_in_id.in_(ids), Rung.done_on.is_(None))
    session.execute(waiting.values(done_on=as_day(at), done_by=by))


def _refuse_to_record(
    session: Session, row: CheckIn, match: Match, held_on: date, today: date
) -> None:
    if row.held_on is not None:
        raise AlreadyDone("already_recorded")
    if row.match_id != match.id:
        raise Invalid("contact_of_another_match")
    if held_on < match.started_on:
        raise Invalid("before_start")
    if match.ended_on is not None and held_on > match.ended_on:
        raise Invalid("after_end")
    before = select(func.count()).where(
        CheckIn.match_id == row.match_id,
        CheckIn.kind == row.kind,
        CheckIn.slot < row.slot,
        CheckIn.due_on >= today,
        *IS_OPEN,
    )
    if session.scalar(before):
        raise Invalid("earlier_contact_first")


def mark_missed(session: Session, *, on: date) -> int:
    """Mark the contacts missed that were open when the next of their kind fell due.

    Also those of matches that have ended; how many. None is ever removed.
    """
    later = aliased(CheckIn)
    following = (
        select(func.min(later.due_on))
        .where(
            later.match_id == CheckIn.match_id,
            later.kind == CheckIn.kind,
            later.slot > CheckIn.slot,
            later.due_on <= on,
        )
        .correlate(CheckIn)
        .scalar_subquery()
    )
    session.flush()
    missed = update(CheckIn).where(
        *IS_OPEN, CheckIn.due_on < on, following.is_not(None), ~on_hold(CheckIn.match_id)
    )
    quiet = missed.values(missed_on=following).execution_options(synchronize_session=False)
    done: Any = session.execute(quiet)
    store.forget_loaded(session)
    return int(done.rowcount) + _end_forgotten(session)


def _end_forgotten(session: Session) -> int:
    """End the schedules of matches that ended without it."""
    ended = select(Match).where(
        Match.ended_on.is_not(None), Match.id.in_(select(CheckIn.match_id).where(*IS_OPEN))
    )
    return sum(
        end_schedule(session, match, on=match.ended_on)
        for match in session.scalars(ended).all()
        if match.ended_on
    )


def end_schedule(session: Session, match: Match, *, on: date, at: datetime | None = None) -> int:
    """End the contacts of a match: what is ahead goes, what is overdue is missed and stays.

    How many are missed.
    """
    session.flush()
    query = select(CheckIn).where(CheckIn.match_id == match.id, *IS_OPEN)
    rows = session.scalars(query.order_by(CheckIn.id).with_for_update()).all()
    pauses = store.timelines(session, [match.id])[match.id].pauses
    ahead = [row for row in rows if store.is_ahead(row.due_on, pauses, on)]
    missed = [row for row in rows if row not in ahead]
    for row in missed:
        row.missed_on = on
    session.flush()
    store.remove(session, [row.id for row in ahead])
    for row in ahead:
        session.expunge(row)
    return len(missed)
