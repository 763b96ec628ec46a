from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentorship.audit import AuditEntry
from mentorship.children.models import Child, ConsentKind
from mentorship.i18n import LOCALES, search_key
from mentorship.mentors.models import Certificate, Mentor
from mentorship.permissions import Scope
from mentorship.places.models import Centre
from mentorship.registers import services
from mentorship.registers.bad_rows import bad_rows_file
from mentorship.registers.columns import Kind, columns_of
from mentorship.registers.reader import read_table
from mentorship.registers.rows import HIDDEN
from mentorship.registers.services import Preview, RowsRefused
from mentorship.registers.table import FileRefused
from mentorship.registers.words import refusal
from tests import factories
from tests.registers.files import (
    CHILD,
    CIVIL_SERVICE,
    EXAMPLES,
    MENTOR,
    NEW_CENTRES,
    NO_IIN,
    file_of,
    xlsx_of,
)

AT = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
EVERYWHERE = Scope(None)


def bring_in(
    session: Session,
    kind: Kind,
    *people: dict[str, Any],
    data: bytes | None = None,
    mapping: bytes | None = NO_IIN,
    scope: Scope = EVERYWHERE,
    accept: bool = False,
) -> Preview:
    with force_locale("en"):
        return services.import_rows(
            session,
            kind,
            file_of(*people) if data is None else data,
            mapping,
            scope=scope,
            accept_good_rows=accept,
            by=None,
            at=AT,
            base_url="http://127.0.0.1:8000",
        )


def problems(session: Session, kind: Kind, *people: dict[str, Any], **how: Any) -> Preview:
    """What an import is refused for; nothing may be left of it."""
    with pytest.raises(RowsRefused) as caught:
        bring_in(session, kind, *people, **how)
    found: Preview = caught.value.params["preview"]
    return found


def mentor(**changed: Any) -> dict[str, Any]:
    return MENTOR | changed


def child(**changed: Any) -> dict[str, Any]:
    return CHILD | changed


def count(session: Session, model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def centre(database: Session) -> Centre:
    return factories.centre(database, name_kk="«Шаңырақ» орталығы", name_ru="Центр «Шанырак»")


def test_a_mentor_comes_in_with_certificate_and_clearances(database: Session) -> None:
    iin = factories.fictional_iin()
    bring_in(database, Kind.MENTORS, mentor(iin=iin, iin_confirmed="иә"), mapping=None)
    found = database.scalars(select(Mentor)).one()
    assert (found.full_name, found.iin) == ("Әбенова Гүлнәр Қанатқызы", iin)
    assert (found.phone, found.region, found.reach_km, found.capacity) == (
        "+77011234567",
        "35",
        50,
        2,
    )
    assert {row.language: row.level for row in found.languages} == {"kk": "fluent", "ru": "basic"}
    assert {row.interest for row in found.interests} == {"chess", "dombra"}
    assert found.certificate is not None and found.certificate.expires_on == date(2028, 6, 1)
    assert {c.kind for c in found.clearances} == set(factories.REQUIRED_KINDS)
    assert {c.valid_until for c in found.clearances} == {date(2027, 6, 1)}


def test_a_child_comes_in_with_centre_and_consents(database: Session, centre: Centre) -> None:
    bring_in(database, Kind.CHILDREN, child(centre="центр «шанырак»"), mapping=None)
    found = database.scalars(select(Child)).one()
    assert found.centre is centre
    guardian, own = found.consent(ConsentKind.GUARDIAN), found.consent(ConsentKind.OWN)
    assert guardian is not None and guardian.given_by == "Director of the centre"
    assert own is not None and own.given_on == date(2025, 9, 3)


def test_clearances_may_be_told_kind_by_kind(database: Session) -> None:
    told = {name: v for name, v in MENTOR.items() if not name.startswith("clearances")}
    told |= {
        "health_result": "pending",
        "health_checked_on": "2025-06-01",
        "psychiatric_result": "таза",
        "psychiatric_checked_on": "2025-06-02",
    }
    bring_in(database, Kind.MENTORS, told)
    found = database.scalars(select(Mentor)).one()
    assert {(c.kind, c.result) for c in found.clearances} == {
        ("health", "pending"),
        ("psychiatric", "clear"),
    }


@pytest.mark.parametrize(
    "region", ["35", "KZ-35", "Қарағанды облысы", "карагандинская", "Karaganda"]
)
def test_a_region_may_be_given_by_code_or_by_name(database: Session, region: str) -> None:
    bring_in(database, Kind.MENTORS, mentor(region=region))
    assert database.scalars(select(Mentor.region)).one() == "35"


@pytest.mark.parametrize(
    ("column", "cell", "attribute", "value"),
    [
        ("sex", "ж", "sex", "female"),
        ("sex", "Еркек", "sex", "male"),
        ("sex", "Male", "sex", "male"),
        ("birth_date", "1985-05-17", "birth_date", date(1985, 5, 17)),
        ("birth_date", "7.5.1985", "birth_date", date(1985, 5, 7)),
        ("phone", "8 (701) 123-45-67", "phone", "+77011234567"),
        ("email", "Gulnar@Example.org", "email", "gulnar@example.org"),
    ],
)
def test_cells_are_read_as_people_write_them(
    database: Session, column: str, cell: str, attribute: str, value: Any
) -> None:
    bring_in(database, Kind.MENTORS, mentor(**{column: cell}))
    assert getattr(database.scalars(select(Mentor)).one(), attribute) == value


@pytest.mark.parametrize(
    ("cell", "spoken"),
    [
        ("kk:fluent; ru:basic", {"kk": "fluent", "ru": "basic"}),
        ("қазақ тілі, русский", {"kk": "fluent", "ru": "fluent"}),
        ("Казахский (свободно); орыс тілі – бастапқы", {"kk": "fluent", "ru": "basic"}),
        ("Sign language: native\nEnglish: basic", {"sign": "fluent", "en": "basic"}),
    ],
)
def test_languages_may_be_named_in_three_languages(
    database: Session, cell: str, spoken: dict[str, str]
) -> None:
    bring_in(database, Kind.MENTORS, mentor(languages=cell))
    found = database.scalars(select(Mentor)).one()
    assert {row.language: row.level for row in found.languages} == spoken


def test_interests_may_be_named_in_three_languages(database: Session) -> None:
    bring_in(database, Kind.MENTORS, mentor(interests="шахматы; домбыра тарту, Football; chess"))
    found = database.scalars(select(Mentor)).one()
    assert {row.interest for row in found.interests} == {"chess", "dombra", "football"}


@pytest.mark.parametrize("locale", LOCALES)
def test_columns_may_be_called_by_their_labels(database: Session, locale: str) -> None:
    columns = columns_of(Kind.MENTORS)
    with force_locale(locale):
        labelled = {str(columns[name].label).upper(): cell for name, cell in MENTOR.items()}
    bring_in(database, Kind.MENTORS, labelled)
    assert count(database, Mentor) == 1


def test_columns_may_be_called_what_they_are_often_called(database: Session) -> None:
    usual = {"last_name": "Фамилия", "first_name": "Аты", "region": "Облыс", "town": "City:"}
    bring_in(database, Kind.MENTORS, {usual.get(k, k): cell for k, cell in MENTOR.items()})
    assert count(database, Mentor) == 1


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("locale", LOCALES)
def test_no_two_columns_of_a_register_have_one_label(
    database: Session, kind: Kind, locale: str
) -> None:
    with force_locale(locale):
        labels = [search_key(str(column.label)) for column in columns_of(kind).values()]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("last_name", "", "This field is required."),
        ("sex", "neither", "Enter one of these: Male, Female."),
        ("birth_date", "31.02.1985", "Enter a date like 05.01.2026."),
        ("birth_date", "01.01.2190", "The date cannot be in the future."),
        ("iin", "12345", "An IIN has 12 digits."),
        ("phone", "12", "Enter a phone number like +7 701 123 45 67."),
        ("email", "nobody", "Enter an e-mail address like name@example.org."),
        ("region", "Atlantis", "Enter the KATO code or the name of a region"),
        ("reach_km", "far", "Enter a number."),
        ("capacity", "21", "Enter a number from 1 to 20."),
        ("languages", "klingon", "Enter languages with their level"),
        ("languages", "kk:basic", "At least one language must be spoken fluently."),
        ("languages", "kk:fluent; kk:basic", "Enter languages with their level"),
        ("interests", "chess; stamps", "Not on the list of interests: stamps."),
        ("certificate_number", "", "Enter it, or leave the whole certificate empty."),
        ("certificate_expires_on", "2020-01-01", "The expiry date is before the date of issue."),
        ("clearances_result", "", "This field is required."),
        ("clearances_valid_until", "2020-01-01", "The date is before the check itself."),
    ],
)
def test_a_bad_cell_of_a_mentor_is_listed_with_what_was_expected(
    database: Session, column: str, cell: str, expected: str
) -> None:
    found = problems(database, Kind.MENTORS, mentor(last_name="Ким"), mentor(**{column: cell}))
    (problem,) = found.problems
    assert (problem.line, problem.column) == (3, column)
    assert problem.value == (HIDDEN if column == "iin" else cell)
    assert problem.expected.startswith(expected)
    assert count(database, Mentor) == 0


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("centre", "Nowhere", "No open centre of this name is known in this region."),
        ("centre", "", "This field is required."),
        ("first_language", "ru", "The first language must be among the languages of the child."),
        ("waiting_since", "01.01.2190", "The date cannot be in the future."),
        ("guardian_consent_by", "", "Say who gave the consent."),
        ("own_consent_on", "2022-01-05", "Children give their own consent from the age of 10."),
    ],
)
def test_a_bad_cell_of_a_child_is_listed_with_what_was_expected(
    database: Session, centre: Centre, column: str, cell: str, expected: str
) -> None:
    found = problems(database, Kind.CHILDREN, child(**{column: cell}))
    (problem,) = found.problems
    assert (problem.line, problem.column, problem.value) == (2, column, cell)
    assert problem.expected.startswith(expected)
    assert count(database, Child) == 0


def test_every_mistake_of_a_row_is_listed_at_once(database: Session) -> None:
    found = problems(database, Kind.MENTORS, mentor(sex="?", phone="?", capacity="?"))
    assert {problem.column for problem in found.problems} == {"sex", "phone", "capacity"}


def test_a_row_with_more_or_fewer_cells_than_the_heading_is_bad(database: Session) -> None:
    data = file_of(mentor()) + b"only,three,cells\r\n"
    (problem,) = problems(database, Kind.MENTORS, data=data).problems
    assert problem.line == 3
    assert "3 cells" in problem.expected


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["x", "y"], ["1", "2"]], "no_header"),
        ([["last_name", "first_name"], ["Ким", "Юрий"]], "missing_columns"),
        ([["last_name", "Last name", "sex"], ["1", "2", "3"]], "two_columns_for_one"),
    ],
)
def test_a_table_without_the_columns_of_the_register_is_refused(
    database: Session, rows: list[list[str]], code: str
) -> None:
    with pytest.raises(FileRefused) as caught:
        bring_in(database, Kind.MENTORS, data=xlsx_of(rows))
    assert caught.value.code == code
    with force_locale("en"):
        assert "%(" not in refusal(caught.value)


def test_missing_columns_are_named(database: Session) -> None:
    given = {name: cell for name, cell in MENTOR.items() if name not in ("town", "sex")}
    with pytest.raises(FileRefused) as caught:
        bring_in(database, Kind.MENTORS, given, mapping=None)
    with force_locale("en"):
        words = refusal(caught.value)
    assert "(sex)" in words and "(town)" in words and "(iin)" in words


def test_columns_that_mean_nothing_are_told_and_not_used(database: Session) -> None:
    assert bring_in(database, Kind.MENTORS, mentor(notes="x")).plan.unused == ("notes",)


def test_all_or_nothing_leaves_nothing(database: Session, centre: Centre) -> None:
    before = count(database, AuditEntry)
    problems(database, Kind.CHILDREN, child(), child(last_name="Ким", sex="?"))
    assert count(database, Child) == 0
    assert count(database, AuditEntry) == before


def test_good_rows_come_in_alone_when_that_was_asked_for(database: Session) -> None:
    good, bad = mentor(), mentor(last_name="=Ким", sex="?", certificate_number="Ө-2")
    found = bring_in(database, Kind.MENTORS, good, bad, accept=True)
    assert database.scalars(select(Mentor.last_name)).all() == ["Әбенова"]
    with force_locale("en"):
        rest = read_table(bad_rows_file(found))
    assert rest.header[:3] == ("Line", "What to correct", "last_name")
    assert rest.rows[0].cells[:3] == ("3", "sex: Enter one of these: Male, Female.", "=Ким")


@pytest.mark.parametrize("iin", [None, factories.fictional_iin()])
def test_importing_the_same_file_twice_adds_nobody_twice(
    database: Session, iin: str | None
) -> None:
    people = [mentor(), mentor(last_name="Ким", certificate_number="Ө-2")]
    if iin:
        people[0] |= {"iin": iin, "iin_confirmed": "yes"}
    assert len(bring_in(database, Kind.MENTORS, *people).good) == 2
    again = bring_in(database, Kind.MENTORS, *people)
    assert (len(again.good), again.known, again.problems) == (0, [2, 3], [])
    assert (count(database, Mentor), count(database, Certificate)) == (2, 2)


def test_a_person_is_known_by_name_birth_date_and_region_however_it_is_spelt(
    database: Session,
) -> None:
    bring_in(database, Kind.MENTORS, mentor())
    again = mentor(last_name=" АБЕНОВА ", first_name="Гулнар", patronymic="канаткызы")
    assert bring_in(database, Kind.MENTORS, again).known == [2]
    others = [mentor(birth_date="1986-05-17"), mentor(region="39")]
    for number, other in enumerate(others):
        other["certificate_number"] = f"N-{number}"
    assert len(bring_in(database, Kind.MENTORS, *others).good) == 2


def test_an_iin_added_later_does_not_make_a_second_person(database: Session) -> None:
    bring_in(database, Kind.MENTORS, mentor())
    later = mentor(iin=factories.fictional_iin(), iin_confirmed="yes")
    assert bring_in(database, Kind.MENTORS, later).known == [2]


def test_namesakes_with_two_iins_are_two_people(database: Session) -> None:
    for number in range(2):
        one = mentor(iin=factories.fictional_iin(), iin_confirmed="yes")
        bring_in(database, Kind.MENTORS, one | {"certificate_number": f"N-{number}"})
    assert count(database, Mentor) == 2


def test_the_same_person_twice_in_one_file_is_a_mistake(database: Session) -> None:
    found = problems(database, Kind.MENTORS, mentor(), mentor(first_name="ГУЛНАР"))
    (problem,) = found.problems
    assert problem.line == 3
    assert problem.expected == "The same person is on line 2. Keep one of the two rows."


def test_an_iin_of_somebody_else_is_a_mistake_and_is_never_shown(database: Session) -> None:
    iin = factories.fictional_iin()
    bring_in(database, Kind.MENTORS, mentor(iin=iin, iin_confirmed="yes"))
    other = mentor(
        last_name="Ким",
        birth_date="1990-01-01",
        iin=iin,
        iin_confirmed="yes",
        certificate_number="Ө-2",
    )
    found = problems(database, Kind.MENTORS, other)
    (problem,) = found.problems
    assert (problem.column, problem.value) == ("iin", HIDDEN)
    with force_locale("en"):
        assert iin.encode() not in bad_rows_file(found)


def test_an_iin_in_a_wrong_column_is_not_shown_either(database: Session) -> None:
    iin = factories.fictional_iin()
    found = problems(database, Kind.MENTORS, mentor(sex=iin, interests=f"chess; {iin}"))
    with force_locale("en"):
        told = repr(found.problems) + bad_rows_file(found).decode()
    assert iin not in told


def test_an_iin_that_does_not_agree_must_be_confirmed(database: Session) -> None:
    found = problems(database, Kind.MENTORS, mentor(iin=factories.fictional_iin()), mapping=None)
    (problem,) = found.problems
    assert problem.column == "I have compared the IIN with the document"
    assert "“yes”" in problem.expected


def test_a_spreadsheet_number_keeps_the_leading_zeros_of_an_iin(database: Session) -> None:
    columns = {**MENTOR, "iin": 0, "iin_confirmed": True, "birth_date": date(1985, 5, 17)}
    iin = next(i for i in (_iin_from(n) for n in range(99)) if i is not None)
    columns["iin"] = int(iin)
    data = xlsx_of([list(columns), list(columns.values())])
    bring_in(database, Kind.MENTORS, data=data)
    assert database.scalars(select(Mentor)).one().iin == iin


def _iin_from(number: int) -> str | None:
    """An IIN of 1900-01-01 for a number, where its check digit exists."""
    first = f"00010100{number:03d}"
    rest = sum(int(d) * w for d, w in zip(first, range(1, 12), strict=True)) % 11
    return f"{first}{rest}" if rest < 10 else None


def test_a_certificate_number_that_is_taken_is_a_mistake(database: Session) -> None:
    ours, theirs = mentor(), mentor(last_name="Ким")
    assert "line 2" in problems(database, Kind.MENTORS, ours, theirs).problems[0].expected
    bring_in(database, Kind.MENTORS, ours)
    (problem,) = problems(database, Kind.MENTORS, theirs).problems
    assert problem.expected == "A certificate with this number is already recorded."


def test_a_row_outside_the_regions_of_the_reader_is_a_mistake(
    database: Session, centre: Centre
) -> None:
    scope = Scope(frozenset({"39"}))
    (problem,) = problems(database, Kind.MENTORS, mentor(), scope=scope).problems
    assert (problem.column, problem.value) == ("region", "35")
    found = problems(database, Kind.CHILDREN, child(), scope=scope)
    assert {problem.column for problem in found.problems} >= {"region"}


def test_missing_centres_are_added_once_when_the_mapping_says_so(database: Session) -> None:
    facts = {"centre_kind": "family_support", "centre_town": "Саран"}
    people = [child(**facts), child(**facts, last_name="Ким"), child(**facts, last_name="Ли")]
    people[2]["region"] = "39"
    bring_in(database, Kind.CHILDREN, *people, mapping=NEW_CENTRES)
    centres = database.scalars(select(Centre).order_by(Centre.region)).all()
    assert [(c.region, c.name_kk, c.name_ru, c.town) for c in centres] == [
        ("35", "«Шаңырақ» орталығы", "«Шаңырақ» орталығы", "Саран"),
        ("39", "«Шаңырақ» орталығы", "«Шаңырақ» орталығы", "Саран"),
    ]


def test_a_centre_cannot_be_added_without_its_facts(database: Session) -> None:
    found = problems(database, Kind.CHILDREN, child(), mapping=NEW_CENTRES)
    assert {p.column for p in found.problems} == {"Kind of the centre", "Town of the centre"}


def test_ages_become_birth_dates_on_the_day_the_mapping_names(
    database: Session, centre: Centre
) -> None:
    told = {name: cell for name, cell in CHILD.items() if name != "birth_date"}
    mapping = b'[birth_date]\nage = "age"\non = 2026-01-31\n'
    bring_in(database, Kind.CHILDREN, told | {"age": "12"}, mapping=mapping)
    assert database.scalars(select(Child.birth_date)).one() == date(2014, 1, 31)
    found = problems(database, Kind.CHILDREN, told | {"age": "twelve"}, mapping=mapping)
    assert found.problems[0].expected == "Enter the age in full years, in digits."


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        (b'[columns]\nlast_name = "Surname"', "mapping_no_such_heading"),
        (b'[templates]\nemail = "{Surname}@example.org"', "mapping_no_such_heading"),
        (b'[birth_date]\nage = "Age"\non = 2026-01-31', "mapping_no_such_heading"),
        (b'[constants]\nregion = "35"', "column_is_there"),
    ],
)
def test_a_mapping_that_does_not_fit_the_file_is_refused(
    database: Session, mapping: bytes, code: str
) -> None:
    told = {name: cell for name, cell in MENTOR.items() if name not in ("email", "birth_date")}
    with pytest.raises(FileRefused) as caught:
        bring_in(database, Kind.MENTORS, told, mapping=mapping)
    assert caught.value.code == code


def test_an_import_is_noted_with_numbers_and_no_names(database: Session) -> None:
    bring_in(database, Kind.MENTORS, mentor())
    entries = database.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert {entry.action for entry in entries} == {
        "registered_mentor",
        "recorded_certificate",
        "recorded_clearances",
        "imported_mentors",
    }
    assert entries[-1].details == {"added": 1, "known": 0, "refused": 0}
    person = database.scalars(select(Mentor.id)).one()
    assert entries[0].subject_id == person
    assert "Әбенова" not in repr([entry.details for entry in entries])


def test_the_statements_of_a_preview_do_not_grow_with_the_rows(
    database: Session, statements: list[str]
) -> None:
    counts = []
    for number in (1, 1, 60):  # the first reads what is then remembered
        people = [mentor(last_name=f"Ким{n}", certificate_number=f"N-{n}") for n in range(number)]
        before = len(statements)
        services.preview(database, Kind.MENTORS, file_of(*people), NO_IIN, scope=EVERYWHERE)
        counts.append(len(statements) - before)
    assert counts[1] == counts[2]


@pytest.mark.parametrize(
    ("kind", "file", "mapping"),
    [(Kind.MENTORS, "mentors.csv", "mentors.toml"), (Kind.CHILDREN, "mentees.csv", "mentees.toml")],
)
def test_the_civil_service_sample_comes_in_whole(
    database: Session, kind: Kind, file: str, mapping: str
) -> None:
    if not (CIVIL_SERVICE / file).exists():
        pytest.skip(f"shared/data/civil-service/{file} is not beside the repository")
    data, says = (CIVIL_SERVICE / file).read_bytes(), (EXAMPLES / mapping).read_bytes()
    found = bring_in(database, kind, data=data, mapping=says)
    assert (len(found.good), found.known, found.problems) == (500, [], [])
    again = bring_in(database, kind, data=data, mapping=says)
    assert (len(again.good), len(again.known), again.problems) == (0, 500, [])
