"""Times that a version of this service fixes: where each comes from, and who may have it changed.

The values are the constants that the code itself uses; this page only reads them.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from mentorship.agreements import policies as agreements

_PRACTICE = "design: no law seen names a period; the programme's practice"


@dataclass(frozen=True)
class Fixed:
    """A fixed time: its code, how long, and its source."""

    code: str
    lasts: timedelta
    source: str = _PRACTICE
    owner: str = "Programme"
    decided_on: date = date(2026, 11, 22)

    @property
    def in_units(self) -> tuple[int, str]:
        """The number and its unit: days, or hours for what is shorter than two days."""
        if self.lasts < timedelta(days=2):
            return int(self.lasts.total_seconds() // 3600), "hours"
        return self.lasts.days, "days"


FIXED = (
    Fixed("mentor_reminded", agreements.REMIND_AFTER),
    Fixed("mentor_lapses", agreements.LAPSES_AFTER),
    Fixed("agreement", agreements.AGREEMENT_WITHIN),
    Fixed("first_meeting", agreements.FIRST_MEETING_WITHIN),
    Fixed("silence", agreements.SILENCE_STANDS),
)
