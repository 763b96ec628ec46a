from collections import Counter
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

import mentorship
from mentorship.people.vocabulary import INTERESTS

SPRITE = Path(mentorship.__file__).parent / "static" / "interests.svg"
SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {SVG + name for name in ("path", "circle", "ellipse", "rect")}
PLACE = {"d", "cx", "cy", "r", "rx", "ry", "x", "y", "width", "height", "transform"}
PAINT = {"fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin"}


@pytest.fixture(scope="module")
def sprite() -> Element:
    return fromstring(SPRITE.read_text("utf-8"))


def test_every_interest_has_exactly_one_picture_and_no_picture_is_without_an_interest(sprite):
    assert Counter(symbol.get("id") for symbol in sprite) == Counter(list(INTERESTS))


def test_pictures_are_plain_shapes_with_no_style_script_image_or_word_among_them(sprite):
    inside = {part.tag for symbol in sprite for part in symbol.iter() if part is not symbol}

    assert sprite.tag == SVG + "svg"
    assert {symbol.tag for symbol in sprite} == {SVG + "symbol"}
    assert inside <= SHAPES | {SVG + "g"}
    assert not any((part.text or "").strip() or (part.tail or "").strip() for part in sprite.iter())


def test_pictures_have_no_event_no_style_attribute_and_refer_to_nothing_else(sprite):
    names = {name for part in sprite.iter() for name in part.attrib}
    values = [value for part in sprite.iter() for value in part.attrib.values()]

    assert names <= PLACE | PAINT | {"id", "viewBox"}
    assert not any("url(" in value or "//" in value for value in values)


def test_every_picture_is_drawn_on_the_same_square_with_the_same_pen(sprite):
    pens = {tuple((name, symbol.get(name)) for name in ("viewBox", *PAINT)) for symbol in sprite}

    assert len(pens) == 1
    assert {symbol.get("viewBox") for symbol in sprite} == {"0 0 48 48"}


def test_no_picture_is_empty(sprite):
    assert [
        symbol.get("id")
        for symbol in sprite
        if not any(part.tag in SHAPES for part in symbol.iter())
    ] == []


def test_pictures_share_four_colours_and_the_ink_of_the_page(sprite):
    paints = {part.get(name) for part in sprite.iter() for name in ("fill", "stroke")}

    assert len(paints - {None, "none", "currentColor"}) == 4


def test_all_pictures_together_stay_light_on_a_bad_line():
    assert SPRITE.stat().st_size < 90_000
