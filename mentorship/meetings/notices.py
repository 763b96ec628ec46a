"""Who is told when a mentor asks or is answered: never a name, only where to sign in."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from mentorship.i18n import as_day, show_date
from mentorship.meetings.models import HelpRequest, Reply, Substitute
from mentorship.mentors.models import Mentor
from mentorship.messages.services import coordinators_of, enqueue


def tell_of_help(session: Session, asked: HelpRequest, *, base_url: str, at: datetime) -> None:
    """Tell the coordinators of the mentor's region at once."""
    link = f"{base_url}/help-requests/{asked.id}"
    for user in coordinators_of(session, asked.mentor.region, as_day(at)):
        key = f"help_asked:{asked.id}:{user.id}"
        enqueue(session, key=key, kind="help_asked", user=user, at=at, urgent=True, link=link)


def tell_of_wish(session: Session, asked: Substitute, *, base_url: str, at: datetime) -> None:
    """Tell the coordinators of the child's region that somebody is to stand in."""
    link, day = f"{base_url}/substitutes/{asked.id}", show_date(asked.from_on)
    for user in coordinators_of(session, asked.match.child.centre.region, as_day(at)):
        key = f"substitute_asked:{asked.id}:{user.id}"
        enqueue(session, key=key, kind="substitute_asked", user=user, at=at, link=link, day=day)


def tell_of_decision(session: Session, decided: Substitute, *, base_url: str, at: datetime) -> None:
    """Tell the mentor what was decided, and whoever stands in from when to when."""
    status = f"{decided.status}"
    link = f"{base_url}/my-children"
    _tell(session, decided.match.mentor, f"substitute_{status}", decided.id, at, link)
    if decided.mentor is not None and decided.until_on is not None and status == "appointed":
        days = {"first": show_date(decided.from_on), "last": show_date(decided.until_on)}
        _tell(session, decided.mentor, "standing_in", decided.id, at, link, **days)


def tell_of_reply(
    session: Session, reply: Reply, mentor: Mentor, *, base_url: str, on: date, at: datetime
) -> None:
    """Tell a mentor, once a day for each match, that an entry was answered."""
    link = f"{base_url}/my-matches/{reply.meeting.match_id}"
    _tell(session, mentor, "entry_answered", f"{reply.meeting.match_id}:{on}", at, link)


def tell_of_answer(session: Session, asked: HelpRequest, *, base_url: str, at: datetime) -> None:
    """Tell a mentor that their request for help was answered."""
    _tell(session, asked.mentor, "help_answered", asked.id, at, f"{base_url}/my-help")


def _tell(
    session: Session,
    mentor: Mentor,
    kind: str,
    about: int | str,
    at: datetime,
    link: str,
    **params: str,
) -> None:
    if mentor.user is not None and mentor.user.active:
        key = f"{kind}:{about}:{mentor.user.id}"
        enqueue(session, key=key, kind=kind, user=mentor.user, at=at, link=link, **params)
