"""The whole demo register in one transaction, the same for the same day."""

from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.accounts.models import User
from mentorship.check_ins.ladder import climb
from mentorship.children.models import Child
from mentorship.config import Config
from mentorship.demo.authorities import give_case_managers, store_authorities
from mentorship.demo.candidates import store_candidates, store_ways_of_mentors
from mentorship.demo.care import store_care
from mentorship.demo.centres import describe, make_centres, store_transformations
from mentorship.demo.children import make_children, store_children
from mentorship.demo.closing import store_closings
from mentorship.demo.concerns import store_concerns
from mentorship.demo.cover import store_cover, store_signs
from mentorship.demo.family import give_wishes, make_siblings, store_conflicts, store_family
from mentorship.demo.history import tell
from mentorship.demo.indicators import store_indicators
from mentorship.demo.leaving import leave, store_leavings
from mentorship.demo.meetings import store_slots_and_answers
from mentorship.demo.mentors import Adult, make_mentors, store_mentors
from mentorship.demo.on_the_way import store_on_the_way
from mentorship.demo.outcomes import store_outcomes
from mentorship.demo.people import Iins
from mentorship.demo.reports import store_reports
from mentorship.demo.rounds import store_matches
from mentorship.demo.rows import insert_numbered
from mentorship.demo.supply import store_placements
from mentorship.demo.training import store_training
from mentorship.demo.users import create_users
from mentorship.demo.voices import store_voices
from mentorship.errors import DomainError
from mentorship.figures.store import rebuild
from mentorship.mentors.models import Mentor
from mentorship.permissions import Role
from mentorship.places.models import Centre

SEED = 2026


class NotForDemo(DomainError):
    """This database or this environment must not be filled with synthetic people."""


@dataclass(frozen=True)
class Filled:
    """How many of what the register holds now."""

    centres: int
    mentors: int
    children: int
    left: int
    matches: int
    open_matches: int


def is_empty(session: Session) -> bool:
    """Whether nobody is in the database yet: no user, mentor, child or centre."""
    tables = (User, Mentor, Child, Centre)
    return not any(session.scalar(select(func.count()).select_from(table)) for table in tables)


def fill(session: Session, settings: Config, *, on: date, at: datetime) -> Filled:
    """Fill an empty demo database; raises NotForDemo in production or where people are."""
    if settings.is_production:
        raise NotForDemo("demo_in_production")
    if not is_empty(session):
        raise NotForDemo("demo_not_empty")
    users = create_users(session, at)
    staff_id, mentor_id = users[Role.COORDINATOR].id, users[Role.MENTOR].id
    places = make_centres(_random("centres"))
    iins = Iins()
    mentors = make_mentors(_random("mentors"), iins, on, at)
    children = make_children(_random("children"), iins, places, on, at)
    stories = tell(_random("history"), mentors, children, on)
    leavings = leave(_random("leaving"), mentors, stories, on)
    give_wishes(_random("wishes"), mentors, children, on)
    groups = make_siblings(_random("siblings"), children)
    describe(_random("directors"), places)
    centres = insert_numbered(session, Centre, [place.columns for place in places])
    ids = {id(place): number for place, number in zip(places, centres, strict=True)}
    store_transformations(session, _random("reform"), places, ids, at)
    staff = store_authorities(session, _random("authorities"), on, at)
    give_case_managers(_random("case managers"), children, staff)
    store_mentors(session, _random("papers"), mentors, on, at)
    store_leavings(session, leavings, staff_id)
    store_training(session, _random("training"), mentors, on, at, staff_id)
    store_children(session, _random("consents"), children, ids, on, at)
    store_placements(session, _random("placements"), children, on, at)
    kin = _random("kin")
    store_family(session, kin, mentors, children, groups, on, at, staff_id)
    store_conflicts(session, kin, mentors, stories, ids, children, on, at, staff_id)
    store_matches(session, _random("rounds"), stories, staff_id)
    meetings = store_care(session, _random("care"), stories, on, staff_id)
    store_concerns(session, _random("concerns"), stories, meetings, at, staff_id, mentor_id)
    store_closings(session, _random("closing"), stories, on, staff_id)
    store_outcomes(session, _random("outcomes"), stories, on, staff_id)
    store_voices(session, _random("voices"), settings.secret_key, on, at, staff_id)
    _link_demo_mentor(session, mentors, users[Role.MENTOR])
    store_slots_and_answers(session, _random("slots"), stories, users, on)
    first = next(mentor.id for mentor in mentors if mentor.is_demo_user)
    store_on_the_way(session, on, staff_id, first)
    store_candidates(session, _random("candidates"), iins, on, at, staff_id)
    store_ways_of_mentors(session, _random("ways"), mentors, on, staff_id)
    store_cover(session, users, on, at)
    store_signs(session, on, at)
    store_indicators(session, users[Role.ADMINISTRATOR].id, at)
    store_reports(session, users[Role.MANAGER], on, at)
    climb(session, on=on, at=at, base_url=settings.base_url)
    session.flush()
    rebuild(session, on, at)
    audit.record("filled_demo", users[Role.ADMINISTRATOR], by=None)
    return Filled(
        centres=len(places),
        mentors=len(mentors),
        children=sum(child.left_on is None for child in children),
        left=sum(child.left_on is not None for child in children),
        matches=len(stories),
        open_matches=sum(story.ended_on is None for story in stories),
    )


def _random(subject: str) -> Random:
    """A stream of its own for each subject: a change in one leaves the others as they were."""
    return Random(f"{SEED}/{subject}")


def _link_demo_mentor(session: Session, mentors: list[Adult], user: User) -> None:
    mentor = next(mentor for mentor in mentors if mentor.is_demo_user)
    session.execute(update(Mentor).where(Mentor.id == mentor.id).values(user_id=user.id))
    user.name = f"{mentor.columns['first_name']} {mentor.columns['last_name']}"
