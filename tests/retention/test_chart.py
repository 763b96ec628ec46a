import re

from mentorship.retention import chart
from mentorship.retention.report import Length
from mentorship.retention.report import _curve as kaplan_meier


def corners(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", path)]


def drawing(until: float = 24) -> chart.Drawing:
    rows = [Length(6, True), Length(12, True), Length(18, False), Length(30, False)]
    return chart.draw(kaplan_meier(rows), until)


def test_the_line_is_level_between_endings_and_falls_straight_down():
    assert corners(drawing().line) == [
        (52, 14),  # 0 months, 100 %
        (140, 14),
        (140, 62),  # 6 months, 75 %
        (228, 62),
        (228, 110),  # 12 months, 50 %
        (316, 110),  # 18 months: somebody is censored, nothing falls
        (404, 110),  # 24 months, the end of the axis
    ]


def test_the_line_ends_where_too_few_are_watched():
    assert corners(drawing(until=9).line)[-1] == (184, 62)


def test_the_band_is_closed_and_holds_the_line():
    drawn = drawing()
    assert drawn.band.endswith("Z")
    ys = [y for _, y in corners(drawn.band)]
    assert min(ys) == chart.TOP
    assert max(ys) <= chart.BOTTOM


def test_the_axes_begin_at_nought_and_reach_two_years_and_a_hundred_per_cent():
    drawn = drawing()
    assert drawn.months == (("52", 0), ("96", 3), ("140", 6), ("228", 12), ("404", 24))
    assert drawn.shares[0] == ("206", 0.0)
    assert drawn.shares[-1] == ("14", 1.0)


def test_a_match_that_is_still_under_way_leaves_a_mark_on_the_line():
    assert drawing().censored == (("316", "110"),)


def test_a_curve_of_no_length_is_a_point_at_a_hundred_per_cent():
    drawn = chart.draw(kaplan_meier([Length(0, False)] * 5), 0)
    assert set(corners(drawn.line)) == {(52, 14)}
