"""What there is on a day: counted today from the rows as they stand, or told later of the past."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, case, exists, func, select
from sqlalchemy.orm import Session

from mentorship.candidates.models import Candidate
from mentorship.candidates.queries import ways
from mentorship.check_ins.models import CheckIn
from mentorship.check_ins.queries import IS_OPEN, on_hold
from mentorship.children.models import Child, Placement
from mentorship.children.queries import of_age, of_mentoring_age
from mentorship.concerns.models import Concern
from mentorship.figures.facts import age_band, tongue_of
from mentorship.figures.offices import Taken, offices
from mentorship.figures.vocabulary import Tongue
from mentorship.i18n import as_day
from mentorship.matches.models import Match, Preparation, PreparationStatus
from mentorship.meetings.models import Meeting
from mentorship.mentors.models import (
    Certificate,
    Mentor,
    MentorLanguage,
    MentorPause,
    MentorStatus,
)
from mentorship.people.vocabulary import Level
from mentorship.places.models import Centre
from mentorship.settings.services import value


def take(session: Session, on: date) -> Taken:
    """Every stock of a day, of today's rows; regions are those where children live today."""
    found: Taken = Counter()
    _add_matches(session, found, on)
    _add_children(session, found, on)
    _add_mentors(session, found, on)
    _add_waiting(session, found, on)
    _add_concerns(session, found, on)
    _add_candidates(session, found, on)
    for teller in offices(session):
        found.update(teller(on))
    return found


def _add(found: Taken, measure: str, on: date, rows: Iterable[Any]) -> None:
    """Rows of region, part and number."""
    for region, part, number in rows:
        found[measure, on, region, str(part)] += number


def _by_region(*parts: Any) -> Select[Any]:
    return select(Centre.region, *parts, func.count())


def _of_matches(query: Select[Any], table: Any) -> Select[Any]:
    """With the organisation where the child of an open match lives now."""
    placed = query.select_from(table)
    if table is not Match:
        placed = placed.join(Match, Match.id == table.match_id)
    return placed.join(Match.child).join(Child.centre).where(Match.ended_on.is_(None))


def _add_matches(session: Session, found: Taken, on: date) -> None:
    begun = _of_matches(_by_region(), Match).where(Match.started_on <= on).group_by(Centre.region)
    paused = begun.where(on_hold(Match.id))
    for measure, query in (("matches_active", begun), ("matches_on_hold", paused)):
        _add(found, measure, on, ((row[0], "", row[1]) for row in session.execute(query)))
    overdue = _of_matches(_by_region(CheckIn.kind), CheckIn).where(
        *IS_OPEN, CheckIn.due_on < on, ~on_hold(CheckIn.match_id)
    )
    rows = session.execute(overdue.group_by(Centre.region, CheckIn.kind))
    _add(found, "contacts_overdue", on, rows)


def _add_children(session: Session, found: Taken, on: date) -> None:
    open_match = exists().where(Match.child_id == Child.id, Match.ended_on.is_(None))
    by = (Centre.region, Child.first_language)
    waits = func.sum(case((open_match, 0), else_=1))
    counted = select(*by, func.count(), waits).select_from(Child).join(Child.centre)
    for region, language, number, waiting in session.execute(
        counted.where(of_mentoring_age(on)).group_by(*by)
    ):
        found["children_eligible", on, region, tongue_of(language)] += number
        found["children_waiting", on, region, tongue_of(language)] += int(waiting)
    lives = select(Placement.region, Placement.form, func.count()).join(Placement.child)
    now = lives.where(Placement.ended_on.is_(None), ~of_age(on))
    rows = session.execute(now.group_by(Placement.region, Placement.form))
    _add(found, "children_in_care", on, rows)


def main_tongue(fluent: Iterable[str]) -> Tongue:
    """Kazakh before Russian before every other language."""
    return min((tongue_of(code) for code in fluent), key=list(Tongue).index, default=Tongue.OTHER)


def tongues(session: Session) -> dict[int, Tongue]:
    """The main language of each mentor who speaks one fluently."""
    spoken: dict[int, list[str]] = {}
    query = select(MentorLanguage.mentor_id, MentorLanguage.language)
    for mentor_id, code in session.execute(query.where(MentorLanguage.level == Level.FLUENT)):
        spoken.setdefault(mentor_id, []).append(code)
    return {mentor_id: main_tongue(codes) for mentor_id, codes in spoken.items()}


def _add_mentors(session: Session, found: Taken, on: date) -> None:
    """Active mentors; free: with a place that nobody has taken, idle: without a child."""
    matched = _number_of(session, Match, Match.ended_on.is_(None))
    promised = _number_of(session, Preparation, Preparation.status == PreparationStatus.OPEN)
    spoken = tongues(session)
    paused = exists().where(
        MentorPause.mentor_id == Mentor.id,
        MentorPause.from_on <= on,
        func.coalesce(MentorPause.until_on, on) >= on,
    )
    columns = (Mentor.id, Mentor.region, Mentor.capacity, paused.label("paused"))
    active = select(*columns).where(Mentor.status == MentorStatus.ACTIVE)
    busy = _last_busy(session)
    long_ago = on - timedelta(days=value(session, "practice.idle_days"))
    for mentor_id, region, capacity, is_paused in session.execute(active):
        language = spoken.get(mentor_id, Tongue.OTHER)
        found["mentors_active", on, region, language] += 1
        taken = matched.get(mentor_id, 0) + promised.get(mentor_id, 0)
        if not is_paused:
            found["mentors_free", on, region, language] += taken < capacity
        is_idle = mentor_id not in matched
        found["mentors_idle", on, region, ""] += is_idle
        long = is_idle and busy.get(mentor_id, on) < long_ago
        found["mentors_idle_long", on, region, ""] += long


def _last_busy(session: Session) -> dict[int, date]:
    """Since when a mentor without a match has had none: the end of the last one, or the first
    certificate of who never had one."""
    certified = select(Certificate.mentor_id, func.min(Certificate.issued_on))
    ended = select(Match.mentor_id, func.max(Match.ended_on)).where(Match.ended_on.is_not(None))
    rows: list[Any] = [
        *session.execute(certified.group_by(Certificate.mentor_id)),
        *session.execute(ended.group_by(Match.mentor_id)),
    ]
    return dict(rows)


def _number_of(session: Session, table: Any, condition: Any) -> dict[int, int]:
    query = select(table.mentor_id, func.count()).where(condition).group_by(table.mentor_id)
    return {row[0]: row[1] for row in session.execute(query)}


def _add_waiting(session: Session, found: Taken, on: date) -> None:
    """Entries of mentors that nobody has read, by how long ago the meeting was."""
    query = select(Centre.region, Meeting.held_on, func.count()).select_from(Meeting)
    placed = query.join(Meeting.match).join(Match.child).join(Child.centre)
    unread = placed.where(Meeting.read_at.is_(None), Meeting.held_on <= on)
    for region, day, number in session.execute(unread.group_by(Centre.region, Meeting.held_on)):
        found["entries_unread", on, region, age_band((on - day).days)] += number


def _add_concerns(session: Session, found: Taken, on: date) -> None:
    """Worries that are open, by how long ago they were raised; and how many only some may read."""
    query = select(Centre.region, Concern.raised_at, Concern.restricted).select_from(Concern)
    placed = query.join(Concern.child).join(Child.centre).where(Concern.closed_at.is_(None))
    for region, at, restricted in session.execute(placed):
        found["concerns_open", on, region, age_band((on - as_day(at)).days)] += 1
        found["concerns_restricted", on, region, ""] += restricted


def _add_candidates(session: Session, found: Taken, on: date) -> None:
    """Who is on the way to becoming a mentor, by the step under way."""
    going = select(Candidate.mentor_id).where(Candidate.ended_as.is_(None))
    regions = session.execute(going.join(Candidate.mentor).add_columns(Mentor.region)).all()
    by_id = ways(session, going, on)
    for mentor_id, region in regions:
        now = by_id[mentor_id].now
        if now is not None:
            found["candidates", on, region, str(now.step)] += 1
