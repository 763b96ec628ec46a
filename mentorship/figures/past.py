"""Stocks of days past, worked out from rows that still tell, over columns and not row by row."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentorship.children.models import Child, Placement
from mentorship.children.queries import OLDEST, YOUNGEST
from mentorship.concerns.models import Concern
from mentorship.figures.facts import age_band, tongue_of
from mentorship.figures.homes import FAR_AHEAD, Centres, Homes, centres, homes
from mentorship.figures.offices import Taken, Teller, offices
from mentorship.figures.stocks import tongues
from mentorship.figures.vocabulary import Tongue
from mentorship.i18n import as_day
from mentorship.matches.models import Match
from mentorship.mentors.models import Certificate, Mentor, MentorStatus, StatusChange
from mentorship.places.models import Centre
from mentorship.places.regions import REGIONS
from mentorship.reviews.models import Hold

Numbers = NDArray[np.int64]
CODES = sorted(REGIONS)


def tell(session: Session, days: Sequence[date]) -> Taken:
    """The stocks of catalogue.TOLD_LATER on each of these days."""
    if not days:
        return Counter()
    lived = Lives.read(session)
    tellers: list[Teller] = [
        lived.tell_matches,
        lived.tell_children,
        _of_placements(session),
        _of_mentors(session),
        _of_concerns(session),
        *offices(session),
    ]
    found: Taken = Counter()
    for day in days:
        for teller in tellers:
            found.update(teller(day))
    return found


def _column(rows: Sequence[Any], place: int, none: int = 0) -> Numbers:
    """A column of days or numbers as integers."""
    values = (row[place] for row in rows)
    numbers = (none if v is None else v.toordinal() if isinstance(v, date) else v for v in values)
    return np.fromiter(numbers, np.int64, len(rows))


def _counted(
    measure: str,
    day: date,
    regions: Numbers,
    mask: NDArray[np.bool_],
    parts: Numbers | None = None,
    names: Sequence[str] = ("",),
) -> Taken:
    """How many of each region and part are in a mask."""
    split = np.zeros_like(regions) if parts is None else parts
    keys = regions[mask] * len(names) + split[mask]
    numbers = np.bincount(keys, minlength=len(CODES) * len(names))
    return Counter(
        {
            (measure, day, CODES[key // len(names)], str(names[key % len(names)])): int(number)
            for key, number in enumerate(numbers)
            if number
        }
    )


def _regions(codes: Sequence[str]) -> Numbers:
    place = {code: number for number, code in enumerate(CODES)}
    return np.array([place[code] for code in codes], np.int64)


def birthday(day: date, years: int) -> int:
    """The latest birth date, as a day number, of who has completed so many years on a day."""
    try:
        return day.replace(year=day.year - years).toordinal()
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28).toordinal()


TONGUES = list(Tongue)


@dataclass(frozen=True)
class Lives:
    """Children with their stays in organisations, and matches, as columns."""

    born: Numbers
    languages: Numbers
    now: Numbers
    stays: NDArray[np.int64]
    """Rows of child, region, first day, day after the last; later ones below earlier ones."""
    matches: NDArray[np.int64]
    """Rows of child, first day, last day."""
    holds: NDArray[np.int64]
    """Rows of match, first day, last day."""

    @classmethod
    def read(cls, session: Session) -> "Lives":
        columns = (Child.id, Child.birth_date, Child.first_language, Child.waiting_since)
        children = session.execute(select(*columns).order_by(Child.id)).all()
        place = {row.id: number for number, row in enumerate(children)}
        matches = session.execute(
            select(Match.id, Match.child_id, Match.started_on, Match.ended_on)
        ).all()
        known, lived = centres(session), homes(session)
        seen = {row.id: row.waiting_since.toordinal() for row in children}
        for row in matches:
            seen[row.child_id] = min(seen[row.child_id], row.started_on.toordinal())
        pair = {row.id: number for number, row in enumerate(matches)}
        holds = session.execute(select(Hold.match_id, Hold.opened_at, Hold.ended_at)).all()
        return cls(
            born=_column(children, 1),
            languages=np.array(
                [TONGUES.index(tongue_of(row.first_language)) for row in children], np.int64
            ),
            now=_regions([known.regions[lived.now[row.id]] for row in children]),
            stays=_stays(lived, known, place, seen),
            matches=np.column_stack(
                [
                    np.array([place[row.child_id] for row in matches], np.int64),
                    _column(matches, 2),
                    _column(matches, 3, FAR_AHEAD),
                ]
            ).reshape(-1, 3),
            holds=np.array(
                [
                    (pair[m], as_day(a).toordinal(), as_day(b).toordinal() if b else FAR_AHEAD)
                    for m, a, b in holds
                ],
                np.int64,
            ).reshape(-1, 3),
        )

    def regions_on(self, day: int) -> Numbers:
        """The region of each child's organisation; -1 for who is in none."""
        child, region, first, until = self.stays.T
        there = (first <= day) & (day < until)
        found = np.full(len(self.born), -1, np.int64)
        found[child[there]] = region[there]
        return found

    def tell_matches(self, day: date) -> Taken:
        """Matches that had begun and not ended, where the child lived then or lives now."""
        number = day.toordinal()
        child, began, ended = self.matches.T
        active = (began <= number) & (number < ended)
        held = np.zeros(len(child), bool)
        held[self.holds[(self.holds[:, 1] <= number) & (number < self.holds[:, 2]), 0]] = True
        lived = self.regions_on(number)
        regions = np.where(lived[child] < 0, self.now[child], lived[child])
        return _counted("matches_active", day, regions, active) + _counted(
            "matches_on_hold", day, regions, active & held
        )

    def tell_children(self, day: date) -> Taken:
        """Children of ten to seventeen in organisations, and those of them without a match."""
        number = day.toordinal()
        regions = self.regions_on(number)
        young, old = birthday(day, YOUNGEST), birthday(day, OLDEST + 1)
        eligible = (self.born <= young) & (self.born > old) & (regions >= 0)
        child, began, ended = self.matches.T
        matched = np.zeros(len(self.born), bool)
        matched[child[(began <= number) & (number < ended)]] = True
        by = (self.languages, TONGUES)
        return _counted("children_eligible", day, regions, eligible, *by) + _counted(
            "children_waiting", day, regions, eligible & ~matched, *by
        )


def _stays(
    lived: Homes, known: Centres, place: dict[int, int], seen: dict[int, int]
) -> NDArray[np.int64]:
    """A stay without a first day counts from when the child is known to have been there."""
    codes = {code: number for number, code in enumerate(CODES)}
    rows = [
        (
            place[child_id],
            codes[known.regions[stay.centre_id]],
            stay.first if stay.is_dated else seen[child_id],
            stay.until,
        )
        for child_id, stays in lived.stays.items()
        for stay in stays
    ]
    return np.array(rows, np.int64).reshape(-1, 4)


def _of_placements(session: Session) -> Teller:
    """Children under eighteen by the form of their placement."""
    query = select(
        Placement.region,
        Placement.form,
        func.coalesce(Placement.started_on, Child.waiting_since),
        Placement.ended_on,
        Child.birth_date,
    )
    rows = session.execute(query.join(Placement.child)).all()
    forms = sorted({str(row[1]) for row in rows}) or [""]
    regions = _regions([row[0] for row in rows])
    parts = np.array([forms.index(str(row[1])) for row in rows], np.int64)
    first, until, born = _column(rows, 2), _column(rows, 3, FAR_AHEAD), _column(rows, 4)

    def told(day: date) -> Taken:
        number = day.toordinal()
        there = (first <= number) & (number < until) & (born > birthday(day, OLDEST + 1))
        return _counted("children_in_care", day, regions, there, parts, forms)

    return told


def _of_mentors(session: Session) -> Teller:
    """Mentors active then: by the changes of their status, since their first paper or match."""
    spoken = tongues(session)
    firsts: dict[int, int] = {}
    for table, column in ((Certificate, Certificate.issued_on), (Match, Match.started_on)):
        query: Any = select(table.mentor_id, func.min(column)).group_by(table.mentor_id)
        for mentor_id, day in session.execute(query):
            firsts[mentor_id] = min(firsts.get(mentor_id, FAR_AHEAD), day.toordinal())
    mentors = session.execute(
        select(Mentor.id, Mentor.region, Mentor.status, Mentor.created_at)
    ).all()
    place = {row.id: number for number, row in enumerate(mentors)}
    spans = _active_spans(session, mentors, place, firsts)
    regions = _regions([row.region for row in mentors])
    languages = np.array(
        [TONGUES.index(spoken.get(row.id, Tongue.OTHER)) for row in mentors], np.int64
    )
    matches = session.execute(select(Match.mentor_id, Match.started_on, Match.ended_on)).all()
    owner = np.array([place[row[0]] for row in matches], np.int64)
    began, ended = _column(matches, 1), _column(matches, 2, FAR_AHEAD)

    def told(day: date) -> Taken:
        number = day.toordinal()
        active, matched = np.zeros(len(mentors), bool), np.zeros(len(mentors), bool)
        active[spans[(spans[:, 1] <= number) & (number < spans[:, 2]), 0]] = True
        matched[owner[(began <= number) & (number < ended)]] = True
        return _counted("mentors_active", day, regions, active, languages, TONGUES) + _counted(
            "mentors_idle", day, regions, active & ~matched
        )

    return told


def _active_spans(
    session: Session, mentors: Sequence[Any], place: dict[int, int], firsts: dict[int, int]
) -> NDArray[np.int64]:
    """Rows of mentor, first day, day after the last day of being active."""
    changes: dict[int, list[Any]] = {}
    query = select(StatusChange).order_by(StatusChange.changed_at, StatusChange.id)
    for change in session.scalars(query):
        changes.setdefault(change.mentor_id, []).append(change)
    rows = []
    for mentor in mentors:
        since = firsts.get(mentor.id, as_day(mentor.created_at).toordinal())
        own = changes.get(mentor.id, [])
        for change in own:
            day = as_day(change.changed_at).toordinal()
            if change.was == MentorStatus.ACTIVE and since < day:
                rows.append((place[mentor.id], since, day))
            since = max(since, day)
        if mentor.status == MentorStatus.ACTIVE:
            rows.append((place[mentor.id], since, FAR_AHEAD))
    return np.array(rows, np.int64).reshape(-1, 3)


def _of_concerns(session: Session) -> Teller:
    """Worries that were open then, by how long ago they had been raised."""
    query = select(Centre.region, Concern.raised_at, Concern.closed_at).select_from(Concern)
    rows = session.execute(query.join(Concern.child).join(Child.centre)).all()
    days = [(r, as_day(a), as_day(b) if b else None) for r, a, b in rows]

    def told(day: date) -> Taken:
        return Counter(
            ("concerns_open", day, region, str(age_band((day - raised).days)))
            for region, raised, closed in days
            if raised <= day and (closed is None or day < closed)
        )

    return told
