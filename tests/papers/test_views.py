"""Papers through the pages: who sends, who reads, what is refused and what is told."""

import io

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from mentorship.audit import AuditEntry
from mentorship.errors import Invalid
from mentorship.i18n import speaking
from mentorship.mentors.models import Clearance
from mentorship.papers import inspection
from mentorship.papers.content import LARGEST
from mentorship.papers.models import Paper
from mentorship.web.problems import problem
from tests import factories
from tests.conftest import new_client
from tests.factories import KARAGANDA, KOSTANAY
from tests.papers import files
from tests.papers.conftest import DAY
from tests.papers.test_content import HTML, PHP, SVG


def last_audits(store, number):
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(number)
    return [(entry.action, entry.details) for entry in store.scalars(query)][::-1]


@pytest.mark.parametrize(
    ("data", "name", "suffix", "media_type"),
    [
        (files.scanned_pdf(), "Анықтама Құсайынова.PDF", "pdf", "application/pdf"),
        (files.phone_photo(), "IMG_2026.jpeg", "jpg", "image/jpeg"),
        (files.png(), "scan", "png", "image/png"),
    ],
)
def test_a_scan_is_kept_and_comes_back_as_a_file_with_a_neutral_name(
    desk, store, send, kept, clearance, data, name, suffix, media_type
):
    answer = send(clearance, data, name)
    assert answer.headers["Location"] == f"/mentors/{clearance.mentor_id}"
    paper = kept()
    assert store.get(Clearance, clearance.id).paper_id == paper.id
    got = desk.get(f"/papers/{paper.id}")
    assert got.status_code == 200 and len(got.data) == paper.size
    if suffix == "pdf":
        assert got.data == data
    heads = got.headers
    assert heads["Content-Disposition"] == f'attachment; filename="paper-{paper.id}.{suffix}"'
    assert heads["Content-Type"] == media_type
    assert heads["X-Content-Type-Options"] == "nosniff"
    assert heads["Cache-Control"] == "no-store"
    assert heads["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert heads["Accept-Ranges"] == "none"
    assert last_audits(store, 1) == [("read_paper", {"mentor": clearance.mentor_id})]


def test_a_part_of_a_paper_cannot_be_asked_for(desk, send, kept, clearance):
    send(clearance, files.pdf())
    got = desk.get(f"/papers/{kept().id}", headers={"Range": "bytes=0-9"})
    assert got.status_code == 200 and got.data == files.pdf()


def test_what_is_kept_is_noted_without_a_name(store, send, clearance):
    send(clearance, files.pdf(), "Құсайынова.pdf")
    (first, whose), (second, what) = last_audits(store, 2)
    assert (first, whose) == ("recorded_paper", {"mentor": clearance.mentor_id})
    assert (second, what) == ("attached_paper", {"row": "clearance", "id": clearance.id})


def test_consents_placements_and_certificates_have_papers_too(desk, store, send):
    child = factories.eligible_child(store, on=DAY)
    mentor = factories.eligible_mentor(store, on=DAY)
    rows = [child.consents[0], child.placements[0], mentor.certificates[0]]
    for row in rows:
        assert send(row, files.pdf()).status_code == 302
    assert all(row.paper_id for row in rows)
    page = desk.page(f"/children/{child.id}")
    for words in ("Decision on the placement", "Legal representative's consent", "Download"):
        assert words in page.find("section", **{"aria-labelledby": "papers"}).text


def test_the_page_says_what_is_kept_since_when_and_by_whom(desk, send, clearance):
    page = desk.page(f"/mentors/{clearance.mentor_id}")
    assert "No scan is kept yet" in page.text
    send(clearance, files.pdf())
    text = desk.page(f"/mentors/{clearance.mentor_id}").text
    for words in ("The paper is kept.", "Clearance:", "PDF, 1 KB", "Person "):
        assert words in text


WEB = {
    "a web page called PDF": (HTML, "scan.pdf", "neither a PDF nor a JPEG or PNG"),
    "a PDF called PNG": (files.pdf(), "scan.png", "says PNG, but it is a PDF"),
    "nothing": (b"", "scan.pdf", "this one is empty"),
    "too large": (b"%PDF-" + bytes(LARGEST), "scan.pdf", "larger than 10 MB"),
    "half a PNG": (files.png()[:-30], "scan.png", "not a picture we can read"),
    "PDF and ZIP": (files.pdf() + files.archive(), "scan.pdf", "Something else is hidden"),
    "a PDF bomb": (files.pdf_bomb_of_bombs(), "scan.pdf", "too complicated"),
}


@pytest.mark.parametrize(("data", "name", "words"), WEB.values(), ids=WEB)
def test_a_file_that_is_no_scan_is_refused_and_the_page_says_what_to_do(
    store, send, clearance, files_kept, data, name, words
):
    answer = send(clearance, data, name)
    assert answer.status_code == 422
    assert words in answer.page.find("p", id="scan-error").text
    assert answer.page.values(answer.page.form())["about"] == [f"clearance-{clearance.id}"]
    assert store.scalar(select(func.count(Paper.id))) == 0
    assert list(files_kept.files()) == []


SENTENCES = {
    "an SVG": (SVG, "neither a PDF nor a JPEG or PNG"),
    "a GIF": (files.gif(), "neither a PDF nor a JPEG or PNG"),
    "an archive": (files.archive(), "neither a PDF nor a JPEG or PNG"),
    "half a PDF": (files.pdf()[:-40], "damaged or was not copied whole"),
    "PNG and HTML": (files.png() + HTML, "Something else is hidden"),
    "JPEG and PHP": (files.jpeg() + PHP, "Something else is hidden"),
    "JavaScript": (files.pdf("<< /JS (x) >>"), "active content"),
    "a locked PDF": (files.encrypted_pdf("x"), "protected with a password"),
    "10,000 pages": (files.pdf_of_pages(10_000), "more than 100 pages"),
    "a PNG just over the limit": (files.png_bomb(8_100), "too many pixels"),
}


def test_every_refusal_has_a_sentence_of_its_own(app):
    with app.test_request_context(), speaking("en"):
        for data, words in SENTENCES.values():
            with pytest.raises(inspection.Refused) as refused:
                inspection.inspect(data)
            assert words in str(problem(Invalid(refused.value.code)))


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_request_far_too_large_is_answered_by_a_page(desk, clearance, language):
    with desk.session_transaction() as session:
        session["language"] = language
    body = b'--b\r\nContent-Disposition: form-data; name="scan"; filename="a.pdf"\r\n\r\n'
    answer = desk.post(
        f"/mentors/{clearance.mentor_id}/papers/new",
        data=body + bytes(12 << 20) + b"\r\n--b--\r\n",
        content_type="multipart/form-data; boundary=b",
    )
    assert answer.status_code == 413
    assert "10" in answer.page.text and answer.page.find("html").attrs["lang"] == language


def test_a_form_without_a_file_says_so(desk, clearance):
    answer = desk.submit(f"/mentors/{clearance.mentor_id}/papers/new?clearance={clearance.id}")
    assert answer.status_code == 422
    assert answer.page.find("p", id="scan-error").text == "Choose a file."


def test_the_file_must_be_chosen_again_after_another_error(desk, clearance):
    answer = desk.submit(
        f"/mentors/{clearance.mentor_id}/papers/new", scan=(io.BytesIO(files.pdf()), "a.pdf")
    )
    assert answer.status_code == 422
    assert answer.page.find("p", id="scan-again").text.startswith("Choose the file again")


@pytest.mark.parametrize(
    "name",
    [
        "../../../../tmp/evil.pdf",
        "..\\..\\evil.pdf",
        "scan\0.php.pdf",
        'scan.pdf"; filename="evil.php',
        "ә" * 5000,
    ],
)
def test_what_a_file_is_called_touches_nothing(desk, send, kept, clearance, config, name):
    before = {path for path in config.var.parent.rglob("*") if "papers" not in path.parts}
    send(clearance, files.pdf(), name)
    paper = kept()
    assert len(paper.name) == 64 and set(paper.name) <= set("0123456789abcdef")
    after = {path for path in config.var.parent.rglob("*") if "papers" not in path.parts}
    assert {path.name for path in after - before} <= {"test.db-wal", "test.db-shm"}
    heads = desk.get(f"/papers/{paper.id}").headers
    assert "evil" not in str(heads) and "X-Evil" not in heads


def test_two_dispositions_in_one_part_do_not_confuse(desk, store, clearance, files_kept):
    page = desk.page(f"/mentors/{clearance.mentor_id}/papers/new?clearance={clearance.id}")
    values = page.values(page.form())
    fields = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value[0]}\r\n'
        for name, value in values.items()
    )
    body = (
        fields.encode()
        + b'--b\r\nContent-Disposition: form-data; name="scan"; filename="a.pdf"\r\n'
        + b'Content-Disposition: form-data; name="about"; filename="b.php"\r\n'
        + b"Content-Type: application/pdf\r\n\r\n<?php echo 1; ?>\r\n--b--\r\n"
    )
    answer = desk.post(page.address, data=body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 422
    assert list(files_kept.files()) == []


def test_the_word_of_the_browser_does_not_matter(desk, kept, clearance):
    for said, data, status in (("application/pdf", PHP, 422), ("text/x-php", files.pdf(), 302)):
        answer = desk.submit(
            f"/mentors/{clearance.mentor_id}/papers/new?clearance={clearance.id}",
            scan=FileStorage(io.BytesIO(data), "scan.pdf", content_type=said),
        )
        assert answer.status_code == status
    assert kept().media_type == "application/pdf"


def test_a_clearance_has_one_paper_until_that_is_taken_away(desk, send, kept, store, clearance):
    send(clearance, files.pdf())
    paper = kept()
    page = desk.page(f"/mentors/{clearance.mentor_id}/papers/new?clearance={clearance.id}")
    assert f"clearance-{clearance.id}" not in page.html
    answer = desk.submit(f"/papers/{paper.id}/remove", reason="wrong_paper")
    assert answer.headers["Location"] == f"/mentors/{clearance.mentor_id}"
    assert store.get(Clearance, clearance.id).paper_id is None
    assert send(clearance, files.png(), "a.png").status_code == 302
    assert kept().media_type == "image/png"


def test_a_paper_taken_away_is_gone_and_the_audit_says_who_and_why(
    desk, store, send, kept, clearance, files_kept
):
    send(clearance, files.pdf())
    paper_id = kept().id
    assert len(list(files_kept.files())) == 1
    assert desk.submit(f"/papers/{paper_id}/remove").status_code == 422  # the reason is missing
    desk.submit(f"/papers/{paper_id}/remove", reason="wrong_person")
    assert list(files_kept.files()) == []
    assert desk.get(f"/papers/{paper_id}").status_code == 404
    entry = store.scalars(select(AuditEntry).where(AuditEntry.action == "removed_paper")).one()
    assert (entry.subject_id, entry.details["reason"]) == (paper_id, "wrong_person")
    assert entry.actor_id is not None


def test_the_same_page_sent_twice_keeps_one_paper(desk, store, clearance):
    page = desk.page(f"/mentors/{clearance.mentor_id}/papers/new?clearance={clearance.id}")
    first, second = (desk.send(page, scan=(io.BytesIO(files.pdf()), "a.pdf")) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 422)
    assert store.scalar(select(func.count(Paper.id))) == 1


def test_a_paper_cannot_be_put_on_somebody_elses_clearance(desk, store, clearance, files_kept):
    other = factories.eligible_mentor(store, on=DAY).clearances[0]
    answer = desk.submit(
        f"/mentors/{clearance.mentor_id}/papers/new?clearance={other.id}",
        about=f"clearance-{other.id}",
        scan=(io.BytesIO(files.pdf()), "a.pdf"),
    )
    assert answer.status_code == 422
    assert store.get(Clearance, other.id).paper_id is None
    assert list(files_kept.files()) == []


def test_papers_of_another_region_are_not_there(store, sign_in, send, kept, clearance):
    send(clearance, files.pdf())
    stranger = sign_in(factories.coordinator(store, regions=(KOSTANAY,)))
    for address in (f"/papers/{kept().id}", f"/papers/{kept().id}/remove"):
        assert stranger.get(address).status_code == 404
    assert stranger.get(f"/mentors/{clearance.mentor_id}/papers/new").status_code == 404


def test_a_childs_papers_follow_the_child_to_another_region(store, sign_in, desk, send, kept):
    child = factories.eligible_child(store, on=DAY)
    send(child.consents[0], files.pdf())
    child.centre = factories.centre(store, region=KOSTANAY)
    there = sign_in(factories.coordinator(store, regions=(KOSTANAY,)))
    assert there.get(f"/papers/{kept().id}").status_code == 200
    assert desk.get(f"/papers/{kept().id}").status_code == 404


def test_only_who_sees_people_reads_papers(store, sign_in, client, send, kept, clearance):
    send(clearance, files.pdf())
    readers = {
        "mentor": lambda: sign_in(factories.mentor_user(store, mentor=clearance.mentor)),
        "manager": lambda: sign_in(factories.manager(store)),
        "administrator": lambda: sign_in(factories.administrator(store)),
    }
    for role, enter in readers.items():
        reader = enter()
        for address in (f"/papers/{kept().id}", f"/papers/{kept().id}/remove"):
            assert reader.get(address).status_code == 403, role
    read = select(func.count()).where(AuditEntry.action == "read_paper")
    assert store.scalar(read) == 0


def test_nobody_reads_papers_without_signing_in(app, send, kept, clearance):
    send(clearance, files.pdf())
    for address in (f"/papers/{kept().id}", f"/papers/{kept().id}/remove"):
        assert new_client(app).get(address).status_code == 302


def test_a_damaged_file_is_not_handed_out(desk, send, kept, clearance, files_kept):
    send(clearance, files.pdf())
    name = kept().name
    path = files_kept.folder / name[:2] / name
    token = path.read_bytes()
    other = b"B" if token[50:51] == b"A" else b"A"
    for wrong in (token[:-10], token[:50] + other + token[51:], b""):
        path.write_bytes(wrong)
        page = desk.page(f"/papers/{kept().id}", status=422)
        assert "can no longer be read" in page.text
    path.unlink()
    assert "can no longer be read" in desk.page(f"/papers/{kept().id}", status=422).text


def test_a_file_of_another_paper_in_its_place_is_not_handed_out(
    desk, store, send, clearance, files_kept
):
    send(clearance, files.pdf())
    send(clearance.mentor.clearances[1], files.png(), "a.png")
    first, second = (
        files_kept.folder / paper.name[:2] / paper.name
        for paper in store.scalars(select(Paper).order_by(Paper.id))
    )
    first.write_bytes(second.read_bytes())
    paper_id = store.scalars(select(Paper.id).order_by(Paper.id)).first()
    desk.page(f"/papers/{paper_id}", status=422)


def test_a_folder_that_cannot_be_written_is_told_and_leaves_nothing(
    store, send, clearance, config, caplog
):
    (config.var / "papers").write_text("not a folder")
    answer = send(clearance, files.pdf())
    assert answer.status_code == 422
    assert "Nothing was saved. Tell the administrator." in answer.page.text
    assert store.scalar(select(func.count(Paper.id))) == 0
    assert store.get(Clearance, clearance.id).paper_id is None


def test_the_list_of_papers_takes_the_same_statements_for_one_and_for_twenty(
    desk, store, statements
):
    def asked(number):
        mentor = factories.eligible_mentor(store, on=DAY)
        author = factories.coordinator(store, regions=(KARAGANDA,))
        for _ in range(number):
            paper = factories.paper(store, mentor=mentor, uploaded_by=author.id)
            factories.clearance(
                store,
                mentor=mentor,
                kind="health",
                result="clear",
                checked_on=DAY,
                valid_until=None,
                paper_id=paper.id,
            )
        store.commit()
        statements.clear()
        page = desk.page(f"/mentors/{mentor.id}")
        assert page.html.count("/remove") == number
        return len(statements)

    assert asked(1) == asked(20)


def test_a_row_links_to_its_scan_or_to_the_page_that_takes_one(desk, store, clearance):
    mentor, other = clearance.mentor, clearance.mentor.clearances[1]
    paper = factories.paper(store, mentor=mentor)
    clearance.paper_id = paper.id
    page = desk.page(f"/mentors/{mentor.id}")
    links = page.find_all("a", href=f"/papers/{paper.id}")
    assert {link.text for link in links} == {"Scan", "Download"}
    upload = f"/mentors/{mentor.id}/papers/new"
    for row in (f"clearance={other.id}", f"certificate={mentor.certificates[0].id}"):
        assert page.find("a", href=f"{upload}?{row}").text == "Add a scan"
    assert f"clearance={clearance.id}" not in page.html
    child = factories.eligible_child(store, on=DAY)
    page, upload = desk.page(f"/children/{child.id}"), f"/children/{child.id}/papers/new"
    for row in (f"consent={child.consents[0].id}", f"placement={child.placements[0].id}"):
        assert page.find("a", href=f"{upload}?{row}").text == "Add a scan"


def test_two_papers_of_one_kind_are_told_apart_by_their_days(desk, store):
    mentor = factories.eligible_mentor(store, on=DAY)
    for day in (DAY, DAY.replace(year=2025)):
        factories.clearance(
            store,
            mentor=mentor,
            kind="health",
            result="clear",
            checked_on=day,
            valid_until=None,
            paper_id=factories.paper(store, mentor=mentor).id,
        )
    text = desk.page(f"/mentors/{mentor.id}").find("section", **{"aria-labelledby": "papers"}).text
    assert "of 02.02.2026" in text and "of 02.02.2025" in text
