from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.children.models import Child
from mentorship.database import Base
from mentorship.mentors.models import Mentor


class PaperType(StrEnum):
    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"


class RemovalReason(StrEnum):
    """Why a paper that was recorded by mistake is taken away."""

    WRONG_PERSON = "wrong_person"
    WRONG_PAPER = "wrong_paper"
    BAD_SCAN = "bad_scan"
    DAMAGED = "damaged"


class Paper(Base):
    """A scan about one mentor or one child; `name` is its random name in the store.

    Size in bytes and SHA-256 are those of the scan itself, not of the encrypted file.
    """

    __tablename__ = "paper"
    __table_args__ = (
        CheckConstraint("(mentor_id is null) <> (child_id is null)", name="of_one_person"),
        CheckConstraint("size > 0", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[PaperType] = mapped_column(String(20))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("mentor.id"), index=True)
    child_id: Mapped[int | None] = mapped_column(ForeignKey("child.id"), index=True)
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    uploaded_at: Mapped[datetime]

    mentor: Mapped[Mentor | None] = relationship()
    child: Mapped[Child | None] = relationship()
    uploader: Mapped[User | None] = relationship()
