from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.database import Base
from mentorship.permissions import Role, Scope


class User(UserMixin, Base):  # type: ignore[misc]
    """Somebody who signs in. Mentors are also linked from their record in the register."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str]
    role: Mapped[Role] = mapped_column(String(20))
    password_hash: Mapped[str | None]
    language: Mapped[str] = mapped_column(String(2), default="kk")
    all_regions: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    session_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]
    regions: Mapped[list["UserRegion"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="UserRegion.region"
    )

    @property
    def is_active(self) -> bool:
        return self.active

    def get_id(self) -> str:
        """The session's name for this user: a new version ends every older session."""
        return f"{self.id}:{self.session_version}"

    @property
    def scope(self) -> Scope:
        """An administrator's is the whole country: of people they see none, of centres all."""
        if self.all_regions or self.role == Role.ADMINISTRATOR:
            return Scope(None)
        return Scope(frozenset(row.region for row in self.regions))


class UserRegion(Base):
    """One region in somebody's scope."""

    __tablename__ = "user_region"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    region: Mapped[str] = mapped_column(String(2), primary_key=True)


class SignInAttempt(Base):
    """A failed sign-in, kept for the throttle; names and addresses only as keyed hashes."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (CheckConstraint("kind in ('email', 'address')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    subject_hash: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
