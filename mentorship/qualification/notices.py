"""Who is told at once when a mentor may not mentor, and who ahead of time: never a name."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from mentorship.accounts.models import User
from mentorship.accounts.queries import coordinators_on_duty
from mentorship.authorities.models import Specialist
from mentorship.i18n import as_day, show_date
from mentorship.matches.models import Match
from mentorship.messages.services import enqueue, enqueue_to_address
from mentorship.qualification.models import Suspension


def tell_of_suspension(
    session: Session,
    suspension: Suspension,
    matches: Sequence[Match],
    *,
    base_url: str,
    at: datetime,
) -> None:
    """Tell the coordinators of the mentor and of matched children, and their case managers."""
    home = suspension.mentor.region
    for user in coordinators_on_duty(session, as_day(at)):
        key = f"mentor_suspended:{suspension.id}:{user.id}"
        seen = [match for match in matches if user.scope.covers(match.child.centre.region)]
        if user.scope.covers(home):
            kind, link = "mentor_suspended", f"{base_url}/suspensions/{suspension.id}"
            counts = {"matches": len(matches), "withdrawn": suspension.withdrawn}
            enqueue(session, key=key, kind=kind, user=user, at=at, link=link, **counts)
        elif seen:
            kind, link = "matches_on_hold", f"{base_url}/reviews"
            enqueue(session, key=key, kind=kind, user=user, at=at, link=link, count=len(seen))
    for match in matches:
        tell_case_manager(session, suspension, match, base_url=base_url, at=at)


def tell_case_manager(
    session: Session, suspension: Suspension, match: Match, *, base_url: str, at: datetime
) -> None:
    """Tell the case manager of one matched child: in the service, or else by e-mail alone."""
    person = match.child.case_manager
    if person is None or not person.works_on(as_day(at)):
        return
    key, day = f"child_on_hold:{suspension.id}:{match.id}", show_date(at)
    if person.user is not None and person.user.active:
        kind, link = "child_on_hold", f"{base_url}/"
        enqueue(session, key=key, kind=kind, user=person.user, at=at, link=link, day=day)
    elif person.email:
        kind = "child_on_hold_by_letter"
        to = {"address": person.email, "language": person.language}
        enqueue_to_address(session, key=key, kind=kind, at=at, day=day, **to)


def can_be_told(person: Specialist | None, day: date) -> bool:
    """Whether a case manager is written to; otherwise somebody has to call them."""
    if person is None or not person.works_on(day):
        return False
    return bool(person.email) or (person.user is not None and person.user.active)


def tell_of_wish(session: Session, suspension: Suspension, *, base_url: str, at: datetime) -> None:
    """Tell the other coordinators of the region that a second person is needed."""
    kind, link = "lift_asked", f"{base_url}/suspensions/{suspension.id}"
    for user in coordinators_on_duty(session, as_day(at)):
        if user.id != suspension.lift_asked_by and user.scope.covers(suspension.mentor.region):
            key = f"{kind}:{suspension.id}:{at:%Y%m%d%H%M%S}:{user.id}"
            enqueue(session, key=key, kind=kind, user=user, at=at, link=link)


def remind_mentor(
    session: Session,
    user: User,
    mentor_id: int,
    until: date,
    notice: int,
    papers: int,
    *,
    base_url: str,
    at: datetime,
) -> bool:
    """Tell a mentor, once for each notice, how many of their papers end on a day."""
    kind, link = "papers_end", f"{base_url}/my-papers"
    key = f"{kind}:{mentor_id}:{until}:{notice}"
    day = show_date(until)
    message = enqueue(
        session, key=key, kind=kind, user=user, at=at, link=link, count=papers, day=day
    )
    return message is not None


def digest(
    session: Session,
    reached: Sequence[tuple[str, int]],
    days: tuple[int, int, int],
    *,
    base_url: str,
    at: datetime,
) -> int:
    """Tell coordinators how many papers of their regions came that near: (region, notice)."""
    kind, link, written = "papers_due", f"{base_url}/papers-due", 0
    for user in coordinators_on_duty(session, as_day(at)):
        own = Counter(notice for region, notice in reached if user.scope.covers(region))
        if not own:
            continue
        key = f"{kind}:{as_day(at)}:{user.id}"
        counts = {"count": sum(own.values())}
        for name, notice in zip(("first", "second", "last"), days, strict=True):
            counts |= {name: own[notice], f"{name}_days": notice}
        message = enqueue(session, key=key, kind=kind, user=user, at=at, link=link, **counts)
        written += message is not None
    return written
