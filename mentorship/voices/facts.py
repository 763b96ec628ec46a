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
    """Days of silence, steps of difference, and the safety step, from which a flag is up."""

    silence_days: int = 60
    difference: int = 2
    unsafe: int = 2


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


def silent(voice_last: Mapping[Voice, date], on: date, days: int) -> tuple[Voice, ...]:
    """The voices that were last heard more than `days` days before a day."""
    long_ago = on - timedelta(days=days)
    return tuple(voice for voice in Voice if voice_last.get(voice, on) < long_ago)


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
    fresh = on - timedelta(days=known.silence_days)
    ratings = {
        voice: word.rating
        for voice, word in words.items()
        if word.rating is not None and word.rated_on is not None and word.rated_on >= fresh
    }
    safe = words[Voice.CHILD].safe if Voice.CHILD in words else None
    return Flags(
        silent(last, on, known.silence_days),
        disagreement(ratings, known.difference),
        safe is not None and safe <= known.unsafe,
    )
