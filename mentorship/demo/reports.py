"""What the manager of the demo keeps and is told of: saved views, and the monthly report."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from mentorship.accounts.models import User
from mentorship.reports.services import save_view, subscribe
from mentorship.web.periods import Step

VIEWS = (
    ("Қарағанды облысы: жұптар қанша уақыт сақталады", "/retention?region=35"),
    ("Байланыстар уақытында: Қостанай облысы", "/practice?region=39"),
    ("Тәлімгер күткен балалар", "/figures/children_waiting"),
)


def store_reports(session: Session, manager: User, on: date, at: datetime) -> None:
    """Three pages the manager comes back to, and a letter each month in Kazakh."""
    for name, address in VIEWS:
        save_view(session, manager, name, address, at=at)
    subscribe(session, manager, Step.MONTH, "kk", on=on, at=at)
