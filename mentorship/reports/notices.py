"""What people are told about reports and views: a link, never a figure."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from mentorship.accounts.models import User
from mentorship.figures.queries import newest_build
from mentorship.messages.services import enqueue
from mentorship.reports.models import ReportSubscription
from mentorship.reports.policies import newest_over
from mentorship.reports.queries import subscriptions_of_readers
from mentorship.web.periods import Period, Step


def tell_of_reports(session: Session, *, base_url: str, on: date, at: datetime) -> int:
    """Tell everybody who asked for it of the last month or quarter, once; how many letters.

    Not before its figures are computed: until then the report would not be there.
    """
    build = newest_build(session)
    if build is None:
        return 0
    told = 0
    for row in subscriptions_of_readers(session):
        period = newest_over(Step(row.step), on)
        if row.told_of < period.code and period.last <= build.until:
            told += _tell(session, row, period, base_url=base_url, at=at)
    return told


def _tell(
    session: Session, row: ReportSubscription, period: Period, *, base_url: str, at: datetime
) -> bool:
    row.told_of = period.code
    message = enqueue(
        session,
        key=f"report_ready:{period.code}:{row.user_id}",
        kind="report_ready",
        user=row.user,
        at=at,
        link=f"{base_url}/reports/{period.code}?language={row.language}",
    )
    return message is not None


def send_view(
    session: Session,
    to: User,
    *,
    by: User,
    address: str,
    token: str,
    base_url: str,
    at: datetime,
) -> bool:
    """Send a colleague the address of a page; False where they want no such letters."""
    message = enqueue(
        session,
        key=f"view_sent:{by.id}:{to.id}:{token[:60]}",
        kind="view_sent",
        user=to,
        at=at,
        link=base_url + address,
    )
    return message is not None
