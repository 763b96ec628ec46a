from datetime import date, timedelta

from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from mentorship import clock
from mentorship.check_ins import services
from mentorship.check_ins.models import CheckIn, ContactPolicy
from tests import factories

DAY = timedelta(days=1)


def test_contacts_of_before_become_one_for_each_voice_and_the_new_plan_goes_on(database):
    today = clock.today()
    began = today - 100 * DAY
    match = factories.eligible_match(database, started_on=began)
    ended = factories.match(
        database,
        mentor=match.mentor,
        child=factories.eligible_child(database, on=began),
        started_on=began,
        ended_on=began + 20 * DAY,
    )
    ids = {"open": match.id, "ended": ended.id}
    database.commit()
    database.remove()
    downgrade(revision="0014")
    for place, number, days, held, voices in (
        ("open", 1, 14, 15, "mentor,child"),
        ("open", 2, 30, 33, "carer"),
        ("open", 3, 61, None, None),
        ("open", 4, 91, 92, "mentor"),
        ("open", 5, 122, None, None),
        ("ended", 1, 14, None, None),
        ("ended", 2, 30, None, None),
    ):
        database.execute(
            text(
                "insert into check_in (match_id, number, due_on, held_on, spoke_with, rating)"
                " values (:match, :number, :due, :held, :voices, :rating)"
            ),
            {
                "match": ids[place],
                "number": number,
                "due": began + days * DAY,
                "held": held and began + held * DAY,
                "voices": voices,
                "rating": 4 if held else None,
            },
        )
    database.commit()
    database.remove()
    upgrade()
    rows = database.scalars(select(CheckIn).order_by(CheckIn.slot, CheckIn.kind)).all()
    kept = [(r.match_id, r.kind, r.slot, bool(r.held_on), r.rating, r.missed_on) for r in rows]
    assert sorted(kept, key=str) == sorted(
        [
            (ids["open"], "child", 14, True, 4, None),
            (ids["open"], "mentor", 14, True, 4, None),
            (ids["open"], "carer", 30, True, 4, None),
            (ids["open"], "mentor", 61, False, None, None),
            (ids["open"], "mentor", 91, True, 4, None),
            (ids["open"], "mentor", 122, False, None, None),
            (ids["ended"], "mentor", 14, False, None, began + 20 * DAY),
        ],
        key=str,
    )
    policies = database.scalars(select(ContactPolicy).order_by(ContactPolicy.in_force_from)).all()
    assert [policy.version for policy in policies] == ["2026-1", "2026-2"]
    assert [policy.in_force_from for policy in policies] == [date(2020, 1, 1), today]
    before = {row.id for row in rows if row.due_on < today}
    services.plan_all(database, on=today)
    now = database.scalars(select(CheckIn).where(CheckIn.match_id == ids["open"])).all()
    assert before - {row.id for row in now} == {row.id for row in rows if row.missed_on}
    assert all(row.due_on >= today for row in now if row.id not in before)
    assert {row.kind for row in now if row.due_on >= today} == {
        *("mentor", "child", "carer", "review"),
    }
