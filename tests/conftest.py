import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from cryptography.fernet import Fernet
from flask import Flask
from flask_migrate import upgrade
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session

from mentorship import clock, create_app
from mentorship.accounts import services as accounts
from mentorship.accounts.models import User
from mentorship.config import Config
from mentorship.database import db
from mentorship.jobs import rounds
from tests import factories
from tests.client import InspectingClient
from tests.databases import Databases, PostgresqlDatabases, SqliteDatabases
from tests.postgres import Server, programs, scratch
from tests.world import World, make_world

# How long a test takes on a busy machine says nothing; what is quick is measured by `make bench`.
# Each run draws other examples; `--hypothesis-profile thorough` draws many at once.
settings.register_profile("ours", deadline=None, max_examples=50)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile("ours")
HERE = Path(__file__).parent
PII_KEY = Fernet.generate_key().decode()
# Asked of SQLite alone, beside every test that asks no database anything:
NOT_ON_POSTGRESQL = (
    "browser/",  # what a page sends and shows is the same; the verbs behind it run on both
    "dashboard/test_statement_counts.py",  # how many statements there are is decided in Python
    "explanations/test_views.py",  # sentences about a plan; test_services reads the same rows
    "records/test_fairness.py",  # arithmetic of a plan; its rows are read in test_record
    "retention/test_views.py",  # words and shapes of figures; test_queries asks for them
)
# Tables of values (states by verbs, wrong entries, cells of a file): each example sends the same
# statements with another value, so PostgreSQL is asked one in five.
TABLES_OF_VALUES = (
    "agreements/test_steps.py",
    "candidates/test_services.py",
    "candidates/test_views.py",
    "matches/test_approval.py",
    "mentors/test_views.py",
    "moves/test_steps.py",
    "papers/test_views.py",
    "registers/test_import.py",
    "registers/test_views.py",
    "training/test_states.py",
)
# Begun first, so that at the end no process waits for them alone.
LONGEST = (
    "test_year.py",
    "test_serve.py",
    "test_journey.py",
    "test_pages.py",
    "test_concurrency.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="the database every test runs on",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen = config.getoption("--database")
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[chosen]
    examples: Counter[tuple[Path, str]] = Counter()
    kept, left = [], []
    for item in items:
        leave = item.get_closest_marker(other) is not None
        if chosen == "postgresql":
            leave = leave or not _asks_postgresql(item, examples)
        (left if leave else kept).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
    items[:] = sorted(kept, key=lambda item: item.path.name not in LONGEST)


def _asks_postgresql(item: pytest.Item, examples: Counter[tuple[Path, str]]) -> bool:
    """Whether this test can end otherwise on PostgreSQL than on SQLite."""
    if item.get_closest_marker("postgresql"):
        return True
    path = item.path.relative_to(HERE).as_posix() if HERE in item.path.parents else ""
    asked = {"databases", "server"} & set(getattr(item, "fixturenames", ()))
    if not asked or path.startswith(NOT_ON_POSTGRESQL):
        return False
    if path not in TABLES_OF_VALUES or not hasattr(item, "callspec"):
        return True
    name = item.path, getattr(item, "originalname", item.name)
    examples[name] += 1
    return examples[name] % 5 == 1


def make_config(database_url: str, var: Path, **changed: Any) -> Config:
    """Settings of a demo service that nothing else on this machine shares."""
    given: dict[str, Any] = {
        "env": "demo",
        "var": var,
        "database_url": database_url,
        "secret_key": "a secret key of the tests, longer than 32 characters",
        "pii_keys": (PII_KEY,),
        "mail_url": None,
        "mail_from": "mentorship@example.org",
        "allowed_hosts": ("127.0.0.1", "localhost"),
        "base_url": "http://127.0.0.1:8000",
        "secure_cookies": False,
        "host": "127.0.0.1",
        "port": 8000,
    }
    return Config(**(given | changed))


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(accounts, "hasher", cheap)
        patch.setattr(accounts, "NOBODY", cheap.hash("nobody's password"))
        yield


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Compiling every template takes seconds: the services of all test processes share them."""
    run = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        run = run.parent  # one folder of all the processes of this run
    folder = run / "templates"
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        options = {"bytecode_cache": FileSystemBytecodeCache(str(folder))}
        patch.setattr(Flask, "jinja_options", Flask.jinja_options | options)
        yield


@pytest.fixture(scope="session")
def database_kind(pytestconfig: pytest.Config) -> str:
    """'sqlite' or 'postgresql'."""
    return str(pytestconfig.getoption("--database"))


@pytest.fixture(scope="session")
def server(database_kind: str) -> Iterator[Server | None]:
    """The PostgreSQL server of this test process, or None on SQLite."""
    if database_kind == "sqlite":
        yield None
        return
    if not os.environ.get("TEST_DATABASE_URL") and programs() is None:
        pytest.skip("PostgreSQL is not installed, and no TEST_DATABASE_URL is given")
    started = Server()
    try:
        yield started
    finally:
        started.stop()


@pytest.fixture(scope="session")
def databases(server: Server | None) -> Iterator[Databases]:
    """The databases of this test process."""
    folder = scratch("mentorship-tests-")
    made = SqliteDatabases(folder) if server is None else PostgresqlDatabases(server)
    yield made
    made.close()
    shutil.rmtree(folder)


def _closed(engine: Engine) -> None:
    """Let go of a database, so that it can be copied: on SQLite without its -wal file."""
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
    engine.dispose()


@pytest.fixture(scope="session")
def template(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a database built by the real migrations, that every test's is as."""
    url = databases.make()
    app = create_app(make_config(url, tmp_path_factory.mktemp("var")))
    with app.app_context():
        upgrade()
        db.session.remove()
        _closed(db.engine)
    return url


@pytest.fixture(scope="session")
def world_template(template: str, databases: Databases) -> tuple[str, World]:
    """The same with a small country in it, for tests that ask about every page."""
    url = databases.make(template)
    engine = create_engine(url)
    with Session(engine) as session:
        world = make_world(session, on=clock.today())
    _closed(engine)
    return url, world


@pytest.fixture
def copy_database(request: pytest.FixtureRequest, databases: Databases) -> Callable[[str], str]:
    """Gives this test a database that is as the template is; its address."""
    databases.forget_after_failure(request.session.testsfailed)
    return databases.fresh


@pytest.fixture
def database_url(template: str, copy_database: Callable[[str], str]) -> str:
    """The address of this test's own database, migrated and empty."""
    return copy_database(template)


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> Config:
    var = tmp_path / "var"
    var.mkdir()
    return make_config(database_url, var)


@pytest.fixture(scope="session")
def apps() -> dict[Config, Flask]:
    """Services made so far: making one costs 0.15 s, so tests with like settings share it."""
    return {}


@pytest.fixture
def app(config: Config, apps: dict[Config, Flask], databases: Databases) -> Iterator[Flask]:
    """The whole service on this test's own database; `own_app` when the test adds to it."""
    alike = replace(config, var=Path("var"), database_url="")
    if alike not in apps:
        apps[alike] = _prepared(config)
    yield from _with_database(apps[alike], config, databases.engine(config.database_url))


@pytest.fixture
def own_app(config: Config, databases: Databases) -> Iterator[Flask]:
    """A service that no other test shares, to add routes and the like to."""
    yield from _with_database(_prepared(config), config, databases.engine(config.database_url))


def _prepared(config: Config) -> Flask:
    app = create_app(config)
    app.test_client_class = InspectingClient
    _remember_unexpected_errors(app)
    return app


def _with_database(app: Flask, config: Config, engine: Engine) -> Iterator[Flask]:
    settings = dict(app.config)
    app.config.update(SETTINGS=config, SQLALCHEMY_DATABASE_URI=config.database_url)
    with app.app_context():
        db.engines[None] = engine
    yield app
    with app.app_context():
        db.session.remove()
    held = engine.pool.checkedout()  # type: ignore[attr-defined]
    app.config.clear()
    app.config.update(settings)
    assert held == 0, f"{held} connections were not given back"


def _remember_unexpected_errors(app: Flask) -> None:
    """Keep what a page of 500 hides, so that a failing test shows the trace."""
    errors: list[Exception] = []
    app.extensions["unexpected_errors"] = errors
    handlers = app.error_handler_spec[None][None]
    shown = handlers[Exception]

    def remember(error: Exception) -> Any:
        errors.append(error)
        return shown(error)

    handlers[Exception] = remember


@pytest.fixture
def database(app: Flask) -> Iterator[Session]:
    """`db.session` inside an app context: for tests of services, never beside a client."""
    with app.app_context():
        yield db.session
        db.session.rollback()


@pytest.fixture
def store(app: Flask) -> Iterator[Session]:
    """A session outside any app context: prepares and reads rows around a client's requests.

    The client commits it before each request and forgets what it knew after.
    """
    with app.app_context():
        engine = db.engine.execution_options(of_the_test=True)
    with Session(engine, expire_on_commit=False) as session:
        app.extensions["store"] = session
        yield session
        session.rollback()
    del app.extensions["store"]


def new_client(app: Flask) -> InspectingClient:
    """A browser of its own, with its own cookies."""
    client = app.test_client()
    assert isinstance(client, InspectingClient)
    store: Session | None = app.extensions.get("store")
    if store is not None:
        client.before, client.after = store.commit, store.expire_all
    return client


@pytest.fixture
def client(app: Flask, store: Session) -> InspectingClient:
    """A browser in which nobody has signed in."""
    return new_client(app)


@pytest.fixture
def compute(app: Flask) -> Callable[[], int]:
    """Does what the jobs process does every second: computes the rounds that wait."""
    return lambda: rounds.work(app)


@pytest.fixture
def sign_in(app: Flask, store: Session) -> Callable[..., InspectingClient]:
    """`sign_in(user)`: a new browser in which this user has signed in through the form."""

    def sign_in(user: User, password: str = factories.PASSWORD) -> InspectingClient:
        client = new_client(app)
        answer = client.submit("/sign-in", "/sign-in", email=user.email, password=password)
        assert answer.status_code == 302, f"could not sign in: {answer.status}"
        return client

    return sign_in


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """The service's SQL statements so far, without BEGIN and the like: `len(statements)`."""
    found: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        words = statement.split(None, 1)
        quiet = words and words[0].upper() in ("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")
        if not quiet and not connection.get_execution_options().get("of_the_test"):
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)
