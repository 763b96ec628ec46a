"""What happens when a contact stays overdue: remind the mentor, call, supervisor, review."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from mentorship import audit
from mentorship.check_ins import notices, store
from mentorship.check_ins.models import CheckIn, ContactKind, Rung, RungStep
from mentorship.check_ins.queries import IS_OPEN, on_hold
from mentorship.children.models import Child
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Invalid
from mentorship.i18n import as_day
from mentorship.matches.models import Match
from mentorship.reviews.models import ReviewCause
from mentorship.reviews.services import look_again
from mentorship.settings.services import value

LADDER: Mapping[ContactKind, tuple[RungStep, ...]] = {
    ContactKind.MENTOR: tuple(RungStep),
    ContactKind.CHILD: (RungStep.CALL, RungStep.SUPERVISOR, RungStep.REVIEW),
    ContactKind.CARER: (RungStep.CALL, RungStep.SUPERVISOR),
    ContactKind.REVIEW: (RungStep.SUPERVISOR,),
}
"""A mentor can be reminded; a child is not, and a formal review is the programme's own task."""


def climb(session: Session, *, on: date, at: datetime, base_url: str) -> Counter[RungStep]:
    """Let every overdue contact climb to the step it has reached by a day; how many did.

    After days without this, each step reached meanwhile is taken once, and nobody is written to
    more than once a day.
    """
    days = {step: value(session, f"ladder.{step}_days") for step in RungStep}
    reached = [
        Rung(check_in=row, step=step, reached_on=on)
        for row, late in _overdue(session, on - timedelta(days=min(days.values())), on)
        for step in LADDER[ContactKind(row.kind)]
        if late >= days[step] and step not in {rung.step for rung in row.rungs}
    ]
    session.add_all(reached)
    session.flush()
    _act(session, reached, on=on, at=at, base_url=base_url)
    return Counter(RungStep(rung.step) for rung in reached)


def _act(
    session: Session, reached: Sequence[Rung], *, on: date, at: datetime, base_url: str
) -> None:
    """Do what the steps say; a call waits for somebody to make it."""
    done = notices.remind_mentors(session, _of(reached, RungStep.REMIND), at=at, base_url=base_url)
    done += notices.tell_supervisors(
        session, _of(reached, RungStep.SUPERVISOR), at=at, base_url=base_url
    )
    for rung in _of(reached, RungStep.REVIEW):
        match = rung.check_in.match
        look_again(session, match, ReviewCause.OVERDUE_CONTACTS, hold=False, by=None, at=at)
        done.append(rung)
    for rung in done:
        rung.done_on = on
    session.flush()


def _of(rungs: Sequence[Rung], step: RungStep) -> list[Rung]:
    return [rung for rung in rungs if rung.step == step]


def _overdue(session: Session, until: date, on: date) -> list[tuple[CheckIn, int]]:
    """The open contacts due up to a day, and since how many days that count."""
    due = (*IS_OPEN, CheckIn.due_on <= until)
    theirs = Match.id.in_(select(CheckIn.match_id).where(*due)) & Match.ended_on.is_(None)
    # Before their contacts, as whoever closes or records does.
    session.execute(select(Match.id).where(theirs).order_by(Match.id).with_for_update()).all()
    match = contains_eager(CheckIn.match)
    query = (
        select(CheckIn)
        .join(CheckIn.match)
        .where(*due, Match.ended_on.is_(None))
        .where(~on_hold(CheckIn.match_id))
        .options(selectinload(CheckIn.rungs), match.joinedload(Match.mentor))
        .options(match.joinedload(Match.child).joinedload(Child.centre))
        .order_by(CheckIn.id)
        .with_for_update(of=CheckIn)
    )
    rows = session.scalars(query).all()
    lines = store.timelines(session, sorted({row.match_id for row in rows}))
    return [(row, lines[row.match_id].days_between(row.due_on, on)) for row in rows]


def note_call(
    session: Session, check_in: CheckIn, *, called_on: date, note: str, by: int, at: datetime
) -> None:
    """Note a call that an overdue contact asks for; the contact stays open until it is recorded.

    Raises AlreadyDone or Invalid.
    """
    for_update(session, CheckIn, [check_in.id])
    rung = open_call(session, check_in)
    if rung is None:
        raise AlreadyDone("no_call_to_make")
    if called_on < check_in.due_on or called_on > as_day(at):
        raise Invalid("called_before_due")
    rung.done_on, rung.done_by, rung.note = called_on, by, note
    audit.record("noted_call", check_in, by=by, match=check_in.match_id)


def open_call(session: Session, check_in: CheckIn) -> Rung | None:
    """The call that somebody has yet to make about a contact."""
    if check_in.held_on is not None or check_in.missed_on is not None:
        return None
    query = select(Rung).where(
        Rung.check_in_id == check_in.id, Rung.step == RungStep.CALL, Rung.done_on.is_(None)
    )
    return session.scalars(query.options(joinedload(Rung.check_in))).first()
