from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from mentorship.registers.columns import ALL_KINDS, Kind, columns_of
from mentorship.registers.mapping import FileMapping, fill_template, read_mapping
from mentorship.registers.table import FileRefused

KNOWN = ["last_name", "region", "birth_date", "interests", "certificate_number"]


def refusal(text: str | bytes) -> FileRefused:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(FileRefused) as caught:
        read_mapping(data, KNOWN)
    return caught.value


def test_a_mapping_says_what_columns_and_cells_mean() -> None:
    mapping = read_mapping(
        b"""
        [columns]
        last_name = "Surname"
        [values.region]
        "Truth" = "35"
        [constants]
        interests = ["chess", "law"]
        [templates]
        certificate_number = "CS-{line:05d}/{Surname}"
        [birth_date]
        age = "Age"
        on = 2026-01-01
        [options]
        create_missing_centres = true
        """,
        KNOWN,
    )
    assert mapping.columns == {"last_name": "Surname"}
    assert mapping.values == {"region": {"truth": "35"}}
    assert mapping.constants == {"interests": "chess; law"}
    assert mapping.age is not None and mapping.age.on == date(2026, 1, 1)
    assert mapping.create_missing_centres and not mapping.without_iin
    assert mapping.made == {"interests", "certificate_number", "birth_date"}


def test_an_empty_mapping_says_nothing() -> None:
    assert read_mapping(b"", KNOWN) == FileMapping()


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a = 1", "mapping_unknown_table", "a"),
        ("columns = 1", "mapping_not_a_table", "columns"),
        ('[columns]\nlastname = "x"', "mapping_unknown_column", "columns.lastname"),
        ("[columns]\nlast_name = 1", "mapping_needs_text", "columns.last_name"),
        ('[columns]\nlast_name = " "', "mapping_needs_text", "columns.last_name"),
        ('[values]\nregion = "35"', "mapping_not_a_table", "values.region"),
        ("[values.nothing]\na = 1", "mapping_unknown_column", "values.nothing"),
        ("[values.region]\na = 1.5", "mapping_wrong_type", "values.region.a"),
        ("[constants]\nregion = 1.5", "mapping_wrong_type", "constants.region"),
        ("[constants]\nregion = [1]", "mapping_wrong_type", "constants.region"),
        ("[constants]\nbirth_date = 2026-01-01T00:00:00", "mapping_wrong_type",
         "constants.birth_date"),
        ("[constants]\nnothing = 1", "mapping_unknown_column", "constants.nothing"),
        ('[templates]\nlast_name = "{line:5}"', "mapping_wrong_template", "templates.last_name"),
        ('[templates]\nlast_name = "{a:05d}"', "mapping_wrong_template", "templates.last_name"),
        ('[templates]\nlast_name = "{"', "mapping_wrong_template", "templates.last_name"),
        ("[birth_date]\nage = 1\non = 2026-01-01", "mapping_needs_text", "birth_date.age"),
        ('[birth_date]\nage = "a"\non = "2026"', "mapping_needs_date", "birth_date.on"),
        ('[birth_date]\nyears = "a"', "mapping_unknown_key", "birth_date.years"),
        ("[options]\nforce = true", "mapping_unknown_key", "options.force"),
        ('[options]\nwithout_iin = "yes"', "mapping_needs_yes_no", "options.without_iin"),
        ('[columns]\nregion = "a"\n[constants]\nregion = "35"', "mapping_made_twice",
         "constants.region"),
    ],
)  # fmt: skip
def test_a_mapping_with_a_mistake_is_refused_with_its_place(
    text: str, code: str, place: str
) -> None:
    error = refusal(text)
    assert (error.code, error.params["place"]) == (code, place)


def test_text_that_is_not_toml_is_refused_with_line_and_column() -> None:
    error = refusal("[columns]\nlast_name = Surname")
    assert error.code == "mapping_not_toml"
    assert error.params["place"].startswith("line 2")


def test_bytes_that_are_not_utf8_and_files_that_are_too_large_are_refused() -> None:
    assert refusal("[columns]\nlast_name = 'Имя'".encode("cp1251")).code == "mapping_not_utf8"
    assert refusal(b"#" * 300_000).code == "mapping_too_large"


def test_a_template_only_puts_cells_in_and_evaluates_nothing() -> None:
    cells = {"name": "{line} {0.__class__} %s"}
    assert fill_template("{name}-{line:03d}", 7, cells) == "{line} {0.__class__} %s-007"


@pytest.mark.parametrize("kind", Kind)
def test_every_column_is_in_the_documentation(database: Session, kind: Kind) -> None:
    text = (Path(__file__).parents[2] / "docs" / "import.md").read_text("utf-8")
    for name, column in columns_of(kind).items():
        told = f"`{column.clearance}_…`" if column.clearance not in ("", ALL_KINDS) else f"`{name}`"
        assert told in text, name


def test_the_mapping_in_the_documentation_is_right(database: Session) -> None:
    text = (Path(__file__).parents[2] / "docs" / "import.md").read_text("utf-8")
    example = text.partition("```toml\n")[2].partition("```")[0]
    known = {**columns_of(Kind.MENTORS), **columns_of(Kind.CHILDREN)}
    assert read_mapping(example.encode(), known).without_iin
