from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.agreements.endings import withdraw_open
from mentorship.children import services as children
from mentorship.children.facts import too_young_to_consent, years_on
from mentorship.children.models import Child, Consent, ConsentKind, Placement, PlacementForm
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Impossible, Invalid, Stale
from mentorship.matches.queries import open_matches
from mentorship.mentors.models import Mentor
from mentorship.moves import queries
from mentorship.moves.facts import (
    came_back,
    is_inside,
    left_on,
    move_refusal,
)
from mentorship.places.models import Centre
from mentorship.reviews.models import ReviewCause
from mentorship.reviews.notices import News
from mentorship.reviews.services import look_again


def record_consent(
    session: Session,
    child: Child,
    kind: ConsentKind | str,
    *,
    given_on: date,
    given_by: str | None = None,
    text_version: str | None = None,
    language: str | None = None,
    way: str | None = None,
    paper_id: int | None = None,
    by: int,
    at: datetime,
) -> Consent:
    """Record a yes: to which text, in which language, by whom and how.

    Raises AlreadyDone while an earlier one stands; Invalid where a child is under 10, or the day
    is before the last time it was taken back.
    """
    for_update(session, Child, [child.id])
    session.refresh(child, ["consents"])
    if kind == ConsentKind.OWN and too_young_to_consent(child.birth_date, given_on):
        raise Invalid("consent_too_young")
    last = queries.last_withdrawal(session, child.id, ConsentKind(kind))
    if last is not None and given_on < last:
        raise Invalid("consent_before_withdrawal")
    consent = children.add_consent(
        child, ConsentKind(kind), given_on=given_on, given_by=given_by, by=by, at=at
    )
    consent.text_version, consent.language = text_version, language
    consent.way, consent.paper_id = way, paper_id  # type: ignore[assignment]
    session.flush()
    return consent


def withdraw_consent(
    session: Session,
    child_id: int,
    kind: ConsentKind | str,
    *,
    said_by: str,
    said_on: date,
    reason: str | None,
    by: int,
    on: date,
    at: datetime,
    base_url: str,
) -> Consent:
    """Take a consent back with all that follows at once; nothing is left half done.

    Open proposals and pairs on the way end, an open match is put on hold and looked at again,
    coordinators, the case manager and the mentors are told. Raises AlreadyDone or Invalid.
    """
    child = queries.locked_around(session, child_id)
    consent = child.consent(kind)
    if consent is None:
        raise AlreadyDone("consent_not_there")
    if said_on < consent.given_on:
        raise Invalid("before_consent")
    consent.withdrawn_on, consent.withdrawn_by = said_on, by
    consent.withdrawal_said_by, consent.withdrawal_reason = said_by, reason
    audit.record("withdrew_consent", child, by=by, kind=str(kind))
    promised = queries.promised_mentors(session, child.id)
    withdraw_open(session, child_id=child.id, by=by, on=on, at=at)
    news = News(session, f"consent-{consent.id}", base_url, at)
    cause, told = ReviewCause.CONSENT_WITHDRAWN, kind == ConsentKind.OWN
    _review(news, child, promised, cause, hold=True, tell_child=not told, by=by)
    news.to_coordinators("consent_withdrawn", {child.centre.region}, f"/children/{child.id}")
    news.to_case_manager("consent_withdrawn_specialist", child)
    return consent


@dataclass(frozen=True)
class Move:
    """Where a child goes and since when; `centre` for an organisation for orphans."""

    form: PlacementForm
    started_on: date
    region: str
    centre: Centre | None = None


def record_move(
    session: Session,
    child_id: int,
    move: Move,
    *,
    last: int | None,
    by: int,
    on: date,
    at: datetime,
    base_url: str,
) -> Placement:
    """Close where the child lived and open where they live now, with all that follows at once.

    `last` is the newest entry the page showed. Raises Stale, Invalid, or Impossible where no
    way leads there for a child of this age.
    """
    child = queries.locked_around(session, child_id)
    chain = _chain(session, child, last)
    before = chain[0] if chain else None
    _check(child, before, move, on, unsaid=before is not None and before.ended_on is not None)
    if before is not None and before.ended_on is None:
        before.ended_on = move.started_on
        session.flush()  # one open entry at a time, also for the database
    placement = Placement(child_id=child.id, recorded_by=by, recorded_at=at, **_facts(child, move))
    session.add(placement)
    session.flush()
    audit.record("recorded_move", child, by=by, form=str(move.form), region=move.region)
    _settle(session, child, [placement, *chain], by=by, on=on, at=at, base_url=base_url)
    return placement


def correct_move(
    session: Session,
    child_id: int,
    move: Move,
    *,
    last: int | None,
    by: int,
    on: date,
    at: datetime,
    base_url: str,
) -> Placement:
    """Put the last entry right; what follows from it follows now. Nothing is forgotten: the audit
    keeps what it said before.

    Raises what `record_move` raises, and Impossible where there is only the first entry.
    """
    child = queries.locked_around(session, child_id)
    chain = _chain(session, child, last)
    if len(chain) < 2:
        raise Impossible("no_move_to_correct")
    placement, before = chain[0], chain[1]
    unsaid = before.ended_on != placement.started_on
    _check(child, before, move, on, unsaid=unsaid)
    was, was_on = str(placement.form), f"{placement.started_on}"
    if not unsaid:
        before.ended_on = move.started_on
    for name, value in _facts(child, move, stays=before.centre_id).items():
        setattr(placement, name, value)
    session.flush()
    audit.record("corrected_move", child, by=by, form=str(move.form), was=was, was_on=was_on)
    _settle(session, child, chain, by=by, on=on, at=at, base_url=base_url)
    return placement


def come_of_age(session: Session, child_id: int, *, on: date, at: datetime, base_url: str) -> None:
    """End what is open about a child of 18 and have their match looked at, without a hold."""
    child = queries.locked_around(session, child_id)
    promised = queries.promised_mentors(session, child.id)
    withdraw_open(session, child_id=child.id, by=None, on=on, at=at)
    news = News(session, f"of-age-{child.id}", base_url, at)
    _review(news, child, promised, ReviewCause.TURNED_18, hold=False, tell_child=False, by=None)
    audit.record("came_of_age", child, by=None)


def _chain(session: Session, child: Child, last: int | None) -> list[Placement]:
    """Where the child has lived, newest first; raises Stale when the page knew another end."""
    chain = queries.placements_of(session, child.id)
    if last != (chain[0].id if chain else None):
        raise Stale("changed_meanwhile")
    return chain


def _check(child: Child, before: Placement | None, move: Move, on: date, *, unsaid: bool) -> None:
    """Raises Invalid or Impossible; `before` is the entry that the move follows.

    `unsaid`: it ended earlier, and nobody noted where the child went from there.
    """
    if move.started_on > on:
        raise Invalid("move_in_future")
    if move.form == PlacementForm.INSTITUTION and move.centre is None:
        raise Invalid("move_centre_missing")
    if move.form == PlacementForm.INSTITUTION and move.centre and not move.centre.open:
        raise Invalid("move_centre_closed")
    earliest = (before.ended_on if unsaid else before.started_on) if before else None
    if move.started_on < (earliest or child.birth_date):
        raise Invalid("before_last_move")
    now = before.form if before is not None and not unsaid else None
    same = before is not None and move.centre is not None and before.centre_id == move.centre.id
    age = years_on(child.birth_date, move.started_on)
    if code := move_refusal(now, move.form, age, same_centre=same):
        raise Impossible(code)


def _facts(child: Child, move: Move, stays: int | None = None) -> dict[str, Any]:
    """An entry's columns; a guest of a family stays a child of their centre."""
    values = {"form": move.form, "started_on": move.started_on}
    if move.form == PlacementForm.INSTITUTION and move.centre is not None:
        return values | {"centre_id": move.centre.id, "region": move.centre.region}
    guest = move.form == PlacementForm.GUEST_FAMILY
    return (
        values
        | {"centre_id": (stays or child.centre_id) if guest else None}
        | {"region": move.region}
    )


def _settle(
    session: Session,
    child: Child,
    chain: Sequence[Placement],
    *,
    by: int,
    on: date,
    at: datetime,
    base_url: str,
) -> None:
    """Make the child's own columns follow the newest entry, and act on what has changed."""
    was_in, old = child.left_on is None, child.centre
    newest = chain[0]
    child.left_on = left_on([(row.form, row.started_on, row.ended_on) for row in chain])
    if is_inside(newest.form):
        child.centre = session.get_one(Centre, newest.centre_id)
        if came_back([(row.form, row.started_on, row.ended_on) for row in chain]):
            child.waiting_since = newest.started_on or child.waiting_since
    session.flush()
    is_in, new = child.left_on is None, child.centre
    cause = _cause(newest, old, new)
    if cause is None and was_in == is_in:
        return  # a short stay with guests, and back
    promised = queries.promised_mentors(session, child.id)
    if was_in != is_in or old.id != new.id:
        withdraw_open(session, child_id=child.id, by=by, on=on, at=at)
    news = News(session, f"placement-{newest.id}-{at:%Y%m%d%H%M%S}", base_url, at)
    if cause is not None:
        hold = cause == ReviewCause.PLACED_IN_FAMILY
        _review(news, child, promised, cause, hold=hold, tell_child=hold, by=by)
    if old.region == new.region:
        news.to_coordinators("child_moved", {new.region}, f"/children/{child.id}")
    else:
        news.to_coordinators("child_moved_here", {new.region}, f"/children/{child.id}")
        news.to_coordinators(
            "child_moved_away", {old.region}, f"/children/{child.id}", but={new.region}
        )
    news.to_case_manager("child_moved_specialist", child)
    if old.region != new.region:
        child.case_manager = None  # of the other region's authority from now on


def _cause(newest: Placement, old: Centre, new: Centre) -> ReviewCause | None:
    if newest.form == PlacementForm.INDEPENDENT:
        return ReviewCause.TURNED_18
    if not is_inside(newest.form):
        return ReviewCause.PLACED_IN_FAMILY
    if old.region != new.region:
        return ReviewCause.MOVED_REGION
    return ReviewCause.MOVED_CENTRE if old.id != new.id else None


def _review(
    news: News,
    child: Child,
    promised: Collection[Mentor],
    cause: ReviewCause,
    *,
    hold: bool,
    tell_child: bool,
    by: int | None,
) -> None:
    """Have an open match looked at again, and tell the mentors whom it concerns."""
    news.to_mentors("pair_withdrawn", promised, "/my-children")
    for match in open_matches(news.session, child_id=child.id):
        look_again(news.session, match, cause, hold=hold, tell_child=tell_child, by=by, at=news.at)
        kind = "match_on_hold" if hold else "match_under_review"
        news.to_mentors(kind, [match.mentor], f"/my-matches/{match.id}")
