"""Any sequence of moves leaves one chain, and eligibility is what the engine's rule says."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import matching
from mentorship.children.facts import years_on
from mentorship.children.models import PlacementForm
from mentorship.errors import DomainError
from mentorship.matches import problem
from mentorship.moves import services
from mentorship.moves.facts import is_inside, move_refusal
from mentorship.moves.queries import placements_of
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
BORN = date(2010, 5, 1)
FORMS = tuple(PlacementForm)
steps = st.lists(
    st.tuples(
        st.sampled_from(["record", "correct"]),
        st.sampled_from(FORMS),
        st.integers(0, 2),  # which centre
        st.integers(-1500, 2),  # days from ON
    ),
    max_size=8,
)


@pytest.fixture
def places(database):
    return [factories.centre(database, region=code) for code in (KARAGANDA, KARAGANDA, KOSTANAY)]


@pytest.fixture
def staff(database):
    return factories.coordinator(database).id


def act(database, child, staff, verb, move):
    chain = placements_of(database, child.id)
    given_ = {"last": chain[0].id, "by": staff, "on": ON, "at": AT, "base_url": "http://x"}
    return verb(database, child.id, move, **given_)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=steps)
def test_any_sequence_of_moves_leaves_one_chain_without_gaps_or_overlaps(
    database, places, staff, steps
):
    child = factories.child(database, birth_date=BORN, centre=places[0])
    for verb, form, centre, days in steps:
        where = places[centre] if form == PlacementForm.INSTITUTION else None
        move = services.Move(form, ON + timedelta(days=days), places[centre].region, where)
        made = services.record_move if verb == "record" else services.correct_move
        nested = database.begin_nested()
        try:
            act(database, child, staff, made, move)
            nested.commit()
        except DomainError:
            nested.rollback()
        check(database, child)


def check(database, child):
    chain = placements_of(database, child.id)
    assert [row.ended_on for row in chain].count(None) == 1 and chain[0].ended_on is None
    for later, earlier in pairwise(chain):
        assert earlier.ended_on == later.started_on  # neither a gap nor an overlap
        assert earlier.started_on is None or earlier.started_on <= earlier.ended_on
    inside = is_inside(chain[0].form)
    assert (child.left_on is None) == inside
    assert problem.engine_child(child).in_organisation == inside == refused_by_rule(child)
    if inside:
        assert child.centre_id == chain[0].centre_id
        assert child.centre.region == chain[0].centre.region
    assert child.waiting_since <= ON


def refused_by_rule(child):
    """Whether the engine's own rule lets the child's place pass."""
    young = problem.engine_child(child)
    adult = matching.Mentor(
        id=1,
        birth_date=date(1980, 1, 1),
        sex="female",
        active=True,
        capacity=1,
        region=young.region,
        lat=young.lat,
        lon=young.lon,
        reach_km=100,
        languages={"kk": "fluent"},
        interests=frozenset(),
        certificate_expires_on=date(2030, 1, 1),
        clearances=(),
    )
    found = matching.refusals(adult, young, ON, matching.Policy.default(), {})
    return "child_not_in_organisation" not in found


NOW = (*FORMS, None)


@pytest.mark.parametrize("age", [9, 13, 14, 17, 18])
@pytest.mark.parametrize("now", NOW, ids=str)
def test_from_each_place_to_each_other_one_by_age(now, age):
    allowed = {form for form in FORMS if move_refusal(now, form, age, same_centre=False) is None}
    F = PlacementForm
    families = {
        F.PATRONAGE,
        F.FOSTER_FAMILY,
        F.PROFESSIONAL_FOSTER_FAMILY,
        F.BIRTH_FAMILY,
        F.FAMILY,
    }
    expected = {F.INSTITUTION}
    if age >= 18:
        expected |= {F.INDEPENDENT}
    else:
        expected |= families | {F.GUARDIANSHIP if age < 14 else F.TRUSTEESHIP}
        expected |= {F.GUEST_FAMILY} if now == F.INSTITUTION else set()
    assert allowed == (set() if now == F.INDEPENDENT else expected)


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2012, 3, 1), date(2026, 3, 1), 14),
        (date(2012, 3, 2), date(2026, 3, 1), 13),
    ],
)
def test_birthdays_of_29_february_come_on_1_march(born, day, years):
    assert years_on(born, day) == years


def test_a_child_who_left_before_forms_were_kept_comes_back(database, places, staff):
    child = factories.child(database, birth_date=BORN, centre=places[0], left_on=date(2025, 6, 1))
    move = services.Move(PlacementForm.INSTITUTION, date(2026, 1, 9), KOSTANAY, places[2])
    act(database, child, staff, services.record_move, move)
    assert (child.left_on, child.waiting_since) == (None, date(2026, 1, 9))
    assert child.centre_id == places[2].id


def test_where_such_a_child_went_can_still_be_told(database, places, staff):
    left = date(2025, 6, 1)
    child = factories.child(database, birth_date=BORN, centre=places[0], left_on=left)
    move = services.Move(PlacementForm.TRUSTEESHIP, date(2025, 9, 1), KARAGANDA)
    act(database, child, staff, services.record_move, move)
    assert child.left_on == left  # they had left before anybody said where to
    move = services.Move(PlacementForm.FOSTER_FAMILY, date(2026, 1, 1), KARAGANDA)
    act(database, child, staff, services.record_move, move)
    assert child.left_on == left
