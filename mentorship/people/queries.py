from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship.encryption import keyring
from mentorship.people.models import Person


def find_by_iin(session: Session, model: type[Any], iin: str) -> Person | None:
    """The person of this register with this IIN, whichever key its hash was made with."""
    query = select(model).where(model.iin_hash.in_(keyring.hashes(iin)))
    person: Person | None = session.scalars(query).first()
    return person
