"""`flask serve`: the web server and the jobs as two child processes that live and end together."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask_migrate import upgrade

from mentorship import clock
from mentorship.config import DEMO_PASSWORD, Config
from mentorship.database import db
from mentorship.demo import services as demo
from mentorship.demo.users import SIGN_INS
from mentorship.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "mentorship" / "translations"
WEB, JOBS = "web server", "jobs"
STARTS_WITHIN_S = 120
STOPS_WITHIN_S = 20
PR_SET_PDEATHSIG = 1
Say = Callable[[str], None]


def serve(app: Flask, say: Say) -> int:
    """Get everything ready, run both processes until a signal; the exit code."""
    settings: Config = app.config["SETTINGS"]
    refuse_taken_port(settings)
    compile_translations(TRANSLATIONS)
    upgrade()
    if settings.env == "demo" and demo.is_empty(db.session):
        say("First start: filling the demo register with synthetic people...")
        demo.fill(db.session, settings, on=clock.today(), at=clock.now())
        db.session.commit()
    db.session.close()
    db.engine.dispose()  # no connection is shared with a child
    with _stop_signals() as stop:
        return _look_after(_commands(settings), settings, stop, say)


def refuse_taken_port(settings: Config) -> None:
    """Raise ConfigError when somebody listens on our port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise ConfigError(
                f"Port {settings.port} on {settings.host} cannot be used ({error.strerror})."
                " Stop the other program, or choose another port:"
                f" PORT={settings.port + 1} make run"
            ) from error


def compile_translations(folder: Path) -> int:
    """Compile every catalogue whose .mo is missing or older than it; how many there were."""
    done = 0
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parts[-3])
        fresh = target.with_suffix(f".{os.getpid()}.tmp")
        with fresh.open("wb") as compiled:
            write_mo(compiled, catalogue)
        fresh.replace(target)
        done += 1
    return done


def _commands(settings: Config) -> dict[str, list[str]]:
    python = sys.executable
    options = {
        "--config": "python:mentorship.warming",
        "--bind": f"{settings.host}:{settings.port}",
        "--workers": "2",
        "--worker-class": "gthread",
        "--threads": "4",
        "--timeout": "120",
        "--graceful-timeout": "10",
        "--log-level": "warning",
    }
    given = [part for option in options.items() for part in option]
    return {
        WEB: [python, "-m", "gunicorn", "--no-control-socket", "--preload", *given, "app:app"],
        JOBS: [python, "-m", "flask", "--app", "app", "run-jobs"],
    }


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """An event that Ctrl-C, a termination or a closed terminal sets."""
    stop = threading.Event()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _look_after(
    commands: dict[str, list[str]], settings: Config, stop: threading.Event, say: Say
) -> int:
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands.items():
            children[name] = _start(command, settings)
        if _answers(children, settings, stop):
            _greet(settings, say)
        while not stop.wait(0.2):
            for name, child in children.items():
                if child.poll() is not None:
                    say(f"The {name} process ended with code {child.returncode}: stopping.")
                    return 1
        say("Stopping...")
        return 0
    finally:
        _stop(children)


def _start(command: list[str], settings: Config) -> "subprocess.Popen[bytes]":
    environment = os.environ | {"VAR_DIR": str(settings.var), "PORT": str(settings.port)}
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # a Ctrl-C reaches us alone, and we stop both in order
        preexec_fn=_die_with_parent,
    )


def _die_with_parent() -> None:
    """Ask Linux to stop this child should its parent be killed outright."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _answers(
    children: "dict[str, subprocess.Popen[bytes]]", settings: Config, stop: threading.Event
) -> bool:
    """Wait until pages are served; False when a child died, a signal came or it took too long."""
    latest = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < latest and all(child.poll() is None for child in children.values()):
        if _serves_pages(settings):
            return True
        if stop.wait(0.2):
            return False
    return False


def _serves_pages(settings: Config) -> bool:
    connection = HTTPConnection(settings.host, settings.port, timeout=5)
    try:
        connection.request("GET", "/sign-in", headers={"Host": settings.allowed_hosts[0]})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _greet(settings: Config, say: Say) -> None:
    say(f"\nThe service is at {settings.base_url}  (Ctrl-C stops it)")
    if settings.env == "demo":
        say(f"\nDemo sign-ins, all with the password {DEMO_PASSWORD}")
        for email, (_, role) in SIGN_INS.items():
            say(f"  {email:<26} {role}")
    say("")


def _stop(children: "dict[str, subprocess.Popen[bytes]]") -> None:
    """End every child: first politely, then for good."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    latest = time.monotonic() + STOPS_WITHIN_S
    for child in children.values():
        try:
            child.wait(max(0.1, latest - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
