from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from mentorship.accounts.models import User
from mentorship.permissions import Permission, Role, allows
from mentorship.reports.models import ReportSubscription, SavedView

READERS = tuple(role for role in Role if allows(role, Permission.SEE_FIGURES))


def own_views(user: User) -> Select[SavedView]:
    """The pages somebody keeps."""
    return select(SavedView).where(SavedView.user_id == user.id)


def own_view(session: Session, user: User, view_id: int) -> SavedView | None:
    """One of the pages somebody keeps."""
    return session.scalar(own_views(user).where(SavedView.id == view_id))


def own_subscriptions(session: Session, user: User) -> Sequence[ReportSubscription]:
    """The reports somebody is told of."""
    query = select(ReportSubscription).where(ReportSubscription.user_id == user.id)
    return session.scalars(query.order_by(ReportSubscription.step)).all()


def subscriptions_of_readers(session: Session) -> Sequence[ReportSubscription]:
    """Every subscription of somebody who can sign in and may see figures."""
    query = select(ReportSubscription).join(ReportSubscription.user)
    readers = query.where(User.active.is_(True), User.role.in_(READERS))
    return session.scalars(readers.order_by(ReportSubscription.id)).all()


def colleagues(session: Session, user: User, permission: Permission) -> Sequence[User]:
    """Everybody else who can sign in, may see figures and the page that takes this permission."""
    roles = [role for role in READERS if allows(role, permission)]
    query = select(User).where(User.active.is_(True), User.role.in_(roles), User.id != user.id)
    return session.scalars(query.order_by(User.name, User.id)).all()
