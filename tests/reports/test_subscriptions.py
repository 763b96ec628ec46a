from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from mentorship.audit import AuditEntry
from mentorship.jobs import reports as job
from mentorship.messages.models import Message
from mentorship.reports.models import ReportSubscription
from mentorship.reports.services import subscribe
from mentorship.web.periods import Step
from tests import factories

NOV = datetime(2026, 11, 2, 3, tzinfo=UTC)


def told(session, config, on=date(2026, 11, 2)):
    at = datetime(on.year, on.month, on.day, 3, tzinfo=UTC)
    return job.tell_of_reports(session, config, on, at)


@pytest.fixture
def reader(database):
    """A manager who asked in October, with figures computed up to the first of November."""
    user = factories.manager(database)
    subscribe(database, user, Step.MONTH, "ru", on=date(2026, 10, 20), at=NOV)
    factories.build(database, until=date(2026, 11, 1))
    return user


def test_whoever_asked_is_told_once_of_the_month_that_has_ended(database, config, reader):
    assert told(database, config) == "1 written"
    assert told(database, config) == "0 written"
    assert told(database, config, date(2026, 11, 30)) == "0 written"
    message = database.scalars(select(Message)).one()
    assert "http://127.0.0.1:8000/reports/2026-10?language=ru" in message.body
    assert message.key == f"report_ready:2026-10:{reader.id}"


def test_nobody_is_told_before_the_figures_of_the_month_are_there(database, config, reader):
    assert told(database, config, date(2026, 12, 1)) == "0 written"
    factories.build(database, until=date(2026, 11, 30))
    assert told(database, config, date(2026, 12, 1)) == "1 written"


def test_a_lost_note_of_what_was_told_writes_no_second_letter(database, config, reader):
    told(database, config)
    row = database.scalars(select(ReportSubscription)).one()
    row.told_of = "2026-08"
    assert told(database, config) == "0 written"


def test_a_quarter_is_told_once_and_after_it_has_ended(database, config):
    user = factories.manager(database)
    subscribe(database, user, Step.QUARTER, "kk", on=date(2026, 10, 20), at=NOV)
    factories.build(database, until=date(2027, 1, 1))
    assert told(database, config) == "0 written"
    assert told(database, config, date(2027, 1, 1)) == "1 written"
    assert "/reports/2026-Q4?language=kk" in database.scalars(select(Message)).one().body


@pytest.mark.parametrize("changed", [{"active": False}, {"role": "administrator"}])
def test_an_account_that_may_see_no_figures_is_not_written_to(database, config, reader, changed):
    for name, value in changed.items():
        setattr(reader, name, value)
    database.flush()
    assert told(database, config) == "0 written"


def test_reports_are_asked_for_changed_and_stopped_on_their_page(store, sign_in):
    user = factories.manager(store)
    manager = sign_in(user)
    for language in ("kk", "en"):
        answer = manager.submit("/reports/subscribe", step="quarter", language=language)
        assert answer.status_code == 302
    row = store.scalars(select(ReportSubscription)).one()
    assert (row.step, row.language, row.user_id) == ("quarter", "en", user.id)
    page = manager.page("/reports")
    assert "Every quarter" in page.html
    manager.send(page, "/stop")
    assert store.scalars(select(ReportSubscription)).all() == []
    actions = [row.action for row in store.scalars(select(AuditEntry))]
    assert "subscribed_to_reports" in actions and "stopped_reports" in actions


def test_nobody_stops_the_reports_of_another(store, sign_in):
    row = factories.report_subscription(store, user=factories.manager(store))
    other = sign_in(factories.manager(store))
    factories.report_subscription(store, user=store.merge(row.user), step="quarter")
    store.commit()
    other.send(other.page("/reports/subscribe"), None, step="month", language="kk")
    page = other.page("/reports")
    form = page.form("/stop")
    form.attrs["action"] = f"/reports/subscriptions/{row.id}/stop"
    other.send(page, f"/{row.id}/stop")
    assert store.get(ReportSubscription, row.id) is not None
