"""What two people have in common and how far apart they are: the facts behind the points."""

from dataclasses import dataclass
from datetime import date

from matching import distance_km
from mentorship.children.models import Child
from mentorship.mentors.models import Mentor
from mentorship.people.vocabulary import INTERESTS, Level
from mentorship.places.regions import locate


@dataclass(frozen=True)
class PairFacts:
    """Facts of one pair for a page: km as the crow flies, languages, interests, days waited."""

    distance_km: int
    distance_is_exact: bool
    languages: list[str]
    first_language: bool
    interests: list[str]
    waited_days: int


def pair_facts(mentor: Mentor, child: Child, on: date) -> PairFacts:
    """The facts of a pair on a day."""
    home = locate(mentor.region, mentor.town)
    centre = locate(child.centre.region, child.centre.town)
    own = {row.language for row in mentor.languages if row.level == Level.FLUENT}
    theirs = {row.language for row in child.languages if row.level == Level.FLUENT}
    shared = {row.interest for row in mentor.interests} & {row.interest for row in child.interests}
    return PairFacts(
        distance_km=distance_km(home.lat, home.lon, centre.lat, centre.lon),
        distance_is_exact=home.exact and centre.exact,
        languages=sorted(own & theirs),
        first_language=child.first_language in own,
        interests=[code for code in INTERESTS if code in shared],
        waited_days=max(0, (on - child.waiting_since).days),
    )
