from datetime import date

import pytest

from mentorship.matches.models import ClosureReason, EndedBy
from mentorship.mentors.models import MentorStatus
from mentorship.permissions import Scope
from mentorship.retention import queries
from mentorship.retention.queries import MatchRow
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

ON = date(2026, 6, 1)
BORN = date(1990, 2, 3)
TEENAGER = date(2012, 4, 5)
COUNTRY = Scope(None)


def pair(session, region=KARAGANDA, started_on=date(2025, 6, 1), **given):
    adult = factories.mentor(session, birth_date=BORN, region=region)
    young = factories.child(session, birth_date=TEENAGER, region=region)
    return factories.match(session, mentor=adult, child=young, started_on=started_on, **given)


def test_a_row_of_a_match_says_when_where_and_why_and_nothing_of_who(database):
    pair(
        database,
        ended_on=date(2025, 9, 1),
        ended_as_planned=False,
        closure_reason=ClosureReason.MENTOR_MOVED,
        ended_by=EndedBy.MENTOR,
    )
    assert queries.match_rows(database, COUNTRY) == [
        MatchRow("35", date(2025, 6, 1), date(2025, 9, 1), False, "mentor_moved", "mentor")
    ]


def test_the_region_of_a_match_is_that_of_the_childs_centre(database):
    adult = factories.mentor(database, birth_date=BORN, region=KOSTANAY)
    young = factories.child(database, birth_date=TEENAGER, region=KARAGANDA)
    factories.match(database, mentor=adult, child=young, started_on=date(2025, 6, 1))
    assert queries.active_matches(database, COUNTRY, ON) == {"35": 1}
    assert queries.match_rows(database, Scope(frozenset({KOSTANAY}))) == []


def test_every_figure_keeps_to_the_regions_in_scope(database):
    for region in (KARAGANDA, KOSTANAY):
        match = pair(database, region)
        factories.check_in(database, match=match, due_on=date(2026, 5, 1))
        factories.child(database, birth_date=TEENAGER, region=region)
        factories.mentor(database, birth_date=BORN, region=region)
    scope = Scope(frozenset({KOSTANAY}))
    assert [row.region for row in queries.match_rows(database, scope)] == ["39"]
    assert queries.active_matches(database, scope, ON) == {"39": 1}
    assert queries.children_waiting(database, scope, ON) == {"39": 1}
    assert queries.mentors_free(database, scope) == {"39": 1}
    assert queries.check_ins_overdue(database, scope, ON) == {"39": 1}
    assert queries.children_living(database, scope) == 2
    assert queries.mentors_active(database, scope) == 2
    assert queries.children_living(database, COUNTRY) == 4


def test_somebody_without_a_region_counts_nothing(database):
    pair(database)
    nowhere = Scope(frozenset())
    assert queries.match_rows(database, nowhere) == []
    assert queries.children_living(database, nowhere) == 0
    assert queries.mentors_free(database, nowhere) == {}


@pytest.mark.parametrize(
    ("birth_date", "left_on", "waits"),
    [
        (date(2016, 6, 1), None, True),  # ten today
        (date(2016, 6, 2), None, False),  # ten tomorrow
        (date(2008, 6, 2), None, True),  # eighteen tomorrow
        (date(2008, 6, 1), None, False),  # eighteen today
        (TEENAGER, date(2026, 1, 1), False),  # lives in a family now
    ],
)
def test_a_child_waits_from_ten_to_seventeen_in_an_organisation(
    database, birth_date, left_on, waits
):
    factories.child(database, birth_date=birth_date, left_on=left_on)
    assert queries.children_waiting(database, COUNTRY, ON) == ({"35": 1} if waits else {})


def test_a_child_with_an_open_match_does_not_wait_and_one_with_a_closed_match_does(database):
    pair(database)
    pair(database, KOSTANAY, ended_on=date(2025, 12, 1))
    assert queries.children_waiting(database, COUNTRY, ON) == {"39": 1}


def test_a_mentor_is_free_while_active_and_with_a_place_left(database):
    for status in MentorStatus:
        factories.mentor(database, birth_date=BORN, status=status)
    pair(database)  # one place, one open match
    pair(database, KOSTANAY, ended_on=date(2025, 12, 1))
    factories.mentor(database, birth_date=BORN, region=KOSTANAY, capacity=0)
    assert queries.mentors_free(database, COUNTRY) == {"35": 1, "39": 1}


def test_a_match_that_begins_tomorrow_is_not_active_today(database):
    pair(database, started_on=date(2026, 6, 2))
    assert queries.active_matches(database, COUNTRY, ON) == {}
    assert queries.active_matches(database, COUNTRY, date(2026, 6, 2)) == {"35": 1}


def test_a_check_in_is_overdue_the_day_after_it_was_due_until_it_is_held(database):
    match = pair(database)
    closed = pair(database, KOSTANAY, ended_on=date(2025, 12, 1))
    factories.check_in(database, match=match, due_on=ON)
    factories.check_in(database, match=match, due_on=date(2026, 5, 31))
    held = {"held_on": date(2026, 4, 1), "way": "phone"}
    factories.check_in(database, match=match, due_on=date(2026, 4, 1), **held)
    factories.check_in(database, match=closed, due_on=date(2026, 5, 1))
    assert queries.check_ins_overdue(database, COUNTRY, ON) == {"35": 1}
