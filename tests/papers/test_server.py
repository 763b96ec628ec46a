"""Requests that lie about their length, sent to the real web server over a real connection."""

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url

pytestmark = pytest.mark.sqlite  # the database has no part in this
ROOT = Path(__file__).parents[2]
HEAD = (
    "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    "Content-Type: multipart/form-data; boundary=b\r\n"
)
PART = b'--b\r\nContent-Disposition: form-data; name="scan"; filename="a.pdf"\r\n\r\n%PDF-1.7'


@pytest.fixture(scope="module")
def port(tmp_path_factory, template):
    """Gunicorn as it serves in production, on a port of its own."""
    var = tmp_path_factory.mktemp("server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    settings = {"VAR_DIR": str(var), "PORT": str(number), "MENTORSHIP_ENV": "demo"}
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | settings
    shutil.copyfile(str(make_url(template).database), var / "mentorship.db")
    options = [
        "--worker-class",
        "gthread",
        "--workers",
        "1",
        "--threads",
        "4",
        "--no-control-socket",
    ]
    command = [sys.executable, "-m", "gunicorn", *options, "--bind", f"127.0.0.1:{number}"]
    with (var / "log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "app:app"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        latest = time.monotonic() + 120
        while b"200" not in ask(number, b"GET /sign-in HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")[:15]:
            assert server.poll() is None and time.monotonic() < latest, (var / "log").read_text()
            time.sleep(0.3)
        yield number
    finally:
        server.terminate()
        server.wait(30)


@contextmanager
def connected(port):
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        yield line


def ask(port, *pieces):
    """Send everything as a browser does, then read everything; a reset is an error."""
    try:
        with connected(port) as line:
            for piece in pieces:
                line.sendall(piece)
            answer = b""
            while piece := line.recv(1 << 16):
                answer += piece
            return answer
    except ConnectionRefusedError:
        return b""


def test_a_request_of_sixty_megabytes_gets_a_page_and_no_reset(port):
    size = 60 << 20
    head = (HEAD + f"Content-Length: {len(PART) + size}\r\n\r\n").encode()
    answer = ask(port, head, PART, *[bytes(1 << 20)] * 60).decode()
    assert answer.startswith("HTTP/1.1 413") and '<html lang="kk">' in answer


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


def test_a_request_in_pieces_that_does_not_say_its_length_is_counted(port):
    head = (HEAD + "Transfer-Encoding: chunked\r\n\r\n").encode()
    answer = ask(port, head, chunk(PART), *[chunk(bytes(1 << 20))] * 30, chunk(b"")).decode()
    assert answer.startswith("HTTP/1.1 413") and '<html lang="kk">' in answer


def test_two_words_about_the_length_are_refused(port):
    head = (HEAD + "Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n").encode()
    assert b" 400 " in ask(port, head, chunk(PART), chunk(b""))[:30]


def test_a_request_that_ends_before_its_length_saves_nothing(port):
    head = (HEAD + f"Content-Length: {len(PART) + 5000}\r\n\r\n").encode()
    with connected(port) as line:
        line.sendall(head + PART)
        line.shutdown(socket.SHUT_WR)
        answer = line.recv(1 << 16)
    assert not answer or b" 400 " in answer[:30]


def test_the_server_goes_on_after_all_this(port):
    assert b"200" in ask(port, b"GET /sign-in HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")[:15]
