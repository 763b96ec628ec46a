from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.authorities.models import Specialist
from mentorship.database import Base
from mentorship.people.models import HeldInterest, Person, SpokenLanguage
from mentorship.people.vocabulary import Sex
from mentorship.places.models import Centre

if TYPE_CHECKING:
    from mentorship.matches.models import Match, Ruling
    from mentorship.papers.models import Paper


class ConsentKind(StrEnum):
    """Yes to mentoring by the representative and the child; to using the data by the former."""

    GUARDIAN = "guardian"
    OWN = "own"
    DATA = "data"


class ConsentWay(StrEnum):
    """How a consent was given."""

    ON_PAPER = "on_paper"
    IN_PERSON = "in_person"
    BY_PHONE = "by_phone"
    ELECTRONIC = "electronic"


class PlacementForm(StrEnum):
    """Where a child lives. An adoption is never named: it is a family like any other."""

    INSTITUTION = "institution"
    GUARDIANSHIP = "guardianship"
    TRUSTEESHIP = "trusteeship"
    PATRONAGE = "patronage"
    FOSTER_FAMILY = "foster_family"
    PROFESSIONAL_FOSTER_FAMILY = "professional_foster_family"
    GUEST_FAMILY = "guest_family"
    BIRTH_FAMILY = "birth_family"
    FAMILY = "family"
    INDEPENDENT = "independent"


class SiblingRule(StrEnum):
    """Whether brothers and sisters get one mentor: they must, it is preferred, or it is open."""

    MUST = "must"
    PREFER = "prefer"
    NO = "no"


class Answer(StrEnum):
    """What a relative said when asked, or that nobody has asked yet."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Child(Person, Base):
    """A child of the register. `left_on`: the day they left organisations for orphans."""

    __tablename__ = "child"
    __table_args__ = (
        CheckConstraint("mentor_age_from <= mentor_age_to", name="age_wish"),
        Index("ix_child_centre_waiting", "centre_id", "waiting_since"),
    )

    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"), index=True)
    first_language: Mapped[str] = mapped_column(String(4))
    waiting_since: Mapped[date] = mapped_column(index=True)
    left_on: Mapped[date | None]
    leaves_care_on: Mapped[date | None]
    """The day they are to leave care, where it is known to differ from their 18th birthday."""
    disability: Mapped[bool] = mapped_column(default=False)
    """A status only: for fairness, never for points; no diagnosis anywhere."""
    wish: Mapped[str | None] = mapped_column(Text)
    """What the child wishes of a mentor, in the child's own words."""
    mentor_sex_wish: Mapped[Sex | None] = mapped_column(String(10))
    mentor_age_from: Mapped[int | None]
    mentor_age_to: Mapped[int | None]
    weekdays: Mapped[list[int]] = mapped_column(JSON, default=list)
    """Days that suit, 0 (Monday) to 6; empty when not known."""
    case_manager_id: Mapped[int | None] = mapped_column(ForeignKey("specialist.id"))
    sibling_group_id: Mapped[int | None] = mapped_column(ForeignKey("sibling_group.id"), index=True)

    centre: Mapped[Centre] = relationship()
    case_manager: Mapped[Specialist | None] = relationship()
    sibling_group: Mapped["SiblingGroup | None"] = relationship(back_populates="children")
    needs: Mapped[list["ChildNeed"]] = relationship(cascade="all, delete-orphan")
    relatives: Mapped[list["Relative"]] = relationship(
        back_populates="child", order_by="Relative.id"
    )
    placements: Mapped[list["Placement"]] = relationship(
        back_populates="child", order_by="Placement.id.desc()"
    )
    languages: Mapped[list["ChildLanguage"]] = relationship(cascade="all, delete-orphan")
    interests: Mapped[list["ChildInterest"]] = relationship(cascade="all, delete-orphan")
    consents: Mapped[list["Consent"]] = relationship(
        back_populates="child",
        cascade="all, delete-orphan",
        order_by="Consent.given_on.desc(), Consent.id.desc()",
    )

    matches: Mapped[list["Match"]] = relationship(
        back_populates="child", order_by="Match.started_on.desc()"
    )
    rulings: Mapped[list["Ruling"]] = relationship(back_populates="child", order_by="Ruling.id")

    @property
    def match(self) -> "Match | None":
        """The open match, or None."""
        return next((match for match in self.matches if match.is_open), None)

    @property
    def region(self) -> str:
        """Where the child's centre is."""
        return self.centre.region

    @property
    def able_relatives(self) -> "list[Relative]":
        """Relatives who said that they could mentor the child or take them into their family."""
        return [row for row in self.relatives if row.ended_on is None and row.is_able]

    @property
    def kin_mentors(self) -> set[int]:
        """Mentors of the register who are relatives and could mentor the child."""
        able = (row for row in self.able_relatives if row.can_mentor == Answer.YES)
        return {row.mentor_id for row in able if row.mentor_id is not None}

    @property
    def comes_of_age_on(self) -> date:
        """Their 18th birthday; 1 March for those born on 29 February."""
        try:
            return self.birth_date.replace(year=self.birth_date.year + 18)
        except ValueError:
            return date(self.birth_date.year + 18, 3, 1)

    @property
    def placement(self) -> "Placement | None":
        """Where the child lives now, as far as it is recorded."""
        return next((row for row in self.placements if row.ended_on is None), None)

    def consent(self, kind: ConsentKind | str) -> "Consent | None":
        """The consent of this kind that stands today, or None."""
        standing = (c for c in self.consents if c.kind == kind and c.withdrawn_on is None)
        return next(standing, None)


class ChildLanguage(SpokenLanguage, Base):
    """A language the child speaks, with its level."""

    __tablename__ = "child_language"
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"), primary_key=True)


class ChildInterest(HeldInterest, Base):
    """Something the child likes to do."""

    __tablename__ = "child_interest"
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"), primary_key=True)


class ChildNeed(Base):
    """Something a mentor should be prepared for, in plain categories; never a diagnosis."""

    __tablename__ = "child_need"
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"), primary_key=True)
    need: Mapped[str] = mapped_column(String(20), primary_key=True)


class SiblingGroup(Base):
    """Brothers and sisters of the register, and whether they get one mentor."""

    __tablename__ = "sibling_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[SiblingRule] = mapped_column(String(10))
    note: Mapped[str | None] = mapped_column(String(500))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime]

    children: Mapped[list[Child]] = relationship(
        back_populates="sibling_group", order_by=Child.birth_date
    )


class Relative(Base):
    """A relative of a child: how near, whether they visit, and what they can take on.

    `mentor_id`: where the relative is in the register of mentors themselves.
    """

    __tablename__ = "relative"

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"), index=True)
    name: Mapped[str]
    relation: Mapped[str] = mapped_column(String(20))
    phone: Mapped[str | None] = mapped_column(String(16))
    region: Mapped[str | None] = mapped_column(String(2))
    town: Mapped[str | None] = mapped_column(String(100))
    visits: Mapped[str] = mapped_column(String(12))
    can_mentor: Mapped[Answer] = mapped_column(String(10), default=Answer.UNKNOWN)
    can_take_family: Mapped[Answer] = mapped_column(String(10), default=Answer.UNKNOWN)
    asked_on: Mapped[date | None]
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("mentor.id"), index=True)
    note: Mapped[str | None] = mapped_column(String(500))
    ended_on: Mapped[date | None]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime]

    child: Mapped[Child] = relationship(back_populates="relatives")

    @property
    def is_able(self) -> bool:
        """Whether they said yes to mentoring or to a family placement."""
        return Answer.YES in (self.can_mentor, self.can_take_family)


class Placement(Base):
    """Where a child lived from a day to a day; the open one is where they live now.

    `started_on`: none where an old register did not say. `centre_id`: in an institution.
    """

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint("ended_on is null or started_on <= ended_on", name="dates"),
        CheckConstraint("form <> 'institution' or centre_id is not null", name="centre"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"), index=True)
    form: Mapped[PlacementForm] = mapped_column(String(30))
    centre_id: Mapped[int | None] = mapped_column(ForeignKey("centre.id"))
    region: Mapped[str] = mapped_column(String(2))
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime]
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("paper.id"))

    child: Mapped[Child] = relationship(back_populates="placements")
    centre: Mapped[Centre | None] = relationship()
    paper: Mapped["Paper | None"] = relationship()


Index(
    "uq_placement_open_child",
    Placement.child_id,
    unique=True,
    sqlite_where=Placement.ended_on.is_(None),
    postgresql_where=Placement.ended_on.is_(None),
)


class Consent(Base):
    """A yes to mentoring, or to using the data; withdrawn, never removed.

    `text_version`: the text that was agreed to, in which language, and how the yes was given.
    """

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint("withdrawn_on is null or withdrawn_on >= given_on", name="dates"),
        Index("ix_consent_child_kind", "child_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"))
    kind: Mapped[ConsentKind] = mapped_column(String(10))
    given_on: Mapped[date]
    given_by: Mapped[str]
    text_version: Mapped[str | None] = mapped_column(String(20))
    language: Mapped[str | None] = mapped_column(String(4))
    way: Mapped[ConsentWay | None] = mapped_column(String(12))
    withdrawn_on: Mapped[date | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawal_said_by: Mapped[str | None]
    withdrawal_reason: Mapped[str | None] = mapped_column(String(500))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime]
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("paper.id"))

    child: Mapped[Child] = relationship(back_populates="consents")
    paper: Mapped["Paper | None"] = relationship()
    recorder: Mapped[User | None] = relationship(foreign_keys=[recorded_by])
