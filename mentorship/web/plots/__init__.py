"""Geometry of charts: numbers and words in, places in the units of an SVG out.

`templates/_macros/charts.html` has a macro of the same name for each; the page that uses one
links `charts.css`. Nothing here knows of HTTP, of languages or of what is counted.
"""

from mentorship.web.plots.curves import Line, LineChart, Stack, StackChart, lines, stacked
from mentorship.web.plots.rows import (
    Bar,
    BarChart,
    Difference,
    DifferenceChart,
    bars,
    differences,
)
from mentorship.web.plots.tiles import PLACES, TONES, Tile, TileMap, tiles

__all__ = [
    "PLACES",
    "TONES",
    "Bar",
    "BarChart",
    "Difference",
    "DifferenceChart",
    "Line",
    "LineChart",
    "Stack",
    "StackChart",
    "Tile",
    "TileMap",
    "bars",
    "differences",
    "lines",
    "stacked",
    "tiles",
]
