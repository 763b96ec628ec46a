"""Supply and demand by region and language, every number as the reader may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from mentorship.accounts.models import User
from mentorship.figures.models import Tongue
from mentorship.figures.queries import counts
from mentorship.permissions import Scope
from mentorship.places.regions import REGIONS
from mentorship.records.models import RecruitmentBrief
from mentorship.records.queries import published_rounds
from mentorship.records.recruitment import briefs_of
from mentorship.supply.facts import next_step, per_mentor
from mentorship.supply.vocabulary import Step
from mentorship.web.suppression import Count, for_rows, protect_linked, share_of

TONGUES = list(Tongue)
Seen = list[list[Count]]


@dataclass(frozen=True)
class Line:
    """One region, one language, or all of them together."""

    code: str
    waiting: Count
    free: Count
    eligible: Count

    @property
    def per_mentor(self) -> float | None:
        """Children who wait to one free mentor."""
        return per_mentor(self.waiting, self.free)

    @property
    def coverage(self) -> float | None:
        """The share of eligible children who have a mentor."""
        if self.eligible.value == 0:
            return None
        left = share_of(self.waiting, self.eligible)
        return None if left is None else 1 - left

    @property
    def step(self) -> Step:
        return next_step(self.waiting, self.free)

    @property
    def gap(self) -> tuple[int, float]:
        """The order of the page: what is needed most comes first."""
        ratio = self.per_mentor if self.per_mentor is not None else float(self.waiting.value or 0)
        return list(Step).index(self.step), -ratio


@dataclass(frozen=True)
class SupplyReport:
    """What the page shows; `regions` with the widest gap first."""

    regions: list[Line]
    languages: list[Line]
    total: Line

    def needing(self, *steps: str) -> list[Line]:
        """The regions that need one of these next."""
        return [line for line in self.regions if line.step in steps]


@dataclass(frozen=True)
class Brief:
    """The newest recruitment brief: how many children more mentors would reach, by region."""

    round_id: int
    made_at: datetime
    total: Count
    regions: dict[str, Count]


def newest_brief(session: Session, user: User, *, suppressed: bool) -> Brief | None:
    """The brief of the newest round somebody may see; all numbers only for the case team."""
    newest = published_rounds(session, user, most=1)
    made = session.get(RecruitmentBrief, newest[0].id) if newest else None
    if made is None or not made.lines:
        return None
    briefs = briefs_of(made.lines, suppressed=suppressed)
    regions = {each.region: each.children for each in briefs.regions}
    return Brief(made.round_id, made.made_at, briefs.total, regions)


def supply_report(
    session: Session, scope: Scope, until: date, region: str | None, language: str | None
) -> SupplyReport:
    """The country is marked as one, then cut to the reader's regions and choice."""
    places = [i for i, code in enumerate(REGIONS) if scope.covers(code)]
    chosen = [i for i in places if region is None or list(REGIONS)[i] == region]
    tables = [for_rows(table, chosen) for table in _marked(session, until)]
    column = TONGUES.index(Tongue(language)) if language else -1
    lines = [
        Line(list(REGIONS)[i], *(table[row][column] for table in tables))
        for row, i in enumerate(chosen)
    ]
    return SupplyReport(
        regions=sorted(lines, key=lambda line: line.gap),
        languages=[
            Line(str(each), *(table[-1][j] for table in tables)) for j, each in enumerate(TONGUES)
        ],
        total=Line("", *(table[-1][column] for table in tables)),
    )


def _marked(session: Session, until: date) -> tuple[Seen, Seen, Seen]:
    """Waiting children, free mentors and eligible children: regions by languages.

    Those who wait are some of the eligible, and the rest are people too.
    """
    eligible = _table(session, "children_eligible", until)
    waiting = _table(session, "children_waiting", until)
    active = _table(session, "mentors_active", until)
    free = _table(session, "mentors_free", until)
    return (
        protect_linked({"part": waiting}, [{"part": eligible}])["part"],
        protect_linked({"part": free}, [{"part": active}])["part"],
        protect_linked({"part": eligible})["part"],
    )


def _table(session: Session, measure: str, until: date) -> Sequence[Sequence[int]]:
    found = counts(session, Scope(None), measure, until, until, by=("region", "part"))
    return [[found.get((region, each), 0) for each in TONGUES] for region in REGIONS]
