"""`flask import` and `flask export`. Exit codes: 0 done, 1 rows refused, 2 wrong file."""

import sys
from pathlib import Path
from typing import NoReturn

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale, gettext
from sqlalchemy.exc import OperationalError

from mentorship import clock
from mentorship.database import db
from mentorship.errors import DomainError
from mentorship.i18n import DEFAULT, LOCALES
from mentorship.permissions import Scope
from mentorship.registers import services
from mentorship.registers.bad_rows import bad_rows_file
from mentorship.registers.columns import Kind
from mentorship.registers.export import Export, export_table
from mentorship.registers.sheets import SUFFIXES
from mentorship.registers.table import MAX_BYTES, FileRefused
from mentorship.registers.words import refusal
from mentorship.web import problems, words

REFUSED, WRONG_FILE = 1, 2
A_FILE = click.Path(path_type=Path, exists=True, dir_okay=False, readable=True)
IN = click.option(
    "--language", type=click.Choice(list(LOCALES)), default=DEFAULT, help="of what it prints"
)


@click.command("import")
@click.argument("register", type=click.Choice([str(kind) for kind in Kind]))
@click.argument("file", type=A_FILE)
@click.option("--mapping", type=A_FILE, help="TOML: what the file's columns and cells mean here")
@click.option("--accept-good-rows", is_flag=True, help="import the good rows, list the others")
@IN
@with_appcontext
def import_register(
    register: str, file: Path, mapping: Path | None, accept_good_rows: bool, language: str
) -> None:
    """Import mentors or children from a CSV or XLSX file: everybody who is not known yet."""
    with force_locale(language):
        try:
            found = services.import_rows(
                db.session,
                Kind(register),
                _read(file),
                _read(mapping) if mapping else None,
                scope=Scope(None),
                accept_good_rows=accept_good_rows,
                by=None,
                at=clock.now(),
                base_url=current_app.config["SETTINGS"].base_url,
            )
        except services.RowsRefused as error:
            db.session.rollback()
            _tell_problems(error.params["preview"])
            _stop(gettext("Nothing was imported. Correct the rows and try again."), REFUSED)
        except FileRefused as error:
            _stop(refusal(error), WRONG_FILE)
        except OperationalError:
            db.session.rollback()
            _stop(_no_database(), REFUSED)
        except DomainError as error:
            db.session.rollback()
            _stop(problems.problem(error), REFUSED)
        rest = _write_bad_rows(file, found) if found.problems else None
        db.session.commit()
        _tell_problems(found)
        _tell(found, rest)


def _read(path: Path) -> bytes:
    """The file, or one byte more than is allowed of a larger one."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _write_bad_rows(file: Path, found: services.Preview) -> Path:
    """Beside the file, under a name of its own, never over a file that is there."""
    number = 1
    while True:
        path = file.with_name(f"{file.stem}.rows-to-correct-{number}.csv")
        try:
            with path.open("xb") as target:
                path.chmod(0o600)
                target.write(bad_rows_file(found))
            return path
        except FileExistsError:
            number += 1


def _tell_problems(found: services.Preview) -> None:
    """One line each on standard error."""
    for problem in found.problems:
        click.echo(
            gettext(
                "Line %(line)s, column %(column)s, value “%(value)s”: %(expected)s",
                line=problem.line,
                column=problem.column,
                value=problem.value,
                expected=problem.expected,
            ),
            err=True,
        )


def _tell(found: services.Preview, rest: Path | None) -> None:
    click.echo(gettext("Imported: %(number)s", number=len(found.good)))
    click.echo(gettext("Known already: %(number)s", number=len(found.known)))
    if found.plan.unused:
        names = ", ".join(found.plan.unused)
        click.echo(gettext("Columns that were not used: %(names)s", names=names))
    if rest is not None:
        number = len(found.bad_lines)
        click.echo(gettext("Not imported: %(number)s, see %(file)s", number=number, file=rest))


@click.command("export")
@click.argument("what", type=click.Choice([str(what) for what in Export]))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, writable=True))
@click.option("--in-words", is_flag=True, help="words instead of names and codes")
@IN
@with_appcontext
def export_register(what: str, file: Path, in_words: bool, language: str) -> None:
    """Export children, mentors or matches to a CSV or XLSX file, without IINs."""
    suffix = file.suffix.removeprefix(".").lower()
    with force_locale(language):
        if suffix not in SUFFIXES:
            _stop(gettext("Give the file a name that ends in .csv or .xlsx."), WRONG_FILE)
        try:
            data = export_table(
                db.session, Export(what), suffix, scope=Scope(None), by=None, in_words=in_words
            )
        except OperationalError:
            db.session.rollback()
            _stop(_no_database(), REFUSED)
        file.touch(mode=0o600)
        file.write_bytes(data)
        db.session.commit()
        click.echo(gettext("Exported: %(file)s", file=file))


def _no_database() -> str:
    title, advice = words.failure("503")
    return f"{title}. {advice}"


def _stop(text: str, status: int) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(status)


commands: tuple[click.Command, ...] = (import_register, export_register)
