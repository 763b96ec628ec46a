"""Matches by the quarter in which they began, each month of their life a column."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mentorship.retention.spells import Spells
from mentorship.retention.study import Study, Table, summed
from mentorship.retention.withheld import covered, lines_of
from mentorship.web.suppression import Count, Mark

MONTHS = (3, 6, 12, 18, 24)


def quarters_of(spells: Spells, regions: Sequence[str]) -> Study:
    """A study of quarters, such as 2026-Q3; a year's hidden number is not their sum."""
    quarter = spells.started.astype("M8[M]").astype(np.int64) // 3
    names = np.char.add(
        np.char.add((quarter // 4 + 1970).astype(np.str_), "-Q"), (quarter % 4 + 1).astype(np.str_)
    )
    with_quarters = replace(spells, groups={"year": spells.groups["year"], "quarter": names})
    codes = {name: np.unique(column).tolist() for name, column in with_quarters.groups.items()}
    codes = {name: found or [""] for name, found in codes.items()}
    study = Study(with_quarters, regions, codes, MONTHS)
    study.counts["quarter"] = _within_years(study)
    return study


def _within_years(study: Study) -> Table:
    """The counts of quarters, so marked that none follows from the year it is a part of.

    Cells are the quarters with their totals and, behind them, the years, which stay as they are.
    """
    quarters, years = study.counts["quarter"], study.counts["year"]
    wide = [[*row, *year[:-1]] for row, year in zip(quarters, years, strict=True)]
    rows, own = len(quarters), len(study.codes["quarter"]) + 1
    columns = len(wide[0])
    hidden = np.array([[not count.is_shown for count in row] for row in wide]).ravel()
    years_begun = summed(study.begun("year"))[:, :-1]
    begun = np.concatenate([summed(study.begun("quarter")), years_begun], axis=1)
    fixed = np.zeros((rows, columns), dtype=bool)
    fixed[:, own - 1 :] = True
    places = np.arange(rows * columns).reshape(rows, columns)
    lines = [*lines_of(rows, columns)[rows : rows + own - 1], *places[:, :own]]
    for place, year in enumerate(study.codes["year"]):
        inside = [k for k, code in enumerate(study.codes["quarter"]) if code.startswith(year)]
        lines += list(places[:, [*inside, own + place]])
    found = covered(hidden, begun.ravel(), lines, fixed.ravel()).reshape(rows, columns)
    return [
        [
            Count(Mark.HIDDEN) if found[i, j] and count.is_shown else count
            for j, count in enumerate(row)
        ]
        for i, row in enumerate(quarters)
    ]
