from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.errors import Invalid
from mentorship.settings.catalogue import CATALOGUE
from mentorship.settings.models import Setting


def value(session: Session, key: str) -> int:
    """The value of a setting that is in force now; KeyError where there is no such setting."""
    known = CATALOGUE[key]
    newest = select(Setting.value).where(Setting.key == key).order_by(Setting.id.desc()).limit(1)
    found = session.scalar(newest)
    return known.value if found is None else int(found)


def newest_rows(session: Session) -> dict[str, Setting]:
    """The row in force of every setting that somebody changed, by key."""
    newest = select(func.max(Setting.id)).group_by(Setting.key)
    return {row.key: row for row in session.scalars(select(Setting).where(Setting.id.in_(newest)))}


def change_setting(
    session: Session,
    key: str,
    number: int,
    *,
    source: str,
    owner: str,
    decided_on: date,
    by: int,
    at: datetime,
) -> Setting:
    """Decide a setting anew; raises Invalid where the value is out of its bounds."""
    known = CATALOGUE[key]
    if not known.least <= number <= known.most:
        raise Invalid("setting_out_of_bounds", least=known.least, most=known.most)
    was = value(session, key)
    row = Setting(
        key=key,
        value=number,
        source=source,
        owner=owner,
        decided_on=decided_on,
        changed_by=by,
        changed_at=at,
    )
    session.add(row)
    audit.record("changed_setting", row, by=by, key=key, was=was, now=number)
    return row
