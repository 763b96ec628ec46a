"""Who a round reached: full counts for the case team, small ones hidden from everybody else."""

from datetime import timedelta

import pytest
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from mentorship import clock
from mentorship.records import fairness, words
from mentorship.records.fairness import fairness_report
from mentorship.records.services import record_of
from mentorship.rounds.services import run_round
from tests import factories
from tests.factories import AT, KARAGANDA, KOSTANAY


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def coordinator(store):
    return factories.coordinator(store, regions=(KARAGANDA, KOSTANAY))


@pytest.fixture
def made(store, coordinator, today):
    """Six of 27 children get a mentor: none of 3 who speak Uyghur, one of the 12 of Kostanay."""
    homes = {code: factories.centre(store, region=code) for code in (KARAGANDA, KOSTANAY)}
    towns = {KARAGANDA: "Қарағанды", KOSTANAY: "Қостанай"}
    for region, mentors, children in ((KARAGANDA, 5, 12), (KOSTANAY, 1, 12)):
        for _ in range(mentors):
            factories.eligible_mentor(store, on=today, region=region, town=towns[region])
        for number in range(children):
            factories.eligible_child(
                store,
                on=today,
                centre=homes[region],
                sex="male" if number % 2 else "female",
                waiting_since=today - timedelta(days=100 * number),
            )
    for _ in range(3):
        factories.eligible_child(
            store,
            on=today,
            centre=homes[KARAGANDA],
            first_language="ug",
            languages={"ug": "fluent"},
        )
    found = run_round(
        store, regions=[KARAGANDA, KOSTANAY], start_on=today, by=coordinator.id, at=AT
    )
    store.commit()
    return found


def lines(report, by):
    (found,) = [each for each in report.groupings if each.by == by]
    return {line.group: line for line in found.lines}


def test_the_case_team_sees_every_count_and_the_worst_group_by_name(sign_in, coordinator, made):
    report = fairness_report(record_of(made), suppressed=False)
    uyghur = lines(report, "first_language")["ug"]
    assert (uyghur.matched.value, uyghur.left.value, uyghur.share) == (0, 3, 0.0)
    assert (report.worst.by, report.worst.group) == ("region", KOSTANAY)
    page = sign_in(coordinator).page(f"/rounds/{made.id}/fairness").html
    assert "Kostanay Region: 1 of 12 children have a mentor proposed, 8%." in page
    assert "6 of 27 waiting children have a mentor proposed" in page
    assert "fewer than 5" not in page


def test_a_manager_sees_no_count_below_five_nor_one_that_would_give_it_away(sign_in, store, made):
    report = fairness_report(record_of(made), suppressed=True)
    for each in report.groupings:
        for line in each.lines:
            for count in (line.matched, line.left, line.children):
                assert count.value is None or count.value == 0 or count.value >= 5
    tongues = lines(report, "first_language")
    assert not tongues or tongues["ug"].children.value is None
    page = sign_in(factories.manager(store)).page(f"/rounds/{made.id}/fairness").html
    assert "6 of 27 waiting children" in page
    assert "Kostanay Region: 1 of" not in page


def test_a_manager_sees_no_groups_of_a_round_with_fewer_than_five_matched(
    sign_in, store, coordinator, today
):
    for _ in range(3):
        factories.eligible_mentor(store, on=today)
    for _ in range(20):
        factories.eligible_child(store, on=today)
    few = run_round(store, regions=[KARAGANDA], start_on=today, by=coordinator.id, at=AT)
    assert fairness_report(record_of(few), suppressed=True).total is None
    page = sign_in(factories.manager(store)).page(f"/rounds/{few.id}/fairness").html
    assert "too small to be shown by groups" in page


rows = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=5)


@given(rows)
def test_a_grouping_shows_no_small_count_and_never_hides_what_others_show(counts):
    found = fairness._grouping("x", [(str(n), *row) for n, row in enumerate(counts)], True)
    for line in found.lines:
        for count in (line.matched, line.left, line.children):
            assert count.value is None or count.value == 0 or count.value >= 5
    for place in ("matched", "left", "children"):
        hidden = [line for line in found.lines if not getattr(line, place).is_shown]
        assert len(hidden) != 1, "one hidden number of a column is its total less the others"


def test_a_draft_is_read_by_the_case_team_only(sign_in, store, coordinator, made):
    made.stage = "draft"
    store.commit()
    sign_in(coordinator).page(f"/rounds/{made.id}/fairness")
    manager = sign_in(factories.manager(store))
    manager.page(f"/rounds/{made.id}/fairness", status=404)
    manager.page(f"/rounds/{made.id}/recruitment", status=404)


def test_a_manager_of_another_region_does_not_find_the_round(sign_in, store, made):
    stranger = sign_in(factories.manager(store, regions=(KARAGANDA,)))
    stranger.page(f"/rounds/{made.id}/fairness", status=404)
    stranger.page(f"/rounds/{made.id}/recruitment", status=404)


def test_a_round_made_before_records_were_kept_says_so(sign_in, store, coordinator, today):
    old = factories.matching_round(store, start_on=today)
    assert (
        "before records were kept" in sign_in(coordinator).page(f"/rounds/{old.id}/fairness").html
    )


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_pages_of_a_round_speak_each_language(sign_in, store, coordinator, made, language):
    coordinator.language = language
    browser = sign_in(coordinator)
    for name in ("fairness", "recruitment", "replay"):
        page = browser.page(f"/rounds/{made.id}/{name}")
        assert page.find("html").attrs["lang"] == language


@pytest.mark.parametrize(
    ("by", "group", "told"),
    [
        ("age", "below 10 years", "Younger than 10 years"),
        ("age", "10 to 11 years", "10 to 11 years"),
        ("age", "18 years or more", "18 years and older"),
        ("waiting", "730 days or more", "Two years or longer"),
        ("first_language", "unknown", "Not recorded"),
        ("disability", "no", "No disability recorded"),
    ],
)
def test_a_group_is_said_in_words(app, by, group, told):
    with app.test_request_context(), force_locale("en"):
        assert words.group_name(by, group) == told


def test_the_pages_cost_as_many_statements_in_a_large_round_as_in_a_small_one(
    store, sign_in, coordinator, today, made, statements
):
    browser = sign_in(coordinator)

    def costs(found):
        counted = []
        for name in ("fairness", "recruitment", "replay"):
            browser.page(f"/rounds/{found.id}/{name}")
            statements.clear()
            browser.page(f"/rounds/{found.id}/{name}")
            counted.append(len(statements))
        return counted

    few = costs(made)
    for _ in range(20):
        factories.eligible_mentor(store, on=today)
        factories.eligible_child(store, on=today)
    large = run_round(store, regions=[KARAGANDA], start_on=today, by=coordinator.id, at=AT)
    store.commit()
    assert costs(large) == few
    assert max(few) <= 12
