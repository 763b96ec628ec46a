"""Codes of programme indicators, without a database or words."""

from enum import StrEnum

YEARS = range(2026, 2031)  # of the Concept "Children of Kazakhstan"
FACTORS = {"share": 1, "per_1000": 1_000, "per_5000": 5_000}


class Formula(StrEnum):
    """How the fact of a year is computed."""

    MEASURE = "measure"
    RATIO = "ratio"
    LASTING = "lasting"


class Direction(StrEnum):
    """Which side of the target is the good one."""

    MORE = "more"
    LESS = "less"
