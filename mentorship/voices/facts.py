"""What three voices say of a match: how they are asked, who is silent, who says otherwise.

Pure: dates, steps and limits come in, so that a page about one match and a nightly look at
thousands of them ask the same functions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Voice(StrEnum):
    MENTOR = "mentor"
    CHILD = "child"
    CARER = "carer"


# Asked by a link, in this order; each answer is a step from 1 (bad) to 5 (good).
QUESTIONS: dict[Voice, tuple[str, ...]] = {
    Voice.CHILD: ("glad", "heard", "safe", "fun", "go_on"),
    Voice.CARER: ("calm", "reliable", "wanted", "agreed", "go_on"),
}
STEPS = (1, 2, 3, 4, 5)
YEAR = 365


@dataclass(frozen=True)
class Word:
    """The last word of one voice: when it was heard, its last rating and the day of that.

    `safe`: the child's last answer to whether they feel safe.
    """

    heard_on: date
    rating: int | None = None
    rated_on: date | None = None
    safe: int | None = None


@dataclass(frozen=True)
class Limits:
    """Days of silence, steps of difference, and the safety step, from which a flag is up.

    A carer is asked quarterly, and so is a child after the first year: `silence_later_days`.
    """

    silence_days: int = 60
    silence_later_days: int = 120
    difference: int = 2
    unsafe: int = 2

    def days(self, voice: Voice, started_on: date, on: date) -> int:
        """After how many days a voice of a match is silent."""
        monthly = voice == Voice.MENTOR or (on - started_on).days <= YEAR
        return self.silence_days if monthly and voice != Voice.CARER else self.silence_later_days


@dataclass(frozen=True)
class Flags:
    """What a coordinator should look at; each is shown by itself, none outweighs another."""

    silent: tuple[Voice, ...] = ()
    differ: tuple[Voice, Voice] | None = None
    unsafe: bool = False

    def __bool__(self) -> bool:
        return bool(self.silent or self.differ or self.unsafe)


def overall(answers: Mapping[str, int]) -> int | None:
    """One step for all answers: their mean, a half rounded down; None when all were skipped."""
    if not answers:
        return None
    return -((len(answers) - 2 * sum(answers.values())) // (2 * len(answers)))


def silent(
    voice_last: Mapping[Voice, date], on: date, days: int | Mapping[Voice, int]
) -> tuple[Voice, ...]:
    """The voices that were last heard more than `days` days before a day."""

    def long_ago(voice: Voice) -> date:
        return on - timedelta(days=days if isinstance(days, int) else days[voice])

    return tuple(voice for voice in Voice if voice_last.get(voice, on) < long_ago(voice))


def disagreement(latest: Mapping[Voice, int], steps: int = 2) -> tuple[Voice, Voice] | None:
    """The voices whose last ratings lie `steps` or more apart: the lowest, then the highest."""
    if not latest:
        return None
    order = list(Voice)
    low, high = (
        pick(latest, key=lambda voice: (latest[voice], order.index(voice))) for pick in (min, max)
    )
    return (low, high) if latest[high] - latest[low] >= steps else None


def flags(
    words: Mapping[Voice, Word], started_on: date, on: date, limits: Limits | None = None
) -> Flags:
    """Every flag of a match on a day; who was never heard is silent since it began.

    A rating older than the days of silence is not held against anybody's newer one.
    """
    known = limits or Limits()
    last = {voice: words[voice].heard_on if voice in words else started_on for voice in Voice}
    days = {voice: known.days(voice, started_on, on) for voice in Voice}
    ratings = {
        voice: word.rating
        for voice, word in words.items()
        if word.rating is not None and word.rated_on is not None
        if (on - word.rated_on).days <= days[voice]
    }
    safe = words[Voice.CHILD].safe if Voice.CHILD in words else None
    return Flags(
        silent(last, on, days),
        disagreement(ratings, known.difference),
        safe is not None and safe <= known.unsafe,
    )
