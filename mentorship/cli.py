"""`flask ...` commands; each reads the clock, calls one service and commits."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from itertools import chain
from typing import Any

import click
from flask import Flask, current_app, url_for
from flask.cli import with_appcontext
from flask_babel import force_locale
from marshmallow import ValidationError
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from mentorship import clock
from mentorship.accounts import services as accounts
from mentorship.accounts.schemas import SHORTEST_PASSWORD, STAFF, UserSchema
from mentorship.children.models import Child
from mentorship.closing.models import ClosureStep
from mentorship.concerns.models import Concern, ConcernEvent
from mentorship.config import Config
from mentorship.database import begin_reading, db
from mentorship.demo import services as demo
from mentorship.encryption import InvalidToken
from mentorship.errors import ConfigError, DomainError
from mentorship.figures.store import rebuild
from mentorship.jobs import runner
from mentorship.matches.models import Proposal, Round
from mentorship.mentors.models import Mentor
from mentorship.messages.transport import transports_from
from mentorship.papers.services import seal_papers_again
from mentorship.papers.store import store_in
from mentorship.people.services import seal_again, seal_texts_again
from mentorship.places.regions import REGIONS, find_region
from mentorship.records.services import Replay, replay_round
from mentorship.registers.commands import commands as register_commands
from mentorship.rounds.services import run_round
from mentorship.serve import serve
from mentorship.web import problems
from mentorship.web.fields import read_day


class Stop(click.ClickException):
    """A clear sentence on standard error and exit code 1, never a stack trace."""

    exit_code = 1


class WrongInput(Stop):
    """The same for input that cannot be meant: exit code 2."""

    exit_code = 2


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what may go wrong into a sentence that says what to do; roll back."""
    try:
        with force_locale("en"):
            yield
    except (DomainError, ConfigError, OperationalError, ProgrammingError, InvalidToken) as error:
        db.session.rollback()
        raise Stop(_sentence(error)) from error


def _sentence(error: Exception) -> str:
    if isinstance(error, DomainError):
        with force_locale("en"):
            return problems.problem(error)
    if isinstance(error, InvalidToken):
        return "Something was encrypted with a key that is not in PII_KEYS. Add it and try again."
    if isinstance(error, ConfigError):
        return str(error)
    return (
        "The database does not answer, or its tables are missing or old. Check DATABASE_URL,"
        " then run: flask --app app db upgrade"
    )


@click.command("demo")
@with_appcontext
def fill_demo() -> None:
    """Fill an empty database with the synthetic demo register."""
    with plain_errors():
        filled = demo.fill(db.session, _settings(), on=clock.today(), at=clock.now())
        db.session.commit()
    click.echo(
        f"{filled.centres} centres, {filled.mentors} mentors, {filled.children} children"
        f" ({filled.left} more have left), {filled.matches} matches, {filled.open_matches} open"
    )


@click.command("create-user")
@click.argument("email")
@click.option("--name", required=True, help="full name")
@click.option("--role", required=True, type=click.Choice([str(role) for role in STAFF]))
@click.option("--region", "regions", multiple=True, help="KATO code or name; may be repeated")
@click.option("--all-regions", is_flag=True, help="the whole country")
@click.option("--language", type=click.Choice(["kk", "ru", "en"]), default="kk")
@click.option("--password-stdin", is_flag=True, help="read the password from standard input")
@with_appcontext
def create_user(password_stdin: bool, regions: tuple[str, ...], **given: Any) -> None:
    """Add somebody who may sign in; prints a link for the password unless one is given."""
    with plain_errors():
        values = _checked(given | {"regions": _regions(regions)})
        password = _password_from_stdin() if password_stdin else None
        user = accounts.create_user(
            db.session, **values, password=password, by=None, at=clock.now()
        )
        db.session.commit()
        click.echo(f"created {user.email}")
        if password is None:
            click.echo(f"set the password here, once, within 7 days: {_password_link(user)}")


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    try:
        return dict(UserSchema().load(given))
    except ValidationError as error:
        found = error.messages_dict.items()
        lines = [f"{name}: {' '.join(str(text) for text in texts)}" for name, texts in found]
        raise WrongInput("\n".join(lines)) from error


def _password_from_stdin() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if len(password) < SHORTEST_PASSWORD:
        raise WrongInput(f"The password needs at least {SHORTEST_PASSWORD} characters.")
    return password


def _password_link(user: Any) -> str:
    token = accounts.password_link(user, current_app.config["SECRET_KEY"])
    with current_app.test_request_context():
        return _settings().base_url + url_for("accounts.set_password", token=token)


@click.command("propose")
@click.option("--region", "regions", multiple=True, help="KATO code or name; all without it")
@click.option("--start-on", help="the day the matches would begin; today without it")
@click.option("--json", "as_json", is_flag=True, help="one JSON object instead of lines")
@with_appcontext
def propose(regions: tuple[str, ...], start_on: str | None, as_json: bool) -> None:
    """Run a round of matching and store its proposals for people to decide."""
    with plain_errors():
        found = run_round(
            db.session,
            regions=_regions(regions) or sorted(REGIONS),
            start_on=_start_on(start_on),
            by=None,
            at=clock.now(),
            seed=0,
        )
        figures = _figures(found)
        db.session.commit()
    if as_json:
        click.echo(json.dumps(figures))
    else:
        for name, value in figures.items():
            click.echo(f"{name:<10} {value}")


def _figures(found: Round) -> dict[str, Any]:
    proposals = select(func.count()).where(Proposal.round_id == found.id)
    return {
        "round": found.id,
        "mentors": found.mentors,
        "children": found.children,
        "proposals": db.session.scalar(proposals),
        "points": found.points,
        "bound": found.bound,
        "seconds": found.seconds,
    }


@click.command("replay")
@click.argument("round_id", type=int)
@click.option("--json", "as_json", is_flag=True, help="one JSON object instead of lines")
@with_appcontext
def replay(round_id: int, as_json: bool) -> None:
    """Make a round's plan again from its record; exit code 1 when it is not the same."""
    with plain_errors():
        found = db.session.get(Round, round_id)
        if found is None:
            raise WrongInput(f"There is no round {round_id}.")
        made = replay_round(db.session, found, by=None)
        db.session.commit()
    if as_json:
        click.echo(json.dumps({"round": round_id, "outcome": made.outcome, **asdict(made)}))
    else:
        for line in _told(made):
            click.echo(line)
    if not made.same:
        raise Stop("The plan made now is not the plan of the record.")


def _told(made: Replay) -> Iterator[str]:
    yield f"{'outcome':<10} {made.outcome}"
    yield f"{'recorded':<10} {made.recorded_digest}"
    yield f"{'now':<10} {made.digest}"
    for name, version in made.versions.items():
        yield f"{name:<10} {version} (then {made.recorded_versions.get(name, 'not recorded')})"
    yield f"{'seconds':<10} {made.seconds}"


def _regions(given: tuple[str, ...]) -> list[str]:
    codes = {text: find_region(text) for text in given}
    unknown = [text for text, code in codes.items() if code is None]
    if unknown:
        known = ", ".join(f"{code} {region.name_en}" for code, region in sorted(REGIONS.items()))
        raise WrongInput(f"Unknown region: {', '.join(unknown)}. Known are: {known}")
    return sorted({code for code in codes.values() if code is not None})


def _start_on(text: str | None) -> date:
    day = clock.today() if text is None else read_day(text)
    if day is None:
        raise WrongInput(f"--start-on {text}: enter a date like 2026-01-05 or 05.01.2026.")
    if day < clock.today():
        raise WrongInput(f"--start-on {text}: the start date cannot be in the past.")
    return day


@click.command("run-jobs")
@click.option("--once", is_flag=True, help="every due job once, then exit")
@with_appcontext
def run_jobs(once: bool) -> None:
    """Run the scheduler, or with --once every job that is due now and every round that waits."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with plain_errors():
        transports_from(_settings())  # a wrong MAIL_URL stops here
        db.session.execute(select(func.count()).select_from(Round))
        db.session.rollback()
    if not once:
        if not runner.run_forever(app, click.echo):
            raise Stop("The lock that keeps a second scheduler out was lost.")
        return
    failed = False
    for outcome in chain(runner.run_due(app), runner.work_that_waits(app)):
        click.echo(f"{outcome.job:<22} {outcome.slot or 'now':<11} {outcome.line}")
        failed |= outcome.failed
    if failed:
        raise Stop("A job failed and will be tried again next time; the log says more.")


SEALED_TEXTS: tuple[tuple[type[Any], str], ...] = (
    (Concern, "text"),
    (ConcernEvent, "text"),
    (ClosureStep, "note"),
)


@click.command("rotate-keys")
@with_appcontext
def rotate_keys() -> None:
    """Encrypt every IIN, worry and paper anew with the newest key of PII_KEYS, the first one.

    Stopped half-way it is simply run again.
    """
    with plain_errors():
        counts = {model.__tablename__: seal_again(db.session, model) for model in (Mentor, Child)}
        counts |= {
            table.__tablename__: seal_texts_again(db.session, table, column)
            for table, column in SEALED_TEXTS
        }
        db.session.commit()
        begin_reading(db.session)
        sealed = seal_papers_again(db.session, store_in(_settings()))
    told = [f"{number} {name} rows" for name, number in counts.items()]
    click.echo(", ".join([*told, f"{sealed} paper files"]))


@click.group("figures")
def figures_group() -> None:
    """The summary tables that every report reads."""


@figures_group.command("rebuild")
@with_appcontext
def rebuild_figures() -> None:
    """Make every figure anew from the rows; readers see the old ones until it is done."""
    with plain_errors():
        build = rebuild(db.session, clock.today(), clock.now())
        told = f"figures up to {build.until} made in {build.seconds:.1f} s"
        db.session.commit()
    click.echo(told)


@click.command("serve")
@with_appcontext
def serve_all() -> None:
    """Migrate, fill the demo register on first start, run the web server and the jobs."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with plain_errors():
        status = serve(app, click.echo)
    sys.exit(status)


def _settings() -> Config:
    settings: Config = current_app.config["SETTINGS"]
    return settings


COMMANDS: tuple[Callable[..., Any], ...] = (
    fill_demo,
    create_user,
    propose,
    replay,
    run_jobs,
    rotate_keys,
    figures_group,
    serve_all,
    *register_commands,
)


def init_app(app: Flask) -> None:
    """Add the commands."""
    for command in COMMANDS:
        app.cli.add_command(command)  # type: ignore[arg-type]
