from datetime import date

import pytest
from sqlalchemy import select

from mentorship.audit import AuditEntry
from mentorship.errors import AlreadyDone, Invalid
from mentorship.supply.models import PublishedFigure
from mentorship.supply.queries import (
    differ,
    find_published,
    history,
    published,
    published_by_topic,
)
from mentorship.supply.services import correct_figure
from mentorship.supply.vocabulary import Topic
from tests import factories


@pytest.fixture
def office(store, sign_in):
    return sign_in(factories.administrator(store, name="Office Person"))


@pytest.fixture
def manager(store, sign_in):
    return sign_in(factories.manager(store))


def as_typed(**changed):
    given = {
        "topic": "children",
        "name_kk": "Балалар",
        "name_ru": "Дети",
        "name_en": "Children counted anew",
        "number": "20 500",
        "unit": "number",
        "exactness": "about",
        "as_of": "01.10.2026",
        "source": "example.org",
        "certainty": "seen",
    }
    return given | changed


KEPT = (
    "topic",
    "names",
    "value",
    "value_to",
    "said",
    "unit",
    "exactness",
    "as_of",
    "source",
    "certainty",
    "withdrawn",
)


def correct(session, row, by, **changed):
    data = {name: getattr(row, name) for name in KEPT} | changed
    return correct_figure(session, row, data, by=by, at=factories.AT)


def row_of(text, page):
    """The row of the table that holds these words."""
    rows = [row.text for row in page.find_all("tr") if text in row.text]
    assert len(rows) == 1, rows
    return rows[0]


@pytest.mark.parametrize(
    ("code", "first", "source"),
    [
        ("children", 20_798, "el.kz"),
        ("in_families", 0.82, "el.kz"),
        ("outside_families", 3_744, "el.kz"),
        ("mentors", 360, "el.kz"),
        ("specialists", 1_028, "el.kz"),
        ("specialists_before", 303, "el.kz"),
        ("specialists_target", 1_380, "kaz.zakon.kz"),
        ("posts_added", 725, "el.kz"),
        ("organisations_change", -0.24, "el.kz"),
        ("placed", 3_000, "el.kz"),
        ("measures", 158, "kaz.zakon.kz"),
    ],
)
def test_the_figures_that_came_with_the_program_have_their_source(database, code, first, source):
    row = published(database, code)[0]
    assert (row.value, row.source) == (first, source)
    assert all(row.names[language] for language in ("kk", "ru", "en"))


def test_where_sources_disagree_all_are_kept_the_newest_first_and_undated_last(database):
    rows = published(database, Topic.MENTORS)
    assert [(row.value, row.as_of) for row in rows] == [
        (360, date(2026, 1, 24)),
        (300, date(2024, 5, 13)),
        (330, None),
    ]
    assert differ(rows)
    assert differ(published(database, Topic.INDICATORS))  # ten in all, or ten in each direction
    assert not differ(published(database, Topic.PLACED))


def test_what_no_source_prints_is_marked_as_calculated(database):
    calculated = {
        (row.topic, row.value)
        for rows in published_by_topic(database).values()
        for row in rows
        if row.certainty == "calculated"
    }
    assert calculated == {
        ("outside_families", 3_744),
        ("specialists_times", 3.39),
        ("posts_added", 725),
        ("specialists_target", 1_380),
    }


def test_a_correction_keeps_what_was_said_before_with_who_and_when(database):
    by = factories.administrator(database)
    first = published(database, "directions")[0]
    second = correct(database, first, by.id, value=5.0, reason="a slip")
    third = correct(database, second, by.id, value=6.0, reason="another")
    assert [row.value for row in published(database, "directions")] == [6]
    assert [row.id for row in history(database, third)] == [second.id, first.id]
    assert (third.reason, third.recorded_by) == ("another", by.id)
    entries = database.scalars(
        select(AuditEntry).where(AuditEntry.action == "corrected_published_figure")
    ).all()
    assert [entry.details["fields"] for entry in entries] == [["value"], ["value"]]


def test_a_figure_is_corrected_by_one_of_two_who_do_it_at_once(database):
    by = factories.administrator(database)
    row = published(database, "directions")[0]
    correct(database, row, by.id, value=5.0, reason="a slip")
    with pytest.raises(AlreadyDone) as refused:
        correct(database, row, by.id, value=7.0, reason="a slip")
    assert refused.value.code == "figure_corrected"
    database.rollback()


def test_a_correction_that_changes_nothing_is_refused(database):
    row = published(database, "directions")[0]
    with pytest.raises(Invalid) as refused:
        correct(database, row, factories.administrator(database).id, value=4.0, reason="none")
    assert refused.value.code == "figure_unchanged"


def test_a_withdrawn_figure_is_not_shown_and_can_be_brought_back(database):
    by = factories.administrator(database).id
    row = correct(
        database, published(database, "directions")[0], by, value=4.0, withdrawn=True, reason="x"
    )
    assert published(database, "directions") == []
    assert find_published(database, row.id) is row
    correct(database, row, by, value=4.0, withdrawn=False, reason="it was right")
    assert len(published(database, "directions")) == 1


def test_a_figure_in_words_has_no_number(database):
    said = {"kk": "көп", "ru": "много", "en": "many"}
    row = factories.published_figure(database, topic="directions", said=said)
    assert (row.words("ru"), row.value) == ("много", None)


def test_the_page_shows_every_figure_with_its_date_and_source_beside_the_registers_own(manager):
    page = manager.page("/supply/published")
    assert "20,798 24.01.2026 el.kz" in row_of("left without parental care 20,798", page)
    assert "undated BaigeNews.kz" in row_of("more than 330", page)
    assert "undated the source was not noted" in row_of("115 to 116", page)
    assert "−24%" in row_of("Change in the number of organisations in 10 years", page)
    assert "halved" in row_of("(in the headline)", page)
    assert "about 3,744 calculated" in row_of("(18% of 20,798)", page)
    assert "1 to 5,000" in row_of("not fewer than one specialist", page)
    group = row_of("Mentors the figures differ", page)
    assert "In this register" in group or "does not hold it" in group
    assert not page.find_all("a", href="/supply/published/new")


def test_an_administrator_adds_a_figure_and_reads_it_on_the_page(office):
    answer = office.submit("/supply/published/new", "/published", **as_typed())
    assert answer.status_code == 302
    found = row_of("Children counted anew", office.page("/supply/published"))
    assert "about 20,500 01.10.2026 example.org Correct" in found


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"number": ""}, "Enter a number or say it in words."),
        ({"number": "many"}, "Enter a number, like 20798 or 3.39."),
        ({"number_to": "3"}, "The second number must be the larger one."),
        ({"said_kk": "көп"}, "Enter either a number or words."),
        ({"number": "", "said_kk": "көп"}, "Say it in all three languages."),
        ({"as_of": "01.10.2399"}, "Enter a date like 05.01.2026."),
        ({"name_kk": ""}, "This field is required."),
        ({"topic": "nothing"}, "Choose one of the options."),
    ],
)
def test_a_figure_that_is_not_whole_is_sent_back_with_what_was_typed(office, changed, complaint):
    answer = office.submit("/supply/published/new", "/published", **as_typed(**changed))
    assert answer.status_code == 422
    assert complaint in answer.page.text
    assert answer.page.find("input", name="source").attrs["value"] == "example.org"


def test_a_share_is_typed_in_per_cent(office, store):
    office.submit(
        "/supply/published/new",
        "/published",
        **as_typed(topic="in_families", number="82,5", unit="share", exactness="exact"),
    )
    newest = store.scalars(select(PublishedFigure).order_by(PublishedFigure.id.desc())).first()
    assert newest.value == 0.825
    page = office.page(f"/supply/published/{newest.id}")
    assert page.find("input", name="number").attrs["value"] == "82.5"
    assert "82.5%" in office.page("/supply/published").text


def test_a_correction_asks_for_its_reason_and_shows_who_made_it(office, store):
    row = published(store, "directions")[0]
    address = f"/supply/published/{row.id}"
    assert office.submit(address, address, number="5").status_code == 422
    answer = office.submit(address, address, number="5", reason="Counted again")
    assert answer.status_code == 302
    newest = published(store, "directions")[0]
    page = office.page(f"/supply/published/{newest.id}")
    assert "Counted again Office Person" in page.text
    assert "came with the program" in page.text
    assert "Corrected on" in row_of("Priority directions", office.page("/supply/published"))
    office.page(address, status=404)  # what was corrected is not corrected again


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_published_figures_can_be_taken_along(manager, kind):
    answer = manager.get(f"/supply/published?as={kind}")
    assert answer.status_code == 200
    if kind == "csv":
        assert "el.kz" in answer.get_data(as_text=True)


def test_the_page_takes_a_fixed_number_of_statements(manager, store, statements):
    manager.page("/supply/published")
    statements.clear()
    manager.page("/supply/published")
    few = len(statements)
    for _ in range(20):
        factories.published_figure(store, topic="mentors")
    statements.clear()
    manager.page("/supply/published")
    assert len(statements) == few
