from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from sqlite3 import DatabaseError

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from mentorship.database import begin_reading, db, dialect_name, engine_options, for_update
from mentorship.encryption import InvalidToken, Keyring
from mentorship.mentors.models import Mentor
from tests import factories

ON = date(2026, 2, 2)


def test_no_increment_is_lost_when_eight_threads_write_at_once(app, database_kind):
    with app.app_context():
        mentor = factories.eligible_mentor(db.session, on=ON, capacity=0, reach_km=0)
        db.session.commit()
        number, engine = mentor.id, db.engine

    def increment(_):
        with Session(engine) as session:
            for _ in range(40):
                (row,) = for_update(session, Mentor, [number])
                row.reach_km += 1
                session.commit()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(increment, range(8)))
    with Session(engine) as session:
        assert session.get(Mentor, number).reach_km == 320


@pytest.mark.sqlite
def test_a_reader_never_waits_for_a_writer(app):
    with app.app_context():
        engine = db.engine
    with Session(engine) as writer, Session(engine) as reader:
        factories.centre(writer)
        begin_reading(reader)
        assert reader.scalar(text("select count(*) from centre")) == 0


@pytest.mark.sqlite
def test_a_second_writer_is_told_that_the_database_is_locked(app):
    with app.app_context():
        engine = db.engine
    with Session(engine) as writer:
        factories.centre(writer)
        impatient = engine.raw_connection()
        impatient.cursor().execute("pragma busy_timeout=50")
        with pytest.raises(DatabaseError, match="locked"):
            impatient.cursor().execute("begin immediate")
        impatient.close()


def test_foreign_keys_are_checked(database):
    with pytest.raises(IntegrityError):
        database.execute(text("insert into user_region (user_id, region) values (999, '35')"))
        database.commit()
    database.rollback()


@pytest.mark.sqlite
def test_sqlite_keeps_a_write_ahead_log(database):
    assert database.scalar(text("pragma journal_mode")) == "wal"
    assert database.scalar(text("pragma busy_timeout")) >= 5000


def test_an_instant_comes_back_in_utc_whatever_zone_it_went_in(database):
    almaty = datetime(2026, 2, 2, 14, 30, tzinfo=timezone(timedelta(hours=5)))
    user = factories.administrator(database, created_at=almaty)
    database.commit()
    database.expire_all()
    assert user.created_at == datetime(2026, 2, 2, 9, 30, tzinfo=UTC)
    assert user.created_at.tzinfo is UTC


def test_an_instant_without_a_zone_is_refused(database):
    with pytest.raises(StatementError, match="time zone"):
        factories.administrator(database, created_at=datetime(2026, 2, 2))
    database.rollback()


def test_a_child_has_one_open_match(database):
    match = factories.eligible_match(database, started_on=ON)
    second = factories.eligible_mentor(database, on=ON)
    with pytest.raises(IntegrityError):
        factories.match(database, mentor=second, child=match.child, started_on=ON)
    database.rollback()


def test_a_closed_match_leaves_room_for_the_next(database):
    mentor = factories.eligible_mentor(database, on=ON)
    child = factories.eligible_child(database, on=ON)
    factories.match(database, mentor=mentor, child=child, started_on=ON, ended_on=ON)
    factories.match(database, mentor=mentor, child=child, started_on=ON)
    database.commit()


@pytest.mark.parametrize("missing", ["closure_reason", "ended_as_planned", "ended_by"])
def test_a_closure_is_whole_or_it_is_not_stored(database, missing):
    mentor = factories.eligible_mentor(database, on=ON)
    child = factories.eligible_child(database, on=ON)
    with pytest.raises(IntegrityError):
        factories.match(
            database, mentor=mentor, child=child, started_on=ON, ended_on=ON, **{missing: None}
        )
    database.rollback()


def test_an_iin_is_unreadable_in_the_database_and_found_again_by_its_hash(database):
    iin = factories.fictional_iin()
    mentor = factories.eligible_mentor(database, on=ON, iin=iin)
    database.commit()
    stored = database.execute(text("select * from mentor")).mappings().one()
    assert iin not in " ".join(str(value) for value in stored.values())
    database.expire_all()
    assert mentor.iin == iin


def test_two_mentors_cannot_have_one_iin(database):
    iin = factories.fictional_iin()
    factories.eligible_mentor(database, on=ON, iin=iin)
    with pytest.raises(IntegrityError):
        factories.eligible_mentor(database, on=ON, iin=iin)
    database.rollback()


def test_a_new_key_opens_what_the_old_one_sealed():
    from_old, from_both, stranger = Keyring(), Keyring(), Keyring()
    old, new, other = (Fernet.generate_key().decode() for _ in range(3))
    from_old.configure([old])
    from_both.configure([new, old])
    stranger.configure([other])
    sealed = from_old.seal("991231690008")
    assert from_both.open(sealed) == "991231690008"
    assert from_old.hashes("991231690008")[0] in from_both.hashes("991231690008")
    with pytest.raises(InvalidToken):
        stranger.open(sealed)


def test_engines_know_their_time_outs():
    assert "timeout" in engine_options("sqlite:///x.db")["connect_args"]
    assert "connect_timeout" in engine_options("postgresql+psycopg://x/y")["connect_args"]


def test_the_suite_runs_on_the_database_it_was_asked_for(database, database_kind):
    assert dialect_name(database) == database_kind


def test_a_record_changed_meanwhile_is_not_overwritten(app):
    with app.app_context():
        mentor = factories.eligible_mentor(db.session, on=ON)
        db.session.commit()
        number, engine = mentor.id, db.engine
    with Session(engine, expire_on_commit=False) as slow, Session(engine) as quick:
        opened = slow.get(Mentor, number)
        slow.commit()
        quick.get(Mentor, number).reach_km = 70
        quick.commit()
        opened.reach_km = 10
        with pytest.raises(StaleDataError):
            slow.commit()
        slow.rollback()
