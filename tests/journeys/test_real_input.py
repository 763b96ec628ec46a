"""Rows that nobody here wrote: the published sample of an open-source mentoring tool."""

import io
import json
import re
from pathlib import Path

import pytest
from sqlalchemy import func, select

from mentorship import clock
from mentorship.check_ins.services import begin_match
from mentorship.children.models import Child
from mentorship.matches.models import Match, Preparation
from mentorship.mentors.models import Mentor
from tests import factories
from tests.conftest import new_client
from tests.journeys.steps import (
    done,
    first_sign_in,
    link_in_outbox,
    record_consents,
    sign_agreement,
    step_of,
)

ROOT = Path(__file__).parents[2]
FILES = ROOT.parent / "shared" / "data" / "civil-service"
MAPPINGS = ROOT / "examples" / "civil-service"


@pytest.fixture
def command(app, store):
    """Runs `flask ...`: what it printed."""

    def run(*words):
        store.commit()
        result = app.test_cli_runner().invoke(args=[str(word) for word in words])
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


def upload(desk, register, file, mapping):
    """Bring a file in through the browser; the last page."""
    page = desk.page(f"/import/{register}")
    fields = {name: values[0] for name, values in page.values(page.form()).items()}
    parts = {
        "file": (io.BytesIO(file.read_bytes()), file.name),
        "mapping": (io.BytesIO(mapping.read_bytes()), mapping.name),
    }
    answer = desk.post(page.address, data=fields | parts, content_type="multipart/form-data")
    preview = done(desk, answer)
    assert "Import 500 rows" in preview.text
    return done(desk, desk.send(preview, page.address))


def number_of(store, model):
    return store.scalar(select(func.count()).select_from(model))


def test_five_hundred_real_rows_of_each_register_become_matches_that_are_looked_after(
    app, store, sign_in, command
):
    if not (FILES / "mentors.csv").exists() or not (MAPPINGS / "mentors.toml").exists():
        pytest.skip("../shared/data/civil-service is not beside the repository")
    coordinator = factories.coordinator(store, regions=(), all_regions=True)
    desk, overview = sign_in(coordinator), sign_in(factories.manager(store))
    office = sign_in(factories.administrator(store))

    # Mentors from the command line, children through the browser; a second time adds nobody.
    said = command(
        "import", "mentors", FILES / "mentors.csv", "--mapping", MAPPINGS / "mentors.toml",
        "--language", "en",
    )  # fmt: skip
    assert "Imported: 500" in said
    upload(desk, "children", FILES / "mentees.csv", MAPPINGS / "mentees.toml")
    assert (number_of(store, Mentor), number_of(store, Child)) == (500, 500)
    for register, file in (("mentors", "mentors"), ("children", "mentees")):
        said = command(
            "import", register, FILES / f"{file}.csv", "--mapping", MAPPINGS / f"{file}.toml",
            "--language", "en",
        )  # fmt: skip
        assert "Imported: 0" in said
        assert "Known already: 500" in said
    assert "500" in desk.page("/mentors").h1
    assert desk.page("/children?q=007 mentee").find("th", scope="row").text == "007 mentee"

    # A round from the command line, approved as a whole in the browser.
    figures = json.loads(command("propose", "--json"))
    assert (figures["mentors"], figures["children"]) == (500, 500)
    assert figures["points"] == figures["bound"] > 0
    proposals = figures["proposals"]
    assert 300 < proposals <= 500
    page = desk.page(f"/rounds/{figures['round']}")
    assert "Approve every open pair of this round" in page.text
    page = done(desk, desk.send(page, "/approve", every="1"))
    assert f"{proposals} pairs are approved." in page.text
    pairs = store.scalars(select(Preparation).order_by(Preparation.id)).all()
    assert len(pairs) == len({pair.child_id for pair in pairs}) == proposals
    assert str(proposals) in desk.page("/agreements").h1

    # Thirty of them get every word and an agreement; two of those on paper, page by page.
    now, told = {"on": clock.today(), "at": clock.now()}, {"by": coordinator.id}
    for pair in pairs[2:30]:
        factories.give_words(store, pair, **told, **now)
        begin_match(store, pair, number=f"{pair.id}", agreed_on=clock.today(), **told, **now)
    for pair in pairs[:2]:
        page = desk.page(f"/agreements/{pair.id}")
        said = {"answer": "accepted"}
        page = done(desk, desk.submit(step_of(page, "Record the mentor's word"), **said))
        page = sign_agreement(desk, record_consents(desk, page), f"{pair.id}")
        assert "The match has begun." in page.text
    matches = store.scalars(select(Match).order_by(Match.id)).all()
    assert len(matches) == len({match.child_id for match in matches}) == 30
    assert {match.started_on for match in matches} == {clock.today()}

    # Two mentors come in by their links and log a meeting each.
    two = {match.mentor_id: match for match in matches[:20]}
    for match in list(two.values())[:2]:
        desk.submit(f"/mentors/{match.mentor_id}", "/access")
        phone = new_client(app)
        email = match.mentor.email
        mine = first_sign_in(phone, link_in_outbox(office, email), email)
        log = mine.find("a", class_="main").attrs["href"]
        done(phone, phone.submit(log, activity=f"Met {match.id}", went="4"))
        assert f"Met {match.id}" in desk.page(f"/matches/{log.split('/')[2]}/meetings").text

    # It is all to be seen.
    listed = desk.page("/matches?state=open")
    assert "30" in listed.h1
    assert len(listed.find_all("tr")) == 26
    command("figures", "rebuild")
    retention = overview.page("/retention").text
    assert re.search(r"This rests on 30 matches", retention)
    waiting = desk.page(f"/rounds/{figures['round']}/waiting")
    assert str(500 - proposals) in waiting.h1
