import shutil
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import make_server

from mentorship.accounts.models import User
from mentorship.database import db
from mentorship.jobs import rounds
from tests import factories
from tests.world import World

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENS = {"phone": {"width": 360, "height": 800}, "desktop": {"width": 1280, "height": 800}}
TIMEOUT_MS = 15_000
# Only what is asserted comes back: the whole answer of axe is longer than the page.
LOOK_THROUGH = """async part => {
    const only = {resultTypes: ["violations"]};
    const parts = part === null ? [[document, only]] : [
        [document, {...only, rules: {"color-contrast": {enabled: false}}}],
        [part, {...only, runOnly: ["color-contrast"]}],
    ];
    const found = [];
    for (const [where, how] of parts) found.push(...(await axe.run(where, how)).violations);
    return found
        .filter(fault => ["serious", "critical"].includes(fault.impact))
        .flatMap(fault => fault.nodes.map(
            node => `${fault.impact}: ${fault.id}: ${node.html.slice(0, 200)}`));
}"""


@pytest.fixture(scope="session", autouse=True)
def chromium() -> str:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    return CHROMIUM


@pytest.fixture(scope="session")
def browser_type_launch_args(chromium: str) -> dict[str, Any]:
    return {"executable_path": chromium, "args": QUIET, "headless": True}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"viewport": SCREENS["desktop"], "locale": "kk-KZ", "timezone_id": "Asia/Almaty"}


@pytest.fixture
def world(world_template: tuple[str, World]) -> World:
    return world_template[1]


@pytest.fixture
def database_url(world_template: tuple[str, World], copy_database: Callable[[str], str]) -> str:
    return copy_database(world_template[0])


@pytest.fixture
def live(app: Flask) -> Iterator[Flask]:
    """The service on a free port of 127.0.0.1, with its own copy of the small country."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    stop = threading.Event()
    jobs = threading.Thread(target=_compute_rounds, args=(app, stop), daemon=True)
    jobs.start()
    app.config["ADDRESS"] = f"http://127.0.0.1:{server.server_port}"
    yield app
    stop.set()
    jobs.join(timeout=10)
    server.shutdown()
    thread.join(timeout=10)
    server.server_close()
    with app.app_context():
        pool: Any = db.engine.pool
    latest = time.monotonic() + 10
    while pool.checkedout() and time.monotonic() < latest:  # an answer that nobody waits for
        time.sleep(0.02)


def _compute_rounds(app: Flask, stop: threading.Event) -> None:
    while not stop.wait(0.2):
        rounds.work(app)


@pytest.fixture
def base_url(live: Flask) -> str:
    """What a page's relative addresses begin with."""
    return str(live.config["ADDRESS"])


@pytest.fixture
def page(page: Page, base_url: str) -> Iterator[Page]:
    """A tab whose broken scripts, refused resources and slow answers fail the test."""
    page.set_default_timeout(TIMEOUT_MS)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    yield page
    expected = "Failed to load resource: the server responded with a status of 4"
    assert [text for text in problems if expected not in text] == []


@pytest.fixture
def sign_in_as(live: Flask, page: Page, base_url: str) -> Callable[..., Page]:
    """`sign_in_as(person, "kk")`: the tab, signed in through the form, in this language."""

    def sign_in(person: Any, language: str = "kk") -> Page:
        with live.app_context():
            user = db.session.get_one(User, person.id)
            user.language, email = language, user.email
            db.session.commit()
        page.goto(f"{base_url}/sign-in")
        page.fill("#email", email)
        page.fill("#password", factories.PASSWORD)
        page.click("main form button.main")
        page.wait_for_url(lambda url: not url.endswith("/sign-in"))
        return page

    return sign_in


def check_axe(page: Page, contrast_of: str | None = None) -> None:
    """AssertionError for every serious or critical fault of accessibility on the page.

    The rules ask nothing of the language, so a page is looked through in Kazakh alone. Contrast
    takes as long as all the other rules together: `contrast_of` is the part to measure it in.
    """
    if page.get_attribute("html", "lang") != "kk":
        return
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    assert page.evaluate(LOOK_THROUGH, contrast_of) == []


def check_fits(page: Page) -> None:
    """AssertionError when the page is wider than its window."""
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"
