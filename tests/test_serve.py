import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from mentorship.config import DEMO_PASSWORD
from mentorship.errors import ConfigError
from mentorship.serve import compile_translations, refuse_taken_port
from tests.conftest import make_config

ROOT = Path(__file__).parents[1]
STARTS_WITHIN_S = 150
CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Users"
msgstr "Пайдаланушылар"
"""
pytestmark = pytest.mark.sqlite  # what is served is tested on both databases elsewhere


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def command(port, var):
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return {
        "args": [sys.executable, "-m", "flask", "--app", "app", "serve"],
        "cwd": ROOT,
        "env": environment | {"PORT": str(port), "VAR_DIR": str(var), "MENTORSHIP_ENV": "demo"},
        "stderr": subprocess.STDOUT,
    }


@contextmanager
def served(port, var):
    """The service as `make run` starts it, and what it has printed when it is ready."""
    log = var.parent / f"serve-{time.monotonic_ns()}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(**command(port, var), stdout=out)
    try:
        latest = time.monotonic() + STARTS_WITHIN_S
        while "admin@example.org" not in log.read_text():
            assert process.poll() is None and time.monotonic() < latest, log.read_text()
            time.sleep(0.2)
        yield process, log
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(40)


def fetch(port, path):
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        return answer.read().decode()


def children_of(process):
    """The processes that were started by this one."""
    tasks = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(number) for number in tasks.read_text().split()]


def gone(numbers):
    latest = time.monotonic() + 20
    while any(Path(f"/proc/{number}").exists() for number in numbers):
        if time.monotonic() > latest:
            return False
        time.sleep(0.1)
    return True


def test_one_command_serves_stops_and_keeps_the_data(port, tmp_path):
    var = tmp_path / "var"
    with served(port, var) as (process, log):
        assert DEMO_PASSWORD in log.read_text() and f"http://127.0.0.1:{port}" in log.read_text()
        assert 'name="password"' in fetch(port, "/sign-in")
        children = children_of(process)
        assert len(children) == 2
        taken = subprocess.run(
            **command(port, tmp_path / "other"), stdout=subprocess.PIPE, timeout=60, check=False
        )
        assert taken.returncode == 1 and f"Port {port}" in taken.stdout.decode()
        process.send_signal(signal.SIGINT)
        assert process.wait(40) == 0
        assert gone(children)
    with pytest.raises(URLError):
        fetch(port, "/sign-in")
    size = (var / "mentorship.db").stat().st_size
    with served(port, var) as (process, log):
        assert "First start" not in log.read_text()
        assert 'name="password"' in fetch(port, "/sign-in")
        web, jobs = children_of(process)
        os.kill(jobs, signal.SIGKILL)
        assert process.wait(40) == 1
        assert gone([web, jobs]) and "stopping" in log.read_text()
    assert (var / "mentorship.db").stat().st_size >= size


def test_a_taken_port_is_told_with_a_way_out(port, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(ConfigError, match=f"PORT={port + 1} make run"):
            refuse_taken_port(make_config("sqlite://", tmp_path, port=port))


def test_missing_translations_are_compiled_once(tmp_path):
    folder = tmp_path / "kk" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(CATALOGUE, "utf-8")
    assert compile_translations(tmp_path) == 1
    assert "Пайдаланушылар".encode() in (folder / "messages.mo").read_bytes()
    assert compile_translations(tmp_path) == 0
