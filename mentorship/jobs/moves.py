"""Children who come of age: what is open about them ends, their matches are looked at again."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from mentorship.accounts.queries import coordinators_on_duty
from mentorship.config import Config
from mentorship.messages.services import enqueue
from mentorship.moves import queries
from mentorship.moves.services import come_of_age
from mentorship.settings.services import value


def review_who_turned_18(session: Session, settings: Config, on: date, at: datetime) -> str:
    """Act on every child of 18 about whom something is open, and tell coordinators how many."""
    base_url, found = settings.base_url, queries.came_of_age(session, on)
    for child_id in found:
        come_of_age(session, child_id, on=on, at=at, base_url=base_url)
    regions = queries.regions_of(session, found)
    for user in coordinators_on_duty(session, on):
        if count := sum(user.scope.covers(region) for region in regions):
            key, link = f"turned_18:{on}:{user.id}", f"{base_url}/reviews"
            enqueue(session, key=key, kind="turned_18", user=user, at=at, link=link, count=count)
    return f"{len(found)} turned 18"


def tell_of_who_turns_18(session: Session, settings: Config, on: date, at: datetime) -> str:
    """Tell coordinators, once a week, how many children with a mentor turn 18 soon."""
    days, kind, written = value(session, "review.notice_days"), "turning_18", 0
    for user in coordinators_on_duty(session, on):
        count = queries.turning_18(session, user, on, on + timedelta(days=days))
        if count:
            key, link = f"{kind}:{on:%G-W%V}:{user.id}", f"{settings.base_url}/matches"
            given = {"link": link, "count": count, "days": days}
            written += enqueue(session, key=key, kind=kind, user=user, at=at, **given) is not None
    return f"{written} written"
