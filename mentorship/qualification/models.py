from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.database import Base
from mentorship.mentors.models import Mentor, MentorStatus


class SuspensionCause(StrEnum):
    """Why a mentor was suspended; never more than the kind of paper."""

    CLEARANCE_ADVERSE = "clearance_adverse"
    CLEARANCE_EXPIRED = "clearance_expired"
    CERTIFICATE_REVOKED = "certificate_revoked"
    CERTIFICATE_EXPIRED = "certificate_expired"
    COMPLAINT = "complaint"
    SAFEGUARDING = "safeguarding"
    OTHER = "other"


BY_A_PERSON = (SuspensionCause.COMPLAINT, SuspensionCause.SAFEGUARDING, SuspensionCause.OTHER)


class Suspension(Base):
    """A mentor who may not mentor from a moment on. `kind`: which clearance, where it was one.

    `withdrawn`: how many proposals and pairs on the way were ended with it. One person asks to
    lift it and says why; a second one lifts it.
    """

    __tablename__ = "suspension"
    __table_args__ = (
        CheckConstraint(
            "lifted_by is null or (lift_asked_by is not null and lifted_by <> lift_asked_by)",
            name="two_people",
        ),
        CheckConstraint("(lifted_at is null) = (lifted_by is null)", name="lifted_whole"),
        CheckConstraint("(lift_asked_by is null) = (lift_reason is null)", name="asked_whole"),
        Index("ix_suspension_mentor_lifted", "mentor_id", "lifted_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"))
    cause: Mapped[SuspensionCause] = mapped_column(String(20))
    kind: Mapped[str | None] = mapped_column(ForeignKey("clearance_kind.code"))
    reason: Mapped[str | None] = mapped_column(String(500))
    was: Mapped[MentorStatus] = mapped_column(String(20))
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn: Mapped[int] = mapped_column(default=0)
    lift_asked_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    lift_asked_at: Mapped[datetime | None]
    lift_reason: Mapped[str | None] = mapped_column(String(500))
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    lifted_at: Mapped[datetime | None]

    mentor: Mapped[Mentor] = relationship(back_populates="suspensions")
    opener: Mapped[User | None] = relationship(foreign_keys=[opened_by])
    asker: Mapped[User | None] = relationship(foreign_keys=[lift_asked_by])
    lifter: Mapped[User | None] = relationship(foreign_keys=[lifted_by])

    @property
    def is_open(self) -> bool:
        return self.lifted_at is None
