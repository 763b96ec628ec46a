from datetime import date, timedelta

import pytest

from mentorship.audit import AuditEntry
from mentorship.demo.indicators import EMPTY, store_indicators
from mentorship.errors import AlreadyDone, Impossible, Invalid
from mentorship.figures.catalogue import Unit
from mentorship.figures.values import State, Value
from mentorship.indicators.plans import Year
from mentorship.indicators.queries import find, indicators
from mentorship.indicators.services import (
    add_indicator,
    change_indicator,
    end_indicator,
    set_target,
)
from tests import factories
from tests.factories import AT

ON = date(2027, 3, 1)
LATER = AT + timedelta(days=400)


@pytest.fixture
def by(database):
    return factories.administrator(database).id


def wording(**given):
    values = {
        "name_kk": "Атауы",
        "name_ru": "Название",
        "name_en": "Name",
        "formula": "measure",
        "measure": "matches_begun",
        "direction": "more",
        "from_year": 2026,
        "source": "design",
        "owner": "Programme",
    }
    return EMPTY | values | given


def changed(database, row, by, facts=(), **given):
    return change_indicator(database, row, wording(**given), dict(facts), by=by, on=ON, at=LATER)


def test_a_new_indicator_begins_with_its_first_version(database, by):
    row = add_indicator(database, wording(), by=by, at=AT)
    assert (row.now.version, row.now.from_year, row.is_example) == (1, 2026, False)
    noted = database.query(AuditEntry).filter_by(action="added_indicator").one()
    assert (noted.actor_id, noted.subject_id) == (by, row.id)


def test_a_new_name_keeps_the_version_and_every_year(database, by):
    row = add_indicator(database, wording(), by=by, at=AT)
    changed(database, row, by, name_en="Another name", from_year=2028)
    assert (row.now.version, row.now.from_year) == (1, 2026)
    assert [each.name_en for each in row.editions] == ["Name", "Another name"]


def test_a_new_formula_counts_from_its_year_and_keeps_what_was_said(database, by):
    row = add_indicator(database, wording(), by=by, at=AT)
    facts = {2026: 120.0, 2027: None}
    changed(database, row, by, facts, measure="matches_ended", from_year=2027)
    assert (row.now.version, row.now.from_year) == (2, 2027)
    assert [row.edition_of(year).measure for year in (2026, 2027, 2030)] == [
        "matches_begun",
        "matches_ended",
        "matches_ended",
    ]
    told = [(fact.year, fact.value, fact.until) for fact in row.editions[0].facts]
    assert told == [(2026, 120.0, ON), (2027, None, ON)]


def test_which_way_is_good_does_not_turn_for_years_that_are_over(database, by):
    row = add_indicator(database, wording(), by=by, at=AT)
    changed(database, row, by, direction="less", from_year=2027)
    assert [row.edition_of(year).direction for year in (2026, 2027)] == ["more", "less"]


def test_a_new_name_does_not_make_a_target_older_than_its_formula(database, by):
    row = add_indicator(database, wording(), by=by, at=AT)
    target = set_target(database, row, 2027, 100, source="order", by=by, at=AT + timedelta(days=1))

    def is_older():
        told = Value(State.UNKNOWN)
        year = Year(2027, row.edition_of(2027), Unit.COUNT, target, told, ON)
        return year.is_target_older

    changed(database, row, by, name_en="Another name")
    assert not is_older()
    changed(database, row, by, measure="matches_ended", from_year=2027)
    assert is_older()


def test_a_new_formula_never_counts_a_year_that_is_over(database, by):
    row = add_indicator(database, wording(), by=by, at=AT)
    with pytest.raises(Invalid, match="indicator_year_over"):
        changed(database, row, by, measure="matches_ended", from_year=2026)
    assert len(row.editions) == 1


def test_saving_the_same_again_is_no_edition(database, by):
    row = add_indicator(database, wording(), by=by, at=AT)
    with pytest.raises(AlreadyDone, match="indicator_unchanged"):
        changed(database, row, by)


def test_two_indicators_under_way_have_no_name_in_common(database, by):
    row = add_indicator(database, wording(), by=by, at=AT)
    with pytest.raises(AlreadyDone, match="indicator_name_taken"):
        add_indicator(database, wording(name_kk="Басқа", name_ru="Другое"), by=by, at=AT)
    end_indicator(database, row, by=by, on=ON)
    add_indicator(database, wording(), by=by, at=AT)


def test_the_newest_target_of_a_year_holds_and_the_others_stay_to_be_read(database, by):
    row = add_indicator(database, wording(), by=by, at=AT)
    for value in (100, 120):
        set_target(database, row, 2026, value, source="order", by=by, at=AT)
    assert row.target(2026).value == 120
    set_target(database, row, 2026, None, source="order", by=by, at=AT)
    assert row.target(2026) is None
    assert [each.value for each in row.targets] == [100, 120, None]


@pytest.mark.parametrize(
    ("year", "value", "error"), [(2031, 1, Invalid), (2025, 1, Invalid), (2026, None, AlreadyDone)]
)
def test_a_target_has_a_year_of_the_programme_and_something_to_withdraw(
    database, by, year, value, error
):
    row = add_indicator(database, wording(), by=by, at=AT)
    with pytest.raises(error):
        set_target(database, row, year, value, source="order", by=by, at=AT)


def test_an_indicator_that_ended_is_only_read(database, by):
    row = add_indicator(database, wording(), by=by, at=AT)
    end_indicator(database, row, by=by, on=ON)
    for act in (
        lambda: end_indicator(database, row, by=by, on=ON),
        lambda: set_target(database, row, 2026, 1, source="order", by=by, at=AT),
        lambda: changed(database, row, by, name_en="Another name"),
    ):
        with pytest.raises(Impossible, match="indicator_ended"):
            act()


def test_the_examples_of_the_demo_are_marked_and_planned_for_every_year(database, by):
    store_indicators(database, by, AT)
    found = indicators(database)
    assert len(found) == 5
    assert all(row.is_example and len(row.targets) == 5 for row in found)
    assert find(database, found[0].id) is found[0]
