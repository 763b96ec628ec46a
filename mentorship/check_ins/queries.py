from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from mentorship.accounts.models import User
from mentorship.check_ins.models import CheckIn
from mentorship.children.models import Child
from mentorship.matches.models import Match
from mentorship.places.models import Centre

SOON = timedelta(days=7)


def open_check_ins(user: User, until: date) -> Select[CheckIn]:
    """Check-ins of open matches somebody may see, due up to a day and not yet held."""
    query = (
        select(CheckIn)
        .join(CheckIn.match)
        .join(Match.child)
        .join(Child.centre)
        .join(Match.mentor)
        .where(CheckIn.held_on.is_(None), CheckIn.due_on <= until, Match.ended_on.is_(None))
        .options(
            contains_eager(CheckIn.match).contains_eager(Match.child).contains_eager(Child.centre),
            contains_eager(CheckIn.match).contains_eager(Match.mentor),
        )
    )
    return user.scope.limit(query, Centre.region)


def find_check_in(session: Session, user: User, check_in_id: int) -> CheckIn | None:
    """One check-in of a match somebody may see."""
    query = (
        select(CheckIn)
        .join(CheckIn.match)
        .join(Match.child)
        .join(Child.centre)
        .where(CheckIn.id == check_in_id)
        .options(
            contains_eager(CheckIn.match).contains_eager(Match.child).contains_eager(Child.centre),
            joinedload(CheckIn.match, Match.mentor),
        )
    )
    return session.scalars(user.scope.limit(query, Centre.region)).first()


def check_ins_of_match(session: Session, match_id: int) -> Sequence[CheckIn]:
    """The whole schedule of a match, in order."""
    query = select(CheckIn).where(CheckIn.match_id == match_id).order_by(CheckIn.number)
    return session.scalars(query.options(joinedload(CheckIn.recorder))).all()
