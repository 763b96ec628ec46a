"""Matches by the quarter in which they began, each month of their life a column."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mentorship.retention.spells import Spells
from mentorship.retention.study import Study, Table
from mentorship.web.suppression import Count, protect_linked

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
    if len(spells):
        study.counts["quarter"] = _below_years(study)
    return study


def _below_years(study: Study) -> Table:
    """The counts of quarters, marked below their years as the page of what began marks them."""
    years, begun = study.counts["year"], study.begun("quarter")
    columns: list[list[Count]] = []
    for place, year in enumerate(study.codes["year"]):
        known = {code: k for k, code in enumerate(study.codes["quarter"])}
        codes = [f"{year}-Q{number}" for number in (1, 2, 3, 4)]
        table = [[int(row[known[c]]) if c in known else 0 for c in codes] for row in begun]
        totals = [[row[place] for row in years]]
        marked = protect_linked({"time": table}, totals=totals)["time"]
        columns += [[row[k] for row in marked] for k, c in enumerate(codes) if c in known]
    return [list(row) for row in zip(*columns, [row[-1] for row in years], strict=True)]
