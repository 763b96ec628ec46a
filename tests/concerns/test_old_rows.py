"""Concerns from before there were two signatures: converted, sealed, and still readable."""

from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from mentorship.clock import today
from mentorship.concerns.models import Concern
from tests import factories

WORRY, DONE = "Бала мектептен қорқады дейді", "Тәрбиешімен сөйлестік"


def test_old_concerns_are_sealed_and_what_was_reviewed_counts_as_closed(database):
    match = factories.eligible_match(database, started_on=today())
    staff = factories.coordinator(database)
    reviewed = {"reviewed_by": staff.id, "reviewed_at": factories.AT}
    old = factories.concern(database, match=match, text=WORRY, **reviewed)
    factories.concern_event(database, concern=old, kind="reviewed", by=staff.id, text=DONE)
    factories.concern(database, match=match, text=WORRY)
    factories.concern(database, child=match.child, text="Without a match")
    database.commit()
    staff_id, child_id = staff.id, match.child_id
    database.remove()

    downgrade(revision="0016")
    rows = database.execute(text("select text, steps from concern order by id")).all()
    assert [tuple(row) for row in rows] == [(WORRY, DONE), (WORRY, None)]
    database.remove()

    upgrade()
    first, second = database.scalars(select(Concern).order_by(Concern.id)).all()
    assert (first.text, first.child_id, first.origin) == (WORRY, child_id, "mentor")
    assert (first.state, first.outcome, first.owner_id) == ("closed", "earlier", staff_id)
    assert [(row.kind, row.text) for row in first.events] == [
        ("raised", None),
        ("reviewed", DONE),
        ("closed", None),
    ]
    assert (second.state, second.told_at) == ("waiting", second.raised_at)
    kept = database.scalars(text("select text from concern")).all()
    assert all(WORRY not in line for line in kept)
