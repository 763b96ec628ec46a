"""Competing ends by region, as a reader may see them: each way's share, and what is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from mentorship.retention.incidence import Incidence, aalen_johansen
from mentorship.retention.study import MOST_IMPORTANT, Group, Study, summed
from mentorship.retention.survival import Bools, Estimate
from mentorship.retention.withheld import Numbers, alone, covered, lines_of
from mentorship.web.suppression import LEAST, Count


@dataclass(frozen=True, eq=False)
class Shares:
    """How the matches of a choice end. `months` are those of which something may be shown."""

    count: Count
    known_until: float
    months: tuple[int, ...]
    ways: tuple[dict[int, Estimate], ...]
    """By way, then by month; a month that is missing is withheld."""
    together: dict[int, float]
    points: tuple[tuple[int, tuple[float, ...]], ...]
    """For a chart: months at which every way's share may be shown, with these shares."""


class Ends:
    """The ways in which the spells of a study end."""

    def __init__(self, study: Study, number: int) -> None:
        self.study, self.number = study, number
        self._withheld = self._judge()

    def of(self, regions: Sequence[str]) -> Shares:
        """Of some regions together."""
        group = self.study.group(regions)
        if group.curve is None or group.count.value is None:
            return Shares(group.count, 0.0, (), ({},) * self.number, {}, ())
        mask = self.study.mask(regions)
        spells = self.study.spells
        found = aalen_johansen(spells.months[mask], spells.ways[mask], self.number)
        months = tuple(m for m in self.study.horizons if m <= group.known_until)
        hidden = self._hidden(regions)
        at = {
            (way, month): found.at(way + 1, month) for way in range(self.number) for month in months
        }
        ways = tuple(
            {m: at[way, m] for place, m in enumerate(months) if not hidden[way, place]}
            for way in range(self.number)
        )
        whole = [m for place, m in enumerate(months) if not hidden[:, place].any()]
        together = {m: _together(found, m) for m in whole}
        points = self._points(mask, found, group, whole, months)
        return Shares(group.count, group.known_until, months, ways, together, points)

    def _hidden(self, regions: Sequence[str]) -> Bools:
        """By way (last: any way) and month."""
        rows = [self.study.regions.index(region) for region in regions]
        if len(rows) == len(self.study.regions):
            return np.asarray(self._withheld[-1])
        return np.asarray(self._withheld[rows].any(axis=0))

    def _judge(self) -> Bools:
        """Regions and the country by ways and all of them, by month."""
        study, (rows, columns) = self.study, (len(self.study.regions) + 1, self.number + 1)
        begun = np.repeat(summed(study.begun(next(iter(study.codes))))[:, -1:], columns, axis=1)
        ended = summed(self._ended())
        first = [study.horizons.index(m) for m in MOST_IMPORTANT if m in study.horizons]
        found = alone(begun, ended, first)
        counts = next(iter(study.counts.values()))
        found |= np.array([not row[-1].is_shown for row in counts])[:, None, None]
        for month in range(len(study.horizons)):
            size = ended[..., month].ravel()
            lines = lines_of(rows, columns)
            flat = covered(found[..., month].ravel(), size, lines)
            found[..., month] |= flat.reshape(rows, columns)
        return found

    def _ended(self) -> Numbers:
        study, spells = self.study, self.study.spells
        rows, months = len(study.regions), len(study.horizons)
        over = spells.ways > 0
        by = np.searchsorted(study.horizons, spells.months[over], side="left")
        cell = (study.rows[over] * self.number + spells.ways[over] - 1) * (months + 1) + by
        found = np.bincount(cell, minlength=rows * self.number * (months + 1))
        return found.reshape(rows, self.number, months + 1).cumsum(axis=-1)[..., :-1]

    def _points(
        self,
        mask: Bools,
        found: Incidence,
        group: Group,
        whole: Sequence[int],
        reached: Sequence[int],
    ) -> tuple[tuple[int, tuple[float, ...]], ...]:
        """Months with 0 or at least 5 endings of each way between them, up to the last shown."""
        spells = self.study.spells
        months = spells.months[mask]
        lasted = [np.sort(months[spells.ways[mask] == way + 1]) for way in range(self.number)]

        def ended(month: int) -> list[int]:
            return [int(np.searchsorted(each, month, side="right")) for each in lasted]

        kept = [0]
        for start, end in pairwise([0, *whole]):
            if not any(start < month < end for month in reached):
                for month in range(start + 1, end):
                    steps = (
                        *zip(ended(kept[-1]), ended(month), strict=True),
                        *zip(ended(month), ended(end), strict=True),
                    )
                    if not any(0 < after - before < LEAST for before, after in steps):
                        kept.append(month)
            kept.append(end)
        return tuple(
            (m, tuple(found.at(way + 1, m).share for way in range(self.number))) for m in kept
        )


def _together(found: Incidence, month: int) -> float:
    place = int(np.searchsorted(found.months, month, side="right")) - 1
    return float(found.together[place]) if place >= 0 else 1.0
