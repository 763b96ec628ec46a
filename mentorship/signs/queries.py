from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from mentorship.accounts.models import User
from mentorship.check_ins.models import CheckIn
from mentorship.check_ins.queries import on_hold
from mentorship.matches.models import Match
from mentorship.matches.queries import about_visible_matches, by_either_name
from mentorship.meetings.models import Meeting, Slot
from mentorship.meetings.schedule import Span, Weekly, within
from mentorship.mentors.models import Certificate, MentorPause
from mentorship.places.models import Centre
from mentorship.signs.facts import RATINGS, Entry, Known, Thresholds
from mentorship.signs.models import Sign
from mentorship.signs.vocabulary import SignKind
from mentorship.voices.queries import latest_voices

RATED_WITHIN = timedelta(days=180)


GRAVITY = case({kind.value: place for place, kind in enumerate(SignKind)}, value=Sign.kind)
"""The gravest first."""


def visible_signs(user: User) -> Select[Sign]:
    """Signs that hold now, of matches somebody may see, with both people and the centre."""
    signs = about_visible_matches(user, Sign)
    return signs.where(Sign.ended_on.is_(None), Match.ended_on.is_(None))


def awake(on: date) -> ColumnElement[bool]:
    """Nobody has put the sign aside until a later day."""
    return or_(Sign.snoozed_until.is_(None), Sign.snoozed_until <= on)


def new_signs(user: User, on: date) -> Select[Sign]:
    """Those that wait for somebody: not seen yet, or put aside until a day that has come."""
    unseen = or_(Sign.noted_at.is_(None), Sign.snoozed_until <= on)
    return visible_signs(user).where(unseen, awake(on))


def search_signs(user: User, q: str, filters: dict[str, str], on: date) -> Select[Sign]:
    """Signs by either name and filters: kind, region, state (new, seen, aside)."""
    state = filters.get("state")
    query = new_signs(user, on) if state == "new" else visible_signs(user)
    if state == "seen":
        query = query.where(Sign.noted_at.is_not(None))
    elif state == "aside":
        query = query.where(Sign.snoozed_until > on)
    if "kind" in filters:
        query = query.where(Sign.kind == filters["kind"])
    if "region" in filters:
        query = query.where(Centre.region == filters["region"])
    return by_either_name(query, q)


def find_sign(session: Session, user: User, sign_id: int) -> Sign | None:
    """One sign that holds, of a match somebody may see."""
    query = visible_signs(user).where(Sign.id == sign_id)
    return session.scalars(query.options(joinedload(Sign.noter))).first()


def signs_of_match(session: Session, match_id: int) -> Sequence[Sign]:
    """The signs of a match that hold now."""
    query = select(Sign).where(Sign.match_id == match_id, Sign.ended_on.is_(None))
    return session.scalars(query.options(joinedload(Sign.noter)).order_by(Sign.id)).all()


def open_signs(session: Session, match_ids: Collection[int] | None) -> Sequence[Sign]:
    """The signs that hold as they were last looked at, of these matches or of all."""
    query = select(Sign).where(Sign.ended_on.is_(None))
    found: Sequence[Sign] = session.scalars(_of(query, Sign.match_id, match_ids)).all()
    return found


def _of(query: Any, column: Any, match_ids: Collection[int] | None) -> Any:
    return query if match_ids is None else query.where(column.in_(match_ids))


@dataclass
class Reading:
    """What is read about open matches, in as many statements for one as for all of them."""

    session: Session
    on: date
    limit: Thresholds
    match_ids: Collection[int] | None
    known: dict[int, Known]
    mentors: dict[int, int]

    def entries(self) -> None:
        """The entries of the last weeks, and the day of the last one ever."""
        wanted = (Meeting.match_id, Meeting.held_on, Meeting.cancelled_by)
        query = self._open(select(*wanted), Meeting.match_id)
        query = query.where(Meeting.held_on > self.on - self.limit.weeks)
        for match_id, held_on, by in self._rows(query.order_by(Meeting.held_on, Meeting.id)):
            self.known[match_id].entries.append(Entry(held_on, by))
        last = self._open(select(Meeting.match_id, func.max(Meeting.held_on)), Meeting.match_id)
        last = last.where(Meeting.held_on <= self.on)  # one cancelled ahead tells of no day
        for match_id, held_on in self._rows(last.group_by(Meeting.match_id)):
            self.known[match_id].last_entry_on = held_on

    def ratings(self) -> None:
        """The newest ratings of each match."""
        newest = (Meeting.held_on.desc(), Meeting.id.desc())
        place = func.row_number().over(partition_by=Meeting.match_id, order_by=newest)
        wanted = (Meeting.match_id, Meeting.held_on, Meeting.went, place.label("place"))
        query = self._open(select(*wanted), Meeting.match_id)
        rated = query.where(
            Meeting.went.is_not(None), Meeting.held_on > self.on - RATED_WITHIN
        ).subquery()
        columns = (rated.c.match_id, rated.c.held_on, rated.c.went)
        ranked = select(*columns).where(rated.c.place <= RATINGS).order_by(rated.c.place)
        for match_id, held_on, went in self._rows(ranked):
            self.known[match_id].ratings.append((held_on, went))

    def missed(self) -> None:
        """Contacts that nobody held."""
        first = self.on - timedelta(days=self.limit.missed_within_days)
        query = self._open(select(CheckIn.match_id, CheckIn.due_on), CheckIn.match_id)
        for match_id, due_on in self._rows(
            query.where(CheckIn.missed_on.is_not(None), CheckIn.due_on >= first)
        ):
            self.known[match_id].missed.append(due_on)

    def agreed(self) -> None:
        """The days of the standing slots, but those on which the mentor said to be away."""
        first = self.on - self.limit.weeks
        away = self._pauses(first)
        columns = (Slot.weekday, Slot.at_time, Slot.minutes, Slot.from_on, Slot.until_on)
        query = self._open(select(Slot.match_id, *columns), Slot.match_id)
        current = or_(Slot.until_on.is_(None), Slot.until_on > first)
        for match_id, *slot in self._rows(query.where(current)):
            spans = away.get(self.mentors[match_id], [])
            days = Weekly(*slot).days(first + timedelta(days=1), self.on)
            self.known[match_id].agreed += [day for day in days if not within(day, spans)]
        for known in self.known.values():
            known.agreed.sort()

    def _pauses(self, first: date) -> dict[int, list[Span]]:
        found: dict[int, list[Span]] = defaultdict(list)
        query = select(MentorPause.mentor_id, MentorPause.from_on, MentorPause.until_on).where(
            MentorPause.from_on <= self.on,
            or_(MentorPause.until_on.is_(None), MentorPause.until_on > first),
        )
        for mentor_id, from_on, until_on in self._rows(query):
            found[mentor_id].append((from_on, until_on))
        return found

    def certificates(self) -> None:
        """The last day of each mentor's best certificate; none: it has no end."""
        endless = func.max(Certificate.expires_on.is_(None).cast(Integer))
        query = select(Certificate.mentor_id, func.max(Certificate.expires_on), endless)
        stands = query.where(Certificate.revoked_on.is_(None)).group_by(Certificate.mentor_id)
        found = {row[0]: (row[1], bool(row[2])) for row in self._rows(stands)}
        for match_id, mentor_id in self.mentors.items():
            until, lasts = found.get(mentor_id, (None, False))
            self.known[match_id].has_certificate = mentor_id in found
            self.known[match_id].certificate_until = None if lasts else until

    def words(self) -> None:
        """The last word of each voice."""
        for match_id, words in latest_voices(self.session, list(self.known)).items():
            self.known[match_id].words = words

    def _open(self, query: Any, column: Any) -> Any:
        joined = query.join(Match, Match.id == column).where(Match.ended_on.is_(None))
        return _of(joined, column, self.match_ids)

    def _rows(self, query: Any) -> Sequence[Any]:
        return self.session.execute(query).all()


def read(
    session: Session, on: date, limit: Thresholds, match_ids: Collection[int] | None = None
) -> dict[int, Known]:
    """What is known on a day of open matches: of these, or of all."""
    query = select(Match.id, Match.mentor_id, Match.started_on, on_hold(Match.id))
    found: Sequence[Any] = session.execute(
        _of(query.where(Match.ended_on.is_(None)), Match.id, match_ids)
    ).all()
    known = {row[0]: Known(row[2], bool(row[3])) for row in found}
    mentors = {row[0]: row[1] for row in found}
    reading = Reading(session, on, limit, match_ids, known, mentors)
    if known:
        reading.entries()
        reading.ratings()
        reading.missed()
        reading.agreed()
        reading.certificates()
        reading.words()
    return known
