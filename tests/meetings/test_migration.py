"""The entries of before live on, and those that the old table cannot hold do not break its way."""

from datetime import date

from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from tests import factories

ON = date(2026, 2, 2)


def facts(store):
    query = "select minutes, activity, went, kind from meeting order by id"
    return [tuple(row) for row in store.execute(text(query))]


def test_entries_are_kept_on_the_way_down_and_up(database):
    match = factories.eligible_match(database, started_on=ON)
    factories.meeting(database, match=match, held_on=ON, read_at=factories.AT)
    tapped = {"activity": None, "went": None, "as_planned": True}
    factories.meeting(database, match=match, held_on=ON, **tapped)
    gone = {"kind": None, "minutes": None, "activity": None, "went": None}
    cancelled = factories.meeting(
        database, match=match, held_on=ON, cancelled_by="weather", cancel_reason="Боран", **gone
    )
    factories.reply(database, meeting=cancelled, author=factories.coordinator(database))
    factories.concern(database, match=match, meeting=cancelled)
    database.commit()
    database.remove()
    downgrade(revision="0015")
    kept = [(90, "Шахмат ойнадық", 4, "in_person"), (90, "", 3, "in_person")]
    assert facts(database) == kept
    assert database.scalar(text("select count(*) from concern where meeting_id is null")) == 1
    database.remove()
    upgrade()
    assert facts(database) == kept
    unread = "select count(*) from meeting where read_at is null or as_planned"
    assert database.scalar(text(unread)) == 0
