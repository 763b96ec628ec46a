"""What a mentor asks the coordinators for: help, and somebody to stand in for some days."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload

import matching
from mentorship import audit
from mentorship.accounts.models import User
from mentorship.children.models import Child
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Impossible, Invalid, NotEligible
from mentorship.i18n import as_day
from mentorship.matches import problem
from mentorship.matches.models import Match
from mentorship.matches.queries import locked_mentor, mentors_for_round
from mentorship.matches.refusals import refused_pairs
from mentorship.meetings.models import HelpRequest, Substitute, SubstituteStatus
from mentorship.meetings.queries import STOOD, refusals
from mentorship.mentors.models import Mentor, MentorStatus
from mentorship.mentors.services import add_pause
from mentorship.places.models import Centre

MOST_OFFERED = 40


def ask_for_help(
    session: Session, mentor: Mentor, text: str, *, match: Match | None, by: int, at: datetime
) -> HelpRequest:
    """A mentor asks the coordinators for help, about one match or in general."""
    asked = HelpRequest(
        mentor_id=mentor.id,
        match_id=match.id if match else None,
        text=text,
        asked_by=by,
        asked_at=at,
    )
    session.add(asked)
    audit.record("asked_for_help", asked, by=by, session=session, mentor=mentor.id)
    return asked


def answer_help(
    session: Session, asked: HelpRequest, answer: str, *, by: int, at: datetime
) -> None:
    """Answer a mentor; raises AlreadyDone when a colleague was first."""
    for_update(session, HelpRequest, [asked.id])
    if asked.answered_at is not None:
        raise AlreadyDone("help_answered")
    asked.answer, asked.answered_by, asked.answered_at = answer, by, at
    audit.record("answered_help", asked, by=by, mentor=asked.mentor_id)


def visible_help(user: User) -> Select[Any]:
    """What mentors of somebody's regions asked for."""
    query = (
        select(HelpRequest)
        .join(HelpRequest.mentor)
        .options(contains_eager(HelpRequest.mentor), joinedload(HelpRequest.answerer))
        .options(joinedload(HelpRequest.match, Match.child))
    )
    return user.scope.limit(query, Mentor.region)


def find_help(session: Session, user: User, help_id: int) -> HelpRequest | None:
    """One visible request for help."""
    return session.scalars(visible_help(user).where(HelpRequest.id == help_id)).first()


def own_help(session: Session, mentor_id: int, most: int = 20) -> Sequence[HelpRequest]:
    """What a mentor asked for, the newest first, with the answers."""
    query = select(HelpRequest).where(HelpRequest.mentor_id == mentor_id)
    loaded = query.options(joinedload(HelpRequest.answerer))
    return session.scalars(loaded.order_by(HelpRequest.id.desc()).limit(most)).all()


def see_answers(rows: Sequence[HelpRequest], *, at: datetime) -> None:
    """Note that the mentor has opened the answers."""
    for row in rows:
        if row.answered_at is not None and row.seen_at is None:
            row.seen_at = at


def go_away(
    session: Session,
    mentor: Mentor,
    data: dict[str, Any],
    *,
    matches: Sequence[Match],
    by: int,
    at: datetime,
) -> list[Substitute]:
    """Note a mentor's days away; where they ask for it, a substitute for each of their children.

    Raises AlreadyDone where the days overlap with others.
    """
    dates = {"from_on": data["from_on"], "until_on": data["until_on"]}
    add_pause(session, mentor, {**dates, "reason": data["reason"]}, by=by, at=at)
    if not data["substitute"]:
        return []
    return [
        ask_for_substitute(session, match, wish=data["wish"], **dates, by=by, at=at)
        for match in matches
    ]


def ask_for_substitute(
    session: Session,
    match: Match,
    *,
    from_on: date,
    until_on: date | None,
    wish: str | None,
    by: int,
    at: datetime,
) -> Substitute:
    """Ask for somebody to meet a child meanwhile; a coordinator decides. AlreadyDone: closed."""
    for_update(session, Match, [match.id])
    if not match.is_open:
        raise AlreadyDone("match_closed")
    asked = Substitute(
        match_id=match.id,
        from_on=from_on,
        until_on=until_on,
        wish=wish,
        status=SubstituteStatus.ASKED,
        asked_by=by,
        asked_at=at,
    )
    session.add(asked)
    audit.record("asked_for_substitute", asked, by=by, session=session, match=match.id)
    return asked


def appoint(
    session: Session,
    substitute: Substitute,
    mentor_id: int,
    *,
    from_on: date,
    until_on: date,
    child_agreed_on: date,
    note: str | None,
    by: int,
    at: datetime,
) -> None:
    """Let a mentor meet the child from a day to a day, once the child has agreed.

    Every hard rule but the number of places is applied on the first and the last day. Raises
    AlreadyDone where it is decided, the match is closed or somebody else stands in on one of the
    days; Invalid for days in a wrong order; NotEligible with the rules that refuse.
    """
    mentor = locked_mentor(session, mentor_id)
    for_update(session, Match, [substitute.match_id])
    for_update(session, Substitute, [substitute.id])
    match = substitute.match
    if substitute.status != SubstituteStatus.ASKED:
        raise AlreadyDone("substitute_decided")
    if not match.is_open:
        raise AlreadyDone("match_closed")
    if until_on < from_on:
        raise Invalid("ends_before_start")
    if match.mentor_id == mentor.id:
        raise Invalid("own_substitute")
    if _stands_in_then(session, match, from_on, until_on):
        raise AlreadyDone("substitute_overlaps")
    refused = [*refusals(session, mentor, match, from_on)]
    refused += [c for c in refusals(session, mentor, match, until_on) if c not in refused]
    if refused:
        raise NotEligible("substitute_refused", rules=refused)
    substitute.mentor_id, substitute.status = mentor.id, SubstituteStatus.APPOINTED
    substitute.from_on, substitute.until_on = from_on, until_on
    substitute.child_agreed_on, substitute.note = child_agreed_on, note
    substitute.decided_by, substitute.decided_at = by, at
    audit.record("appointed_substitute", substitute, by=by, match=match.id, mentor=mentor.id)


def _stands_in_then(session: Session, match: Match, first: date, last: date) -> bool:
    query = select(Substitute.id).where(
        Substitute.match_id == match.id,
        Substitute.status == SubstituteStatus.APPOINTED,
        Substitute.from_on <= last,
        Substitute.until_on >= first,
    )
    return session.scalar(query.limit(1)) is not None


def decline(session: Session, substitute: Substitute, *, note: str, by: int, at: datetime) -> None:
    """Nobody stands in, and why; raises AlreadyDone where it is decided."""
    for_update(session, Substitute, [substitute.id])
    if substitute.status != SubstituteStatus.ASKED:
        raise AlreadyDone("substitute_decided")
    substitute.status, substitute.note = SubstituteStatus.DECLINED, note
    substitute.decided_by, substitute.decided_at = by, at
    audit.record("declined_substitute", substitute, by=by, match=substitute.match_id)


def end_substitute(session: Session, substitute: Substitute, *, by: int, at: datetime) -> None:
    """End it before its last day; from this moment on they see nothing. Raises Impossible."""
    for_update(session, Substitute, [substitute.id])
    over = substitute.until_on is None or substitute.until_on < as_day(at)
    if substitute.status != SubstituteStatus.APPOINTED or over:
        raise Impossible("substitute_over")
    substitute.status, substitute.ended_by, substitute.ended_at = SubstituteStatus.ENDED, by, at
    audit.record("ended_substitute", substitute, by=by, match=substitute.match_id)


def visible_substitutes(user: User) -> Select[Any]:
    """Substitutes, and wishes for one, for children of somebody's regions."""
    query = (
        select(Substitute)
        .join(Substitute.match)
        .join(Match.child)
        .join(Child.centre)
        .options(
            contains_eager(Substitute.match)
            .contains_eager(Match.child)
            .contains_eager(Child.centre),
            joinedload(Substitute.match, Match.mentor),
            joinedload(Substitute.mentor),
        )
    )
    return user.scope.limit(query, Centre.region)


def find_substitute(session: Session, user: User, substitute_id: int) -> Substitute | None:
    """One visible substitute or wish for one."""
    return session.scalars(visible_substitutes(user).where(Substitute.id == substitute_id)).first()


def substitutes_of(session: Session, match_id: int) -> Sequence[Substitute]:
    """Who stood or stands in for a match, and open wishes; the newest first."""
    query = select(Substitute).where(Substitute.match_id == match_id)
    shown = query.where(Substitute.status.in_((*STOOD, SubstituteStatus.ASKED)))
    loaded = shown.options(joinedload(Substitute.mentor)).order_by(Substitute.id.desc())
    return session.scalars(loaded.limit(10)).all()


def possible_substitutes(
    session: Session, user: User, substitute: Substitute
) -> list[tuple[Mentor, int]]:
    """Active mentors near the child whom no hard rule refuses on these days, with their km.

    As many as fit a page; appointing applies every rule again, under locks.
    """
    match, child = substitute.match, substitute.match.child
    days = {substitute.from_on, substitute.until_on or substitute.from_on}
    rules, young = problem.rules_of_today(session), problem.engine_child(child)
    regions = {child.centre.region, match.mentor.region}
    kept = [region for region in regions if user.scope.covers(region)]
    apart = {pair: c for day in days for pair, c in refused_pairs(session, day).items()}
    found = []
    for mentor in mentors_for_round(session, kept):
        if mentor.status != MentorStatus.ACTIVE or mentor.id == match.mentor_id:
            continue
        codes = {
            code
            for day in days
            for code in matching.refusals(
                problem.engine_mentor(mentor, 0, day), young, day, rules, apart
            )
        }
        if not codes - {"no_capacity"}:
            adult = problem.engine_mentor(mentor, 0, substitute.from_on)
            km = matching.distance_km(adult.lat, adult.lon, young.lat, young.lon)
            found.append((mentor, km))
    found.sort(key=lambda row: (row[1], row[0].sort_key))
    return found[:MOST_OFFERED]
