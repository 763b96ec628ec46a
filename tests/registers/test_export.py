from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship.audit import AuditEntry
from mentorship.children.facts import too_young_to_consent
from mentorship.children.schemas import ChildSchema
from mentorship.children.services import register_child
from mentorship.i18n import LOCALES, normalise, search_key
from mentorship.mentors.services import add_clearances, register_mentor
from mentorship.people.vocabulary import INTERESTS, Language, Level, Need, Sex
from mentorship.permissions import Scope
from mentorship.registers.columns import NOT_IN_FILES, Kind, columns_of
from mentorship.registers.export import Export, export_table
from mentorship.registers.reader import read_table
from mentorship.registers.services import import_rows
from mentorship.registers.table import Table
from mentorship.web.cells import defuse
from tests import factories
from tests.registers.files import NO_IIN

EVERYWHERE = Scope(None)
NAMES = st.text("АаӘәҚқІіҮүыЁёAcix=+-@'\";,|0 \n\t", min_size=1, max_size=12)
names = NAMES.map(normalise).filter(lambda text: text.strip("'\" ") != "")
days = st.dates(date(1950, 1, 1), date(2025, 12, 31))
languages = st.dictionaries(st.sampled_from(Language), st.sampled_from(Level), min_size=1).map(
    lambda spoken: spoken | {Language.KAZAKH: Level.FLUENT}
)
interests = st.lists(st.sampled_from(sorted(INTERESTS)), max_size=5, unique=True)
papers = st.fixed_dictionaries(
    {
        "kinds": st.lists(st.sampled_from(factories.REQUIRED_KINDS), min_size=1, unique=True),
        "result": st.sampled_from(["clear", "adverse", "pending"]),
        "checked_on": days,
        "valid_until": st.none() | st.just(date(2030, 1, 1)),
        "issuer": st.none() | names,
        "number": st.none() | names,
    }
)
person = {
    "last_name": names,
    "first_name": names,
    "patronymic": st.none() | names,
    "sex": st.sampled_from(["male", "female"]),
    "birth_date": days,
    "languages": languages,
    "interests": interests,
}
weekdays = st.lists(st.integers(0, 6), unique=True).map(sorted)
wishes = st.none() | st.sampled_from(Sex)
mentors = st.fixed_dictionaries(
    person
    | {
        "phone": st.just("+77011234567"),
        "email": st.none() | st.just("somebody@example.org"),
        "region": st.sampled_from(["35", "39", "75"]),
        "town": names,
        "reach_km": st.integers(0, 3000),
        "capacity": st.integers(1, 4),
        "weekdays": weekdays,
        "child_sex_wish": wishes,
        "child_age_from": st.none() | st.integers(10, 13),
        "child_age_to": st.none() | st.integers(13, 17),
        "papers": st.none() | papers,
    }
)


def of_age_for_an_own_consent(person: dict[str, Any]) -> dict[str, Any]:
    """Leaves the own consent out where the register would refuse it."""
    given_on = person["own_consent_on"]
    young = given_on is not None and too_young_to_consent(person["birth_date"], given_on)
    return person | {"own_consent_on": None} if young else person


children = st.fixed_dictionaries(
    person
    | {
        "first_language": st.just("kk"),
        "waiting_since": days,
        "guardian_consent_on": st.none() | days,
        "guardian_consent_by": names,
        "own_consent_on": st.none() | days,
        "data_consent_on": st.none() | days,
        "data_consent_by": names,
        "needs": st.lists(st.sampled_from(Need), unique=True),
        "disability": st.booleans(),
        "mentor_sex_wish": wishes,
        "mentor_age_from": st.none() | st.integers(18, 40),
        "mentor_age_to": st.none() | st.integers(40, 99),
        "weekdays": weekdays,
        "leaves_care_on": st.none() | days,
    }
).map(of_age_for_an_own_consent)


def different(people: list[dict[str, Any]]) -> bool:
    keys = {search_key(p["last_name"], p["first_name"], p["patronymic"]) for p in people}
    return len(keys) == len(people)


def exported(session: Session, what: Export, suffix: str = "csv", **how: Any) -> bytes:
    given = {"scope": EVERYWHERE, "by": None, "in_words": False} | how
    return export_table(session, what, suffix, **given)


def sorted_rows(data: bytes) -> list[tuple[Any, ...]]:
    table: Table = read_table(data)
    return [table.header, *sorted(row.cells for row in table.rows)]


def read_again(
    session: Session, fill: Callable[[], None], what: Export, suffix: str, locale: str
) -> None:
    """Fill the register, export it, undo that, import the file, compare the exports."""
    savepoint = session.begin_nested()
    try:
        fill()
        with force_locale(locale):
            data = exported(session, what, suffix, in_words=locale != "en")
        savepoint.rollback()
        savepoint = session.begin_nested()
        with force_locale(locale):
            import_rows(
                session,
                Kind(what),
                data,
                NO_IIN,
                scope=EVERYWHERE,
                accept_good_rows=False,
                by=None,
                at=factories.AT,
                base_url="http://127.0.0.1:8000",
            )
            again = exported(session, what, suffix, in_words=locale != "en")
        assert sorted_rows(again) == sorted_rows(data)
    finally:
        savepoint.rollback()
        session.expunge_all()


ROUND_TRIP = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@ROUND_TRIP
@given(
    people=st.lists(mentors, min_size=1, max_size=3).filter(different),
    suffix=st.sampled_from(["csv", "xlsx"]),
    locale=st.sampled_from(sorted(LOCALES)),
)
def test_exported_mentors_are_imported_as_they_were(
    database: Session, people: list[dict[str, Any]], suffix: str, locale: str
) -> None:
    def fill() -> None:
        for number, person in enumerate(people):
            paper = person["papers"]
            data = {k: v for k, v in person.items() if k != "papers"}
            data |= {
                "certificate_number": f"N-{number}",
                "certificate_issuer": "=issuer",
                "certificate_issued_on": date(2025, 1, 1),
                "certificate_expires_on": date(2028, 1, 1),
            }
            mentor = register_mentor(database, data, by=None, at=factories.AT)
            if paper:
                add_clearances(database, mentor, paper, by=None, at=factories.AT)

    read_again(database, fill, Export.MENTORS, suffix, locale)


@ROUND_TRIP
@given(
    people=st.lists(children, min_size=1, max_size=3).filter(different),
    suffix=st.sampled_from(["csv", "xlsx"]),
    locale=st.sampled_from(sorted(LOCALES)),
)
def test_exported_children_are_imported_as_they_were(
    database: Session, people: list[dict[str, Any]], suffix: str, locale: str
) -> None:
    centre = factories.centre(database)

    def fill() -> None:
        for person in people:
            data = person | {"centre_id": centre.id}
            register_child(database, data, by=None, at=factories.AT)

    read_again(database, fill, Export.CHILDREN, suffix, locale)


def test_every_field_of_the_form_is_in_the_export_but_the_iin() -> None:
    header = set(columns_of(Kind.CHILDREN)) - {"iin", "iin_confirmed"}
    assert set(ChildSchema(exclude=[*NOT_IN_FILES, "iin", "iin_confirmed"]).fields) <= header


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("what", Export)
def test_an_export_holds_no_iin_and_nobody_outside_the_scope(
    database: Session, what: Export, suffix: str
) -> None:
    inside = factories.eligible_match(database, started_on=date(2025, 10, 1))
    outside = factories.eligible_match(database, started_on=date(2025, 10, 1), region="39")
    for match, name in ((inside, "Ішкі"), (outside, "Сыртқы")):
        for row in (match.mentor, match.child):
            row.iin = factories.fictional_iin()
            row.last_name = name
    database.flush()
    data = exported(database, what, suffix, scope=Scope(frozenset({"35"})))
    table = read_table(data)
    assert len(table.rows) == 1
    told = repr(table)
    assert "Ішкі" in told and "Сыртқы" not in told
    assert not {inside.mentor.iin, inside.child.iin} & {str(cell) for cell in table.rows[0].cells}


def test_an_export_is_noted_with_who_and_how_many(database: Session) -> None:
    user = factories.coordinator(database)
    factories.mentor(database, birth_date=date(1990, 1, 1))
    exported(database, Export.MENTORS, by=user.id)
    entry = database.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.actor_id, entry.action, entry.details) == (
        user.id,
        "exported_mentors",
        {"rows": 1},
    )


def test_an_export_without_rows_still_names_the_columns(database: Session) -> None:
    assert exported(database, Export.MATCHES).decode("utf-8-sig").startswith("match,mentor,child")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+7 701", "'+7 701"),
        ("-x", "'-x"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("'=x", "''=x"),
        ("'x", "'x"),
        ("x=1", "x=1"),
        ("", ""),
    ],
)
def test_cells_that_a_spreadsheet_would_obey_are_defused(text: str, written: str) -> None:
    assert defuse(text) == written


def test_the_statements_of_an_export_do_not_grow_with_the_rows(
    database: Session, statements: list[str]
) -> None:
    counts = []
    for number in (1, 30):
        for _ in range(number):
            factories.eligible_child(database, on=date(2026, 1, 5))
        database.commit()
        before = len(statements)
        exported(database, Export.CHILDREN)
        counts.append(len(statements) - before)
    assert counts[0] == counts[1]
