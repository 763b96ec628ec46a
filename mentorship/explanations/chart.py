"""A small map: where the regional centres lie, where the mentor lives and where the child does."""

from dataclasses import dataclass
from math import cos, radians

from mentorship.children.models import Child
from mentorship.mentors.models import Mentor
from mentorship.places.regions import REGIONS, Spot, locate

WIDTH, HEIGHT = 360, 240
_WEST, _EAST, _NORTH, _SOUTH = 49.5, 84.0, 55.5, 41.0
_LEFT, _RIGHT, _TOP = 20, 340, 26
_UNITS = (_RIGHT - _LEFT) / (_EAST - _WEST)  # of the drawing for one degree of longitude
_STRETCH = _UNITS / cos(radians((_NORTH + _SOUTH) / 2))
_NEAR = 14  # closer than this, two marks are one place on the map


@dataclass(frozen=True)
class Dot:
    """A region's administrative centre; `here` where the mentor or the child lives in it."""

    kato: str
    x: str
    y: str
    here: bool


@dataclass(frozen=True)
class Mark:
    """A place with its label: above or below it, and inside the drawing."""

    x: str
    y: str
    label_y: str
    anchor: str


@dataclass(frozen=True)
class Map:
    """Regions and two places, in the units of the SVG; `together` when they are one place."""

    dots: tuple[Dot, ...]
    home: Mark
    centre: Mark
    together: bool


def draw(mentor: Mentor, child: Child) -> Map:
    """The map of one pair."""
    home = _point(locate(mentor.region, mentor.town))
    centre = _point(locate(child.centre.region, child.centre.town))
    here = {mentor.region, child.centre.region}
    dots = []
    for kato, region in REGIONS.items():
        x, y = _point(Spot(region.lat, region.lon, True))
        dots.append(Dot(kato, _number(x), _number(y), kato in here))
    together = abs(home[0] - centre[0]) < _NEAR and abs(home[1] - centre[1]) < _NEAR
    home_above = home[1] <= centre[1]
    return Map(
        tuple(dots), _mark(home, above=home_above), _mark(centre, above=not home_above), together
    )


def _point(spot: Spot) -> tuple[float, float]:
    """Degrees to units, wide as they are in the middle of the country; kept inside the drawing."""
    x = _LEFT + (spot.lon - _WEST) * _UNITS
    y = _TOP + (_NORTH - spot.lat) * _STRETCH
    return min(max(x, 8.0), WIDTH - 8.0), min(max(y, 8.0), HEIGHT - 8.0)


def _mark(point: tuple[float, float], *, above: bool) -> Mark:
    x, y = point
    anchor = "start" if x < WIDTH / 3 else "end" if x > 2 * WIDTH / 3 else "middle"
    return Mark(_number(x), _number(y), _number(y - 12 if above else y + 22), anchor)


def _number(value: float) -> str:
    """SVG's own notation, whatever the language of the page."""
    return f"{value:.1f}".removesuffix(".0")
