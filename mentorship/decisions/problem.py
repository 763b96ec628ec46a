"""The points of one pair as a round of today would give them."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

import matching
from mentorship.children.models import Child
from mentorship.matches.models import Round
from mentorship.matches.problem import rules_of_today
from mentorship.mentors.models import Mentor
from mentorship.rounds.problem import load_problem


def points_today(
    session: Session, mentor: Mentor, child: Child, start_on: date
) -> Mapping[str, int]:
    """Points by criterion in the problem of both people's regions; rare interests count by it."""
    policy = rules_of_today(session)
    asked = Round(
        start_on=start_on,
        regions=sorted({mentor.region, child.centre.region}),
        centres=[],
        policy=policy.as_dict(),
    )
    return matching.score(mentor.id, child.id, load_problem(session, asked), policy)
