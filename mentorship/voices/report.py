"""Three voices of one match side by side: what each said in each month, the newest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from mentorship.check_ins.models import CheckIn
from mentorship.i18n import as_day
from mentorship.voices.facts import Voice
from mentorship.voices.models import VoiceAnswer


@dataclass(frozen=True)
class Said:
    """One word of a voice. `count`: so many meetings of the month together, with their mean.

    `answer` is what was answered to the five questions, `contact` what staff heard themselves.
    """

    day: date
    rating: int | None
    count: int = 0
    answer: VoiceAnswer | None = None
    contact: CheckIn | None = None


@dataclass
class Month:
    """What each voice said in a month."""

    first: date
    said: dict[Voice, list[Said]] = field(default_factory=lambda: {voice: [] for voice in Voice})


def months(
    meetings: Iterable[tuple[date, int]],
    contacts: Iterable[CheckIn],
    answers: Sequence[VoiceAnswer],
) -> list[Month]:
    """Every month in which somebody said something, the newest first."""
    found: dict[date, Month] = {}

    def month(day: date) -> Month:
        first = day.replace(day=1)
        return found.setdefault(first, Month(first))

    for said in _meetings(meetings):
        month(said.day).said[Voice.MENTOR].append(said)
    fulfilled = {answer.check_in_id for answer in answers}
    for row in contacts:
        if row.id not in fulfilled and row.held_on is not None:
            said = Said(row.held_on, row.rating, contact=row)
            month(row.held_on).said[Voice(row.kind)].append(said)
    for answer in answers:
        day = as_day(answer.answered_at)
        month(day).said[Voice(answer.voice)].append(Said(day, answer.rating, answer=answer))
    for each in found.values():
        for rows in each.said.values():
            rows.sort(key=lambda said: said.day, reverse=True)
    return sorted(found.values(), key=lambda each: each.first, reverse=True)


def _meetings(meetings: Iterable[tuple[date, int]]) -> list[Said]:
    """The mentor's ratings of a month as one word: their mean, a half rounded down."""
    by_month: dict[date, list[tuple[date, int]]] = {}
    for day, went in meetings:
        by_month.setdefault(day.replace(day=1), []).append((day, went))
    return [
        Said(max(day for day, _ in rows), _mean([went for _, went in rows]), count=len(rows))
        for rows in by_month.values()
    ]


def _mean(steps: list[int]) -> int:
    return -((len(steps) - 2 * sum(steps)) // (2 * len(steps)))


def ratings(months: Iterable[Month], voice: Voice) -> list[tuple[date, int]]:
    """The rated words of a voice in order of their days, for its chart."""
    said = (row for month in months for row in month.said[voice])
    return sorted((row.day, row.rating) for row in said if row.rating is not None)
