"""The schedules of matches in the database: the rows follow the plan, many matches at a time."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import case, delete, func, insert, select, update
from sqlalchemy.orm import Session

from mentorship.check_ins.models import CheckIn, ContactKind, ContactPolicy, Rung
from mentorship.check_ins.schedule import Due, Pause, Version, merged, wanted
from mentorship.i18n import as_day
from mentorship.matches.models import Match, Preparation
from mentorship.reviews.models import Hold

PLANNED_AHEAD = timedelta(days=200)
AT_ONCE = 1000
NO_SLOT = -1
Key = tuple[int, str]
"""A match and a kind of contact."""
Same = dict[tuple[str, date], list[Due]]
"""What is due for a kind and a start, without a hold, by one policy up to one day."""


@dataclass(frozen=True)
class Timeline:
    """From when the contacts of a match count, and on which days they do not."""

    began: date
    pauses: Sequence[Pause] = ()

    def days_between(self, first: date, last: date) -> int:
        """The days from one to the other that count: days on hold do not."""
        days = (last - first).days
        for pause in merged(self.pauses, first):
            days -= max(0, (min(pause.until or last, last) - pause.from_on).days)
        return days


@dataclass
class Changes:
    """What must be done so that the rows of some matches are as the plan says.

    New rows, rows with their new day, and rows that go.
    """

    added: list[dict[str, Any]] = field(default_factory=list)
    moved: list[tuple[Any, Due]] = field(default_factory=list)
    removed: list[Any] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.added) + len(self.moved) + len(self.removed)


def versions(session: Session) -> list[Version]:
    """Every version of the policy."""
    return [policy.plans for policy in session.scalars(select(ContactPolicy))]


def plan(session: Session, match_ids: Sequence[int], *, on: date) -> int:
    """Let the contacts of these open matches follow the plan from a day on; how many changed.

    What was held, missed or fell due stays; what is ahead keeps its row where its day stays.
    """
    policy, done = versions(session), 0
    same: Same = {}
    for some in batches(match_ids):
        still = select(Match.id).where(Match.id.in_(some), Match.ended_on.is_(None))
        ids = list(session.scalars(still.order_by(Match.id).with_for_update()))
        until = on + PLANNED_AHEAD
        changes = changes_of(session, ids, policy, on=on, until=until, same=same)
        _apply(session, changes)
        done += len(changes)
    return done


def changes_of(
    session: Session,
    ids: Sequence[int],
    policy: Sequence[Version],
    *,
    on: date,
    until: date,
    same: Same,
) -> Changes:
    """What a policy would change in the contacts of some matches up to a day.

    `same` keeps what is the same for matches that began on one day, from one call to the next.
    """
    found = Changes()
    lines, rows, ends = timelines(session, ids), _open_rows(session, ids), _ends(session, ids)
    for match_id in ids:
        line = lines[match_id]
        for kind in ContactKind:
            key = (kind, line.began)
            dues = None if line.pauses else same.get(key)
            if dues is None:
                dues = wanted(policy, kind, line.began, until, line.pauses)
                if not line.pauses:
                    same[key] = dues
            own = rows.get((match_id, kind), ()), ends.get((match_id, kind), (NO_SLOT, 0))
            _compare(found, (match_id, kind), *own, dues, line.pauses, on)
    return found


def timelines(session: Session, ids: Sequence[int]) -> Mapping[int, Timeline]:
    """The first meeting where it is recorded, else the start; and the days on hold."""
    began = (
        select(Match.id, Match.started_on, Preparation.first_meeting_on)
        .outerjoin(Preparation, Preparation.match_id == Match.id)
        .where(Match.id.in_(ids))
    )
    held = select(Hold.match_id, Hold.opened_at, Hold.ended_at).where(Hold.match_id.in_(ids))
    pauses = defaultdict(list)
    for match_id, opened, ended in session.execute(held):
        pauses[match_id].append(Pause(as_day(opened), as_day(ended) if ended else None))
    return {
        match_id: Timeline(first or started, pauses[match_id])
        for match_id, started, first in session.execute(began)
    }


def is_ahead(due_on: date, pauses: Sequence[Pause], on: date) -> bool:
    """Whether an open contact has not fallen due before a day; on a pause nothing does."""
    return due_on >= on or any(
        pause.from_on <= due_on and (pause.until is None or due_on < pause.until)
        for pause in pauses
    )


def remove(session: Session, ids: Sequence[int]) -> None:
    """Take contacts that nobody waits for any more off the plan."""
    for some in batches(ids):
        session.execute(delete(Rung).where(Rung.check_in_id.in_(some)))
        session.execute(delete(CheckIn).where(CheckIn.id.in_(some)))


def forget_loaded(session: Session) -> None:
    """Read the contacts again that are at hand: their rows were changed without them."""
    for row in list(session.identity_map.values()):
        if isinstance(row, CheckIn):
            session.expire(row)


def _open_rows(session: Session, ids: Sequence[int]) -> Mapping[Key, list[Any]]:
    """What is neither held nor missed."""
    columns = (CheckIn.id, CheckIn.match_id, CheckIn.kind, CheckIn.slot, CheckIn.due_on)
    query = select(*columns).where(
        CheckIn.match_id.in_(ids), CheckIn.held_on.is_(None), CheckIn.missed_on.is_(None)
    )
    found: dict[Key, list[Any]] = defaultdict(list)
    for row in session.execute(query):
        found[row.match_id, row.kind].append(row)
    return found


def _ends(session: Session, ids: Sequence[int]) -> Mapping[Key, tuple[int, int]]:
    """The last slot that was held or missed, and the last number of all."""
    over = CheckIn.held_on.is_not(None) | CheckIn.missed_on.is_not(None)
    last = func.max(case((over, CheckIn.slot), else_=NO_SLOT))
    query = (
        select(CheckIn.match_id, CheckIn.kind, last, func.max(CheckIn.number))
        .where(CheckIn.match_id.in_(ids))
        .group_by(CheckIn.match_id, CheckIn.kind)
    )
    return {(match, kind): (slot, number) for match, kind, slot, number in session.execute(query)}


def _compare(
    found: Changes,
    key: Key,
    rows: Sequence[Any],
    end: tuple[int, int],
    dues: Sequence[Due],
    pauses: Sequence[Pause],
    on: date,
) -> None:
    """Add what one kind of contact of one match needs; what has fallen due is never touched."""
    later = {due.slot for due in dues if due.on >= on}  # of a hold or a first meeting that came in
    ahead = {row.slot: row for row in rows if row.slot in later or is_ahead(row.due_on, pauses, on)}
    last = max((row.slot for row in rows if row.slot not in ahead), default=NO_SLOT)
    last, number = max(last, end[0]), end[1]
    for due in dues:
        if due.slot <= last:
            continue
        row = ahead.pop(due.slot, None)
        if row is None:
            number += 1
            found.added.append(_new(key, number, due))
        elif row.due_on != due.on:
            found.moved.append((row, due))
    found.removed.extend(ahead.values())


def _new(key: Key, number: int, due: Due) -> dict[str, Any]:
    return {
        "match_id": key[0],
        "kind": key[1],
        "number": number,
        "slot": due.slot,
        "due_on": due.on,
        "policy_id": due.version,
    }


def _apply(session: Session, changes: Changes) -> None:
    remove(session, [row.id for row in changes.removed])
    if changes.moved:
        new = [
            {"id": row.id, "due_on": due.on, "policy_id": due.version} for row, due in changes.moved
        ]
        session.execute(update(CheckIn), new)
    if changes.added:
        session.execute(insert(CheckIn), changes.added)
    if changes.removed or changes.moved:
        forget_loaded(session)


def open_matches(session: Session) -> list[int]:
    """Every open match."""
    query = select(Match.id).where(Match.ended_on.is_(None)).order_by(Match.id)
    return list(session.scalars(query))


def batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Some of them at a time."""
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
