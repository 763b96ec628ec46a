"""How far a mentor lives from a centre."""

from matching import distance_km
from mentorship.mentors.models import Mentor
from mentorship.places.models import Centre
from mentorship.places.regions import locate


def way_km(mentor: Mentor, centre: Centre) -> int:
    """Great-circle km between the mentor's town and the centre's."""
    home, there = locate(mentor.region, mentor.town), locate(centre.region, centre.town)
    return distance_km(home.lat, home.lon, there.lat, there.lon)
