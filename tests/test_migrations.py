import re
from datetime import date
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DatabaseError

from mentorship import audit
from mentorship.database import Base, db
from mentorship.jobs.models import JobRun, JobState, Scheduler
from mentorship.matches.models import Preparation, Ruling, RulingKind, StillWaiting
from mentorship.mentors.models import MentorStatus
from mentorship.mentors.services import change_status
from mentorship.messages.models import MessageChoice
from mentorship.places.services import transform_centre
from mentorship.records.models import RecruitmentBrief
from mentorship.settings.services import change_setting
from mentorship.web.once import UsedToken, use_token
from tests import factories

ROOT = Path(__file__).parent.parent
VERSIONS = sorted((ROOT / "migrations" / "versions").glob("*.py"))


def test_migrations_are_numbered_without_gaps():
    assert [path.name[:4] for path in VERSIONS] == [
        f"{number:04}" for number in range(1, len(VERSIONS) + 1)
    ]
    assert all(re.fullmatch(r"\d{4}_[a-z]+(_[a-z0-9]+)+\.py", path.name) for path in VERSIONS)


def test_each_migration_follows_the_one_before():
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    assert len(scripts.get_heads()) == 1
    for path in VERSIONS:
        number = path.name[:4]
        before = f"{int(number) - 1:04}" if number != "0001" else None
        assert scripts.get_revision(number).down_revision == before


def test_migrations_import_nothing_of_the_application():
    for path in [*VERSIONS, ROOT / "migrations" / "env.py"]:
        source = path.read_text("utf-8")
        assert not re.search(r"^\s*(from|import) (mentorship|matching)", source, re.M), path.name


def test_models_and_migrations_describe_the_same_tables(database):
    check()  # ends the process with a list of the differences when there are any


def test_every_foreign_key_and_every_constraint_has_our_name(database):
    for table in Base.metadata.sorted_tables:
        for key in inspect(db.engine).get_foreign_keys(table.name):
            assert key["name"] == f"fk_{table.name}_{key['constrained_columns'][0]}"


def rows_in_every_table(session):
    on = date(2026, 2, 2)
    by = factories.coordinator(session)
    match = factories.eligible_match(session, started_on=on)
    match.mentor.languages[0].level = "basic"
    other = factories.eligible_child(session, on=on, interests=("chess",))
    factories.mentor(session, birth_date=date(1980, 1, 1), interests=("chess",))
    proposal = factories.proposal(session, mentor=match.mentor, child=other, start_on=on)
    session.add(
        StillWaiting(round=proposal.round, child=other, code="places_taken", refusals={"x": 1})
    )
    session.add(
        RecruitmentBrief(round_id=proposal.round_id, made_at=factories.AT, seconds=1.5, lines=[])
    )
    session.add(
        Ruling(
            kind=RulingKind.APART,
            mentor=match.mentor,
            child=other,
            reason="kin",
            recorded_at=factories.AT,
        )
    )
    session.add(
        Preparation(
            proposal=proposal,
            mentor=match.mentor,
            child=other,
            start_on=on,
            opened_at=factories.AT,
            mentor_due_on=on,
        )
    )
    office = factories.authority(session, region="35")
    factories.specialist(session, authority=office, from_on=on)
    factories.population(session, region="35", children=340_000, as_of=on)
    transform_centre(
        session, other.centre, "boarding", on=on, source=None, by=by.id, at=factories.AT
    )
    change_setting(
        session,
        "papers.grace_days",
        1,
        source="x",
        owner="x",
        decided_on=on,
        by=by.id,
        at=factories.AT,
    )
    away = factories.coordinator(session, supervisor_id=by.id)
    factories.leave(session, user=away, cover=by, from_on=on, until_on=on)
    factories.saved_view(session, user=by)
    factories.report_subscription(session, user=by)
    factories.sign(session, match=match, kind="silence", since_on=on)
    factories.hold(session, match=match)
    factories.review(session, match=match, due_on=on)
    factories.telling(session, match=match, due_at=factories.AT)
    factories.pause(session, mentor=match.mentor, from_on=on, until_on=None)
    factories.skill(session, mentor=match.mentor, skill="trauma", earned_on=on)
    factories.conflict(session, mentor=match.mentor, child_id=other.id)
    factories.relative(session, child=other)
    factories.siblings(session, match.child, other)
    factories.need(session, child=other, need="trauma")
    factories.suspension(session, mentor=match.mentor, cause="complaint")
    contact = factories.check_in(session, match=match, due_on=on)
    factories.rung(session, check_in=contact, step="call", reached_on=on)
    meeting = factories.meeting(session, match=match, held_on=on)
    concern = factories.concern(session, match=match, meeting=meeting)
    factories.concern_event(session, concern=concern, kind="raised")
    factories.concern_reader(session, concern=concern, user=by)
    factories.closure(session, match=match, due_on=on)
    link = factories.voice_link(session, match=match)
    factories.voice_answer(session, match=match, answered_at=factories.AT, link_id=link.id)
    factories.slot(session, match=match, from_on=on)
    factories.reply(session, meeting=meeting, author=by)
    factories.help_request(session, mentor=match.mentor)
    factories.substitute(session, match=match, from_on=on, until_on=on)
    factories.calendar_feed(session, mentor=match.mentor)
    factories.goal(session, match=match, agreed_on=on)
    factories.survey(session, match=match, side="mentor", due_on=on)
    factories.child_step(session, child=match.child, code="cooking")
    factories.match_fact(session, match=match)
    factories.daily_count(session, measure="matches_active", day=on, number=1)
    factories.stock_day(session, measure="matches_active", day=on)
    factories.build(session, until=on)
    wanted = factories.indicator(session)
    factories.indicator_target(session, indicator=wanted, year=2026, value=0.9)
    factories.indicator_fact(session, edition=wanted.now, year=2026, value=0.8, until=on)
    factories.published_figure(session, topic="children", as_of=on)
    born = date(1990, 5, 17)
    done = {"interview": on}
    applicant = factories.candidate(session, birth_date=born, applied_at=factories.AT, done=done)
    change_status(
        session, applicant.mentor, MentorStatus.REFUSED, reason="other", by=by.id, at=factories.AT
    )
    factories.message(session, user=by)
    factories.paper(session, mentor=match.mentor)
    factories.passed(session, mentor=match.mentor, on=on)
    session.add(MessageChoice(user_id=by.id, topic="papers", channel="sms", wanted=True))
    session.add(JobRun(job="reminders", slot="2026-02-02", finished_at=factories.AT, result="1"))
    session.add(JobState(job="reminders", started_at=factories.AT, failed=False))
    session.add(Scheduler(name="here:1", started_at=factories.AT, seen_at=factories.AT, works=True))
    session.execute(
        text("insert into sign_in_attempt (kind, subject_hash, at) values ('email', 'x', :at)"),
        {"at": factories.AT.replace(tzinfo=None)},
    )
    use_token(session, "0123456789")
    audit.record("changed_match", match, by=by.id)
    session.commit()


def counts(session):
    return {
        table.name: session.scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }


def test_rows_of_every_table_live_through_every_migration_that_keeps_their_table(database):
    rows_in_every_table(database)
    before = counts(database)
    assert [name for name, number in before.items() if not number] == []
    database.remove()
    kept = before.copy()
    for path in reversed(VERSIONS):
        number = int(path.name[:4])
        downgrade(revision=f"{number - 1:04}" if number > 1 else "base")
        present = set(inspect(db.engine).get_table_names())
        kept = {name: count for name, count in kept.items() if name in present}
        now = {
            name: database.scalar(text(f'select count(*) from "{name}"'))  # names of our own
            for name in kept
        }
        database.remove()
        assert now == kept, f"after going down from {number:04}"
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}


def test_the_tables_come_back_after_going_down_to_nothing(database):
    rows_in_every_table(database)
    database.remove()
    downgrade(revision="base")
    upgrade()
    check()
    assert counts(database)["user"] == 0
    rows_in_every_table(database)


def test_migrations_leave_foreign_keys_whole(database, database_kind):
    rows_in_every_table(database)
    if database_kind == "sqlite":
        assert database.execute(text("pragma foreign_key_check")).all() == []
        assert database.scalar(text("pragma foreign_keys")) == 1


@pytest.mark.parametrize(
    "statement", ["update audit_entry set action = 'nothing'", "delete from audit_entry"]
)
def test_the_audit_can_neither_be_changed_nor_removed(database, statement):
    user = factories.administrator(database)
    audit.record("signed_in", user, by=user.id)
    database.commit()
    with pytest.raises(DatabaseError, match="append-only"):
        database.execute(text(statement))
    database.rollback()
    assert database.scalar(select(func.count()).select_from(audit.AuditEntry)) == 1


def test_a_second_use_of_a_form_token_leaves_one(database):
    use_token(database, "abc")
    assert database.get(UsedToken, "abc") is not None
