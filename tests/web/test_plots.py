import csv
import re
from importlib.resources import files
from itertools import combinations, pairwise

import pytest
from flask import render_template_string
from hypothesis import given
from hypothesis import strategies as st

from mentorship.places.regions import REGIONS
from mentorship.web.plots import (
    PLACES,
    Bar,
    Difference,
    Line,
    Stack,
    Tile,
    bars,
    differences,
    lines,
    stacked,
    tiles,
)
from mentorship.web.plots.paper import WIDTH, across, number, width_of, wrapped
from mentorship.web.plots.tiles import SIDE, TEXT
from tests.pages import Page

MONTHS = [(0, "0"), (12, "12"), (24, "24")]
SHARES = [(0, "0 %"), (0.5, "50 %"), (1, "100 %")]
AXES = {"x_ticks": MONTHS, "y_ticks": SHARES, "x_max": 24, "y_max": 1}
FALLING = [(0, 1.0), (6, 0.8), (12, 0.5)]
numbers = st.floats(-1e6, 1e6, allow_nan=False)


def places(path):
    """The corners of path data, as numbers."""
    return [tuple(map(float, pair.split())) for pair in re.split("[ML]", path.rstrip("Z"))[1:]]


def table(name):
    text = files("mentorship.places").joinpath(name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_numbers_of_a_drawing_never_follow_the_language_of_the_page():
    assert [number(value) for value in (12.0, 12.34, -0.01, -3.5)] == ["12", "12.3", "0", "-3.5"]


def test_both_axes_begin_at_nought_and_end_where_they_are_told():
    chart = lines([Line("", [(0, 0), (24, 1)])], **AXES)
    (left, bottom), (right, top) = places(chart.rows[0].line)
    axes = chart.axes
    assert (number(left), number(bottom)) == (axes.left, axes.bottom)
    assert (number(right), number(top)) == (axes.right, axes.grid[-1])
    assert len(axes.grid) == len(SHARES)


def test_a_step_line_keeps_its_value_until_the_next_point():
    (row,) = lines([Line("", FALLING, step=True)], **AXES).rows
    heights = [y for _, y in places(row.line)]
    assert heights[0] == heights[1] < heights[2] == heights[3] < heights[4]


def test_a_band_lies_around_its_line():
    low, high = [0.9, 0.7, 0.3], [1.0, 0.9, 0.7]
    (row,) = lines([Line("", FALLING, low=low, high=high)], **AXES).rows
    over, under = places(row.band)[:3], places(row.band)[:2:-1]
    for (_, up), (_, at), (_, down) in zip(over, places(row.line), under, strict=True):
        assert up <= at <= down


def test_every_line_looks_different_and_a_long_one_carries_few_marks():
    long = [(month / 10, 0.5) for month in range(240)]
    rows = lines([Line(str(n), long) for n in range(3)], **AXES).rows
    assert [row.look for row in rows] == [1, 2, 3]
    assert all(len(row.marks) == 7 for row in rows)
    assert not set(rows[0].marks) & set(rows[1].marks)


def test_no_lines_and_no_points_still_make_a_chart():
    assert lines([], **AXES).rows == ()
    assert lines([Line("", [])], **AXES).rows[0].line == ""
    assert stacked([], x_ticks=MONTHS, y_ticks=SHARES, x_max=24).rows == ()
    assert bars([], most=0).rows == differences([]).rows == tiles([]).rows == ()


heights = st.dictionaries(st.integers(0, 24), st.floats(0, 0.5), max_size=8).map(
    lambda found: sorted(found.items())
)


@given(heights, heights, st.booleans())
def test_areas_lie_one_on_the_other_and_inside_the_chart(first, second, step):
    chart = stacked(
        [Stack("a", first), Stack("b", second)],
        x_ticks=MONTHS,
        y_ticks=SHARES,
        x_max=24,
        step=step,
    )
    lower, upper = (places(row.edge) for row in chart.rows)
    for x in {x for x, _ in lower}:
        assert min(y for at, y in upper if at == x) <= min(y for at, y in lower if at == x)
    assert all(10 <= y <= float(chart.axes.bottom) for _, y in (*lower, *upper))


def test_an_area_between_known_points_is_straight_or_level_as_asked():
    low, top = Stack("", [(0, 0.0), (24, 0.4)]), Stack("", [(12, 0.2)])
    given_ = {"x_ticks": MONTHS, "y_ticks": SHARES, "x_max": 24}
    level, straight = (stacked([low, top], step=step, **given_).rows[0].edge for step in (1, 0))
    assert len(places(straight)) == 3
    assert places(level)[1][1] == places(level)[0][1]
    assert places(straight)[1][1] == pytest.approx(200 - 190 * 0.2)


@given(numbers, numbers, numbers)
def test_a_bar_and_its_interval_never_leave_the_paper(value, low, high):
    (row,) = bars([Bar("", abs(value), "", low, high, target=value)], most=100).rows
    for at in (row.length, row.low, row.high, row.target):
        assert 0 <= float(at) <= WIDTH


def test_a_bar_that_is_not_shown_has_words_and_no_length():
    (row,) = bars([Bar("Абай облысы", None, "көрсетілмейді")], most=5).rows
    assert row.length is None
    assert row.words.text == "көрсетілмейді"


def test_nought_is_in_the_middle_of_differences_and_clear_ones_are_marked():
    rows = [Difference("", 2, 1, 3, ""), Difference("", -1, -4, 2, "")]
    chart = differences(rows)
    clear, unclear = chart.rows
    assert clear.is_clear
    assert not unclear.is_clear
    assert float(clear.low) > float(chart.zero) > float(unclear.low)
    assert float(unclear.high) > float(chart.zero)


def test_rows_of_different_units_may_have_scales_of_their_own():
    rows = [Difference("", 2, 1, 4, ""), Difference("", 200, 100, 400, "")]
    first, second = differences(rows, shared=False).rows
    assert (first.low, first.at, first.high) == (second.low, second.at, second.high)
    assert differences(rows).rows[0].high != differences(rows).rows[1].high


@given(st.text(alphabet="абвгғдежзқңөұүһі ШМ", max_size=120), st.floats(60, 400))
def test_wrapped_words_are_all_there_and_in_their_room(text, room):
    found = wrapped(text, room)
    assert " ".join(found) == " ".join(text.split())
    assert all(width_of(line) <= room or " " not in line for line in found)


def test_words_under_an_axis_never_run_into_each_other_or_out_of_the_paper():
    ticks = [(30.0 + 10 * place, f"2026 ж. {place}-ай") for place in range(31)]
    labels = across(ticks, 0, 350)
    assert labels[-1].text == ticks[-1][1]
    ends = []
    for label in labels:
        wide, x = width_of(label.text), float(label.x)
        begin = x - {"end": wide, "start": 0, "middle": wide / 2}[label.anchor]
        ends.append((begin, begin + wide))
    assert all(before[1] < after[0] for before, after in pairwise(ends))
    assert ends[0][0] >= 0
    assert ends[-1][1] <= WIDTH


def test_the_map_has_every_region_once_and_no_two_in_one_place():
    assert set(PLACES) == set(REGIONS)
    assert len(set(PLACES.values())) == len(REGIONS)


def test_the_map_keeps_north_south_west_and_east_of_regions_far_apart():
    where = {row["kato"]: (float(row["lon"]), float(row["lat"])) for row in table("regions.csv")}
    for one, other in combinations(REGIONS, 2):
        (lon, lat), (lon2, lat2) = where[one], where[other]
        (column, line), (column2, line2) = PLACES[one], PLACES[other]
        if abs(lon - lon2) > 7:
            assert (lon - lon2) * (column - column2) >= 0, (one, other)
        if abs(lat - lat2) > 4:
            assert (lat - lat2) * (line2 - line) >= 0, (one, other)


def test_tones_run_from_palest_to_deepest_and_nothing_shown_has_none():
    shares = {"10": 0.0, "11": 0.2, "15": 0.59, "19": 1.0, "23": None}
    drawn = tiles([Tile(kato, "", share) for kato, share in shares.items()])
    assert {row.region: row.tone for row in drawn.rows} == {
        "10": 1, "11": 2, "15": 3, "19": 5, "23": 0,
    }  # fmt: skip


def test_words_that_do_not_fit_a_tile_stand_beside_it_only():
    (hidden, few, count) = tiles(
        [
            Tile("10", "көрсетілмейді", None),
            Tile("63", "<5", None),
            Tile("75", "2 694 бала бар", 0.5),
        ]
    ).rows
    assert (hidden.short, hidden.text) == ("–", "көрсетілмейді")
    assert few.short == "<5"
    assert (count.short, count.is_long) == ("2 694 бала бар", True)


def test_short_names_of_regions_fit_their_tiles_in_every_language():
    names = table("short_names.csv")
    assert {row["kato"] for row in names} == set(REGIONS)
    for row in names:
        for language in ("kk", "ru", "en"):
            assert width_of(row[f"short_{language}"], 11) <= SIDE, row
    assert width_of("20 798", TEXT) <= SIDE + 2


PAGE = """{% import "_macros/charts.html" as charts with context %}
<!doctype html><html lang="kk"><title>Бет</title><body><main><h1>Бет</h1>
{{ charts.lines(line, "Сызық", "Сипаттама", target="Жоспар") }}
{{ charts.stacked(stack, "Қабат", "Сипаттама") }}
{{ charts.bars(bar, "Жолақ", "Сипаттама", note="Түсіндірме") }}
{{ charts.differences(forest, "Айырма", "Сипаттама") }}
{{ charts.tiles(map, "Карта", "Сипаттама") }}
</main></body></html>"""


def test_every_chart_has_a_caption_a_title_and_a_description(app):
    charts = {
        "line": lines([Line("a", FALLING), Line("b", FALLING)], target=0.5, **AXES),
        "stack": stacked([Stack("a", FALLING)], x_ticks=MONTHS, y_ticks=SHARES, x_max=24),
        "bar": bars([Bar("a", 1, "1", href="/retention"), Bar("b", None, "–")], most=2),
        "forest": differences([Difference("a", 1, 0.5, 2, "+1")]),
        "map": tiles([Tile("10", "12", 0.5, "/retention?region=10"), Tile("11", "", None)]),
    }
    with app.test_request_context():
        page = Page(render_template_string(PAGE, **charts))
    assert [each.text for each in page.find_all("strong", class_="chart-title")] == [
        "Сызық", "Қабат", "Жолақ", "Айырма", "Карта",
    ]  # fmt: skip
    drawn = [each for each in page.find_all("svg") if "role" in each.attrs]
    assert [each.attrs["role"] for each in drawn] == ["img", "img", "group", "img", "group"]
    assert len(page.find_all("desc")) == len(drawn)
    assert "style=" not in page.html
    assert "Жоспар" in page.text
    link = page.find("a", href="/retention?region=10")
    assert link.attrs["aria-label"].endswith(": 12")
