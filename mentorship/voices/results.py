"""What comes back: each answer is kept at once, fulfils the contact due, and may ask for help."""

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.check_ins.models import CheckIn, ContactKind, Way
from mentorship.check_ins.services import next_contact, record_check_in
from mentorship.clock import ALMATY
from mentorship.concerns.models import ConcernOrigin, Severity
from mentorship.concerns.services import raise_concern
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, DomainError, Invalid
from mentorship.i18n import as_day
from mentorship.matches.models import Match
from mentorship.settings.services import value
from mentorship.voices import notices
from mentorship.voices.facts import QUESTIONS, STEPS, Voice
from mentorship.voices.models import VoiceAnswer, VoiceLink


def choose_language(session: Session, link: VoiceLink, language: str, *, at: datetime) -> None:
    """Speak another language on the page from now on."""
    if _locked(session, link).works(at):
        link.language = language


def answer_question(
    session: Session, link: VoiceLink, question: str, step: int | None, *, at: datetime
) -> bool:
    """Keep one answer, or that it is skipped, at once; False when the link works no more."""
    if question not in QUESTIONS[Voice(link.voice)] or step not in (None, *STEPS):
        raise Invalid("no_such_answer")
    if not _locked(session, link).works(at):
        return False
    answer = _answer_of(session, link, at=at)
    said = {code: given for code, given in answer.answers.items() if code != question}
    answer.answers = said | ({question: step} if step else {})
    answer.answered_at, answer.language = at, link.language
    return True


def finish(session: Session, link: VoiceLink, *, address: str, at: datetime) -> bool:
    """Use up a link: its answer is whole and fulfils the contact that is due; False when over."""
    if not _locked(session, link).works(at):
        return False
    answer = _answer_of(session, link, at=at)
    link.used_at = answer.finished_at = at
    answer.answered_at = at
    _fulfil(session, answer, way=Way.LINK, by=None, at=at)
    audit.record("answered_by_link", answer, by=None, match=link.match_id, voice=link.voice)
    if answer.safe is not None and answer.safe <= value(session, "voices.unsafe"):
        notices.tell_of_unsafe_answer(session, link, address=address, at=at)
    return True


def answer_as_carer(
    session: Session,
    link: VoiceLink,
    answers: dict[str, int],
    *,
    note: str | None,
    worry: str | None,
    address: str,
    at: datetime,
) -> bool:
    """Keep all answers of a carer at once; a worry becomes a concern in the same transaction."""
    if not _locked(session, link).works(at):
        return False
    answer = _answer_of(session, link, at=at)
    answer.answers, answer.note, answer.language = answers, note, link.language
    if worry:
        raise_concern(
            session,
            link.match,
            worry,
            origin=ConcernOrigin.CHECK_IN,
            severity=Severity.WORRY,
            by=None,
            at=at,
        )
    return finish(session, link, address=address, at=at)


def ask_to_talk(
    session: Session, link: VoiceLink, *, text: str, address: str, at: datetime
) -> bool:
    """The child wants to talk to someone: a concern and an urgent message, once for each link.

    Also heard from a page that was open when its link was used, revoked or ran out; False a day
    after that. A second press changes nothing.
    """
    if not _locked(session, link).hears(at):
        return False
    answer = _answer_of(session, link, at=at)
    if answer.wants_to_talk:
        return True
    answer.wants_to_talk = True
    concern = raise_concern(
        session,
        link.match,
        text,
        origin=ConcernOrigin.CHILD,
        severity=Severity.SERIOUS,
        by=None,
        at=at,
    )
    if notices.tell_of_wish_to_talk(session, link, address=address, at=at):
        concern.told_at = at  # the same people need no second message about it
    audit.record("asked_to_talk", answer, by=None, match=link.match_id)
    return True


def record_told(
    session: Session,
    match: Match,
    voice: Voice,
    answers: dict[str, int],
    *,
    note: str | None,
    on: date,
    way: Way,
    language: str,
    by: int,
    at: datetime,
) -> VoiceAnswer:
    """Write down what a voice answered in a conversation; raises AlreadyDone or Invalid."""
    for_update(session, Match, [match.id])
    if not match.is_open:
        raise AlreadyDone("match_closed")
    if on < match.started_on:
        raise Invalid("before_start")
    if not answers and not note:
        raise Invalid("nothing_said")
    said_at = min(at, datetime.combine(on, time(12), ALMATY).astimezone(UTC))
    answer = VoiceAnswer(
        match=match,
        voice=voice,
        language=language,
        answered_at=said_at,
        finished_at=at,
        answers=answers,
        note=note,
        recorded_by=by,
    )
    session.add(answer)
    session.flush()
    _fulfil(session, answer, way=way, by=by, at=at)
    audit.record("recorded_voice", answer, by=by, match=match.id, voice=voice)
    return answer


def take_what_was_said(session: Session, *, at: datetime) -> int:
    """Finish answers whose link ended in the middle: who said something was heard; how many."""
    query = (
        select(VoiceAnswer)
        .join(VoiceAnswer.link)
        .join(VoiceAnswer.match)
        .where(VoiceAnswer.finished_at.is_(None), Match.ended_on.is_(None))
        .where((VoiceLink.expires_at <= at) | VoiceLink.revoked_at.is_not(None))
        .order_by(VoiceAnswer.id)
    )
    left = [answer for answer in session.scalars(query) if answer.answers]
    for_update(session, Match, [answer.match_id for answer in left])
    for answer in left:
        answer.finished_at = at
        _fulfil(session, answer, way=Way.LINK, by=None, at=at)
        audit.record("answered_by_link", answer, by=None, match=answer.match_id)
    return len(left)


def _fulfil(
    session: Session, answer: VoiceAnswer, *, way: Way, by: int | None, at: datetime
) -> None:
    """Let an answer stand for the contact that is due, where one is and it can.

    What was said is kept in any case.
    """
    on = as_day(answer.answered_at)
    due: CheckIn | None = next_contact(session, answer.match_id, ContactKind(answer.voice), on)
    if due is None:
        return
    data: dict[str, Any] = {"held_on": on, "rating": answer.rating, "next_step": None, "way": way}
    try:
        record_check_in(session, due, data, by=by, at=at)
    except DomainError:  # a colleague spoke with them at this moment, or its day does not allow it
        return
    answer.check_in_id = due.id


def _locked(session: Session, link: VoiceLink) -> VoiceLink:
    """The link as it is now, and nobody else's until the transaction ends.

    Its match comes first: staff who make another link, or close the match, lock in that order.
    """
    for_update(session, Match, [link.match_id])
    row: VoiceLink = for_update(session, VoiceLink, [link.id])[0]
    return row


def _answer_of(session: Session, link: VoiceLink, *, at: datetime) -> VoiceAnswer:
    """The one answer of a link, made with its first word."""
    if link.answer is None:
        link.answer = VoiceAnswer(
            match_id=link.match_id,
            voice=link.voice,
            language=link.language,
            answered_at=at,
            answers={},
            wants_to_talk=False,
        )
        session.flush()
    return link.answer
