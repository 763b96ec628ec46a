"""Who reads about a child is written down: once for every page about one child."""

import pytest
from sqlalchemy import select

from mentorship.audit import AuditEntry
from tests.test_permissions import LINES, M, address, database_url, enter, world

__all__ = ["database_url", "enter", "world"]  # fixtures
# A page with one of these in its address is about one child.
ABOUT_A_CHILD = {
    "sign_id",
    *("child_id", "match_id", "relative_id", "review_id", "telling_id"),
    *("survey_id", "check_in_id", "preparation_id", "proposal_id", "concern_id", "closure_id"),
}
WHOSE = "<any(guardian, own, data):kind>/withdrawn"
ELSEWHERE = {
    "/children/<int:child_id>/leaving": "sends on to the move",
    "/children/<int:child_id>/elsewhere": "names nobody",
    f"/children/<int:child_id>/consents/{WHOSE}": "sends on while nothing is withdrawn",
}
READ = [
    (rule, who)
    for method, rule, who in LINES
    if method == "GET"
    and (
        any(f":{name}>" in rule for name in ABOUT_A_CHILD)
        or rule == "/papers/<int:paper_id>/remove"
    )
    and rule not in ELSEWHERE
]


def readings(store):
    query = select(AuditEntry).where(AuditEntry.action == "read_child")
    return store.scalars(query.order_by(AuditEntry.id)).all()


@pytest.mark.parametrize(("rule", "who"), READ, ids=[rule for rule, _ in READ])
def test_a_page_about_one_child_leaves_one_line_of_who_read_it(app, world, store, enter, rule, who):
    reader = world.home.mentor if who == {M} else world.home.coordinator
    answer = enter(reader).get(address(app, rule, world.home.ids))
    assert answer.status_code == 200
    assert [row.actor_id for row in readings(store)] == [reader.id]


def test_what_may_be_kept_of_a_reading_names_nobody(app, world, store, enter):
    for rule, who in READ:
        reader = world.home.mentor if who == {M} else world.home.coordinator
        enter(reader).get(address(app, rule, world.home.ids))
    kept = {value for row in readings(store) for value in row.details.values()}
    assert kept and all(isinstance(v, int) or v in ("staff", "new_pair") for v in kept)
