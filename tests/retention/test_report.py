from datetime import date

from mentorship.matches.models import ClosureReason, EndedBy
from mentorship.retention.queries import MatchRow
from mentorship.retention.report import Cohorts, Report, retention_report
from mentorship.web.suppression import Count, Mark

ON = date(2026, 6, 1)
FEW = Count(Mark.FEW)


def active(region: str, started_on: date) -> MatchRow:
    return MatchRow(region, started_on, None, None, None, None)


def ended(
    region: str,
    started_on: date,
    ended_on: date,
    planned: bool = False,
    reason: ClosureReason = ClosureReason.MENTOR_MOVED,
    by: EndedBy = EndedBy.MENTOR,
) -> MatchRow:
    return MatchRow(region, started_on, ended_on, planned, reason, by)


def report(rows: list[MatchRow], region: str | None = None, year: str | None = None) -> Report:
    cohorts = Cohorts(rows, ["35", "39"], ON)
    return retention_report(cohorts, rows, ON, region, year)


def shown(value: int) -> Count:
    return Count(Mark.SHOWN, value)


ROWS = [
    *[active("35", date(2024, 3, 1))] * 8,
    *[ended("35", date(2024, 3, 1), date(2024, 9, 1))] * 2,
    *[active("39", date(2025, 12, 1))] * 6,
    *[active("39", date(2024, 12, 1))] * 7,
]


def test_the_share_of_all_matches_counts_active_ones_only_as_long_as_they_were_watched():
    # 23 begun; at 6 months 23 are watched and 2 end early: 21/23. The six that began half a
    # year ago are watched until then and say nothing of the twelfth month.
    found = report(ROWS)
    assert found.chosen.matches == shown(23)
    assert found.chosen.year is not None
    assert round(found.chosen.year.share, 6) == round(21 / 23, 6)
    assert [line.at_risk for line in found.horizons] == [
        shown(23),
        shown(23),
        shown(23),
        shown(15),
        shown(8),
    ]


def test_a_choice_of_region_and_year_narrows_the_figures():
    found = report(ROWS, "35", "2024")
    assert found.chosen.matches == shown(10)
    assert found.chosen.year is not None
    assert found.chosen.year.share == 0.8
    assert [(group.start_year, group.matches) for group in found.by_year] == [
        ("2024", shown(10)),
        ("2025", shown(0)),
    ]
    assert [(group.region, group.matches) for group in found.by_region] == [
        ("35", shown(10)),
        ("39", shown(7)),
    ]


def test_a_planned_ending_is_no_failure():
    rows = [ended("35", date(2024, 3, 1), date(2025, 9, 1), planned=True)] * 9
    found = report(rows).chosen
    assert found.year is not None
    assert found.year.share == 1
    assert found.year.low < 0.8


def test_no_figure_is_given_for_months_that_fewer_than_five_have_reached():
    rows = [active("35", date(2026, 1, 1))] * 20 + [active("35", date(2025, 1, 1))] * 4
    found = report(rows)
    assert found.chosen.matches == shown(24)
    assert found.chosen.year is None
    assert found.horizons[3].at_risk == FEW
    assert found.chosen.at(3) is not None


def test_a_group_of_four_shows_neither_count_nor_curve_nor_share():
    rows = ROWS + [active("35", date(2023, 1, 10))] * 4
    found = report(rows, "35", "2023").chosen
    assert (found.matches, found.curve, found.year, found.median) == (FEW, None, None, None)


def test_a_hidden_group_cannot_be_had_by_taking_other_choices_from_each_other():
    rows = ROWS + [active("35", date(2025, 1, 10))] * 3
    cohorts = Cohorts(rows, ["35", "39"], ON)
    parts = [cohorts.group(region, "2025").matches for region in ("35", "39")]
    years = [cohorts.group("35", year).matches for year in ("2024", "2025")]
    for hidden, whole in (
        (parts, cohorts.group(None, "2025").matches),
        (years, cohorts.group("35", None).matches),
    ):
        assert hidden.count(FEW) == 1
        assert sum(not count.is_shown for count in [*hidden, whole]) >= 2


def test_reasons_are_counted_by_who_ended_and_small_ones_are_hidden():
    start, end = date(2024, 3, 1), date(2025, 3, 1)
    rows = [
        *[ended("35", start, end)] * 12,
        *[ended("35", start, end, False, ClosureReason.CHILD_WISH, EndedBy.CHILD)] * 3,
        *[ended("39", start, end, True, ClosureReason.GOALS_REACHED, EndedBy.AGREEMENT)] * 9,
    ]
    closures = report(rows, "39").closures
    lines = {str(reason): counts for reason, counts in closures.rows}
    assert list(lines) == ["goals_reached", "child_wish", "mentor_moved"]
    assert lines["child_wish"][1] == FEW
    assert lines["mentor_moved"][-1] == shown(12)
    assert closures.total[-1] == shown(24)
    assert not closures.total[1].is_shown


def test_a_register_without_matches_gives_a_report_without_figures():
    found = report([])
    assert found.chosen.matches == shown(0)
    assert (found.chosen.year, found.by_year, found.closures.rows) == (None, [], [])


def test_somebody_without_a_region_sees_nothing():
    found = retention_report(Cohorts([], [], ON), [], ON, None, None)
    assert found.chosen.matches == shown(0)
