"""Supply and demand by region and language, every number as the reader may see it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from mentorship.accounts.models import User
from mentorship.figures.catalogue import MEASURES
from mentorship.figures.models import Tongue
from mentorship.figures.pages import country_of, read
from mentorship.permissions import Scope
from mentorship.records.models import RecruitmentBrief
from mentorship.records.queries import published_rounds
from mentorship.records.recruitment import briefs_of
from mentorship.supply.facts import next_step, per_mentor
from mentorship.supply.vocabulary import Step as NextStep
from mentorship.web.periods import Step, period_of
from mentorship.web.suppression import LEAST, Count, Mark, share_of

MEASURED = ("children_waiting", "mentors_free", "children_eligible")
"""Marked as the pages of these measures mark them, so that two pages tell no more than one."""
NOT_KNOWN = Count(Mark.HIDDEN)


@dataclass(frozen=True)
class Line:
    """One region, one language, or all of them together."""

    code: str
    waiting: Count
    free: Count
    eligible: Count
    coverage: float | None
    """The share of eligible children who have a mentor; None where it may not be shown."""

    @property
    def per_mentor(self) -> float | None:
        """Children who wait to one free mentor."""
        return per_mentor(self.waiting, self.free)

    @property
    def step(self) -> NextStep:
        return next_step(self.waiting, self.free)

    @property
    def gap(self) -> tuple[int, float]:
        """The order of the page: what is needed most comes first."""
        ratio = self.per_mentor
        if ratio is None:
            at_most = LEAST - 1 if self.free.mark is Mark.FEW else 1
            ratio = (self.waiting.value or 0) / at_most
        return list(NextStep).index(self.step), -ratio


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
    seen = [read(session, scope, MEASURES[code], until).number for code in MEASURED]
    month = period_of(until, Step.MONTH)

    covered = read(session, scope, MEASURES["coverage"], until)

    def line(code: str, region: str | None, part: str | None) -> Line:
        waiting, free, eligible = (each.at(month, region, part) or NOT_KNOWN for each in seen)
        share = covered.at(month, region).amount if part is None else _share(waiting, eligible)
        return Line(code, waiting, free, eligible, share)

    regions = [region] if region else country_of(scope).seen
    return SupplyReport(
        regions=sorted((line(each, each, language) for each in regions), key=lambda one: one.gap),
        languages=[line(str(each), region, each) for each in Tongue],
        total=line("", region, language),
    )


def _share(waiting: Count, eligible: Count) -> float | None:
    """Those of one language who have a mentor: matches are not counted by language."""
    left = share_of(waiting, eligible)
    return None if left is None else 1 - left
