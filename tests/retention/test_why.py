"""The landmark, the groups, the marks: columns of matches in, figures out. By hand."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorship.figures.queries import Facts
from mentorship.matches.models import ClosureReason, EndedBy
from mentorship.retention.why import Trait, why_report
from mentorship.retention.why_matches import Past, Places, past_of
from mentorship.web.suppression import Count, Mark

ON = date(2026, 6, 1)
REGIONS = ["35", "39", "55"]


def fact(days: int | None = None, *, began: str = "2024-01-01", region: str = "35", **given: Any):
    """One match; `days`: how long it lasted, None: still going on."""
    start = np.datetime64(began, "D")
    ended = np.datetime64("NaT", "D") if days is None else start + days
    row = {
        "region": region,
        "started_on": start,
        "ended_on": ended,
        "ending": "" if days is None else "mentor",
        "reason": "" if days is None else "mentor_moved",
        "ended_by": "" if days is None else "mentor",
        "training": "full",
        "training_hours": 36.0,
        "first_due": 4,
        "first_on_time": 2,
        "first_meetings": 6,
        "first_minutes": 360,
        "first_rating_sum": 8,
        "first_rating_count": 2,
    }
    return row | given


def columns(rows: list[dict[str, Any]]) -> Past:
    return past_of(Facts({name: np.array([row[name] for row in rows]) for name in rows[0]}), ON)


def report(rows: list[dict[str, Any]], seen: list[str] | None = None) -> Any:
    return why_report(columns(rows), Places(REGIONS, seen or REGIONS))


def compared(found: Any, trait: Trait) -> Any:
    return next(each for each in found.compared if each.trait == trait)


def shown(value: int) -> Count:
    return Count(Mark.SHOWN, value)


GROUPS = [fact(120)] * 6 + [fact()] * 8


@pytest.mark.parametrize(
    ("other", "early", "lasted"),
    [
        (fact(89), 6, 8),  # did not last the first ninety days
        (fact(90), 7, 8),
        (fact(364), 7, 8),
        (fact(365), 6, 9),
        (fact(200, ending="planned"), 6, 8),  # known neither to have lasted nor to have ended early
        (fact(400, ending="planned"), 6, 9),
        (fact(120, began="2025-06-02"), 6, 8),  # began less than a year before the report day
        (fact(120, began="2025-06-01"), 7, 8),
        (fact(began="2027-01-01"), 6, 8),
    ],
)
def test_a_match_is_in_the_group_that_its_length_and_its_first_day_put_it_in(other, early, lasted):
    assert report([*GROUPS, *[other]]).groups == (shown(early), shown(lasted))


def test_only_what_happened_in_the_first_ninety_days_is_compared_and_means_are_of_matches():
    early = [fact(120, first_due=due, first_on_time=on) for due, on in ((4, 1), (2, 1), (4, 3))] * 2
    lasted = [fact(first_due=4, first_on_time=on) for on in (4, 3, 4, 3, 4, 3)]
    found = compared(report(early + lasted), Trait.ON_TIME)
    assert found.means == pytest.approx(((0.25 + 0.5 + 0.75) / 3, 0.875))
    assert found.interval.value == pytest.approx(0.5 - 0.875)
    assert found.interval.leaves_out_zero


def test_meetings_and_hours_are_of_a_month():
    found = report(GROUPS)
    months = 90 / (365.25 / 12)
    assert compared(found, Trait.MEETINGS).means[0] == pytest.approx(6 / months)
    assert compared(found, Trait.HOURS).means[1] == pytest.approx(6 / months)
    assert compared(found, Trait.RATING).means == (4.0, 4.0)


def test_matches_without_a_rating_are_left_out_of_ratings_alone():
    rows = [*GROUPS, *[fact(120, first_rating_sum=0, first_rating_count=0)] * 5]
    found = report(rows)
    assert compared(found, Trait.RATING).counts == (shown(6), shown(8))
    assert compared(found, Trait.RATING).means == (4.0, 4.0)
    assert compared(found, Trait.MEETINGS).counts == (shown(11), shown(8))


def test_a_group_of_four_is_neither_counted_nor_compared():
    found = report([fact(120)] * 4 + [fact()] * 20)
    assert found.groups[0] == Count(Mark.FEW)
    assert all(each.means is None and each.interval is None for each in found.compared)


def test_a_share_that_rests_on_one_to_four_people_is_not_shown():
    rows = [fact(120, training="none")] * 3 + [fact(120)] * 9 + [fact()] * 12
    found = report(rows)
    assert compared(found, Trait.TRAINED).means is None
    assert compared(found, Trait.MEETINGS).means is not None


def test_a_difference_that_holds_alone_may_not_hold_among_all_comparisons():
    early = [fact(120, first_meetings=n) for n in [4, 5, 6, 7] * 10]
    far = report(early + [fact(first_meetings=n) for n in [12, 15, 18, 19] * 10])
    near = report(early + [fact(first_meetings=n) for n in [4, 5, 6, 7] * 5 + [6, 7] * 10])
    assert compared(far, Trait.MEETINGS).firm
    assert compared(near, Trait.MEETINGS).is_clear
    assert not compared(near, Trait.MEETINGS).firm


def test_endings_are_told_by_who_and_when_with_totals_only_where_every_part_is_shown():
    rows = [fact(days) for days in (30, 100, 200, 400, 800) for _ in range(5)]
    rows += [fact(100, reason="child_wish", ended_by="child")] * 6
    found = report(rows)
    mentor, child, programme, agreement, together = found.ended.bands
    assert mentor == [*[shown(5)] * 5, shown(25)]
    assert child == [shown(0), shown(6), *[shown(0)] * 3, shown(6)]
    assert programme == agreement == [shown(0)] * 6
    assert together == [shown(n) for n in (5, 11, 5, 5, 5, 31)]
    moved, wish = (list(ClosureReason).index(r) for r in ("mentor_moved", "child_wish"))
    assert [row[moved] for row in found.ended.reasons][::4] == [shown(25), shown(25)]
    assert [row[wish] for row in found.ended.reasons][1] == shown(6)


def test_a_reason_of_fewer_than_five_is_among_the_other_ones_and_takes_one_of_its_side_along():
    rows = [fact(100)] * 9 + [fact(100, reason="other")] * 6
    rows += [fact(100, reason="rule_violation", ended_by="programme")] * 2
    rows += [fact(100, reason="clearance_lost", ended_by="programme")] * 7
    rows += [fact(100, reason="child_turned_18", ended_by="programme")] * 9
    found = report(rows).ended.reasons[-1]
    told = dict(zip(ClosureReason, found, strict=False))
    assert told[ClosureReason.RULE_VIOLATION] == told[ClosureReason.CLEARANCE_LOST] == shown(0)
    assert told[ClosureReason.OTHER] == shown(15)
    assert told[ClosureReason.CHILD_TURNED_18] == told[ClosureReason.MENTOR_MOVED] == shown(9)


def test_a_part_of_the_country_is_told_who_when_and_why_one_at_a_time():
    rows = [fact(days, region=region) for region in REGIONS for days in (30, 200)] * 6
    found = report(rows, ["39"]).ended
    assert not found.is_crossed
    assert found.bands == [[shown(6), shown(0), shown(6), shown(0), shown(0), shown(12)]]
    assert found.by_side == [shown(12), shown(0), shown(0), shown(0), shown(12)]


def test_one_region_has_the_marks_of_the_country_and_not_its_own():
    rows = [fact(100, region="35")] * 3 + [fact(100, region="39")] * 9
    rows += [fact(100, region="55")] * 30
    alone = report(rows, ["39"])
    assert not alone.ended.all.is_shown  # with the country's total it would give the three away
    assert report(rows).ended.all == shown(42)


def test_a_single_ending_after_the_report_day_is_still_open_on_it():
    past = columns([fact(days=1000, began="2024-01-01")])
    assert not past.ended.any()
    assert past.days.tolist() == [(ON - date(2024, 1, 1)).days]


def test_two_regions_together_are_told_only_where_each_of_them_is():
    rows = [fact(100, region="35")] * 12 + [fact(100, region="39")] * 9
    rows += [fact(100, region="55")] * 30
    assert report(rows, ["35", "39"]).ended.all == shown(21)
    few = [fact(100, region="35")] * 3 + rows[12:]
    assert not report(few, ["35", "39"]).ended.all.is_shown


def test_an_empty_register_has_nothing_to_compare():
    rows = [fact(began="2027-01-01")]
    found = report(rows)
    assert found.ended.all == shown(0)
    assert found.groups == (shown(0), shown(0))
    assert found.drawn == []


lengths = st.tuples(st.integers(30, 800), st.sampled_from(list(EndedBy)), st.integers(0, 3))


@settings(max_examples=15)
@given(st.lists(lengths, min_size=1, max_size=60), st.integers(0, 2))
def test_no_line_of_what_is_told_of_endings_has_a_single_hidden_number(made, region):
    reasons = ("mentor_moved", "child_wish", "rule_violation", "other")
    rows = [
        fact(days, region=REGIONS[days % 3], ended_by=str(by), reason=reasons[which])
        for days, by, which in made
    ]
    whole, part = report(rows).ended, report(rows, [REGIONS[region]]).ended
    tables = [whole.bands, whole.reasons, part.bands, part.reasons, [part.by_side]]
    for table in tables:
        lines = [*table, *(zip(*table, strict=True) if len(table) > 1 else [])]
        assert all(sum(not count.is_shown for count in line) != 1 for line in lines)
    for side, other in zip(whole.bands, whole.reasons, strict=True):
        assert side[-1] == other[-1]
