from datetime import date, timedelta

import pytest
from matching_people import KINDS, START, TOMORROW, YESTERDAY, checks, child, mentor

from matching import RULES, Clearance, Policy, Problem, propose, refusals

DEFAULT = Policy.default()
EIGHTEEN_YEARS_AGO, TEN_YEARS_AGO = date(2008, 9, 1), date(2016, 9, 1)
NEXT_DAY = timedelta(days=1)


def codes(m=None, c=None, **more):
    return refusals(m or mentor(), c or child(), START, DEFAULT, **more)


def test_the_made_up_pair_is_refused_by_no_rule():
    assert codes() == ()


@pytest.mark.parametrize(
    ("expires_on", "refused"), [(YESTERDAY, True), (START, False), (TOMORROW, False), (None, True)]
)
def test_certificate_is_current_on_its_last_day_and_refused_the_day_after(expires_on, refused):
    m = mentor(certificate_expires_on=expires_on)
    assert codes(m) == (("certificate_not_current",) if refused else ())
    assert len(propose(Problem([m], [child()], START)).pairs) == (not refused)


@pytest.mark.parametrize(
    ("until", "refused"), [(YESTERDAY, True), (START, False), (TOMORROW, False), (None, True)]
)
@pytest.mark.parametrize("kind", KINDS)
def test_each_required_clearance_is_current_on_its_last_day(kind, until, refused):
    others = tuple(check for check in checks() if check.kind != kind)
    m = mentor(clearances=(*others, Clearance(kind, "clear", date(2026, 1, 10), until)))
    assert codes(m) == (("clearance_not_current",) if refused else ())


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_clearance_refuses(kind):
    m = mentor(clearances=tuple(check for check in checks() if check.kind != kind))
    assert codes(m) == ("clearance_not_current",)


@pytest.mark.parametrize("result", ["adverse", "pending"])
def test_a_clearance_that_is_not_clear_refuses(result):
    assert codes(mentor(clearances=checks(result=result))) == ("clearance_not_current",)


def test_the_latest_clearance_of_a_kind_counts_whatever_the_order():
    old = Clearance("health", "clear", date(2026, 2, 1), date(2028, 1, 1))
    new = Clearance("health", "adverse", date(2026, 3, 1), None)
    others = tuple(check for check in checks() if check.kind != "health")
    for order in ((old, new), (new, old)):
        assert codes(mentor(clearances=others + order)) == ("clearance_not_current",)


def test_of_two_clearances_of_one_day_the_worse_counts():
    good = Clearance("health", "clear", date(2026, 3, 1), date(2028, 1, 1))
    bad = Clearance("health", "adverse", date(2026, 3, 1), date(2028, 1, 1))
    others = tuple(check for check in checks() if check.kind != "health")
    for order in ((good, bad), (bad, good)):
        assert codes(mentor(clearances=others + order)) == ("clearance_not_current",)


@pytest.mark.parametrize(
    ("issued", "refused"), [(YESTERDAY, False), (START, False), (TOMORROW, True)]
)
def test_a_clearance_issued_after_the_start_date_does_not_exist_yet(issued, refused):
    m = mentor(clearances=checks(issued_on=issued))
    assert codes(m) == (("clearance_not_current",) if refused else ())


def test_a_clearance_without_end_is_accepted_only_where_the_policy_names_its_kind():
    policy = DEFAULT.with_values({"limits.clearances_without_end": list(KINDS)})
    m = mentor(clearances=checks(valid_until=None))
    assert refusals(m, child(), START, policy) == ()
    assert codes(m) == ("clearance_not_current",)


@pytest.mark.parametrize(
    ("birth", "refused"),
    [
        (EIGHTEEN_YEARS_AGO - NEXT_DAY, False),
        (EIGHTEEN_YEARS_AGO, False),
        (EIGHTEEN_YEARS_AGO + NEXT_DAY, True),
    ],
)
def test_a_mentor_is_adult_from_the_eighteenth_birthday(birth, refused):
    assert codes(mentor(birth_date=birth)) == (("mentor_under_age",) if refused else ())


@pytest.mark.parametrize(
    ("birth", "refused"),
    [
        (TEN_YEARS_AGO - NEXT_DAY, False),
        (TEN_YEARS_AGO, False),
        (TEN_YEARS_AGO + NEXT_DAY, True),
        (EIGHTEEN_YEARS_AGO, True),
        (EIGHTEEN_YEARS_AGO + NEXT_DAY, False),
    ],
)
def test_a_child_is_ten_to_seventeen_on_the_start_date(birth, refused):
    assert codes(c=child(birth_date=birth)) == (("child_age_out_of_range",) if refused else ())


def test_who_is_born_on_29_february_is_a_year_older_on_1_march():
    m = mentor(birth_date=date(2008, 2, 29), clearances=checks(issued_on=date(2025, 12, 1)))
    c = child(waiting_since=date(2025, 1, 1))
    assert refusals(m, c, date(2026, 2, 28)) == ("mentor_under_age",)
    assert refusals(m, c, date(2026, 3, 1)) == ()


@pytest.mark.parametrize(
    ("code", "m", "c"),
    [
        ("mentor_not_active", {"active": False}, {}),
        ("no_capacity", {"capacity": 0}, {}),
        ("child_not_in_organisation", {}, {"in_organisation": False}),
        ("no_guardian_consent", {}, {"guardian_consent": False}),
        ("no_child_consent", {}, {"own_consent": False}),
        ("no_data_consent", {}, {"data_consent": False}),
        ("no_shared_language", {"languages": {"kk": "basic"}}, {}),
        ("no_shared_language", {"languages": {"ru": "fluent"}}, {}),
        ("no_shared_language", {}, {"languages": {"kk": "basic", "ru": "fluent"}}),
        ("no_shared_language", {}, {"languages": {}}),
    ],
)
def test_each_fact_refuses_alone(code, m, c):
    assert codes(mentor(**m), child(**c)) == (code,)


@pytest.mark.parametrize(("reach", "refused"), [(6, True), (7, False), (8, False)])
def test_a_centre_at_exactly_the_reach_is_within(reach, refused):
    # 49.80 N 73.10 E to 49.85 N 73.15 E is 6.61 km, 7 when rounded.
    assert codes(mentor(reach_km=reach)) == (("out_of_reach",) if refused else ())


def test_half_a_kilometre_is_rounded_up():
    north = 0.5 / 6371.0088 * 57.29577951308232
    c = child(lat=49.80 + north * 1.0001, lon=73.10)
    assert codes(mentor(reach_km=0), c) == ("out_of_reach",)
    assert codes(mentor(reach_km=0), child(lat=49.80 + north * 0.9999, lon=73.10)) == ()


@pytest.mark.parametrize(("city", "oblast"), [("71", "11"), ("75", "19"), ("79", "61")])
def test_a_city_and_its_oblast_are_one_area_where_areas_may_not_be_crossed(city, oblast):
    policy = DEFAULT.with_values({"limits.across_areas": False})
    for home, centre in ((city, oblast), (oblast, city)):
        assert refusals(mentor(region=home), child(region=centre), START, policy) == ()
    far = refusals(mentor(region=city), child(region="35"), START, policy)
    assert far == ("out_of_reach",)
    assert codes(mentor(region=city)) == ()


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("conflict", "conflict_of_interest"),
        ("forbidden", "pair_forbidden"),
        ("declined_before", "pair_declined_before"),
    ],
)
def test_a_refused_pair_is_refused_and_others_are_not(kind, code):
    assert codes(refused_pairs={(1, 1): kind}) == (code,)
    assert codes(refused_pairs={(1, 2): kind, (2, 1): kind}) == ()


def test_every_rule_that_refuses_is_told_in_the_order_of_the_rules():
    m = mentor(birth_date=date(2010, 1, 1), active=False, capacity=0, clearances=(), reach_km=1)
    c = child(birth_date=date(2020, 1, 1), own_consent=False, languages={})
    told = codes(m, c, refused_pairs={(1, 1): "forbidden"})
    assert told == tuple(code for code in RULES if code in told)
    assert len(told) == 9
