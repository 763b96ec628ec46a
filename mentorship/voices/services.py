import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.accounts.models import SignInAttempt
from mentorship.accounts.services import TooManyAttempts, keyed_hash
from mentorship.check_ins.models import ContactKind
from mentorship.check_ins.services import next_contact
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Impossible, Invalid
from mentorship.i18n import as_day
from mentorship.matches.models import Match
from mentorship.settings.catalogue import CATALOGUE
from mentorship.settings.services import newest_rows, value
from mentorship.voices import notices, transport
from mentorship.voices.facts import Limits, Voice
from mentorship.voices.models import VoiceLink

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
    subject = keyed_hash(f"voice {transport.network_of(address)}", secret)
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
