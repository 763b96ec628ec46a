"""Facts about single pairs, from what the caller says of a problem's people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matching.columns import CONFLICT, DECLINED, EARLIER_GOOD, FORBIDDEN, KIN, Links
from matching.errors import ProblemError

if TYPE_CHECKING:
    from matching.problem import Problem

REFUSED_KINDS = {"conflict": CONFLICT, "forbidden": FORBIDDEN, "declined_before": DECLINED}


def links_of(problem: Problem) -> Links:
    """Refused pairs, earlier good matches and kin of a problem; its locks aside.

    Parameters
    ----------
    problem : Problem

    Returns
    -------
    Links

    Raises
    ------
    ProblemError
        A refused pair names somebody unknown, or is of an unknown kind.
    """
    found: list[tuple[int, int, int]] = []
    for pair, kind in problem.refused_pairs.items():
        if kind not in REFUSED_KINDS:
            reason = f"must be one of {', '.join(REFUSED_KINDS)}, not {kind!r}"
            raise ProblemError(reason, row=pair, field="refused_pairs")
        found.append((*problem.rows_of(pair, "refused_pairs"), REFUSED_KINDS[kind]))
    rows = problem.mentor_row
    for row, child in enumerate(problem.children):
        # Such a mentor may have left the register since, or not joined it: that is no mistake.
        for kin_or_known, fact in ((child.good_mentors, EARLIER_GOOD), (child.kin_mentors, KIN)):
            known = sorted(rows[key] for key in kin_or_known if key in rows)
            found.extend((mentor, row, fact) for mentor in known)
    return Links.of(found)


def lock_links(problem: Problem) -> Links:
    """Pairs that the locks of a problem forbid.

    Raises
    ------
    ProblemError
        A lock names somebody unknown.
    """
    return Links.of(
        [
            (*problem.rows_of(pair, "locks.forbidden"), FORBIDDEN)
            for pair in sorted(problem.locks.forbidden, key=repr)
        ]
    )
