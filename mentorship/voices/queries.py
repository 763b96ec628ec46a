from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from mentorship.accounts.models import User
from mentorship.check_ins.models import CheckIn, ContactKind
from mentorship.children.models import Child
from mentorship.concerns.models import Concern, ConcernOrigin
from mentorship.i18n import as_day
from mentorship.matches.models import Match
from mentorship.meetings.models import Meeting
from mentorship.places.models import Centre
from mentorship.voices.facts import Voice, Word, overall
from mentorship.voices.models import VoiceAnswer, VoiceLink


def _links() -> Select[VoiceLink]:
    """Links with the match and the place of the child."""
    child = contains_eager(VoiceLink.match).contains_eager(Match.child)
    return (
        select(VoiceLink)
        .join(VoiceLink.match)
        .join(Match.child)
        .join(Child.centre)
        .options(child.contains_eager(Child.centre), joinedload(VoiceLink.answer))
    )


def find_link(session: Session, user: User, link_id: int) -> VoiceLink | None:
    """One link of a match somebody may see."""
    query = _links().where(VoiceLink.id == link_id)
    return session.scalars(user.scope.limit(query, Centre.region)).first()


def links_of_match(session: Session, match_id: int) -> Sequence[VoiceLink]:
    """Every link of a match, the newest first."""
    query = select(VoiceLink).where(VoiceLink.match_id == match_id)
    loaded = query.options(joinedload(VoiceLink.match), joinedload(VoiceLink.answer))
    return session.scalars(loaded.order_by(VoiceLink.id.desc())).all()


def answers_of_match(session: Session, match_id: int) -> Sequence[VoiceAnswer]:
    """What child and carer said of a match, the newest first."""
    query = select(VoiceAnswer).where(VoiceAnswer.match_id == match_id)
    newest = query.order_by(VoiceAnswer.answered_at.desc(), VoiceAnswer.id.desc())
    return session.scalars(newest.options(joinedload(VoiceAnswer.recorder))).all()


def meetings_rated(session: Session, match_id: int, since: date) -> Sequence[tuple[date, int]]:
    """The days of meetings the mentor rated, with the step."""
    query = (
        select(Meeting.held_on, Meeting.went)
        .where(Meeting.match_id == match_id, Meeting.went.is_not(None), Meeting.held_on >= since)
        .order_by(Meeting.held_on, Meeting.id)
    )
    return [(day, went) for day, went in session.execute(query) if went is not None]


def contacts_held(session: Session, match_id: int) -> Sequence[CheckIn]:
    """The contacts staff had with each side of a match, in order."""
    query = select(CheckIn).where(
        CheckIn.match_id == match_id,
        CheckIn.held_on.is_not(None),
        CheckIn.kind != ContactKind.REVIEW,
    )
    return session.scalars(query.order_by(CheckIn.held_on, CheckIn.id)).all()


def promised_by(session: Session, link: VoiceLink) -> datetime | None:
    """When at the latest somebody looks at the last wish to talk from this match."""
    query = select(Concern.review_by).where(
        Concern.match_id == link.match_id, Concern.origin == ConcernOrigin.CHILD
    )
    return session.scalars(query.order_by(Concern.id.desc()).limit(1)).first()


def due_contacts(user: User, until: date) -> Select[CheckIn]:
    """Open contacts with children and carers of somebody's regions, due up to a day."""
    query = (
        select(CheckIn)
        .join(CheckIn.match)
        .join(Match.child)
        .join(Child.centre)
        .where(
            CheckIn.kind.in_((ContactKind.CHILD, ContactKind.CARER)),
            CheckIn.held_on.is_(None),
            CheckIn.missed_on.is_(None),
            CheckIn.due_on <= until,
            Match.ended_on.is_(None),
        )
        .options(
            contains_eager(CheckIn.match).contains_eager(Match.child).contains_eager(Child.centre)
        )
    )
    return user.scope.limit(query, Centre.region)


def children_to_ask(
    session: Session, user: User, centre_id: int, until: date, at: datetime
) -> Sequence[Match]:
    """The matches of a centre whose child is to be asked soon and has no link that works."""
    asked = working_links(session, user, centre_id, at)
    query = due_contacts(user, until).where(
        CheckIn.kind == ContactKind.CHILD,
        Child.centre_id == centre_id,
        CheckIn.match_id.not_in([link.match_id for link in asked]),
    )
    found = session.scalars(query.order_by(Child.sort_key, CheckIn.match_id)).all()
    return list(dict.fromkeys(row.match for row in found))


def working_links(
    session: Session, user: User, centre_id: int, at: datetime
) -> Sequence[VoiceLink]:
    """The links by which children of a centre can answer now, in order of their numbers."""
    query = _links().where(
        Child.centre_id == centre_id,
        VoiceLink.voice == Voice.CHILD,
        VoiceLink.used_at.is_(None),
        VoiceLink.revoked_at.is_(None),
        VoiceLink.expires_at > at,
        Match.ended_on.is_(None),
    )
    return session.scalars(user.scope.limit(query, Centre.region).order_by(VoiceLink.id)).all()


def newest_links(
    session: Session, match_ids: Collection[int]
) -> dict[tuple[int, Voice], VoiceLink]:
    """The newest link of each voice of these matches."""
    newest = (
        select(func.max(VoiceLink.id))
        .where(VoiceLink.match_id.in_(match_ids))
        .group_by(VoiceLink.match_id, VoiceLink.voice)
    )
    query = select(VoiceLink).where(VoiceLink.id.in_(newest))
    found = session.scalars(query.options(joinedload(VoiceLink.answer)))
    return {(link.match_id, Voice(link.voice)): link for link in found}


def latest_voices(session: Session, match_ids: Collection[int]) -> dict[int, dict[Voice, Word]]:
    """The last word of each voice of these matches, in three statements however many they are.

    The mentor's: meetings held and contacts; the child's and the carer's: contacts and what they
    answered, by a link or to staff.
    """
    words: dict[int, dict[Voice, Word]] = {match_id: {} for match_id in match_ids}
    for match_id, held_on, went in session.execute(_last_meetings(match_ids)):
        _hear(words[match_id], Voice.MENTOR, held_on, went)
    for match_id, kind, held_on, rating in session.execute(_last_contacts(match_ids)):
        _hear(words[match_id], Voice(kind), held_on, rating)
    for match_id, voice, answered_at, answers in session.execute(_last_answers(match_ids)):
        day = as_day(answered_at)
        _hear(words[match_id], Voice(voice), day, overall(answers), answers.get("safe"))
    return words


def _hear(
    words: dict[Voice, Word], voice: Voice, day: date, rating: int | None, safe: int | None = None
) -> None:
    """Let a later word replace an earlier one; a word without a rating leaves the last rating."""
    known = words.get(voice) or Word(day)
    known = replace(known, heard_on=max(known.heard_on, day))
    if rating is not None and (known.rated_on is None or day >= known.rated_on):
        known = replace(known, rating=rating, rated_on=day)
    words[voice] = known if safe is None else replace(known, safe=safe)


def _newest(query: Any, keys: Iterable[Any], order: Any) -> Select[Any]:
    """The first row of each key in an order."""
    place = func.row_number().over(partition_by=list(keys), order_by=order).label("place")
    ranked = query.add_columns(place).subquery()
    columns = [column for column in ranked.c if column.name != "place"]
    return select(*columns).where(ranked.c.place == 1)


def _last_meetings(match_ids: Collection[int]) -> Select[Any]:
    query = select(Meeting.match_id, Meeting.held_on, Meeting.went).where(
        Meeting.match_id.in_(match_ids), Meeting.cancelled_by.is_(None)
    )
    keys = (Meeting.match_id, Meeting.went.is_(None))
    return _newest(query, keys, (Meeting.held_on.desc(), Meeting.id.desc()))


def _last_contacts(match_ids: Collection[int]) -> Select[Any]:
    query = select(CheckIn.match_id, CheckIn.kind, CheckIn.held_on, CheckIn.rating).where(
        CheckIn.match_id.in_(match_ids),
        CheckIn.held_on.is_not(None),
        CheckIn.kind != ContactKind.REVIEW,
    )
    keys = (CheckIn.match_id, CheckIn.kind, CheckIn.rating.is_(None))
    return _newest(query, keys, (CheckIn.held_on.desc(), CheckIn.id.desc()))


def _last_answers(match_ids: Collection[int]) -> Select[Any]:
    query = select(
        VoiceAnswer.match_id, VoiceAnswer.voice, VoiceAnswer.answered_at, VoiceAnswer.answers
    ).where(VoiceAnswer.match_id.in_(match_ids))
    unsaid = VoiceAnswer.answers["safe"].as_integer().is_(None)  # who skips it takes nothing back
    keys = (VoiceAnswer.match_id, VoiceAnswer.voice, unsaid)
    return _newest(query, keys, (VoiceAnswer.answered_at.desc(), VoiceAnswer.id.desc()))
