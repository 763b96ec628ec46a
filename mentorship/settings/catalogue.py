"""Every setting: its kind, its value at first, and where that comes from.

Sources and owners are kept as they were written, in English, like the sources of the matching
policy; what each setting means is said on the page, in three languages (`words.py`).
"""

from dataclasses import dataclass
from datetime import date

WRITTEN_ON = date(2026, 11, 22)
_NOT_FOUND = "design: not found in any text seen; to be confirmed by the ministry"


@dataclass(frozen=True)
class Known:
    """A setting of the catalogue: a whole number of `unit` from `least` to `most`."""

    unit: str
    value: int
    least: int
    most: int
    source: str
    owner: str = "Programme"
    decided_on: date = WRITTEN_ON
    verified: bool = False


CATALOGUE: dict[str, Known] = {
    "papers.grace_days": Known("days", 0, 0, 90, "design: an expired paper counts no longer"),
    "papers.first_notice_days": Known("days", 60, 1, 365, "design: time to gather papers"),
    "papers.second_notice_days": Known("days", 30, 1, 365, "design"),
    "papers.last_notice_days": Known("days", 7, 1, 365, "design"),
    "certificate.valid_months": Known(
        "months", 12, 1, 120, f"{_NOT_FOUND} (Order of 29 April 2025 approves the form only)"
    ),
    "certificate.renewal_days": Known("days", 60, 1, 365, "design: as the first notice"),
    "training.passing_percent": Known("percent", 70, 1, 100, _NOT_FOUND),
    "training.refreshers_per_year": Known(
        "times",
        2,
        0,
        24,
        "design: training and support contacts predict how long matches last "
        "(Prevention Science 2020)",
    ),
    "mentor.most_children": Known("children", 4, 1, 20, _NOT_FOUND),
    "candidate.step_days": Known("days", 10, 1, 365, "design: ten working days is usual"),
    "candidate.applications_per_hour": Known("times", 5, 1, 1000, "design: against floods"),
    "candidate.applications_in_all": Known(
        "times", 200, 1, 100_000, "design: against floods from many addresses"
    ),
    "meeting.entry_reminder_days": Known(
        "days", 2, 0, 14, "design: one tap is missing, and the day is still remembered; 0: never"
    ),
    "meeting.slot_reminder_days": Known(
        "days", 0, 0, 3, "design: off, mentors have a calendar of their own; 0: never"
    ),
    "suspension.telling_hours": Known("hours", 24, 1, 720, "design: a child is told soon"),
    "review.due_days": Known("days", 7, 1, 90, "design: a changed match is looked at in a week"),
    "review.notice_days": Known("days", 90, 1, 365, "design: time to plan a good ending"),
    "voices.link_hours": Known("hours", 72, 1, 336, "design: time to find a quiet hour"),
    "voices.silence_days": Known(
        "days",
        60,
        7,
        365,
        "design: contacts are monthly in the first year, so two in a row are missing",
    ),
    "voices.silence_later_days": Known(
        "days", 120, 7, 730, "design: contacts are quarterly, so one is missing"
    ),
    "voices.difference": Known("steps", 2, 1, 4, "design: of five steps, one is within the noise"),
    "voices.unsafe": Known("steps", 2, 1, 4, "design: a child who says no, or not really"),
    "voices.wrong_numbers_per_hour": Known("times", 20, 1, 1000, "design: against guessing"),
    "concern.review_hours": Known(
        "hours", 24, 1, 168, "design: a worry about a child does not wait for a week"
    ),
    "signs.missed_check_ins": Known("times", 2, 1, 20, "design: one can happen to anybody"),
    "signs.missed_within_days": Known("days", 90, 14, 365, "design: three monthly contacts"),
    "signs.meetings_within_weeks": Known("weeks", 6, 2, 26, "design: long enough for a holiday"),
    "signs.meetings_percent": Known(
        "percent", 60, 10, 100, "design: fewer than three of five agreed meetings were held"
    ),
    "signs.falling_steps": Known(
        "steps", 3, 1, 12, "design: the last three ratings together, one step each"
    ),
    "signs.silence_days": Known(
        "days", 28, 7, 180, "design: MENTOR expects a meeting a week on average; four were due"
    ),
    "signs.cancelled": Known("times", 3, 1, 20, "design"),
    "signs.cancelled_within_weeks": Known("weeks", 8, 2, 26, "design"),
    "signs.cancelled_in_a_row": Known("times", 2, 2, 10, "design: by the same side"),
    "signs.certificate_days": Known("days", 30, 1, 180, "design: as the second notice of papers"),
    "closing.steps_days": Known("days", 14, 1, 180, "design: a good ending takes two weeks"),
    "goals.most_open": Known("goals", 3, 1, 10, "design: a few goals are looked at, many are not"),
    "goals.review_days": Known("days", 90, 7, 365, "design: a season is long enough to see change"),
    "surveys.first_months": Known(
        "months", 1, 1, 12, "design: the programme asks after one month, six, then every year"
    ),
    "surveys.second_months": Known("months", 6, 1, 36, "design: as the first"),
    "surveys.then_months": Known("months", 12, 1, 60, "design: as the first"),
    "contacts.early_days": Known(
        "days", 14, 0, 60, "design: a talk so long before its day still counts as that contact"
    ),
    "ladder.remind_days": Known("days", 3, 1, 90, "design: the mentor may simply have forgotten"),
    "ladder.call_days": Known("days", 7, 1, 90, "design"),
    "ladder.supervisor_days": Known("days", 14, 1, 180, "design"),
    "ladder.review_days": Known(
        "days", 21, 1, 365, "design: before the next monthly contact falls due"
    ),
    "practice.idle_days": Known(
        "days", 30, 1, 365, "design: a free mentor hears from us within a month"
    ),
    "messages.quiet_from": Known("o'clock", 21, 0, 23, "design: nobody is woken by a reminder"),
    "messages.quiet_until": Known("o'clock", 8, 0, 23, "design: nobody is woken by a reminder"),
    "guardianship.children_per_specialist": Known(
        "children",
        5000,
        100,
        100_000,
        "law of December 2024: at least one specialist for every 5,000 children "
        "(zakon.kz, 30 April 2025)",
        owner="Ministry of Education",
        decided_on=date(2024, 12, 1),
        verified=True,
    ),
}
