"""Who is written to about contacts that stay overdue: never a name, once a day to each."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from mentorship.accounts.models import User
from mentorship.accounts.queries import coordinators_on_duty, on_duty
from mentorship.check_ins.models import Rung
from mentorship.i18n import as_day, show_date
from mentorship.messages.services import enqueue


def remind_mentors(
    session: Session, rungs: Sequence[Rung], *, at: datetime, base_url: str
) -> list[Rung]:
    """Ask mentors who can sign in to get in touch; the steps that are done by it."""
    kind, day, done = "contact_wanted", as_day(at), []
    for rung in rungs:
        user = rung.check_in.match.mentor.user
        if user is None or not user.active:
            continue
        key, due = f"{kind}:{day}:{user.id}", show_date(rung.check_in.due_on)
        enqueue(session, key=key, kind=kind, user=user, at=at, link=f"{base_url}/", day=due)
        done.append(rung)
    return done


def tell_supervisors(
    session: Session, rungs: Sequence[Rung], *, at: datetime, base_url: str
) -> list[Rung]:
    """Tell the supervisors of the regions' coordinators how many; the steps done by it."""
    kind, day, own, done = "contacts_overdue_long", as_day(at), defaultdict[int, int](int), []
    people: dict[int, User] = {}
    coordinators = coordinators_on_duty(session, day) if rungs else []
    for rung in rungs:
        region = rung.check_in.match.child.centre.region
        there = [user for user in coordinators if user.scope.covers(region)]
        above = [user.supervisor for user in there if user.supervisor and user.supervisor.active]
        for user in on_duty(session, above, day):
            people[user.id] = user
            own[user.id] += 1
        if above:
            done.append(rung)
    for user_id, count in own.items():
        key, link = f"{kind}:{day}:{user_id}", f"{base_url}/check-ins?state=overdue"
        enqueue(session, key=key, kind=kind, user=people[user_id], at=at, link=link, count=count)
    return done
