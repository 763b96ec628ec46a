"""Warning signs of one match: each kind a plain function of days and numbers, no database.

A sign says what was seen and what to do next. It never says what will happen: screens that
promise that are right too seldom (sensitivity 0.43, specificity 0.75).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import takewhile
from typing import Any

from mentorship.signs.vocabulary import NextAction, SignKind
from mentorship.voices.facts import Flags, Limits, Voice, Word, flags

IN_A_MEAN = 3
RATINGS = 2 * IN_A_MEAN


@dataclass(frozen=True)
class Thresholds:
    """From when something is a sign; the values in force are settings."""

    missed_check_ins: int = 2
    missed_within_days: int = 90
    meetings_within_weeks: int = 6
    meetings_percent: int = 60
    falling_steps: int = 3
    silence_days: int = 28
    cancelled: int = 3
    cancelled_within_weeks: int = 8
    cancelled_in_a_row: int = 2
    certificate_days: int = 30
    voices: Limits = field(default_factory=Limits)

    @property
    def weeks(self) -> timedelta:
        """How far back entries are read."""
        return timedelta(weeks=max(self.meetings_within_weeks, self.cancelled_within_weeks))


@dataclass(frozen=True)
class Entry:
    """One entry of the mentor: a meeting held, or cancelled by somebody."""

    on: date
    cancelled_by: str | None = None


@dataclass
class Known:
    """What is known of an open match on a day.

    `entries` are the last weeks', the oldest first; `agreed` the days on which the two should
    have met in the same time as `held` is counted; `ratings` the last six, the newest first;
    `missed` the due days of contacts nobody held.
    """

    started_on: date
    on_hold: bool = False
    entries: list[Entry] = field(default_factory=list)
    agreed: list[date] = field(default_factory=list)
    last_entry_on: date | None = None
    ratings: list[tuple[date, int]] = field(default_factory=list)
    missed: list[date] = field(default_factory=list)
    words: Mapping[Voice, Word] = field(default_factory=dict)
    has_certificate: bool = True
    certificate_until: date | None = None
    _flags: Flags | None = None

    def flags(self, on: date, limit: Limits) -> Flags:
        """What the three voices say, reckoned once: facts are those of one day."""
        if self._flags is None:
            self._flags = flags(self.words, self.started_on, on, limit)
        return self._flags


@dataclass(frozen=True)
class Finding:
    """A sign that holds: its kind, since when, the numbers it rests on, and what to do."""

    kind: SignKind
    since_on: date
    facts: dict[str, Any]
    next_action: NextAction


def missed_check_ins(known: Known, on: date, limit: Thresholds) -> Finding | None:
    """Several contacts of the last months were not held."""
    first = on - timedelta(days=limit.missed_within_days)
    missed = sorted(day for day in known.missed if first <= day < on)
    if len(missed) < limit.missed_check_ins:
        return None
    facts = {"count": len(missed), "days": limit.missed_within_days}
    since = missed[limit.missed_check_ins - 1]
    return Finding(SignKind.MISSED_CHECK_INS, since, facts, NextAction.HOLD_THE_CHECK_IN)


def few_meetings(known: Known, on: date, limit: Thresholds) -> Finding | None:
    """The two met clearly less often than they agreed; one cancelled meeting is none."""
    first = on - timedelta(weeks=limit.meetings_within_weeks)
    agreed = [day for day in known.agreed if first < day <= on]
    held = sum(entry.cancelled_by is None and entry.on > first for entry in known.entries)
    few = len(agreed) - held >= 2 and held * 100 < len(agreed) * limit.meetings_percent
    if known.on_hold or not few:
        return None
    facts = {"held": held, "agreed": len(agreed), "weeks": limit.meetings_within_weeks}
    return Finding(SignKind.FEW_MEETINGS, agreed[0], facts, NextAction.AGREE_ON_THE_SLOT)


def falling_ratings(known: Known, _on: date, limit: Thresholds) -> Finding | None:
    """The last three ratings lie clearly below the three before."""
    if len(known.ratings) < RATINGS:
        return None
    marks = [mark for _, mark in known.ratings[:RATINGS]]
    last, before = sum(marks[:IN_A_MEAN]), sum(marks[IN_A_MEAN:])
    if before - last < limit.falling_steps:
        return None
    facts = {"last": last, "before": before}
    since = known.ratings[IN_A_MEAN - 1][0]
    return Finding(SignKind.FALLING_RATINGS, since, facts, NextAction.CALL_THE_MENTOR)


def disagreement(known: Known, on: date, limit: Thresholds) -> Finding | None:
    """Two of the three voices say different things; the facts hold the mark of each."""
    differ = known.flags(on, limit.voices).differ
    if differ is None:
        return None
    low, high = (known.words[voice] for voice in differ)
    facts = {f"low_{differ[0]}": low.rating, f"high_{differ[1]}": high.rating}
    since = max(word.rated_on or known.started_on for word in (low, high))
    action = NextAction.CALL_THE_MENTOR if differ[0] == Voice.MENTOR else NextAction.ASK_THE_CHILD
    return Finding(SignKind.DISAGREEMENT, since, facts, action)


def silence(known: Known, on: date, limit: Thresholds) -> Finding | None:
    """No entry about a meeting for weeks, or one of the voices was not heard for months."""
    facts: dict[str, int] = {}
    since = []
    entered = known.last_entry_on or known.started_on
    if (on - entered).days > limit.silence_days and not known.on_hold:
        facts["entry"] = (on - entered).days
        since.append(entered + timedelta(days=limit.silence_days + 1))
    for voice in known.flags(on, limit.voices).silent:
        heard = known.words[voice].heard_on if voice in known.words else known.started_on
        facts[voice] = (on - heard).days
        since.append(heard + timedelta(days=limit.voices.days(voice, known.started_on, on) + 1))
    if not facts:
        return None
    mentor = "entry" in facts or Voice.MENTOR in facts
    action = NextAction.CALL_THE_MENTOR if mentor else NextAction.ASK_THE_CHILD
    return Finding(SignKind.SILENCE, min(since), facts, action)


def cancellations(known: Known, on: date, limit: Thresholds) -> Finding | None:
    """Many meetings were cancelled in the last weeks, or the same side cancelled in a row."""
    first = on - timedelta(weeks=limit.cancelled_within_weeks)
    entries = [entry for entry in known.entries if entry.on > first]
    cancelled = [entry for entry in entries if entry.cancelled_by]
    latest = list(reversed(entries))
    side = latest[0].cancelled_by if latest else None
    row = list(takewhile(lambda entry: entry.cancelled_by == side, latest)) if side else []
    in_a_row = len(row) if len(row) >= limit.cancelled_in_a_row else 0
    if known.on_hold or (len(cancelled) < limit.cancelled and not in_a_row):
        return None
    facts = {"count": len(cancelled), "weeks": limit.cancelled_within_weeks}
    if in_a_row and side:
        facts[f"by_{side}"] = in_a_row
    by_mentor = in_a_row and side == "mentor"
    action = NextAction.ARRANGE_A_SUBSTITUTE if by_mentor else NextAction.ASK_THE_CHILD
    return Finding(SignKind.CANCELLATIONS, cancelled[-1].on, facts, action)


def certificate(known: Known, on: date, limit: Thresholds) -> Finding | None:
    """The mentor's certificate is missing, over, or ends soon."""
    until = known.certificate_until
    if known.has_certificate and until is None:  # a paper without an end
        return None
    warned = timedelta(days=limit.certificate_days)
    if until is not None and until > on + warned:
        return None
    facts = {} if until is None else {"until": until.isoformat()}
    since = known.started_on if until is None else until - warned
    return Finding(SignKind.CERTIFICATE, since, facts, NextAction.RENEW_THE_CERTIFICATE)


def unsafe(known: Known, on: date, limit: Thresholds) -> Finding | None:
    """The child's last answer to whether they feel safe was a no, or not really."""
    word = known.words.get(Voice.CHILD)
    if word is None or not known.flags(on, limit.voices).unsafe:
        return None
    facts = {"step": word.safe}
    return Finding(SignKind.UNSAFE, word.heard_on, facts, NextAction.TALK_TO_THE_CHILD)


Test = Callable[[Known, date, Thresholds], Finding | None]
TESTS: tuple[Test, ...] = (
    unsafe,
    silence,
    cancellations,
    disagreement,
    falling_ratings,
    few_meetings,
    missed_check_ins,
    certificate,
)


def findings(known: Known, on: date, limit: Thresholds) -> list[Finding]:
    """Every sign of a match on a day, the gravest first."""
    return [found for test in TESTS if (found := test(known, on, limit)) is not None]
