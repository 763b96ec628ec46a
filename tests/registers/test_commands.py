from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentorship.mentors.models import Mentor
from mentorship.registers.commands import export_register, import_register
from mentorship.registers.reader import read_table
from tests import factories
from tests.registers.files import MENTOR, NO_IIN, file_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    (made / "mapping.toml").write_bytes(NO_IIN)
    return made


def bring_in(
    app: Flask, folder: Path, *people: dict[str, str], more: tuple[str, ...] = ()
) -> Result:
    file = folder / "mentors.csv"
    file.write_bytes(file_of(*people))
    mapping = str(folder / "mapping.toml")
    given = ["mentors", str(file), "--mapping", mapping, "--language", "en", *more]
    return app.test_cli_runner().invoke(import_register, given)


def mentors(store: Session) -> int:
    store.expire_all()
    return store.scalar(select(func.count()).select_from(Mentor)) or 0


def test_import_from_the_command_line(app: Flask, store: Session, folder: Path) -> None:
    result = bring_in(app, folder, MENTOR)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "Imported: 1\nKnown already: 0\n"
    assert mentors(store) == 1


def test_refused_rows_are_listed_and_end_with_one(app: Flask, store: Session, folder: Path) -> None:
    result = bring_in(app, folder, MENTOR, MENTOR | {"last_name": "Ким", "sex": "?"})
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "Line 3, column sex, value “?”: Enter one of these: Male, Female.",
        "Nothing was imported. Correct the rows and try again.",
    ]
    assert mentors(store) == 0


def test_good_rows_are_imported_and_the_others_written_beside_the_file(
    app: Flask, store: Session, folder: Path
) -> None:
    people = MENTOR, MENTOR | {"last_name": "Ким", "sex": "?"}
    for number in (1, 2):
        result = bring_in(app, folder, *people, more=("--accept-good-rows",))
        assert result.exit_code == 0
        rest = folder / f"mentors.rows-to-correct-{number}.csv"
        assert read_table(rest.read_bytes()).rows[0].cells[0] == "3"
        assert rest.stat().st_mode & 0o077 == 0
    assert mentors(store) == 1


@pytest.mark.parametrize(
    ("data", "mapping", "words"),
    [
        (b"", NO_IIN, "The file is empty."),
        (b"a,b\n1,2\n", NO_IIN, "None of the headings is known."),
        (file_of(MENTOR), b"[x]", "The mapping has an unknown part x."),
    ],
)
def test_a_wrong_file_ends_with_two(
    app: Flask, folder: Path, data: bytes, mapping: bytes, words: str
) -> None:
    (folder / "x.csv").write_bytes(data)
    (folder / "x.toml").write_bytes(mapping)
    given = ["mentors", str(folder / "x.csv"), "--mapping", str(folder / "x.toml")]
    result = app.test_cli_runner().invoke(import_register, [*given, "--language", "en"])
    assert result.exit_code == 2
    assert result.stderr.startswith(words)


def test_a_file_that_is_not_there_ends_with_two(app: Flask, folder: Path) -> None:
    result = app.test_cli_runner().invoke(import_register, ["mentors", str(folder / "none.csv")])
    assert result.exit_code == 2


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_export_from_the_command_line(
    app: Flask, store: Session, folder: Path, suffix: str
) -> None:
    bring_in(app, folder, MENTOR | {"iin": factories.fictional_iin(), "iin_confirmed": "yes"})
    file = folder / f"out.{suffix}"
    result = app.test_cli_runner().invoke(export_register, ["mentors", str(file)])
    assert result.exit_code == 0
    table = read_table(file.read_bytes())
    assert "iin" not in table.header
    assert table.rows[0].cells[:2] == ("Әбенова", "Гүлнәр")
    assert file.stat().st_mode & 0o077 == 0


def test_an_export_needs_a_suffix_it_knows(app: Flask, folder: Path) -> None:
    result = app.test_cli_runner().invoke(export_register, ["mentors", str(folder / "out.pdf")])
    assert result.exit_code == 2
    assert not (folder / "out.pdf").exists()
