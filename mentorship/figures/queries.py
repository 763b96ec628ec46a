"""Reads of the summary tables; a few small statements, kept per build within a process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship.figures.models import Build
from mentorship.permissions import Scope


@dataclass(frozen=True)
class Facts:
    """Matches as columns: `region`, `ending` and the like are arrays of text ("" where none).

    Days are `datetime64[D]`; `ended_on` is NaT while a match is open.
    """

    columns: Mapping[str, NDArray[Any]]

    def __len__(self) -> int:
        return len(self.columns["match_id"])

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.columns[name]

    def where(self, mask: NDArray[np.bool_]) -> "Facts":
        """Only the matches of a mask."""
        return Facts({name: column[mask] for name, column in self.columns.items()})

    @cached_property
    def is_open(self) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = np.isnat(self["ended_on"])
        return found


def newest_build(session: Session) -> Build | None:
    """When the figures were computed last, and up to which day; None: never yet."""
    return session.scalars(select(Build).order_by(Build.id.desc()).limit(1)).first()


def match_facts(session: Session, scope: Scope) -> Facts:
    """Every match of the regions in scope, as of the newest build."""
    raise NotImplementedError


def counts(
    session: Session,
    scope: Scope,
    measure: str,
    first: date,
    last: date,
    by: Sequence[str] = ("region",),
) -> dict[tuple[str, ...], int]:
    """Numbers of a count in a span of days by any of "region", "part", "month", "day".

    A flow adds up; a stock is that of the last day it was taken in the span (in each month when
    `by` has "month", as "2026-10").
    """
    raise NotImplementedError
