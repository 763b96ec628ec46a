"""Papers on disk: unreadable without the keys, whole or absent, and in step with their rows."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from mentorship import create_app
from mentorship.database import db
from mentorship.encryption import InvalidToken, keyring
from mentorship.errors import AlreadyDone, Invalid
from mentorship.jobs.papers import tidy_papers
from mentorship.papers import services
from mentorship.papers.content import Scan
from mentorship.papers.models import Paper
from mentorship.papers.store import Store, store_in
from tests import factories
from tests.conftest import PII_KEY, make_config
from tests.papers import files
from tests.papers.conftest import DAY

ROOT = Path(__file__).parents[2]
DATA = files.pdf()
SCAN = Scan("application/pdf", DATA)


@pytest.fixture
def shelf(tmp_path):
    keyring.configure((PII_KEY,))
    yield Store(tmp_path / "papers")
    keyring.configure((PII_KEY,))


@pytest.fixture
def mentor(store):
    return factories.eligible_mentor(store, on=DAY)


def keep(store, shelf, mentor):
    return services.store_paper(store, shelf, SCAN, mentor=mentor, by=None, at=factories.AT)


def only_file(shelf):
    (path,) = [path for path in shelf.folder.rglob("*") if path.is_file()]
    return path


def test_a_file_comes_back_as_it_was_kept(shelf):
    assert shelf.read(shelf.keep(DATA)) == DATA


def test_the_disk_shows_neither_the_content_nor_whose_it_is(shelf):
    name = shelf.keep(DATA)
    path = only_file(shelf)
    assert path.name == name and len(name) == 64 and path.parent.name == name[:2]
    assert b"%PDF" not in path.read_bytes() and b"Catalog" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    for folder in (path.parent, shelf.folder):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_two_files_of_the_same_content_have_nothing_in_common(shelf):
    first, second = shelf.keep(DATA), shelf.keep(DATA)
    contents = {path.read_bytes() for path in shelf.folder.glob("??/*")}
    assert first != second and len(contents) == 2


@pytest.mark.parametrize("when", ["writing", "settling", "renaming"])
def test_a_disk_that_refuses_leaves_nothing_half_written(shelf, monkeypatch, when):
    def full(*_):
        raise OSError(28, "No space left on device")

    shelf.folder.mkdir()
    owner, name = {
        "writing": (os, "fdopen"),
        "settling": (os, "fsync"),
        "renaming": (Path, "replace"),
    }[when]
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, full)
        with pytest.raises(Invalid, match="paper_not_kept"):
            shelf.keep(DATA)
    assert [path for path in shelf.folder.rglob("*") if path.is_file()] == []


def test_a_clearance_with_a_paper_does_not_take_a_second_one(store, shelf, mentor):
    clearance = mentor.clearances[0]
    for expected in (None, AlreadyDone):
        paper = keep(store, shelf, mentor)
        if expected is None:
            services.attach(store, paper, "clearance", clearance.id, by=None)
        else:
            with pytest.raises(expected):
                services.attach(store, paper, "clearance", clearance.id, by=None)
    child = factories.eligible_child(store, on=DAY)
    with pytest.raises(Invalid, match="paper_of_another"):
        services.attach(store, keep(store, shelf, mentor), "consent", child.consents[0].id, by=None)


def test_the_nightly_job_mends_what_a_stop_left_and_does_nothing_the_second_time(
    store, mentor, config
):
    shelf, at = store_in(config), datetime.now(UTC)
    kept, lost = keep(store, shelf, mentor), keep(store, shelf, mentor)
    shelf.remove(lost.name)
    orphan, young = shelf.keep(DATA), shelf.keep(DATA)
    unfinished = shelf.folder / "ab" / ("ab" + "0" * 62 + ".part")
    unfinished.parent.mkdir(exist_ok=True)
    unfinished.write_bytes(b"half")
    old = (at - timedelta(days=2)).timestamp()
    for path in (shelf.folder / orphan[:2] / orphan, unfinished, shelf._path(kept.name)):
        os.utime(path, (old, old))
    line = "{} files without a paper removed, 1 papers without their file"
    assert tidy_papers(store, config, DAY, at) == line.format(2)
    assert {name for name, _ in shelf.files()} == {kept.name, young}
    assert tidy_papers(store, config, DAY, at) == line.format(0)
    assert services.read_paper(kept, shelf, by=None) == DATA


def test_the_nightly_job_is_content_where_no_paper_was_ever_kept(store, config):
    assert tidy_papers(store, config, DAY, factories.AT).startswith("0 files")


@contextmanager
def service(settings):
    """A service of other keys on the test's database; it gives its connections back."""
    app = create_app(settings)
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


KILLED = """
import os, signal, sys
from mentorship import create_app, clock
from mentorship.database import db
from mentorship.mentors.models import Mentor
from mentorship.papers import services
from mentorship.papers.content import Scan
from mentorship.papers.store import store_in
app = create_app()
with app.app_context():
    mentor = db.session.get(Mentor, int(sys.argv[1]))
    store = store_in(app.config["SETTINGS"])
    scan = Scan("application/pdf", sys.stdin.buffer.read())
    paper = services.store_paper(db.session, store, scan, mentor=mentor, by=None, at=clock.now())
    services.attach(db.session, paper, "clearance", mentor.clearances[0].id, by=None)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_killed_before_its_commit_leaves_only_a_file_that_the_job_removes(
    store, mentor, config
):
    store.commit()
    environment = {"VAR_DIR": str(config.var), "DATABASE_URL": config.database_url}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(mentor.id)],
        input=DATA,
        cwd=ROOT,
        env=os.environ | environment | {"PII_KEYS": PII_KEY},
        timeout=120,
        check=False,
        capture_output=True,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    store.expire_all()
    assert store.scalars(select(Paper)).all() == []
    assert all(clearance.paper_id is None for clearance in mentor.clearances)
    shelf = store_in(config)
    assert len(list(shelf.files())) == 1
    tidy_papers(store, config, DAY, datetime.now(UTC))
    assert len(list(shelf.files())) == 1  # young: somebody may be about to commit
    tidy_papers(store, config, DAY, datetime.now(UTC) + timedelta(days=2))
    assert list(shelf.files()) == []


def test_rotated_keys_open_every_paper_without_the_old_key(store, mentor, config):
    shelf = store_in(config)
    keyring.configure((PII_KEY,))
    papers = [keep(store, shelf, mentor) for _ in range(3)]
    store.commit()
    new = Fernet.generate_key().decode()
    settings = make_config(config.database_url, config.var, pii_keys=(new, PII_KEY))
    shelf.remove(papers[2].name)
    with service(settings) as rotating:
        shelf.seal_again(papers[0].name)  # as a rotation that was stopped after the first file
        for number in (1, 0):
            result = rotating.test_cli_runner().invoke(args=["rotate-keys"])
            assert result.stdout.endswith(f", {number} paper files\n"), result.output
    keyring.configure((new,))
    assert [services.read_paper(paper, shelf, by=None) for paper in papers[:2]] == [DATA, DATA]
    keyring.configure((PII_KEY,))
    with pytest.raises(InvalidToken):
        shelf.read(papers[0].name)


def test_a_paper_no_key_opens_stops_the_rotation_in_a_sentence(store, mentor, config):
    keyring.configure((PII_KEY,))
    keep(store, store_in(config), mentor)
    store.commit()
    lost = Fernet.generate_key().decode()
    with service(make_config(config.database_url, config.var, pii_keys=(lost,))) as rotating:
        result = rotating.test_cli_runner().invoke(args=["rotate-keys"])
    keyring.configure((PII_KEY,))
    assert result.exit_code == 1 and "not in PII_KEYS" in result.stderr


def test_reading_a_paper_is_noted_only_when_it_could_be_read(store, mentor, config):
    shelf = store_in(config)
    paper = keep(store, shelf, mentor)
    shelf.remove(paper.name)
    with pytest.raises(Invalid, match="paper_damaged"):
        services.read_paper(paper, shelf, by=None)
