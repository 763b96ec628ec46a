from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.database import Base
from mentorship.matches.models import Match
from mentorship.meetings.schedule import Weekly
from mentorship.mentors.models import Mentor


class MeetingKind(StrEnum):
    IN_PERSON = "in_person"
    ONLINE = "online"
    PHONE = "phone"


class CancelledBy(StrEnum):
    """Who or what kept a meeting from taking place."""

    MENTOR = "mentor"
    CHILD = "child"
    CENTRE = "centre"
    WEATHER = "weather"
    OTHER = "other"


class SubstituteStatus(StrEnum):
    """A substitute is asked for, and then appointed or not; an appointed one may end early."""

    ASKED = "asked"
    APPOINTED = "appointed"
    DECLINED = "declined"
    ENDED = "ended"


class Slot(Base):
    """When and where mentor and child meet every week; `until_on`: the last day it was so."""

    __tablename__ = "slot"
    __table_args__ = (
        CheckConstraint("weekday between 0 and 6", name="weekday"),
        CheckConstraint("minutes between 5 and 1440", name="minutes"),
        CheckConstraint("until_on is null or until_on >= from_on", name="dates"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"), index=True)
    weekday: Mapped[int]
    at_time: Mapped[time]
    minutes: Mapped[int]
    place: Mapped[str]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]

    match: Mapped[Match] = relationship()

    @property
    def weekly(self) -> Weekly:
        """The same for the schedule."""
        return Weekly(self.weekday, self.at_time, self.minutes, self.from_on, self.until_on)


Index(
    "uq_slot_current",
    Slot.match_id,
    unique=True,
    sqlite_where=Slot.until_on.is_(None),
    postgresql_where=Slot.until_on.is_(None),
)


class Meeting(Base):
    """A meeting of mentor and child, as the mentor logged it. `went`: 1 (badly) to 5 (well).

    `cancelled_by` none: it was held. `as_planned`: one tap after the standing slot, so that only
    its length is known. `slot_on`: the day of the slot it answers. `client_id`: the phone's own
    name of the entry, so that what was typed without a network arrives once. `read_at` without
    `read_by`: from before it was kept who reads.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("minutes between 5 and 1440", name="minutes"),
        CheckConstraint("went between 1 and 5", name="went"),
        CheckConstraint(
            "(cancelled_by is null) = (minutes is not null)"
            " and (cancelled_by is null) = (kind is not null)",
            name="held_is_whole",
        ),
        CheckConstraint(
            "cancelled_by is not null or as_planned or (activity is not null and went is not null)",
            name="told",
        ),
        CheckConstraint(
            "cancelled_by is null or (activity is null and went is null and not as_planned)",
            name="cancelled_is_whole",
        ),
        CheckConstraint("cancelled_by is not null or cancel_reason is null", name="reason"),
        CheckConstraint("read_at is not null or read_by is null", name="read_is_whole"),
        UniqueConstraint("match_id", "slot_on"),
        UniqueConstraint("logged_by", "client_id"),
        Index("ix_meeting_match_held", "match_id", "held_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"))
    held_on: Mapped[date]
    kind: Mapped[MeetingKind | None] = mapped_column(String(12))
    minutes: Mapped[int | None]
    activity: Mapped[str | None] = mapped_column(Text)
    went: Mapped[int | None]
    notes: Mapped[str | None] = mapped_column(Text)
    next_on: Mapped[date | None]
    cancelled_by: Mapped[CancelledBy | None] = mapped_column(String(10))
    cancel_reason: Mapped[str | None] = mapped_column(Text)
    as_planned: Mapped[bool] = mapped_column(default=False)
    slot_on: Mapped[date | None]
    client_id: Mapped[str | None] = mapped_column(String(36))
    logged_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    logged_at: Mapped[datetime]
    read_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    read_at: Mapped[datetime | None]

    match: Mapped[Match] = relationship()
    author: Mapped[User | None] = relationship(foreign_keys=[logged_by])
    reader: Mapped[User | None] = relationship(foreign_keys=[read_by])
    replies: Mapped[list["Reply"]] = relationship(
        back_populates="meeting", order_by="Reply.id", cascade="all, delete-orphan"
    )

    @property
    def was_held(self) -> bool:
        return self.cancelled_by is None


Index(
    "ix_meeting_unread",
    Meeting.held_on,
    Meeting.match_id,
    sqlite_where=Meeting.read_at.is_(None),
    postgresql_where=Meeting.read_at.is_(None),
)


class Reply(Base):
    """What staff answered to an entry; `seen_at`: when the mentor opened it."""

    __tablename__ = "reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    written_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]

    meeting: Mapped[Meeting] = relationship(back_populates="replies")
    author: Mapped[User] = relationship()


class HelpRequest(Base):
    """A mentor asks the coordinators for help, about one match or in general, until answered."""

    __tablename__ = "help_request"
    __table_args__ = (
        CheckConstraint(
            "(answered_at is null) = (answer is null)"
            " and (answered_at is null) = (answered_by is null)",
            name="answer_is_whole",
        ),
        Index("ix_help_request_answered", "answered_at", "asked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"), index=True)
    match_id: Mapped[int | None] = mapped_column(ForeignKey("match.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answered_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]

    mentor: Mapped[Mentor] = relationship()
    match: Mapped[Match | None] = relationship()
    answerer: Mapped[User | None] = relationship(foreign_keys=[answered_by])


class Substitute(Base):
    """Somebody who meets the child while the mentor is away, from one day to another.

    Asked for by the mentor, who may name somebody in words; a coordinator appoints a mentor of
    the register once the child has agreed. It ends by itself after its last day.
    """

    __tablename__ = "substitute"
    __table_args__ = (
        CheckConstraint("until_on is null or until_on >= from_on", name="dates"),
        CheckConstraint(
            "status not in ('appointed', 'ended') or (mentor_id is not null"
            " and until_on is not null and child_agreed_on is not null)",
            name="appointed_is_whole",
        ),
        CheckConstraint("(status = 'asked') = (decided_at is null)", name="decided"),
        CheckConstraint("(status = 'ended') = (ended_at is not null)", name="ended"),
        Index("ix_substitute_mentor_status", "mentor_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"), index=True)
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("mentor.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    wish: Mapped[str | None]
    status: Mapped[SubstituteStatus] = mapped_column(String(10), default=SubstituteStatus.ASKED)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime]
    child_agreed_on: Mapped[date | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(Text)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    ended_at: Mapped[datetime | None]

    match: Mapped[Match] = relationship()
    mentor: Mapped[Mentor | None] = relationship()

    def stands_on(self, day: date) -> bool:
        """Whether this substitute meets the child on a day."""
        began = self.status == SubstituteStatus.APPOINTED and self.from_on <= day
        return began and self.until_on is not None and day <= self.until_on


class CalendarFeed(Base):
    """A secret address of a mentor's calendar; only its hash is kept, and one stands at a time."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_read_at: Mapped[datetime | None]

    mentor: Mapped[Mentor] = relationship()


Index(
    "uq_calendar_feed_current",
    CalendarFeed.mentor_id,
    unique=True,
    sqlite_where=CalendarFeed.revoked_at.is_(None),
    postgresql_where=CalendarFeed.revoked_at.is_(None),
)
