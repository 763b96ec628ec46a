"""Regions of Kazakhstan, commuting areas, languages and great-circle distance."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS_KM = 6371.0088
"""Mean radius R1 of the WGS 84 ellipsoid (IUGG), in kilometres."""

REGIONS = (
    "10", "11", "15", "19", "23", "27", "31", "33", "35", "39",
    "43", "47", "55", "59", "61", "62", "63", "71", "75", "79",
)  # fmt: skip
"""The twenty KATO two-digit codes: seventeen oblasts and three cities."""

# The three cities are enclaves of their oblasts, so people cross that border to work every day.
_OBLAST_OF_CITY = {"71": "11", "75": "19", "79": "61"}

_LANGUAGE_CODES = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu
cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi
ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks
ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl
nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl
sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve
vi vo wa wo xh yi yo za zh zu dng rsl sgn sign
"""
LANGUAGES = frozenset(_LANGUAGE_CODES.split())
"""Known language codes: ISO 639-1, Dungan (dng), Russian sign language (rsl), sign language."""


def area_of(region: str) -> str:
    """Commuting area of a region: a city of republican significance belongs to its oblast.

    Parameters
    ----------
    region : str
        KATO two-digit code.

    Returns
    -------
    str
        ``"11"`` for 71, ``"19"`` for 75, ``"61"`` for 79, else the region itself.
    """
    return _OBLAST_OF_CITY.get(region, region)


def unit_vectors(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points on the unit sphere.

    Parameters
    ----------
    lat, lon : (n,) float array
        Degrees north and east.

    Returns
    -------
    (n, 3) float array
    """
    # NumPy's sines may differ in the last bit with the place of a number in memory, and then two
    # readings of one register would not be the same problem.
    vectors = np.empty((len(lat), 3))
    known: dict[tuple[float, float], tuple[float, float, float]] = {}
    for row, place in enumerate(zip(lat.tolist(), lon.tolist(), strict=True)):
        if place not in known:
            phi, lam = math.radians(place[0]), math.radians(place[1])
            across = math.cos(phi)
            known[place] = across * math.cos(lam), across * math.sin(lam), math.sin(phi)
        vectors[row] = known[place]
    return vectors


def whole_km(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.int32]:
    """Great-circle distance, rounded half up to whole kilometres.

    The haversine of the central angle is the squared half chord, so no trigonometry is needed
    per pair except one arc sine.

    Parameters
    ----------
    a, b : (..., 3) float arrays
        Unit vectors, see :func:`unit_vectors`; broadcast against each other.

    Returns
    -------
    (...) int32 array
        Kilometres, 0 to 20,015.
    """
    squared = np.zeros(np.broadcast_shapes(a.shape[:-1], b.shape[:-1]))
    for axis in range(3):
        squared += (a[..., axis] - b[..., axis]) ** 2
    half_chord = np.sqrt(np.minimum(squared / 4.0, 1.0))
    return np.floor(2.0 * EARTH_RADIUS_KM * np.arcsin(half_chord) + 0.5).astype(np.int32)


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> int:
    """Great-circle distance of two places in degrees, in whole kilometres: what the rules use."""
    ends = unit_vectors(np.array([lat, other_lat]), np.array([lon, other_lon]))
    return int(whole_km(ends[0], ends[1]))
