"""Where one more mentor helps most: made once by the jobs process, without anybody's name."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.jobs import recruitment as job
from mentorship.matches.models import RoundStage
from mentorship.records.models import RecruitmentBrief
from mentorship.records.recruitment import briefs_of
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
    """Seven children of Karaganda and two of Kostanay who all wait for want of mentors."""
    factories.eligible_mentor(store, on=today)
    for region, number, tongue in ((KARAGANDA, 7, "kk"), (KOSTANAY, 2, "ru")):
        home = factories.centre(store, region=region)
        for days in range(number):
            factories.eligible_child(
                store,
                on=today,
                centre=home,
                last_name="Жасырынов",
                first_language=tongue,
                languages={tongue: "fluent"},
                interests=("chess", "dombra"),
                waiting_since=today - timedelta(days=300 + days),
            )
    found = run_round(
        store, regions=[KARAGANDA, KOSTANAY], start_on=today, by=coordinator.id, at=AT
    )
    store.commit()
    return found


def test_the_jobs_process_makes_each_brief_once(app, store, made):
    assert (job.work(app), job.work(app)) == (1, 0)
    brief = store.scalars(select(RecruitmentBrief)).one()
    assert brief.round_id == made.id and brief.seconds > 0
    assert sum(line["children"] for line in brief.lines) == 8  # all who wait but the one matched
    assert not {"child", "mentor", "id", "children_ids"} & set(brief.lines[0])
    assert "Жасырынов" not in json.dumps(brief.lines, ensure_ascii=False)


def test_no_brief_is_made_for_a_draft_nor_while_a_round_is_computed(app, store, made, today):
    made.stage = RoundStage.DRAFT
    store.commit()
    assert job.work(app) == 0
    made.stage = RoundStage.PUBLISHED
    running = factories.matching_round(store, start_on=today, stage=RoundStage.COMPUTING)
    store.commit()
    assert job.work(app) == 0
    running.stage = RoundStage.FAILED
    store.commit()
    assert job.work(app) == 1


def test_a_coordinator_reads_place_language_interests_and_numbers(app, sign_in, coordinator, made):
    browser, address = sign_in(coordinator), f"/rounds/{made.id}/recruitment"
    assert "The brief is being made." in browser.page(address).html
    job.work(app)
    page = browser.page(address)
    assert "With the mentors below, 8 more children would get a mentor." in page.html
    assert "2 children would get a mentor." in page.html
    assert "Speaks fluently: Russian." in page.html and "chess" in page.html
    assert "Жасырынов" not in page.html


def test_a_manager_reads_the_newest_brief_without_small_numbers(app, store, sign_in, made):
    job.work(app)
    browser = sign_in(factories.manager(store))
    page = browser.page("/recruitment")
    assert page.address.startswith("/recruitment") or f"/rounds/{made.id}" in page.address
    assert "8 more children would get a mentor." in page.html
    assert "Fewer than 5 children would get a mentor." in page.html
    for given_away in ("2 children", "6 children", "mentors to look for", "Жасырынов"):
        assert given_away not in page.html
    assert browser.page("/supply").find_all("a", href="/recruitment")


def line(region, children=1, tongue="kk", town="Қарағанды"):
    return {
        "region": region,
        "town": town,
        "reach_km": 40,
        "languages": [tongue],
        "interests": ["chess"],
        "sex": None,
        "children": children,
        "around": 9,
    }


def test_four_profiles_do_not_give_four_children_away():
    lines = [line(KARAGANDA, 1, tongue) for tongue in ("kk", "ru", "ug", "uz")]
    (region,) = briefs_of(lines, suppressed=True).regions
    assert len(region.profiles) == 1 and not region.children.is_shown
    assert region.profiles[0].languages == ["kk", "ru", "ug", "uz"]
    (region,) = briefs_of(lines, suppressed=False).regions
    assert len(region.profiles) == 4 and region.children.value == 4


def test_a_small_number_cannot_be_had_from_the_total():
    lines = [line(KARAGANDA) for _ in range(3)] + [line(KOSTANAY) for _ in range(9)]
    briefs = briefs_of(lines, suppressed=True)
    hidden = [each for each in briefs.regions if not each.children.is_shown]
    assert len(hidden) == 2 or not briefs.total.is_shown


def test_nobody_has_published_a_round_yet(store, sign_in):
    page = sign_in(factories.manager(store)).page("/recruitment")
    assert "No round has been published for your regions yet." in page.html


def test_a_round_made_before_records_were_kept_says_so(sign_in, store, coordinator, today):
    old = factories.matching_round(store, start_on=today)
    page = sign_in(coordinator).page(f"/rounds/{old.id}/recruitment")
    assert "There is no brief for this round" in page.html
