from datetime import UTC, datetime, time, timedelta

import pytest

from mentorship import clock
from mentorship.jobs import training as job
from mentorship.messages.models import Message
from mentorship.training import notices
from tests import factories

DAY = timedelta(days=1)


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def setting(database, today):
    training = factories.training(
        database, starts_on=today + 2 * DAY, link="https://meet.example.org/a", seats=9
    )

    def seat(**given):
        values = {"birth_date": today.replace(year=1985, day=1), "last_name": "Жасырын"} | given
        adult = factories.mentor(database, **values)
        return factories.enrolment(database, training=training, mentor=adult)

    return training, seat


def written(database):
    return database.query(Message).order_by(Message.id).all()


def at(day):
    return datetime.combine(day, time(4), UTC)


def test_two_days_before_a_session_everybody_with_a_seat_is_reminded_once(
    database, config, setting, today
):
    training, seat = setting
    seat(email="a@example.org")
    factories.mentor_user(database, mentor=seat().mentor)
    seat()  # neither an account nor an address
    for day in (today - DAY, today, today, today + DAY):
        job.remind_of_sessions(database, config, day, at(day))
    found = written(database)
    assert sorted(bool(message.address) for message in found) == [False, True]
    for message in found:
        assert "Бейбітшілік" in message.body and "meet.example.org" in message.body
        assert training.starts_on.strftime("%d.%m.%Y") in message.body
        assert "Жасырын" not in message.subject + message.body
        assert message.body.rstrip().endswith("/my-training")


def test_nobody_is_reminded_of_a_cancelled_session_or_a_seat_given_up(
    database, config, setting, today
):
    training, seat = setting
    seat(email="a@example.org").cancelled_at = factories.AT
    seat(email="b@example.org")
    training.cancelled_at = factories.AT
    job.remind_of_sessions(database, config, today, at(today))
    assert written(database) == []


def test_who_got_the_seat_today_is_not_reminded_today(database, config, setting, today):
    _, seat = setting
    seat(email="a@example.org").enrolled_at = at(today)
    job.remind_of_sessions(database, config, today, at(today))
    assert written(database) == []
    job.remind_of_sessions(database, config, today + DAY, at(today + DAY))
    assert len(written(database)) == 1


def test_a_new_place_is_told_anew_and_the_same_place_once(database, setting, today):
    training, seat = setting
    rows = [seat(email="a@example.org")]

    def tell():
        return notices.tell(database, rows, "training_changed", base_url="http://x", at=at(today))

    assert [tell(), tell()] == [1, 0]
    training.place = "Абай 7"
    assert tell() == 1


@pytest.mark.parametrize(
    ("languages", "code"),
    [
        ({"kk": "fluent", "ru": "fluent"}, "kk"),
        ({"ru": "fluent"}, "ru"),
        ({"ru": "fluent", "kk": "basic"}, "ru"),
        ({"uz": "fluent"}, "kk"),
    ],
)
def test_somebody_without_an_account_is_written_to_in_a_language_they_speak(
    database, setting, today, languages, code
):
    _, seat = setting
    row = seat(email="a@example.org", languages=languages)
    notices.tell(database, [row], "training_soon", base_url="http://x", at=at(today))
    assert [message.language for message in written(database)] == [code]


def test_an_account_that_was_closed_is_not_written_to(database, setting, today):
    _, seat = setting
    row = seat(email="a@example.org")
    factories.mentor_user(database, mentor=row.mentor).active = False
    assert not notices.tell(database, [row], "training_soon", base_url="http://x", at=at(today))
