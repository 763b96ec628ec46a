from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentorship.accounts.models import User
from mentorship.accounts.services import sign_in
from mentorship.agreements.endings import refusals_now
from mentorship.agreements.queries import on_the_way
from mentorship.check_ins.models import CheckIn
from mentorship.check_ins.services import mark_missed, plan_all
from mentorship.children.models import Child
from mentorship.config import DEMO_PASSWORD, Config
from mentorship.demo import services
from mentorship.demo.names import KAZAKH_FAMILIES, draw_name, family_name
from mentorship.demo.people import Iins
from mentorship.demo.services import NotForDemo, fill
from mentorship.demo.users import SIGN_INS
from mentorship.matches.models import ClosureReason, Match
from mentorship.meetings.models import Meeting
from mentorship.mentors.models import NOT_YET_MENTORS, Mentor
from mentorship.people.iin import disagrees, has_right_check_digit, is_twelve_digits
from mentorship.people.vocabulary import Sex
from mentorship.places.models import Centre
from mentorship.places.regions import REGIONS
from tests import factories

ON = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
MENTOR_SIDE = (ClosureReason.MENTOR_MOVED, ClosureReason.MENTOR_NO_TIME)


@pytest.fixture(scope="module")
def earlier() -> list[list[Any]]:
    """What registers of ON were like that tests of this process filled: it takes long."""
    return []


def test_the_demo_register_has_the_shape_of_the_published_figures(
    database: Session, config: Config, earlier: list[list[Any]]
) -> None:
    filled = fill(database, config, on=ON, at=AT)
    earlier.append(_told(database))

    centres = database.scalars(select(Centre)).all()
    mentors = database.scalars(select(Mentor).where(Mentor.status.not_in(NOT_YET_MENTORS))).all()
    children = database.scalars(select(Child).where(Child.left_on.is_(None))).all()
    assert (len(centres), len(mentors), len(children)) == (116, 360, 3_744)
    by_region = Counter(centre.region for centre in centres)
    assert set(by_region) == {mentor.region for mentor in mentors} == set(REGIONS)
    assert {code for code, _ in by_region.most_common(3)} == {"35", "39", "55"}
    eligible = [child for child in children if 10 <= child.age_on(ON) <= 17]
    assert 2_500 < len(eligible) < 3_500
    assert all(child.age_on(ON) <= 17 for child in children)
    _papers_and_numbers(mentors)
    _three_years_of_care(database, filled)
    _contacts_by_the_plan(database)
    _pairs_on_the_way(database)
    _everybody_can_sign_in(database)


def _pairs_on_the_way(database: Session) -> None:
    """One for every step; the mentor who signs in has somebody to answer about."""
    coordinator = database.scalars(
        select(User).where(User.email == "coordinator@example.org")
    ).one()
    rows = on_the_way(database, coordinator)
    assert len(rows) == 5
    assert {state.step for row in rows for state in row.next} == {
        "mentor",
        "child",
        "guardian",
        "agreement",
    }
    assert sum(row.is_overdue(ON) for row in rows) == 1
    asked = [row.preparation for row in rows if row.preparation.mentor.user_id]
    assert len(asked) == 1 and not asked[0].has_a_word
    assert not any(refusals_now(database, row.preparation, ON) for row in rows)


def _papers_and_numbers(mentors: list[Mentor]) -> None:
    numbers = [mentor.iin or "" for mentor in mentors]
    assert len(set(numbers)) == 360
    for mentor, number in zip(mentors, numbers, strict=True):
        assert is_twelve_digits(number) and has_right_check_digit(number)
        assert int(number[7:11]) >= 9000 and not disagrees(number, mentor.birth_date, mentor.sex)
        assert mentor.age_on(ON) >= 25
    ends = [m.certificate.expires_on for m in mentors if m.certificate]
    assert sum(end >= ON for end in ends) > 300
    assert any(end < ON for end in ends)
    assert any(ON <= end < ON + timedelta(days=60) for end in ends)
    assert any(len(m.latest_clearances) < len(factories.REQUIRED_KINDS) for m in mentors)


def _three_years_of_care(database: Session, filled: services.Filled) -> None:
    matches = database.scalars(select(Match)).all()
    assert filled.matches == len(matches) > 600
    assert min(match.started_on for match in matches) < ON - timedelta(days=800)
    old = [m for m in matches if (ON - m.started_on).days >= 365]
    short = [m for m in old if m.ended_on and (m.ended_on - m.started_on).days < 365]
    assert 0.25 < len(short) / len(old) < 0.36
    early = [m for m in matches if m.ended_on and not m.ended_as_planned]
    early = [m for m in early if (m.ended_on - m.started_on).days < 365]
    assert 0.5 < sum(m.closure_reason in MENTOR_SIDE for m in early) / len(early) < 0.8
    open_now = Counter(m.mentor_id for m in matches if m.is_open)
    mentors = database.scalars(select(Mentor)).all()
    assert all(open_now[mentor.id] <= mentor.capacity for mentor in mentors)
    assert sum(mentor.capacity - open_now[mentor.id] for mentor in mentors) > 100
    assert all(10 <= m.child.age_on(m.started_on) <= 17 for m in matches[::40])


def _contacts_by_the_plan(database: Session) -> None:
    kept = Counter(row.state(ON) for row in database.scalars(select(CheckIn)))
    assert kept["held"] > 10 * kept["missed"] > 200 and 20 < kept["overdue"] < 200
    assert plan_all(database, on=ON) == mark_missed(database, on=ON) == 0


def _everybody_can_sign_in(database: Session) -> None:
    for email in SIGN_INS:
        assert sign_in(database, email, DEMO_PASSWORD, address="", at=AT, secret="s")
    user = database.scalars(select(User).where(User.email == "mentor@example.org")).one()
    mentor = database.scalars(select(Mentor).where(Mentor.user_id == user.id)).one()
    open_now = select(Match.id).where(Match.mentor_id == mentor.id, Match.ended_on.is_(None))
    coming = select(Meeting.match_id).where(Meeting.match_id.in_(open_now), Meeting.next_on > ON)
    assert mentor.region == "35" and len(set(database.scalars(coming))) == 2


def _told(database: Session) -> list[Any]:
    """Who is in the register and what became of them."""
    people = select(Child.last_name, Child.first_name, Child.birth_date, Child.iin_hash)
    stories = select(Match.started_on, Match.ended_on, Match.child_id, Match.mentor_id)
    return [
        sorted(map(str, database.execute(people))),
        [row[:2] for row in database.execute(stories.order_by(Match.id))],
        database.scalar(select(func.count()).select_from(Meeting)),
    ]


@pytest.mark.sqlite  # what is drawn does not depend on where it is kept
def test_the_same_day_gives_the_same_register(
    database: Session, config: Config, earlier: list[list[Any]]
) -> None:
    while len(earlier) < 2:
        fill(database, config, on=ON, at=AT)
        earlier.append(_told(database))
        database.rollback()
    assert earlier[0] == earlier[1]


def test_production_is_never_filled(database: Session, config: Config) -> None:
    with pytest.raises(NotForDemo) as refused:
        fill(database, replace(config, env="production"), on=ON, at=AT)
    assert refused.value.code == "demo_in_production"
    assert services.is_empty(database)


def test_a_database_with_people_is_left_alone(database: Session, config: Config) -> None:
    factories.mentor(database, birth_date=date(1990, 1, 1))
    with pytest.raises(NotForDemo) as refused:
        fill(database, config, on=ON, at=AT)
    assert refused.value.code == "demo_not_empty"
    assert database.scalar(select(func.count()).select_from(Mentor)) == 1


def test_names_agree_with_the_sex() -> None:
    assert family_name("Ахметов", Sex.FEMALE) == "Ахметова"
    assert family_name("Сағындық", Sex.FEMALE) == "Сағындық"
    random = Random(1)
    for language in ("kk", "ru", "uz", "ug"):
        for _ in range(50):
            _, _, patronymic = draw_name(random, language, Sex.FEMALE)
            assert patronymic is None or patronymic.endswith(("қызы", "вна"))
    assert "Ахметов" in KAZAKH_FAMILIES


def test_drawn_numbers_never_repeat() -> None:
    iins = Iins()
    drawn = [iins.draw(date(2012, 3, 15), Sex.MALE) for _ in range(300)]
    assert len(set(drawn)) == 300
    assert all(number.startswith("1203155") and has_right_check_digit(number) for number in drawn)
