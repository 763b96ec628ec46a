from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.agreements.endings import withdraw_open
from mentorship.children.models import Child, Relative, SiblingGroup, SiblingRule
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Invalid, NotEligible
from mentorship.kin import queries
from mentorship.matches.queries import locked_mentor, open_matches
from mentorship.matches.services import hold_decisions
from mentorship.mentors.models import Conflict, Mentor
from mentorship.reviews.models import ReviewCause
from mentorship.reviews.services import look_again


def join_siblings(
    session: Session, child: Child, other: Child, *, by: int, at: datetime
) -> SiblingGroup:
    """Record two children as brothers and sisters; a new group prefers one mentor.

    Raises Invalid for a child and themselves, AlreadyDone where they are recorded already or
    belong to two groups.
    """
    if child.id == other.id:
        raise Invalid("own_sibling")
    for_update(session, Child, sorted((child.id, other.id)))
    groups = {row.sibling_group_id for row in (child, other)} - {None}
    if len(groups) == 2:
        raise AlreadyDone("in_another_group")
    if child.sibling_group_id is not None and child.sibling_group_id == other.sibling_group_id:
        raise AlreadyDone("in_this_group")
    group = child.sibling_group or other.sibling_group
    if group is None:
        group = SiblingGroup(rule=SiblingRule.PREFER, recorded_by=by, recorded_at=at)
        session.add(group)
    for row in (child, other):
        if row.sibling_group is not group:
            row.sibling_group = group
            audit.record("joined_siblings", row, by=by, session=session)
    session.flush()
    return group


def change_sibling_rule(
    session: Session, child: Child, rule: SiblingRule, *, note: str | None, by: int, at: datetime
) -> None:
    """Decide whether brothers and sisters get one mentor; raises NotEligible without a group."""
    group = _group(session, child)
    was = group.rule
    group.rule, group.note, group.recorded_by, group.recorded_at = rule, note, by, at
    audit.record("changed_sibling_rule", group, by=by, was=was, now=rule)


def leave_siblings(session: Session, child: Child, *, by: int) -> None:
    """Take a child out of their group; one child alone is no group. Raises NotEligible."""
    group = _group(session, child)
    left = [row for row in group.children if row.id != child.id]
    gone = [child] if len(left) > 1 else [child, *left]
    for row in gone:
        row.sibling_group = None
        audit.record("left_siblings", row, by=by, session=session)
    session.flush()
    if len(left) < 2:
        session.expire(group)
        session.delete(group)
        session.flush()


def _group(session: Session, child: Child) -> SiblingGroup:
    if child.sibling_group_id is None:
        raise NotEligible("in_no_group")
    found: SiblingGroup = for_update(session, SiblingGroup, [child.sibling_group_id])[0]
    return found


def add_relative(
    session: Session, child: Child, data: dict[str, Any], *, by: int, at: datetime
) -> Relative:
    """Record a relative of a child."""
    relative = Relative(child=child, **data, recorded_by=by, recorded_at=at)
    session.add(relative)
    audit.record("recorded_relative", relative, by=by, session=session, child=child.id)
    return relative


def change_relative(
    session: Session, relative: Relative, data: dict[str, Any], *, by: int, at: datetime
) -> None:
    """Change what is known of a relative; raises AlreadyDone where they were taken out."""
    _open_relative(session, relative)
    changed = audit.changed_fields(relative, data)
    for name, value in data.items():
        setattr(relative, name, value)
    relative.recorded_by, relative.recorded_at = by, at
    audit.record("changed_relative", relative, by=by, child=relative.child_id, fields=changed)


def link_relative(session: Session, relative: Relative, mentor: Mentor | None, *, by: int) -> None:
    """Say which mentor of the register a relative is, or that they are none; raises AlreadyDone."""
    _open_relative(session, relative)
    relative.mentor_id = mentor.id if mentor else None
    audit.record("linked_relative", relative, by=by, child=relative.child_id)


def end_relative(session: Session, relative: Relative, *, on: date, by: int) -> None:
    """Take a relative out of what counts; the record stays. Raises AlreadyDone."""
    _open_relative(session, relative)
    relative.ended_on = on
    audit.record("ended_relative", relative, by=by, child=relative.child_id)


def _open_relative(session: Session, relative: Relative) -> None:
    for_update(session, Relative, [relative.id])
    if relative.ended_on is not None:
        raise AlreadyDone("relative_ended")


def record_conflict(
    session: Session,
    mentor: Mentor,
    data: dict[str, Any],
    *,
    child_id: int | None = None,
    by: int,
    on: date,
    at: datetime,
) -> Conflict:
    """Record a conflict of interest with a child, or with the centre in `data`, and act on it.

    At once: open proposals and pairs on the way end, an open match is put on hold and looked at
    again, and somebody tells the child. Raises AlreadyDone where it is recorded already.
    """
    hold_decisions(session, shared=True)
    adult = locked_mentor(session, mentor.id)
    centre_id = None if child_id is not None else data["centre_id"]
    if queries.standing_conflict(session, adult, child_id=child_id, centre_id=centre_id):
        raise AlreadyDone("conflict_exists")
    facts = {name: data[name] for name in ("kind", "since_on", "note")}
    conflict = Conflict(
        mentor=adult,
        child_id=child_id,
        centre_id=centre_id,
        **facts,
        recorded_by=by,
        recorded_at=at,
    )
    session.add(conflict)
    audit.record("recorded_conflict", conflict, by=by, session=session, mentor=adult.id)
    for number in queries.children_concerned(session, adult, conflict):
        for_update(session, Child, [number])
        withdraw_open(session, mentor_id=adult.id, child_id=number, by=by, on=on, at=at)
        for match in open_matches(session, mentor_id=adult.id, child_id=number):
            cause = ReviewCause.CONFLICT
            look_again(session, match, cause, hold=True, tell_child=True, by=by, at=at)
    return conflict


def end_conflict(session: Session, conflict: Conflict, ended_on: date, *, by: int) -> None:
    """Say from which day a conflict is none; raises AlreadyDone, or Invalid before it began."""
    for_update(session, Conflict, [conflict.id])
    if conflict.ended_on is not None:
        raise AlreadyDone("conflict_over")
    if ended_on < conflict.since_on:
        raise Invalid("conflict_ends_early")
    conflict.ended_on = ended_on
    audit.record("ended_conflict", conflict, by=by, mentor=conflict.mentor_id)
