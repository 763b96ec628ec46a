from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching_people import START, child, mentor, random_problem

from matching import CRITERIA, Policy, Problem, propose, score
from matching.block import Block
from matching.places import unit_vectors, whole_km
from matching.scores import ALL_CRITERIA, parts

DEFAULT = Policy.default()


def points(code, m=None, c=None, others=()):
    problem = Problem([m or mentor()], [c or child(), *others], START)
    return score(1, 1, problem)[code]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 8), st.integers(1, 12))
def test_a_pair_is_the_one_by_one_case_and_every_range_holds(seed, mentors, children):
    problem = random_problem(seed, mentors, children)
    block = Block.of(problem, DEFAULT)
    table = parts(block)
    for row in range(mentors):
        for column in range(children):
            told = score(problem.mentors[row].id, problem.children[column].id, problem)
            assert list(told.values()) == table[:, row, column].tolist()
    for spot, criterion in enumerate(ALL_CRITERIA):
        most = criterion.ceiling(DEFAULT)
        assert table[spot].min() >= 0
        assert most is None or table[spot].max() <= most


@pytest.mark.parametrize(
    ("km", "wanted"), [(0, 300), (5, 300), (6, 297), (77, 151), (150, 0), (400, 0)]
)
def test_distance_falls_evenly_from_near_to_far(km, wanted):
    north = km / 6371.0088 * 57.29577951308232
    assert points("distance", c=child(lat=49.80 + north, lon=73.10)) == wanted


def test_another_commuting_area_costs_points_and_a_city_in_its_oblast_does_not():
    near = {"lat": 49.80, "lon": 73.10}
    assert points("distance", mentor(region="71"), child(region="11", **near)) == 300
    assert points("distance", mentor(region="71"), child(region="35", **near)) == 250


def test_first_language_comes_before_second():
    speaks = {"kk": "fluent", "ru": "basic", "en": "fluent"}
    told = [
        points("first_language", mentor(languages=speaks), child(first_language=code))
        for code in ("kk", "ru", "uz", None)
    ]
    assert told == [200, 60, 0, 0]


def test_a_rare_shared_interest_is_worth_more_than_a_common_one():
    common = [child(n, interests=frozenset({"football"})) for n in range(2, 30)]
    m = mentor(interests=frozenset({"football", "dombra"}))
    rare = points("interests", m, child(interests=frozenset({"dombra"})), common)
    usual = points("interests", m, child(interests=frozenset({"football"})), common)
    everything = points("interests", m, child(interests=frozenset({"football", "dombra"})), common)
    assert 0 < usual < rare < everything == 200


@pytest.mark.parametrize(
    ("days", "wanted"), [(-5, 0), (0, 0), (1, 0), (2, 1), (30, 20), (3000, 2000)]
)
def test_waiting_is_counted_by_the_day_without_end(days, wanted):
    assert points("waiting", c=child(waiting_since=START - timedelta(days=days))) == wanted


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, 0),
        ({"leaves_care_on": date(2028, 3, 1)}, 150),
        ({"leaves_care_on": date(2028, 3, 2)}, 0),
        ({"mentor_lost": True}, 100),
        ({"waiting_since": date(2024, 9, 1)}, 100),
        ({"waiting_since": date(2024, 9, 2)}, 0),
        ({"mentor_lost": True, "leaves_care_on": START}, 250),
    ],
)
def test_priority_classes_add_up(changes, wanted):
    assert points("priority", c=child(**changes)) == wanted


@pytest.mark.parametrize(
    ("wish", "wanted"),
    [
        ({"mentor_sex_wish": "female"}, 80),
        ({"mentor_sex_wish": "male"}, 0),
        ({"mentor_age_wish": (38, 38)}, 40),
        ({"mentor_age_wish": (39, 60)}, 0),
        ({"mentor_sex_wish": "female", "mentor_age_wish": (20, 40)}, 120),
    ],
)
def test_the_childs_wishes_count(wish, wanted):
    assert points("wishes", c=child(**wish)) == wanted


@pytest.mark.parametrize(
    ("wish", "wanted"),
    [
        ({"child_sex_wish": "male"}, 60),
        ({"child_sex_wish": "female"}, 0),
        ({"child_age_wish": (13, 13)}, 60),
        ({"child_age_wish": (10, 12)}, 0),
        ({"child_age_wish": (14, 17)}, 0),
        ({"child_sex_wish": "male", "child_age_wish": (10, 17)}, 120),
        ({}, 0),
    ],
)
def test_the_mentors_wishes_count(wish, wanted):
    assert points("mentor_wishes", mentor(**wish)) == wanted


def test_a_mentor_without_a_wish_gets_no_points_even_for_a_newborn():
    assert points("mentor_wishes", c=child(birth_date=START, waiting_since=START)) == 0


def test_a_relative_comes_before_every_stranger_for_the_child():
    near = mentor(1, skills=frozenset({"trauma"}), child_sex_wish="male", good_matches=3)
    aunt = mentor(2, lat=50.1, interests=frozenset())
    niece = child(
        mentor_sex_wish="female",
        needs=frozenset({"trauma"}),
        good_mentors=frozenset({1}),
        kin_mentors=frozenset({2, "not a mentor"}),
    )
    problem = Problem([near, aunt], [niece], START)
    assert score(2, 1, problem)["kin"] == 5000
    assert score(1, 1, problem)["kin"] == 0
    assert [pair.mentor for pair in propose(problem).pairs] == [2]


def test_a_relative_with_a_conflict_of_interest_is_refused_all_the_same():
    kin = child(kin_mentors=frozenset({1}))
    assert propose(Problem([mentor()], [kin], START, {(1, 1): "conflict"})).pairs == ()


def test_weekdays_and_training_count_up_to_their_limits():
    week = frozenset(range(7))
    assert points("weekdays", mentor(weekdays=week), child(weekdays=frozenset({1, 5}))) == 40
    assert points("weekdays", mentor(weekdays=week), child(weekdays=week)) == 60
    assert points("weekdays") == 0
    needs = frozenset({"trauma", "disability", "sign_language", "autism"})
    assert points("training", mentor(skills=needs), child(needs=frozenset({"trauma"}))) == 70
    assert points("training", mentor(skills=needs), child(needs=needs)) == 210
    assert points("training", mentor(skills=needs)) == 0


@pytest.mark.parametrize(("days", "wanted"), [(0, 0), (182, 29), (365, 60), (900, 60)])
def test_a_certificate_that_lapses_inside_the_commitment_counts_less(days, wanted):
    m = mentor(certificate_expires_on=START + timedelta(days=days))
    assert points("certificate", m) == wanted


def test_an_earlier_good_match_counts_for_the_pair_and_for_the_mentor():
    assert points("earlier_match", mentor(good_matches=2)) == 20
    assert points("earlier_match", mentor(good_matches=9)) == 30
    again = child(good_mentors=frozenset({1, "left long ago"}))
    assert points("earlier_match", c=again) == 250


def test_points_do_not_depend_on_who_else_is_in_the_block():
    problem = random_problem(5, 10, 20)
    whole = parts(Block.of(problem, DEFAULT))
    rows, columns = np.array([7, 2], np.int32), np.array([3, 19, 0], np.int32)
    piece = parts(Block.of(problem, DEFAULT, rows, columns))
    assert (piece == whole[:, rows[:, None], columns[None, :]]).all()
    paired = parts(Block.of(problem, DEFAULT).pairs(rows, columns[:2]))
    assert (paired[:, :, 0] == whole[:, rows, columns[:2]]).all()


def test_distances_between_cities_are_those_of_the_haversine():
    cities = {"Astana": (51.17, 71.43), "Karaganda": (49.80, 73.10), "Aktau": (43.65, 51.16)}
    lat, lon = np.array(list(cities.values())).T
    spots = unit_vectors(lat, lon)
    phi, lam = np.radians(lat), np.radians(lon)
    a = (
        np.sin((phi[:, None] - phi) / 2) ** 2
        + np.cos(phi[:, None]) * np.cos(phi) * np.sin((lam[:, None] - lam) / 2) ** 2
    )
    wanted = np.floor(2 * 6371.0088 * np.arcsin(np.sqrt(a)) + 0.5)
    assert (whole_km(spots[:, None, :], spots[None, :, :]) == wanted).all()


def test_codes_are_stable():
    assert CRITERIA == (
        "distance",
        "first_language",
        "interests",
        "waiting",
        "priority",
        "wishes",
        "mentor_wishes",
        "weekdays",
        "training",
        "certificate",
        "earlier_match",
        "kin",
    )


def test_a_disability_never_changes_points():
    with_it, without = child(disability=True), child()
    assert replace(with_it, disability=False) == without
    for code in CRITERIA:
        assert points(code, c=with_it) == points(code, c=without)
