"""The two formulas of this package, pure: the average of goals and the score of a survey."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

LEVELS = (-2, -1, 0, 1, 2)
MOST, LEAST = 5, 1  # steps of a survey's scale
# How much the goals of one person are taken to go together. Kiresuk and Sherman proposed 0.3 as
# the assumption to make while nobody knows better (Community Mental Health Journal 4, 1968).
EXPECTED_CORRELATION = 0.3


@dataclass(frozen=True)
class Weighed:
    """The level reached on a goal, -2 to 2, and the goal's importance, 1 to 3."""

    level: int
    importance: int


def average_of_goals(goals: Iterable[Weighed]) -> float | None:
    """The goal attainment T-score: 50 where all goals are reached as expected; None without any.

    50 + 10 sum(w x) / sqrt((1 - rho) sum(w^2) + rho (sum w)^2), with levels x, weights w and
    rho = EXPECTED_CORRELATION. If every x has mean 0 and standard deviation 1 and any two
    correlate by rho, the score has mean 50 and standard deviation 10. It says how far goals were
    reached against what was expected of them, nothing about how hard they were or who did it.

    Source: Kiresuk and Sherman 1968; the same formula in the erratum to Turner-Stokes, Clinical
    Rehabilitation 23, 2009 (the article itself prints it wrongly).
    """
    known = list(goals)
    if not known:
        return None
    weights = [goal.importance for goal in known]
    reached = sum(goal.importance * goal.level for goal in known)
    squares = sum(weight * weight for weight in weights)
    rho = EXPECTED_CORRELATION
    return 50 + 10 * reached / sqrt((1 - rho) * squares + rho * sum(weights) ** 2)


def survey_score(
    answers: Mapping[str, int], reverse: Mapping[str, bool], least_answered_percent: int
) -> float | None:
    """The mean of the answered items, 1 to 5, reversed ones turned round; higher is better.

    `reverse` names every item of the instrument. None where fewer than that share of them was
    answered: a mean of what is left would be a score of other questions.
    """
    given = [
        LEAST + MOST - answers[code] if turned else answers[code]
        for code, turned in reverse.items()
        if code in answers
    ]
    if len(given) < needed(len(reverse), least_answered_percent):
        return None
    return sum(given) / len(given)


def needed(items: int, least_answered_percent: int) -> int:
    """How many of the items must be answered for a score; at least one."""
    return max(1, ceil(items * least_answered_percent / 100))


def mean_and_half_width(values: Sequence[float]) -> tuple[float, float] | None:
    """The mean and half its 95 % interval, by Student's t; None for fewer than two values."""
    n = len(values)
    if n < 2:
        return None
    mean = sum(values) / n
    variance = sum((value - mean) ** 2 for value in values) / (n - 1)
    return mean, _t95(n - 1) * sqrt(variance / n)


# Student's t, two-sided 95 %, by degrees of freedom; in between the smaller row is taken, so that
# the interval is rather too wide than too narrow.
_T95 = {
    1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262,
    10: 2.228, 12: 2.179, 15: 2.131, 20: 2.086, 30: 2.042, 60: 2.0, 120: 1.98,
}  # fmt: skip


def _t95(degrees: int) -> float:
    return _T95[max(known for known in _T95 if known <= degrees)]
