"""The figures counted again, one row after another in plain Python: what the store must equal.

It shares nothing with the store but the words for kinds of endings and bands.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta

from sqlalchemy import select

from mentorship.candidates.models import Candidate
from mentorship.candidates.queries import ways
from mentorship.check_ins.models import CheckIn
from mentorship.children.facts import years_on
from mentorship.children.models import Child
from mentorship.concerns.models import Concern
from mentorship.figures import facts as said
from mentorship.i18n import as_day
from mentorship.matches.models import Match, Preparation
from mentorship.meetings.models import Meeting
from mentorship.mentors.models import Mentor
from mentorship.places.models import Centre

INSIDE = ("institution", "guest_family")


class Oracle:
    """Everything of a small register, as objects."""

    def __init__(self, session, on: date) -> None:
        self.session, self.on = session, on
        self.matches = sorted(
            (m for m in session.scalars(select(Match)) if m.started_on <= on),
            key=lambda match: (match.started_on, match.id),
        )
        self.meetings, self.contacts = defaultdict(list), defaultdict(list)
        for row in session.scalars(select(Meeting)):
            self.meetings[row.match_id].append(row)
        for row in session.scalars(select(CheckIn)):
            self.contacts[row.match_id].append(row)
        self.hours = defaultdict(list)

    def home(self, child: Child, day: date) -> Centre:
        """Where a child lived on a day; the newest stay counts."""
        there = [
            stay
            for stay in child.placements
            if stay.form in INSIDE and stay.centre_id is not None
            if stay.started_on is None or stay.started_on <= day
            if stay.ended_on is None or day < stay.ended_on
        ]
        newest = max(there, key=lambda stay: (stay.started_on or date.min, stay.id), default=None)
        return newest.centre if newest else child.centre

    def lives_inside(self, child: Child, day: date) -> bool:
        known = min([child.waiting_since, *(m.started_on for m in child.matches)])
        return any(
            (stay.started_on or known) <= day and (stay.ended_on is None or day < stay.ended_on)
            for stay in child.placements
            if stay.form in INSIDE and stay.centre_id is not None
        )

    def kind(self, centre: Centre, day: date) -> str:
        later = [change for change in centre.changes if change.changed_on > day]
        return str(min(later, key=lambda c: c.changed_on).was) if later else str(centre.kind)

    def region(self, match: Match) -> str:
        return self.home(match.child, match.started_on).region

    def due(self, match: Match) -> list[CheckIn]:
        """Contacts whose day is over, or that were held or missed."""
        found = []
        for row in self.contacts[match.id]:
            settled = row.held_on is not None or row.missed_on is not None
            ended = match.ended_on is not None and row.due_on > match.ended_on
            if row.due_on > self.on or (not settled and (row.due_on == self.on or ended)):
                continue
            found.append(row)
        return found

    def fact(self, match: Match) -> dict:
        """A match as reports see it."""
        home = self.home(match.child, match.started_on)
        until = match.started_on + timedelta(days=90)
        due = [row for row in self.due(match) if row.due_on < until]
        held = [
            row
            for row in self.meetings[match.id]
            if row.was_held and row.held_on < until and row.held_on <= self.on
        ]
        rated = [row.rating for row in due if row.rating is not None]
        ending = said.ending_of(match.ended_as_planned, match.closure_reason, match.ended_by)
        return {
            "match_id": match.id,
            "mentor_id": match.mentor_id,
            "child_id": match.child_id,
            "region": home.region,
            "centre_kind": self.kind(home, match.started_on),
            "language": str(said.tongue_of(match.child.first_language)),
            "started_on": match.started_on,
            "ended_on": match.ended_on,
            "ending": str(ending) if ending else None,
            "reason": str(match.closure_reason) if match.closure_reason else None,
            "ended_by": str(match.ended_by) if match.ended_by else None,
            "is_again": any(
                (other.mentor_id, other.child_id) == (match.mentor_id, match.child_id)
                for other in self.matches[: self.matches.index(match)]
            ),
            "first_due": len(due),
            "first_on_time": sum(said.is_on_time(row.due_on, row.held_on) for row in due),
            "first_meetings": len(held),
            "first_minutes": sum(row.minutes for row in held),
            "first_rating_sum": sum(rated),
            "first_rating_count": len(rated),
        }

    def flows(self) -> Counter:
        """What happened on each day."""
        found: Counter = Counter()
        for match in self.matches:
            region = self.region(match)
            self._of_meetings(found, match, region)
            self._of_contacts(found, match, region)
            self._of_match(found, match, region)
        self._of_people(found)
        return Counter({key: n for key, n in found.items() if key[1] <= self.on and n})

    def _of_meetings(self, found: Counter, match: Match, region: str) -> None:
        for row in self.meetings[match.id]:
            if row.was_held:
                found["meetings_held", row.held_on, region, ""] += 1
                found["meeting_minutes", row.held_on, region, ""] += row.minutes
            else:
                found["meetings_cancelled", row.held_on, region, str(row.cancelled_by)] += 1

    def _of_contacts(self, found: Counter, match: Match, region: str) -> None:
        for row in self.due(match):
            found["contacts_due", row.due_on, region, str(row.kind)] += 1
            if said.is_on_time(row.due_on, row.held_on):
                found["contacts_on_time", row.due_on, region, str(row.kind)] += 1
            if row.missed_on is not None:
                found["contacts_missed", row.due_on, region, str(row.kind)] += 1
        for row in self.contacts[match.id]:
            if row.held_on is not None and row.days_late > 0:
                found["wait_overdue_count", row.held_on, region, str(row.kind)] += 1
                found["wait_overdue_days", row.held_on, region, str(row.kind)] += row.days_late
                found["waited_overdue", row.held_on, region, f"{row.days_late:04}"] += 1

    def _of_match(self, found: Counter, match: Match, region: str) -> None:
        began = match.started_on
        found["matches_begun", began, region, ""] += 1
        if match.ended_on is not None:
            ending = said.ending_of(match.ended_as_planned, match.closure_reason, match.ended_by)
            found["matches_ended", match.ended_on, region, str(ending)] += 1
        since = match.child.waiting_since
        earlier = self.matches[: self.matches.index(match)]
        served = any(m.child_id == match.child_id and m.started_on >= since for m in earlier)
        if since <= began and not served:
            self._waited(found, "child", (began - since).days, began, region)
        issued = [row.issued_on for row in match.mentor.certificates]
        is_first = all(m.mentor_id != match.mentor_id for m in earlier)
        if is_first and issued and min(issued) <= began:
            self._waited(found, "certificate", (began - min(issued)).days, began, region)

    def _waited(self, found: Counter, what: str, days: int, day: date, region: str) -> None:
        found[f"wait_{what}_count", day, region, ""] += 1
        found[f"wait_{what}_days", day, region, ""] += days
        found[f"waited_{what}", day, region, f"{min(days, 9999):04}"] += 1

    def _of_people(self, found: Counter) -> None:
        for mentor in self.session.scalars(select(Mentor)):
            for row in mentor.certificates:
                found["certificates_issued", row.issued_on, mentor.region, ""] += 1
        chosen = select(Candidate.mentor_id)
        by_id = ways(self.session, chosen, self.on)
        for row in self.session.scalars(select(Candidate)):
            region = row.mentor.region
            found["applications", as_day(row.applied_at), region, ""] += 1
            for state in by_id[row.mentor_id].steps:
                if state.days is not None:
                    found["step_count", state.done_on, region, str(state.step)] += 1
                    found["step_days", state.done_on, region, str(state.step)] += state.days
                    part = f"{state.step}:{min(state.days, 9999):04}"
                    found["waited_step", state.done_on, region, part] += 1
        for row in self.session.scalars(select(Concern)):
            region = self.region(row.match) if row.match else row.child.region
            found["concerns_raised", as_day(row.raised_at), region, ""] += 1
            if row.closed_at is not None:
                found["concerns_closed", as_day(row.closed_at), region, ""] += 1

    def stocks_today(self) -> Counter:
        """Stocks of the report day that rest on the rows as they stand."""
        found: Counter = Counter()
        on = self.on
        for match in self.matches:
            if match.ended_on is not None:
                continue
            region = match.child.region
            found["matches_active", region, ""] += 1
            found["matches_on_hold", region, ""] += match.on_hold
            for row in self.contacts[match.id]:
                if row.state(on) == "overdue" and not match.on_hold:
                    found["contacts_overdue", region, str(row.kind)] += 1
        for rows in self.meetings.values():
            for row in rows:
                if row.read_at is None and row.held_on <= on:
                    age = said.age_band((on - row.held_on).days)
                    found["entries_unread", row.match.child.region, str(age)] += 1
        for child in self.session.scalars(select(Child)):
            self._of_child(found, child)
        for mentor in self.session.scalars(select(Mentor)):
            self._of_mentor(found, mentor)
        for row in self.session.scalars(select(Concern)):
            if row.closed_at is None:
                age = said.age_band((on - as_day(row.raised_at)).days)
                found["concerns_open", row.child.region, str(age)] += 1
                found["concerns_restricted", row.child.region, ""] += row.restricted
        return Counter({key: number for key, number in found.items() if number})

    def _of_child(self, found: Counter, child: Child) -> None:
        if child.left_on is None and 10 <= years_on(child.birth_date, self.on) <= 17:
            language = str(said.tongue_of(child.first_language))
            found["children_eligible", child.region, language] += 1
            found["children_waiting", child.region, language] += child.match is None
        if child.placement is not None and years_on(child.birth_date, self.on) < 18:
            place = child.placement
            found["children_in_care", place.region, str(place.form)] += 1

    def _of_mentor(self, found: Counter, mentor: Mentor) -> None:
        if mentor.status != "active":
            return
        fluent = {row.language for row in mentor.languages if row.level == "fluent"}
        main = "kk" if "kk" in fluent else "ru" if "ru" in fluent else "other"
        mine = [match for match in mentor.matches if match.is_open]
        promised = self.session.scalars(
            select(Preparation).where(Preparation.mentor_id == mentor.id)
        )
        taken = len(mine) + sum(row.is_open for row in promised)
        found["mentors_active", mentor.region, main] += 1
        is_free = taken < mentor.capacity and mentor.pause_on(self.on) is None
        found["mentors_free", mentor.region, main] += is_free
        found["mentors_idle", mentor.region, ""] += not mine

    def stocks_on(self, day: date) -> Counter:
        """Stocks of a day past that rows still tell."""
        found: Counter = Counter()
        for match in self.matches:
            active = match.started_on <= day and (match.ended_on is None or day < match.ended_on)
            if active:
                region = self.home(match.child, day).region
                found["matches_active", region, ""] += 1
                held = any(
                    as_day(hold.opened_at) <= day
                    and (hold.ended_at is None or day < as_day(hold.ended_at))
                    for hold in match.holds
                )
                found["matches_on_hold", region, ""] += held
        for child in self.session.scalars(select(Child)):
            if not 10 <= years_on(child.birth_date, day) <= 17:
                continue
            if not self.lives_inside(child, day):
                continue
            language, region = (
                str(said.tongue_of(child.first_language)),
                self.home(child, day).region,
            )
            matched = any(
                m.started_on <= day and (m.ended_on is None or day < m.ended_on)
                for m in child.matches
            )
            found["children_eligible", region, language] += 1
            found["children_waiting", region, language] += not matched
        for row in self.session.scalars(select(Concern)):
            closed = as_day(row.closed_at) if row.closed_at else date.max
            raised = as_day(row.raised_at)
            if raised <= day < closed:
                age = str(said.age_band((day - raised).days))
                found["concerns_open", row.child.region, age] += 1
        for centre in self.session.scalars(select(Centre).where(Centre.open)):
            found["organisations", centre.region, self.kind(centre, day)] += 1
        return Counter({key: number for key, number in found.items() if number})
