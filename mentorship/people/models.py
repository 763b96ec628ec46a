from datetime import date, datetime
from typing import Any

from sqlalchemy import String, event
from sqlalchemy.orm import Mapped, mapped_column

from mentorship.encryption import Sealed, keyring
from mentorship.i18n import normalise, search_key, sort_key
from mentorship.people.vocabulary import Sex


class Person:
    """Columns that a mentor and a child share; the keys follow the names by themselves."""

    id: Mapped[int] = mapped_column(primary_key=True)
    last_name: Mapped[str] = mapped_column(String(100))
    first_name: Mapped[str] = mapped_column(String(100))
    patronymic: Mapped[str | None] = mapped_column(String(100))
    sex: Mapped[Sex] = mapped_column(String(10))
    birth_date: Mapped[date]
    iin: Mapped[str | None] = mapped_column(Sealed(), deferred=True)
    iin_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    search_key: Mapped[str] = mapped_column(String(400))
    sort_key: Mapped[str] = mapped_column(
        String(400).with_variant(String(400, "C"), "postgresql"), index=True
    )
    version: Mapped[int] = mapped_column()
    created_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own name and shape)

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, (self.last_name, self.first_name, self.patronymic)))

    def age_on(self, day: date) -> int:
        """Completed years on that day; people born on 29 February have theirs on 1 March."""
        had_birthday = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - (not had_birthday)


@event.listens_for(Person, "before_insert", propagate=True)
@event.listens_for(Person, "before_update", propagate=True)
def _make_keys(_mapper: Any, _connection: Any, person: Person) -> None:
    person.last_name = normalise(person.last_name)
    person.first_name = normalise(person.first_name)
    person.patronymic = normalise(person.patronymic or "") or None
    names = (person.last_name, person.first_name, person.patronymic)
    person.search_key = search_key(*names)
    person.sort_key = sort_key(*names)
    if "iin" in person.__dict__:  # not loaded means not changed
        person.iin_hash = keyring.hashes(person.iin)[0] if person.iin else None


class SpokenLanguage:
    """Columns of one language somebody speaks."""

    language: Mapped[str] = mapped_column(String(4), primary_key=True)
    level: Mapped[str] = mapped_column(String(10))


class HeldInterest:
    """Column of one interest somebody has."""

    interest: Mapped[str] = mapped_column(String(40), primary_key=True)
