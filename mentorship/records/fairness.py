"""Who a round reached, group by group, as a reader may see it. No database.

Outside the case team each grouping is a table of matched and waiting children that hides its
small counts. All tables have the same totals, so a table that would have to hide a total is left
out altogether: no other table can then give away what it hides.
"""

from dataclasses import dataclass
from itertools import groupby

import matching
from mentorship.web.suppression import LEAST, Count, Mark, protect

BY_POLICY = "waiting"  # who waits longest comes first: a low share there is meant


@dataclass(frozen=True)
class Line:
    """One group: children with a mentor proposed, without one, and both together."""

    by: str
    group: str
    matched: Count
    left: Count
    children: Count

    @property
    def share(self) -> float | None:
        """The share with a mentor, where both counts may be shown."""
        if self.matched.value is None or not self.children.value:
            return None
        return self.matched.value / self.children.value


@dataclass(frozen=True)
class Grouping:
    """One way to group the children; no line where even the totals would be given away."""

    by: str
    lines: list[Line]

    @property
    def worst(self) -> Line | None:
        """The group with the least share; None where there is nothing to compare."""
        return _worst(self.lines) if len(self.lines) > 1 else None


@dataclass(frozen=True)
class FairnessReport:
    """What the page shows; `total` is None where so few children say nothing of groups."""

    total: Line | None
    groupings: list[Grouping]

    @property
    def worst(self) -> Line | None:
        """The group with the least share of all, waiting time aside."""
        compared = [each.worst for each in self.groupings if each.by != BY_POLICY]
        return _worst([line for line in compared if line is not None])


def fairness_report(record: matching.Record, *, suppressed: bool) -> FairnessReport:
    """The shares of waiting children matched; `suppressed` for readers outside the case team."""
    measured = matching.fairness(record.problem, record.policy, record.plan)
    found = [
        _grouping(by, [(g.group, g.matched, g.children - g.matched) for g in groups], suppressed)
        for by, groups in groupby(measured.groups, key=lambda group: group.by)
    ]
    if not found:
        return FairnessReport(None, [])
    first = [group for group in measured.groups if group.by == found[0].by]
    matched, children = (
        sum(group.matched for group in first),
        sum(group.children for group in first),
    )
    if suppressed and any(0 < n < LEAST for n in (matched, children - matched, children)):
        return FairnessReport(None, [])
    return FairnessReport(_line("", "", _plain((matched, children - matched))), found)


def _grouping(by: str, rows: list[tuple[str, int, int]], suppressed: bool) -> Grouping:
    counts = [(matched, left) for _, matched, left in rows]
    if not suppressed:
        return Grouping(by, [_line(by, row[0], _plain(row[1:])) for row in rows])
    *body, totals = protect(counts)
    if not all(count.is_shown for count in totals):
        return Grouping(by, [])
    return Grouping(by, [_line(by, row[0], seen) for row, seen in zip(rows, body, strict=True)])


def _plain(counts: tuple[int, int]) -> list[Count]:
    return [Count(Mark.SHOWN, number) for number in (*counts, sum(counts))]


def _line(by: str, group: str, seen: list[Count]) -> Line:
    return Line(by, group, *seen)


def _worst(lines: list[Line]) -> Line | None:
    """Of equal shares the largest group; a group of fewer than 5 says nothing."""
    told = [
        (line.share, -(line.children.value or 0), line)
        for line in lines
        if line.share is not None and (line.children.value or 0) >= LEAST
    ]
    return min(told, key=lambda each: each[:2])[2] if told else None
