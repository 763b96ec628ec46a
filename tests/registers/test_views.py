import io
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentorship.accounts.models import User
from mentorship.audit import AuditEntry
from mentorship.children.models import Child
from mentorship.clock import now
from mentorship.config import Config
from mentorship.mentors.models import Mentor
from mentorship.registers.reader import read_table
from mentorship.registers.uploads import forget_old_uploads
from tests import factories
from tests.client import InspectingClient
from tests.registers.files import CHILD, MENTOR, NEW_CENTRES, NO_IIN, file_of

SignIn = Callable[..., InspectingClient]
BAD = MENTOR | {"last_name": "Ким", "sex": "?", "certificate_number": "Ө-2"}


@pytest.fixture
def coordinator(store: Session) -> User:
    return factories.coordinator(store)


@pytest.fixture
def uploads(config: Config) -> Path:
    return config.var / "uploads"


def send(
    client: InspectingClient,
    *people: dict[str, str],
    kind: str = "mentors",
    data: bytes | None = None,
    mapping: bytes | None = NO_IIN,
    when: str = "all_or_nothing",
) -> Any:
    files: dict[str, Any] = {"file": None, "mapping": None}
    content = file_of(*people) if data is None else data
    files["file"] = (io.BytesIO(content), "register.csv")
    if mapping is not None:
        files["mapping"] = (io.BytesIO(mapping), "mapping.toml")
    return client.submit(f"/import/{kind}", **files, when_rows_are_bad=when)


def count(store: Session, model: type[Any]) -> int:
    return store.scalar(select(func.count()).select_from(model)) or 0


def test_a_coordinator_checks_a_file_and_imports_it(
    store: Session, coordinator: User, sign_in: SignIn, uploads: Path
) -> None:
    client = sign_in(coordinator)
    answer = send(client, MENTOR)
    assert answer.status_code == 302
    page = client.page(answer.location)
    assert "Әбенова" in page.text and "Import 1 row" in page.text
    assert count(store, Mentor) == 0
    answer = client.send(page)
    assert answer.status_code == 302
    assert "Added to the register" in client.page(answer.location).text
    assert count(store, Mentor) == 1
    assert {path.suffix for path in uploads.iterdir()} == {".facts"}
    entry = store.scalars(select(AuditEntry).where(AuditEntry.action == "imported_mentors")).one()
    assert entry.actor_id == coordinator.id


def test_children_come_in_with_a_new_centre(
    store: Session, coordinator: User, sign_in: SignIn
) -> None:
    client = sign_in(coordinator)
    facts = {"centre_kind": "boarding", "centre_town": "Саран"}
    answer = send(client, CHILD | facts, kind="children", mapping=NEW_CENTRES)
    client.send(client.page(answer.location))
    assert store.scalars(select(Child)).one().centre.town == "Саран"


def test_nothing_comes_in_while_a_row_is_bad(
    store: Session, coordinator: User, sign_in: SignIn
) -> None:
    client = sign_in(coordinator)
    address = send(client, MENTOR, BAD).location
    page = client.page(address)
    assert "Enter one of these: Male, Female." in page.text
    assert "Import 1 row" not in page.text
    with pytest.raises(AssertionError):
        page.form(None)
    rest = read_table(client.get(f"{address}/rows-to-correct.csv").data)
    assert rest.rows[0].cells[0] == "3"
    assert count(store, Mentor) == 0


def test_a_forced_confirmation_of_bad_rows_imports_nothing(
    store: Session, coordinator: User, sign_in: SignIn
) -> None:
    client = sign_in(coordinator)
    wrong = send(client, MENTOR, BAD).location
    page = client.page(wrong)
    token = page.values(page.form("/sign-out"))["csrf_token"]
    assert client.post(wrong, data={"csrf_token": token}).location == wrong
    assert count(store, Mentor) == 0


def test_good_rows_come_in_and_the_others_are_given_back(
    store: Session, coordinator: User, sign_in: SignIn
) -> None:
    client = sign_in(coordinator)
    address = send(client, MENTOR, BAD, when="good_rows").location
    done = client.send(client.page(address)).location
    page = client.page(done)
    assert "Download the rows to correct" in page.text
    rest = read_table(client.get(f"{address}/rows-to-correct.csv").data)
    assert [row.cells[0] for row in rest.rows] == ["3"]
    assert count(store, Mentor) == 1


def test_a_second_click_is_harmless(store: Session, coordinator: User, sign_in: SignIn) -> None:
    client = sign_in(coordinator)
    page = client.page(send(client, MENTOR).location)
    first, second = client.send(page), client.send(page)
    assert first.status_code == second.status_code == 302
    assert "Added to the register" in client.page(second.location).text
    assert count(store, Mentor) == 1


def test_the_same_file_again_says_that_everybody_is_known(
    store: Session, coordinator: User, sign_in: SignIn
) -> None:
    client = sign_in(coordinator)
    client.send(client.page(send(client, MENTOR).location))
    assert "There is nothing to import." in client.page(send(client, MENTOR).location).text


@pytest.mark.parametrize(
    ("data", "mapping", "words"),
    [
        (b"", None, "The file is empty."),
        (b"%PDF-1.7", None, "This file is not a table."),
        (b"a,b\n1,2\n", None, "None of the headings is known."),
        (b"a,b\n1,2\n", b"[nonsense]", "The mapping has an unknown part nonsense."),
    ],
)
def test_a_wrong_file_is_refused_on_the_form(
    coordinator: User,
    sign_in: SignIn,
    uploads: Path,
    data: bytes,
    mapping: bytes | None,
    words: str,
) -> None:
    answer = send(sign_in(coordinator), data=data, mapping=mapping)
    assert answer.status_code == 422
    assert words in answer.page.text
    assert not uploads.exists()


def test_a_form_without_a_file_says_so(coordinator: User, sign_in: SignIn) -> None:
    answer = sign_in(coordinator).submit("/import/mentors", file=None, mapping=None)
    assert answer.status_code == 422
    assert "Choose a file." in answer.page.text


def test_an_upload_is_encrypted_private_and_only_its_owners(
    store: Session, coordinator: User, sign_in: SignIn, uploads: Path
) -> None:
    iin = factories.fictional_iin()
    address = send(sign_in(coordinator), MENTOR | {"iin": iin, "iin_confirmed": "yes"}).location
    for path in uploads.iterdir():
        assert path.stat().st_mode & 0o077 == 0
        assert iin.encode() not in path.read_bytes()
    assert uploads.stat().st_mode & 0o077 == 0
    other = sign_in(factories.coordinator(store))
    other.page(address, 404)
    assert other.get(f"{address}/rows-to-correct.csv").status_code == 404
    assert other.get(address.replace("mentors", "children")).status_code == 404


def test_uploads_are_removed_after_a_day(coordinator: User, sign_in: SignIn, uploads: Path) -> None:
    client = sign_in(coordinator)
    address = send(client, MENTOR).location
    assert forget_old_uploads(uploads, now()) == 0
    old = (now() - timedelta(hours=25)).timestamp()
    for path in uploads.iterdir():
        os.utime(path, (old, old))
    assert forget_old_uploads(uploads, now()) == 3
    client.page(address, 404)


@pytest.mark.parametrize("token", ["0" * 32, "x", "..%2f..%2fsecret.key"])
def test_an_unknown_upload_is_not_there(coordinator: User, sign_in: SignIn, token: str) -> None:
    assert sign_in(coordinator).get(f"/import/mentors/{token}").status_code == 404


def test_a_coordinator_cannot_import_into_another_region(
    store: Session, coordinator: User, sign_in: SignIn
) -> None:
    client = sign_in(coordinator)
    page = client.page(send(client, MENTOR | {"region": "39"}).location)
    assert "This region is outside the regions you work with." in page.text
    assert count(store, Mentor) == 0


@pytest.mark.parametrize("role", ["mentor", "manager", "administrator"])
@pytest.mark.parametrize("address", ["/import/mentors", "/import/children", "/export/mentors.csv"])
def test_only_coordinators_import_and_export(
    store: Session, sign_in: SignIn, role: str, address: str
) -> None:
    user = factories.user(store, role=factories.Role(role))
    assert sign_in(user).get(address).status_code == 403


@pytest.mark.parametrize("what", ["mentors", "children", "matches"])
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_export_is_downloaded_within_the_scope_and_noted(
    store: Session, coordinator: User, sign_in: SignIn, what: str, suffix: str
) -> None:
    from_day = now().date()
    factories.eligible_match(store, started_on=from_day)
    factories.eligible_match(store, started_on=from_day, region="39")
    answer = sign_in(coordinator).get(f"/export/{what}.{suffix}")
    assert answer.status_code == 200
    assert f".{suffix}" in answer.headers["Content-Disposition"]
    assert len(read_table(answer.data).rows) == 1
    query = select(AuditEntry.actor_id).where(AuditEntry.action == f"exported_{what}")
    assert store.scalars(query).all() == [coordinator.id]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_pages_of_an_import_speak_the_readers_language(
    store: Session, sign_in: SignIn, language: str
) -> None:
    client = sign_in(factories.coordinator(store, language=language))
    client.page("/import/children")
    client.page(send(client, MENTOR, BAD, when="good_rows").location)
