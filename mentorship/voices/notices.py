"""Who is told of a child's or a carer's word: never a name, never what was said."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from mentorship.accounts.models import User
from mentorship.i18n import as_day, show_time
from mentorship.messages.models import Message
from mentorship.messages.services import coordinators_of, enqueue, enqueue_to_address
from mentorship.voices.models import VoiceLink


def on_duty(session: Session, link: VoiceLink, at: datetime) -> Sequence[User]:
    """The coordinators who look after the child of a link that day."""
    return coordinators_of(session, link.match.child.region, as_day(at))


def tell_of_wish_to_talk(session: Session, link: VoiceLink, *, address: str, at: datetime) -> int:
    """Write to every coordinator on duty, whatever the hour; how many."""
    written = 0
    for user in on_duty(session, link, at):
        key = f"child_wants_to_talk:{link.id}:{user.id}"
        made = enqueue(
            session,
            key=key,
            kind="child_wants_to_talk",
            user=user,
            at=at,
            urgent=True,
            link=address,
        )
        written += made is not None
    return written


def tell_of_unsafe_answer(session: Session, link: VoiceLink, *, address: str, at: datetime) -> None:
    """Write to every coordinator on duty that an answer waits to be read today."""
    for user in on_duty(session, link, at):
        key = f"child_answer_today:{link.id}:{user.id}"
        enqueue(session, key=key, kind="child_answer_today", user=user, at=at, link=address)


def send_to_centre(
    session: Session, link: VoiceLink, *, address: str, at: datetime
) -> Message | None:
    """Send the carer's link to the organisation; None when it was sent before."""
    return enqueue_to_address(
        session,
        key=f"carer_link:{link.id}",
        kind="carer_link",
        address=link.match.child.centre.email or "",
        language=link.language,
        at=at,
        when=show_time(link.expires_at),
        link=address,
    )
