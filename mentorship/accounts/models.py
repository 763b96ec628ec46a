from datetime import date, datetime

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship import clock
from mentorship.database import Base
from mentorship.permissions import Role, Scope


class User(UserMixin, Base):  # type: ignore[misc]
    """Somebody who signs in. Mentors are also linked from their record in the register."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    phone: Mapped[str | None] = mapped_column(String(16))  # for short messages, if they want any
    name: Mapped[str]
    role: Mapped[Role] = mapped_column(String(20))
    password_hash: Mapped[str | None]
    language: Mapped[str] = mapped_column(String(2), default="kk")
    all_regions: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    session_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    """Whom this person's work is reported to, and who is told when it is long overdue."""
    supervisor: Mapped["User | None"] = relationship(remote_side=[id])
    regions: Mapped[list["UserRegion"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="UserRegion.region"
    )
    covers: Mapped[list["Leave"]] = relationship(
        primaryjoin="and_(User.id == Leave.cover_id, Leave.ended_on.is_(None))",
        viewonly=True,
        order_by="Leave.id",
    )
    """Leaves of colleagues, not ended before their time, that this person covers."""

    @property
    def is_active(self) -> bool:
        return self.active

    def get_id(self) -> str:
        """The session's name for this user: a new version ends every older session."""
        return f"{self.id}:{self.session_version}"

    @property
    def scope(self) -> Scope:
        """What somebody may see today, with the regions of a colleague they cover."""
        return self.scope_on(clock.today())

    def scope_on(self, on: date) -> Scope:
        """The same on a day; a leave begins and ends with Kazakhstan's day."""
        own = self.own_scope
        if own.regions is None:
            return own
        theirs = [leave.absent.own_scope.regions for leave in self.covering_on(on)]
        if None in theirs:
            return Scope(None)
        return Scope(own.regions.union(*(regions for regions in theirs if regions is not None)))

    @property
    def own_scope(self) -> Scope:
        """An administrator's is the whole country: of people they see none, of centres all."""
        if self.all_regions or self.role == Role.ADMINISTRATOR:
            return Scope(None)
        return Scope(frozenset(row.region for row in self.regions))

    def covering_on(self, on: date) -> list["Leave"]:
        """The leaves this person covers on a day; never those of somebody their cover covers."""
        if self.role != Role.COORDINATOR:
            return []
        return [leave for leave in self.covers if leave.holds_on(on)]

    def stands_for(self, on: date) -> frozenset[int]:
        """Whose work is this person's on a day: their own, and that of whom they cover."""
        return frozenset({self.id, *(leave.user_id for leave in self.covering_on(on))})


class UserRegion(Base):
    """One region in somebody's scope."""

    __tablename__ = "user_region"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    region: Mapped[str] = mapped_column(String(2), primary_key=True)


class Leave(Base):
    """A coordinator is away from a day to a day, both included, and a colleague covers.

    `ended_on` is set when it ends before its time: from that moment it holds no more.
    """

    __tablename__ = "leave"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="dates"),
        CheckConstraint("user_id <> cover_id", name="two_people"),
        Index("ix_leave_cover_ended", "cover_id", "ended_on"),
        Index("ix_leave_user_until", "user_id", "until_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    cover_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]
    ended_on: Mapped[date | None]

    absent: Mapped[User] = relationship(foreign_keys=[user_id], lazy="joined", innerjoin=True)
    cover: Mapped[User] = relationship(foreign_keys=[cover_id])

    def holds_on(self, on: date) -> bool:
        """Whether the cover stands in on a day."""
        away = self.absent.active and self.absent.role == Role.COORDINATOR
        return self.ended_on is None and self.from_on <= on <= self.until_on and away

    @property
    def last_on(self) -> date:
        """The last day it held, or will hold."""
        return self.until_on if self.ended_on is None else min(self.until_on, self.ended_on)


class SignInAttempt(Base):
    """A failed sign-in, kept for the throttle; names and addresses only as keyed hashes."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (CheckConstraint("kind in ('email', 'address')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    subject_hash: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
