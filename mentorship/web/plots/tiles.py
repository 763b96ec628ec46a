"""The country as twenty squares, each roughly where its region lies."""

from collections.abc import Sequence
from dataclasses import dataclass

from mentorship.web.plots.paper import number, width_of

TONES = 5
SIDE, GAP = 62, 4
TEXT, SMALL_TEXT = 16, 11  # the size of a figure, where it has room and where it has not
NOTHING = "–"
# KATO code: column from the west, row from the north. Neighbours touch where six columns let them.
PLACES = {
    "59": (3, 0),
    "27": (0, 1),
    "39": (2, 1),
    "11": (3, 1),
    "71": (4, 1),
    "55": (5, 1),
    "23": (0, 2),
    "15": (1, 2),
    "62": (2, 2),
    "35": (3, 2),
    "10": (4, 2),
    "63": (5, 2),
    "47": (0, 3),
    "43": (2, 3),
    "61": (3, 3),
    "31": (4, 3),
    "33": (5, 3),
    "79": (3, 4),
    "19": (4, 4),
    "75": (5, 4),
}


@dataclass(frozen=True)
class Tile:
    """A region by its KATO code, its figure in words, and how dark: 0 to 1, None not shown."""

    region: str
    text: str
    share: float | None
    href: str | None = None


@dataclass(frozen=True)
class DrawnTile:
    """`tone` runs from 1, the palest, to 5; 0 has no figure. `short`: what fits on the square."""

    region: str
    text: str
    short: str
    href: str | None
    x: str
    y: str
    middle: str
    tone: int
    is_long: bool


@dataclass(frozen=True)
class TileMap:
    rows: tuple[DrawnTile, ...]
    side: int = SIDE
    width: int = 6 * (SIDE + GAP) - GAP
    height: int = 5 * (SIDE + GAP) - GAP


def tiles(rows: Sequence[Tile]) -> TileMap:
    """The regions that are given, at their places, from the north-west to the south-east."""
    placed = sorted(rows, key=lambda row: PLACES[row.region][::-1])
    return TileMap(tuple(_tile(row) for row in placed))


def _tile(row: Tile) -> DrawnTile:
    column, line = PLACES[row.region]
    x = column * (SIDE + GAP)
    tone = 0 if row.share is None else 1 + min(int(max(row.share, 0.0) * TONES), TONES - 1)
    fits = width_of(row.text, SMALL_TEXT) <= SIDE
    return DrawnTile(
        row.region,
        row.text,
        row.text if fits or row.share is not None else NOTHING,
        row.href,
        number(x),
        number(line * (SIDE + GAP)),
        number(x + SIDE / 2),
        tone,
        is_long=width_of(row.text, TEXT) > SIDE - GAP,
    )
