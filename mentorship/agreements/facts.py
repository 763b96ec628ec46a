"""The steps from approval to the first meeting: which are done, which come next, by when."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from mentorship.agreements.policies import AGREEMENT_WITHIN, FIRST_MEETING_WITHIN
from mentorship.clock import ALMATY
from mentorship.i18n import as_day
from mentorship.matches.models import Preparation, PreparationStatus


class Step(StrEnum):
    MENTOR = "mentor"
    CHILD = "child"
    GUARDIAN = "guardian"
    AGREEMENT = "agreement"
    FIRST_MEETING = "first_meeting"


CONSENTS = (Step.MENTOR, Step.CHILD, Step.GUARDIAN)


@dataclass(frozen=True)
class StepState:
    """One step: done on a day by somebody, or next or later, due on a day where it is known."""

    step: Step
    state: str
    on: date | None
    by: int | None
    due_on: date | None

    @property
    def is_next(self) -> bool:
        return self.state == "next"


def noon_of(day: date) -> datetime:
    """The instant that stands for a day on which somebody spoke, where it is told later."""
    return datetime.combine(day, time(12), ALMATY)


def last_word_on(preparation: Preparation) -> date:
    """The day the last of the words so far was given; the approval's when nobody has spoken."""
    days = [_done(preparation, step)[0] for step in CONSENTS]
    return max((day for day in days if day), default=as_day(preparation.opened_at))


def steps(preparation: Preparation) -> list[StepState]:
    """Every step in order; the three words may come in any order, so they are next together."""
    found = []
    for step in Step:
        on, by = _done(preparation, step)
        state = "done" if on else "next" if _is_due(preparation, step) else "later"
        due_on = None if on else _due_on(preparation, step)
        found.append(StepState(step, state, on, by, due_on))
    return found


def next_steps(preparation: Preparation) -> list[StepState]:
    """What can be done now."""
    return [state for state in steps(preparation) if state.is_next]


def next_due_on(preparation: Preparation) -> date:
    """The first day on which something is due."""
    days = [state.due_on for state in next_steps(preparation) if state.due_on]
    return min(days, default=preparation.mentor_due_on)


def _done(preparation: Preparation, step: Step) -> tuple[date | None, int | None]:
    answered = preparation.mentor_answered_at
    return {
        Step.MENTOR: (as_day(answered) if answered else None, preparation.mentor_answered_by),
        Step.CHILD: (preparation.child_consent_on, preparation.child_consent_by),
        Step.GUARDIAN: (preparation.guardian_consent_on, preparation.guardian_consent_by),
        Step.AGREEMENT: (preparation.agreement_on, preparation.agreement_by),
        Step.FIRST_MEETING: (preparation.first_meeting_on, preparation.first_meeting_by),
    }[step]


def _is_due(preparation: Preparation, step: Step) -> bool:
    if step in CONSENTS:
        return preparation.status == PreparationStatus.OPEN
    if step == Step.AGREEMENT:
        return preparation.status == PreparationStatus.OPEN and preparation.has_every_word
    return preparation.status == PreparationStatus.STARTED


def _due_on(preparation: Preparation, step: Step) -> date | None:
    if step in CONSENTS:
        return preparation.mentor_due_on
    if step == Step.AGREEMENT:
        return last_word_on(preparation) + AGREEMENT_WITHIN if preparation.has_every_word else None
    return preparation.match.started_on + FIRST_MEETING_WITHIN if preparation.match else None
