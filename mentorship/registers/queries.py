"""Who of a file is known already: a few statements for a whole file, not some for every row."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship.children.models import Child
from mentorship.i18n import search_key
from mentorship.mentors.models import Certificate, Mentor
from mentorship.people.models import Person
from mentorship.permissions import Scope
from mentorship.places.models import Centre
from mentorship.places.queries import visible_centres
from mentorship.registers.columns import Kind

AT_ONCE = 500  # values in one IN (...): SQLite allows more, query plans do not like it


@dataclass(frozen=True)
class KnownPerson:
    """What tells a person of the register from another."""

    name_key: str
    birth_date: date
    region: str
    iin_hash: str | None


def model_of(kind: Kind) -> type[Person]:
    """The table of a register."""
    return Mentor if kind is Kind.MENTORS else Child


def known_people(
    session: Session, kind: Kind, hashes: Iterable[str], names: Iterable[str]
) -> list[KnownPerson]:
    """The people of a register who have one of these IIN hashes or folded names."""
    model: Any = model_of(kind)
    found = {}
    for column, values in ((model.iin_hash, hashes), (model.search_key, names)):
        for some in _chunks(values):
            for row in session.execute(_people(kind).where(column.in_(some))):
                found[row.id] = KnownPerson(
                    row.search_key, row.birth_date, row.region, row.iin_hash
                )
    return list(found.values())


def _people(kind: Kind) -> Any:
    if kind is Kind.MENTORS:
        return select(
            Mentor.id, Mentor.search_key, Mentor.birth_date, Mentor.region, Mentor.iin_hash
        )
    return select(Child.id, Child.search_key, Child.birth_date, Centre.region, Child.iin_hash).join(
        Child.centre
    )


def known_certificates(session: Session, numbers: Iterable[str]) -> set[str]:
    """Which of these certificate numbers the register has."""
    found: set[str] = set()
    for some in _chunks(numbers):
        found.update(
            session.scalars(select(Certificate.number).where(Certificate.number.in_(some)))
        )
    return found


def centres_by_name(session: Session, scope: Scope) -> dict[tuple[str, str], int]:
    """Open centres in scope by region and folded name, in Kazakh and in Russian."""
    found: dict[tuple[str, str], int] = {}
    centres: Any = session.scalars(visible_centres(scope).where(Centre.open))
    for centre in centres:
        for name in (centre.name_kk, centre.name_ru):
            found.setdefault((centre.region, search_key(name)), centre.id)
    return found


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    listed = sorted(set(values))
    for start in range(0, len(listed), AT_ONCE):
        yield listed[start : start + AT_ONCE]
