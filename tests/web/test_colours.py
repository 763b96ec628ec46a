"""Colours of the charts, computed from the style sheets: contrast, and how far apart they are
for people who see no red (protanopia) or no green (deuteranopia).

The matrices are those of Machado, Oliveira and Fernandes, "A Physiologically-based Model for
Simulation of Color Vision Deficiency", IEEE TVCG 15(6), 2009, at full severity, on linear RGB.
Distance is CIE 1976: about 2 is just seen, and different things begin at about 20.
"""

import re
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest

import mentorship

STATIC = Path(mentorship.__file__).parent / "static"
SEEN_BY = {
    "most people": np.eye(3),
    "people who see no red": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "people who see no green": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = np.array([0.95047, 1.0, 1.08883])
MEDIA = ("light", "dark", "print")
APART = 25


def colours(medium):
    """The custom properties that hold a colour, as this medium has them."""
    found = {}
    for name in ("style.css", "charts.css"):
        text = (STATIC / name).read_text("utf-8")
        for around, block in re.findall(r"(@media[^{]*\{\s*)?:root \{([^}]*)\}", text):
            if not around or (medium == "dark" and "dark" in around) or medium in around:
                found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", block))
    return found


def linear(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    share = np.array([int(digits[place : place + 2], 16) for place in (0, 2, 4)]) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    low, high = sorted(float(TO_XYZ[1] @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(light):
    ratio = TO_XYZ @ np.clip(light, 0, 1) / WHITE
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def apart(one, other, seen_by):
    seen = [lab(SEEN_BY[seen_by] @ linear(colour)) for colour in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


def looks(medium):
    found = colours(medium)
    return [found[f"look-{number}"] for number in range(1, 7)]


def test_the_measures_agree_with_known_values():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert lab(linear("#ff0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.05)
    same = apart("#d7191c", "#5e6b00", "people who see no green")
    assert same < apart("#d7191c", "#5e6b00", "most people") / 3


@pytest.mark.parametrize("medium", MEDIA)
def test_every_line_of_a_chart_stands_out_from_the_page(medium):
    ground = colours(medium)["ground"]
    assert all(contrast(colour, ground) >= 3 for colour in looks(medium))


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize("seen_by", SEEN_BY)
def test_any_two_series_are_told_apart_by_colour(medium, seen_by):
    for one, other in combinations(looks(medium), 2):
        assert apart(one, other, seen_by) >= APART, (one, other)


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize("seen_by", SEEN_BY)
def test_the_tones_of_the_map_are_steps_and_their_words_can_be_read(medium, seen_by):
    found = colours(medium)
    tones = [found[f"tone-{number}"] for number in range(1, 6)]
    inks = [found["tone-pale-ink"]] * 3 + [found["tone-deep-ink"]] * 2
    assert all(contrast(*pair) >= 4.5 for pair in zip(tones, inks, strict=True))
    lights = [float(lab(SEEN_BY[seen_by] @ linear(tone))[0]) for tone in tones]
    assert lights in (sorted(lights), sorted(lights, reverse=True))
    assert all(apart(*pair, seen_by) >= 9 for pair in pairwise(tones))


def test_series_differ_by_dashes_too():
    text = (STATIC / "charts.css").read_text("utf-8")
    dashes = dict(re.findall(r"\.look-(\d+) \{ --dash: ([\d ]+);", text))
    first = [dashes.get(str(number)) for number in range(1, 7)]
    assert len(set(first)) == len(first)
    again = {(look % 6, dashes.get(str(look))) for look in range(1, 12)}
    assert len(again) == 11
