"""Active matches that a hard rule refuses today: papers ran out, a consent was withdrawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

import matching
from mentorship.children.models import Child
from mentorship.matches.models import Match
from mentorship.matches.problem import engine_child, engine_mentor
from mentorship.matches.queries import CHILD_PARTS, MENTOR_PARTS, refused_pairs


@dataclass(frozen=True)
class Refused:
    """A match, its child's region, and the codes of the rules that refuse it."""

    match_id: int
    region: str
    codes: tuple[str, ...]


def refused_matches(session: Session, on: date) -> Iterator[Refused]:
    """Every open match a rule refuses on that day. The place it takes itself does not count."""
    forbidden = {pair: code for pair, code in refused_pairs(session).items() if code == "forbidden"}
    for match in session.scalars(_open_matches()):
        mentor = engine_mentor(match.mentor, open_matches=0)
        codes = matching.refusals(mentor, engine_child(match.child), on, None, forbidden)
        codes = tuple(code for code in codes if code != "no_capacity")
        if codes:
            yield Refused(match.id, match.child.centre.region, codes)


def _open_matches() -> Select[Match]:
    query = select(Match).join(Match.child).join(Child.centre).join(Match.mentor)
    child, mentor = contains_eager(Match.child), contains_eager(Match.mentor)
    return (
        query.where(Match.ended_on.is_(None))
        .options(child.contains_eager(Child.centre))
        .options(*(child.selectinload(part) for part in CHILD_PARTS))
        .options(*(mentor.selectinload(part) for part in MENTOR_PARTS))
        .order_by(Match.id)
    )
