"""Every due contact exists once, whatever happens in whatever order, on whatever nights."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from mentorship.check_ins import ladder, services
from mentorship.check_ins import store as schedules
from mentorship.check_ins.models import CheckIn, ContactKind, ContactPolicy, Rung
from mentorship.check_ins.schedule import wanted
from mentorship.matches.models import Match
from mentorship.reviews.models import Hold, Review, ReviewCause
from tests import factories

BEGAN = date(2026, 3, 2)
DAY = timedelta(days=1)
PLANS = (
    {"within": 2, "days": [14, 28], "stages": [[1, 12], [3, None]]},
    {"within": None, "days": [20], "stages": [[2, 6], [1, None]]},
    {"within": 5, "days": [], "stages": [[1, None]]},
    {"within": None, "days": [], "stages": []},
)
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)  # a life takes a while to live
events = st.tuples(
    st.integers(0, 35),  # days since the event before
    st.booleans(),  # whether the night before it the jobs ran
    st.sampled_from(["hold", "resume", "policy", "record", "record", "nothing"]),
    st.sampled_from(list(ContactKind)),
    st.integers(0, 40),
)


class Life:
    """One match through everything that happens to it; `due` holds what has fallen due."""

    def __init__(self, session, match):
        self.session, self.match, self.on = session, match, BEGAN
        self.due: set[int] = set()
        services.replan(session, match, on=BEGAN)

    def rows(self):
        self.session.expire_all()
        query = select(CheckIn).where(CheckIn.match_id == self.match.id)
        return self.session.scalars(query.order_by(CheckIn.slot)).all()

    def pauses(self):
        return schedules.timelines(self.session, [self.match.id])[self.match.id].pauses

    def at(self):
        return datetime(self.on.year, self.on.month, self.on.day, 5, tzinfo=UTC)

    def night(self):
        services.plan_all(self.session, on=self.on)
        services.mark_missed(self.session, on=self.on)
        ladder.climb(self.session, on=self.on, at=self.at(), base_url="x")
        pauses, rows = self.pauses(), self.rows()
        assert self.due <= {row.id for row in rows}, "what fell due has vanished"
        self.due |= {row.id for row in rows if not schedules.is_ahead(row.due_on, pauses, self.on)}

    def hold(self, *_):
        if not self.match.on_hold:
            self.session.add(
                Hold(match=self.match, cause=ReviewCause.CONFLICT, opened_at=self.at())
            )

    def resume(self, *_):
        for hold in self.match.holds:
            hold.ended_at = hold.ended_at or self.at()
        self.session.flush()
        self.on += DAY
        self.night()

    def policy(self, kind, number):
        newest = self.session.scalars(select(ContactPolicy).order_by(ContactPolicy.id.desc()))
        stages = newest.first().stages | {kind: PLANS[number % len(PLANS)]}
        self.session.add(
            ContactPolicy(
                version=f"{self.on}/{number}", stages=stages, source="x", owner="x",
                made_at=self.at(), in_force_from=self.on + number * DAY,
            )
        )  # fmt: skip
        services.plan_few(self.session, on=self.on)  # as the page does

    def record(self, kind, _):
        contact = services.next_contact(self.session, self.match.id, kind, self.on)
        if contact is not None:
            data = {"held_on": self.on, "way": "phone", "rating": None, "next_step": None}
            services.record_check_in(self.session, contact, data, by=None, at=self.at())

    def nothing(self, *_):
        pass

    def check(self):
        """Every day of the plan has its contact, and every contact its day in the plan."""
        assert services.plan_all(self.session, on=self.on) == 0
        policy, pauses = schedules.versions(self.session), self.pauses()
        until = self.on + schedules.PLANNED_AHEAD
        for kind in ContactKind:
            rows = {row.slot: row for row in self.rows() if row.kind == kind}
            plan = {due.slot: due.on for due in wanted(policy, kind, BEGAN, until, pauses)}
            held = max((slot for slot, row in rows.items() if row.held_on), default=-1)
            assert [slot for slot in plan if slot not in rows and slot > held] == []
            for slot, row in rows.items():
                early = row.held_on and (
                    row.held_on < row.due_on or schedules.is_ahead(row.due_on, pauses, date.max)
                )
                assert early or plan[slot] == row.due_on
            if not self.match.on_hold:
                over = [row for row in rows.values() if row.state(self.on) == "overdue"]
                assert len(over) <= 1, "the older one is missed"

    def forget(self):
        """Leave room for the next life."""
        ids = select(CheckIn.id)
        for table, where in (
            (Rung, Rung.check_in_id.in_(ids)),
            (CheckIn, CheckIn.id > 0),
            (Review, Review.match_id > 0),
            (Hold, Hold.match_id > 0),
            (ContactPolicy, ContactPolicy.version != "2026-2"),
        ):
            self.session.execute(delete(table).where(where))
        self.session.expire_all()


@given(st.lists(events, max_size=9), st.booleans())
@settings(
    max_examples=5,
    phases=NO_SHRINKING,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_due_contact_exists_once(database, happened, closes):
    match = database.scalars(select(Match)).first()
    match = match or factories.eligible_match(database, started_on=BEGAN)
    match.ended_on = match.closure_reason = match.ended_as_planned = match.ended_by = None
    life = Life(database, match)
    try:
        for days, ran, what, kind, number in happened:
            life.on += days * DAY
            if ran:
                life.night()
            getattr(life, what)(kind, number)
            database.flush()
        life.on += DAY
        life.night()
        life.check()
        if closes:
            services.end_schedule(database, match, on=life.on, at=life.at())
            left = life.rows()
            assert all(row.held_on or row.missed_on for row in left)
            assert life.due <= {row.id for row in left}
    finally:
        life.forget()
