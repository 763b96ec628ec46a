import secrets
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.accounts.models import SignInAttempt
from mentorship.accounts.services import TooManyAttempts, keyed_hash
from mentorship.check_ins.models import CheckIn, ContactKind, Way
from mentorship.check_ins.services import next_contact, record_check_in
from mentorship.clock import ALMATY
from mentorship.concerns.models import ConcernOrigin, Severity
from mentorship.concerns.services import raise_concern
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Impossible, Invalid
from mentorship.i18n import as_day
from mentorship.matches.models import Match
from mentorship.settings.catalogue import CATALOGUE
from mentorship.settings.services import newest_rows, value
from mentorship.voices import notices, transport
from mentorship.voices.facts import QUESTIONS, STEPS, Limits, Voice
from mentorship.voices.models import VoiceAnswer, VoiceLink

HOUR = timedelta(hours=1)


def limits(session: Session) -> Limits:
    """From when a flag is up, as the programme has decided."""
    rows = newest_rows(session)

    def number(key: str) -> int:
        return int(rows[key].value) if key in rows else CATALOGUE[key].value

    return Limits(**{name: number(f"voices.{name}") for name in Limits.__dataclass_fields__})


def make_link(
    session: Session,
    match: Match,
    voice: Voice,
    *,
    language: str,
    secret: str,
    by: int,
    at: datetime,
) -> VoiceLink:
    """Make the address at which a voice answers once; one that still works is revoked.

    Raises AlreadyDone when the match is closed.
    """
    for_update(session, Match, [match.id])
    if not match.is_open:
        raise AlreadyDone("match_closed")
    for link in _working(session, match, voice, at):
        _revoke(link, by=by, at=at)
    due = next_contact(session, match.id, ContactKind(voice), as_day(at))
    nonce = secrets.token_urlsafe(12)
    link = VoiceLink(
        match=match,
        check_in_id=due.id if due else None,
        voice=voice,
        nonce=nonce,
        code_hash=transport.code_hash(transport.code_of(nonce, secret), secret),
        language=language,
        made_by=by,
        made_at=at,
        expires_at=at + timedelta(hours=value(session, "voices.link_hours")),
    )
    session.add(link)
    audit.record("made_voice_link", link, by=by, session=session, match=match.id, voice=voice)
    return link


def _working(session: Session, match: Match, voice: Voice, at: datetime) -> list[VoiceLink]:
    query = select(VoiceLink).where(VoiceLink.match_id == match.id, VoiceLink.voice == voice)
    links = session.scalars(query.order_by(VoiceLink.id).with_for_update(of=VoiceLink)).all()
    return [link for link in links if link.works(at)]


def revoke_link(session: Session, link: VoiceLink, *, by: int, at: datetime) -> None:
    """Make an address worthless; raises AlreadyDone when nobody can answer by it any more."""
    for_update(session, VoiceLink, [link.id])
    if not link.works(at):
        raise AlreadyDone("link_over")
    _revoke(link, by=by, at=at)


def _revoke(link: VoiceLink, *, by: int, at: datetime) -> None:
    link.revoked_at, link.revoked_by = at, by
    audit.record("revoked_voice_link", link, by=by, match=link.match_id)


def send_link(session: Session, link: VoiceLink, *, address: str, by: int, at: datetime) -> None:
    """Send a carer's link to the organisation by e-mail, without a name.

    Raises AlreadyDone, Impossible for a child's link, Invalid where no e-mail is known.
    """
    for_update(session, VoiceLink, [link.id])
    if link.voice != Voice.CARER:
        raise Impossible("only_carers_by_mail")
    if not link.works(at):
        raise AlreadyDone("link_over")
    if not link.match.child.centre.email:
        raise Invalid("centre_without_email")
    if notices.send_to_centre(session, link, address=address, at=at) is None:
        raise AlreadyDone("link_sent")
    link.sent_at = at
    audit.record("sent_voice_link", link, by=by, match=link.match_id)


def find_link(session: Session, token: str, secret: str) -> VoiceLink | None:
    """The link of an address; None when we did not make it."""
    named = transport.read_token(token, secret)
    if named is None:
        return None
    link = session.get(VoiceLink, named[0])
    return link if link is not None and link.nonce == named[1] else None


def find_by_code(
    session: Session, code: str, *, secret: str, address: str, at: datetime
) -> VoiceLink | None:
    """The link of typed digits, while it works; raises TooManyAttempts after many wrong ones."""
    subject = keyed_hash(f"voice {address}", secret)
    wrong = select(func.count()).where(
        SignInAttempt.kind == "address",
        SignInAttempt.subject_hash == subject,
        SignInAttempt.at > at - HOUR,
    )
    if (session.scalar(wrong) or 0) >= value(session, "voices.wrong_numbers_per_hour"):
        raise TooManyAttempts("too_many_numbers")
    digits = "".join(letter for letter in code if letter in "0123456789")
    found = select(VoiceLink).where(VoiceLink.code_hash == transport.code_hash(digits, secret))
    link = session.scalars(found).first()
    if link is None or not link.works(at):
        session.add(SignInAttempt(kind="address", subject_hash=subject, at=at))
        return None
    return link


def open_link(session: Session, link: VoiceLink, *, at: datetime) -> None:
    """Note when the page was opened first."""
    if link.opened_at is None:
        link.opened_at = at
        audit.record("opened_voice_link", link, by=None, match=link.match_id)


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
        raise Invalid("nothing_answered")
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
    for answer in left:
        answer.finished_at = at
        _fulfil(session, answer, way=Way.LINK, by=None, at=at)
        audit.record("answered_by_link", answer, by=None, match=answer.match_id)
    return len(left)


def _fulfil(
    session: Session, answer: VoiceAnswer, *, way: Way, by: int | None, at: datetime
) -> None:
    """Let an answer stand for the contact that is due, where one is."""
    on = as_day(answer.answered_at)
    due: CheckIn | None = next_contact(session, answer.match_id, ContactKind(answer.voice), on)
    if due is None:
        return
    data: dict[str, Any] = {"held_on": on, "rating": answer.rating, "next_step": None, "way": way}
    try:
        record_check_in(session, due, data, by=by, at=at)
    except AlreadyDone:  # a colleague spoke with them at this moment
        return
    answer.check_in_id = due.id


def _locked(session: Session, link: VoiceLink) -> VoiceLink:
    """The link as it is now, and nobody else's until the transaction ends."""
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
