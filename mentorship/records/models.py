from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from mentorship.database import Base


class RecruitmentBrief(Base):
    """Whom to look for after a round: made once by the jobs process, never changed.

    `lines` are the engine's profiles in the order in which they help, without anybody's id;
    none when the round's record does not allow one.
    """

    __tablename__ = "recruitment_brief"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    made_at: Mapped[datetime]
    seconds: Mapped[float]
    lines: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
