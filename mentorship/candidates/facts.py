"""How far a candidate has come, worked out in this one place from rows as they are and a day.

Nobody notifies upward: papers, training and certificates are looked at when somebody asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from mentorship.candidates.policies import (
    DAY,
    LOOK,
    Asked,
    Known,
    Lack,
    Place,
    Recorded,
    open_places,
)
from mentorship.candidates.vocabulary import BY_PEOPLE, OBSTACLES, CandidateEnd, LackCode, Step

NOTHING = Recorded()


@dataclass(frozen=True, slots=True)
class StepState:
    """One step. `on`: the day of the fact itself; `done_on`: that, never before `started_on`.

    `state`: "done", "now", "ahead" (complete before its turn) or "later".
    """

    step: Step
    state: str
    row: Recorded
    owner_id: int | None
    lacks: tuple[Lack, ...] = ()
    started_on: date | None = None
    due_on: date | None = None
    on: date | None = None
    done_on: date | None = None

    @property
    def is_done(self) -> bool:
        return self.state == "done"

    @property
    def days(self) -> int | None:
        """How many days a finished step took."""
        if self.started_on is None or self.done_on is None:
            return None
        return (self.done_on - self.started_on).days


@dataclass(frozen=True)
class Way:
    """All steps of one try, as they were on a day."""

    on: date
    ended_as: str | None
    steps: tuple[StepState, ...]
    place: Place | None = None
    """The last place in the compulsory course that still counts."""

    @cached_property
    def now(self) -> StepState | None:
        """The step that is under way; None when the way has ended."""
        if self.ended_as is not None:
            return None
        return next((state for state in self.steps if state.state == "now"), None)

    @property
    def obstacle(self) -> Lack | None:
        """A negative conclusion or an adverse clearance: what leads to a refusal."""
        lacks = (lack for state in self.steps for lack in state.lacks)
        return next((lack for lack in lacks if lack.code in OBSTACLES), None)

    @property
    def is_overdue(self) -> bool:
        return self.days_overdue > 0

    @property
    def days_overdue(self) -> int:
        now = self.now
        return max(0, (self.on - now.due_on).days) if now and now.due_on else 0

    @property
    def days_in_step(self) -> int:
        now = self.now
        return (self.on - now.started_on).days if now and now.started_on else 0

    @property
    def lacking(self) -> list[StepState]:
        """The steps before the last one that are not done."""
        return [s for s in self.steps if s.state in ("now", "later") and s.step != Step.ACTIVE]

    @property
    def next_action(self) -> str:
        """What to do now, as a code."""
        now = self.now
        if self.ended_as is not None or now is None:
            return "" if self.ended_as == CandidateEnd.ACTIVATED else "again"
        if self.obstacle is not None:
            return "refuse"
        if now.step == Step.APPLICATION:
            return "read"
        if now.step in BY_PEOPLE:
            return "record" if now.row.planned_on else "plan"
        if now.step == Step.TRAINING:
            return "training" if now.lacks[0].code == LackCode.NOT_ENROLLED else "course"
        if now.step == Step.TEST and now.lacks[0].code == LackCode.TEST_FAILED:
            return "training"
        return str(now.step)


def way_of(known: Known, kinds: Sequence[Asked], on: date, step_days: int) -> Way:
    """Every step of a try as it was on a day, or on the day it ended; O(papers squared)."""
    day = min(on, known.ended_on) if known.ended_on else on
    found: list[StepState] = []
    since, reached = known.applied_on, True
    for step in Step:
        row = known.recorded.get(step, NOTHING)
        owner = row.owner_id or known.owner_id
        fact, lacks = LOOK[step](known, kinds, day, since)
        if fact is None and known.ended_as == CandidateEnd.ACTIVATED:
            # Asked for since, or of an old register.
            found.append(StepState(step, "done", row, owner))
        elif fact is None:
            due_on = (row.due_on or since + step_days * DAY) if reached else None
            started_on, word = (since, "now") if reached else (None, "later")
            found.append(StepState(step, word, row, owner, lacks, started_on, due_on))
            reached = False
        elif reached:
            since, began = max(fact, since), since
            found.append(StepState(step, "done", row, owner, (), began, None, fact, since))
        else:
            found.append(StepState(step, "ahead", row, owner, on=fact))
    places = open_places(known, day)
    return Way(day, known.ended_as, tuple(found), places[-1] if places else None)
