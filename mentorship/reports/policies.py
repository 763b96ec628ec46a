"""Which periods have a report, and which is the newest that is over."""

from datetime import date

from mentorship.web.periods import Period, Step, period_of, read_period

STEPS = (Step.MONTH, Step.QUARTER)


def newest_over(step: Step, on: date) -> Period:
    """The last period that has ended before a day."""
    return period_of(on, step).before()


def read_reported(code: str, first: date | None, until: date) -> Period | None:
    """The month or quarter of a code, where the register had begun and the period has, too."""
    period = read_period(code)
    if period is None or period.step not in STEPS or period.first > until:
        return None
    return period if period.last >= (first or until) else None
