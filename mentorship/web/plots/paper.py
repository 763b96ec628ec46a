"""The paper charts are drawn on: sizes in the units of the SVG, its notation, widths of words.

A chart is 360 units wide and at most 27 rem on the page, so that its words are about as large
as the text around it and still legible on a phone of 360 pixels.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 360
EDGE = 4  # from the last stroke to the edge
FONT = 13
LINE = 17  # from one line of words to the next
# Widths in em of DejaVu Sans, the widest of the fonts of the page: what fits here fits everywhere.
_NARROW, _MIDDLE, _WIDE, _CAPITAL = 0.41, 0.635, 0.94, 0.76
_SLIM = set(" .,:;'|!()[]/iIjlІіfrt-")
_BROAD = set("mwMWшщжюфыШЩЖЮФЫМ@%—№")

Point = tuple[float, float]
Tick = tuple[float, str]


@dataclass(frozen=True)
class Label:
    """Words at a place: `anchor` as SVG has it."""

    x: str
    y: str
    text: str
    anchor: str


def number(value: float) -> str:
    """SVG's own notation, whatever the language of the page: 12.5, never 12,5."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def path(points: Iterable[Point], *, closed: bool = False) -> str:
    """Path data of a line through the points; empty for no points."""
    line = "L".join(f"{number(x)} {number(y)}" for x, y in points)
    return f"M{line}{'Z' if closed else ''}" if line else ""


def width_of(text: str, size: float = FONT) -> float:
    """About how wide words are, never too little."""
    return size * sum(_em(letter) for letter in text)


def _em(letter: str) -> float:
    if letter in _SLIM:
        return _NARROW
    if letter in _BROAD:
        return _WIDE
    return _CAPITAL if letter.isupper() else _MIDDLE


def wrapped(text: str, room: float, size: float = FONT) -> tuple[str, ...]:
    """The words in lines no wider than the room; a single word may be wider than that."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def across(ticks: Sequence[tuple[float, str]], y: float, right: float) -> tuple[Label, ...]:
    """Words under an axis at places from left to right: as many as have room, the last always."""
    kept: list[Label] = []
    free = right + EDGE  # nothing may be written right of here
    for x, text in reversed(ticks):
        half = width_of(text) / 2
        anchor = "end" if x + half > WIDTH else "start" if x < half else "middle"
        begin = {"end": x - 2 * half, "start": x, "middle": x - half}[anchor]
        if kept and begin + 2 * half > free - FONT / 2:
            continue
        kept.append(Label(number(x), number(y), text, anchor))
        free = begin
    return tuple(reversed(kept))
