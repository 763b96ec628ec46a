from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.accounts.models import User
from mentorship.errors import AlreadyDone, Impossible, Invalid
from mentorship.permissions import Permission
from mentorship.reports import queries
from mentorship.reports.models import ReportSubscription, SavedView
from mentorship.reports.policies import newest_over
from mentorship.web.periods import Step

MOST_VIEWS = 100  # a list somebody can look over


def save_view(session: Session, user: User, name: str, address: str, *, at: datetime) -> SavedView:
    """Keep a page of figures under a name; raises AlreadyDone or Impossible."""
    kept = select(func.count()).select_from(SavedView).where(SavedView.user_id == user.id)
    if (session.scalar(kept) or 0) >= MOST_VIEWS:
        raise Impossible("views_too_many", most=MOST_VIEWS)
    _check_name(session, user, name)
    view = SavedView(user_id=user.id, name=name, address=address, saved_at=at)
    session.add(view)
    session.flush()
    return view


def rename_view(session: Session, view: SavedView, user: User, name: str) -> None:
    """Give a kept page another name; raises AlreadyDone."""
    if name != view.name:
        _check_name(session, user, name)
        view.name = name
        session.flush()


def remove_view(session: Session, user: User, view_id: int) -> None:
    """Keep a page no longer; one that is gone already is none."""
    view = queries.own_view(session, user, view_id)
    if view is not None:
        session.delete(view)
        session.flush()


def _check_name(session: Session, user: User, name: str) -> None:
    taken = queries.own_views(user).where(SavedView.name == name)
    if session.scalar(taken) is not None:
        raise AlreadyDone("view_name_taken")


def subscribe(
    session: Session, user: User, step: Step, language: str, *, on: date, at: datetime
) -> ReportSubscription:
    """Tell somebody of each report from now on; asked again, only the language changes."""
    own = {row.step: row for row in queries.own_subscriptions(session, user)}
    if found := own.get(step):
        found.language = language
        session.flush()
        return found
    told_of = newest_over(step, on).code
    row = ReportSubscription(
        user_id=user.id, step=step, language=language, told_of=told_of, made_at=at
    )
    session.add(row)
    audit.record("subscribed_to_reports", row, by=user.id, session=session, step=str(step))
    return row


def stop_subscription(session: Session, user: User, subscription_id: int) -> None:
    """Tell somebody of no more reports; one that is stopped already is none."""
    own = {row.id: row for row in queries.own_subscriptions(session, user)}
    if row := own.get(subscription_id):
        audit.record("stopped_reports", row, by=user.id, step=str(row.step))
        session.delete(row)
        session.flush()


def find_colleague(session: Session, user: User, colleague_id: int, permission: Permission) -> User:
    """Somebody a page may be sent to; raises Invalid."""
    for colleague in queries.colleagues(session, user, permission):
        if colleague.id == colleague_id:
            return colleague
    raise Invalid("colleague_sees_no_figures")
