from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from mentorship.encryption import keyring
from mentorship.errors import AlreadyDone, Stale
from mentorship.people.models import Person
from mentorship.people.queries import find_by_iin

NAME_FIELDS = ("last_name", "first_name", "patronymic", "sex", "birth_date")


def refuse_known_iin(session: Session, model: type[Any], iin: str | None, own: int | None) -> None:
    """Raise AlreadyDone when another person of this register has the IIN."""
    known = find_by_iin(session, model, iin) if iin else None
    if known is not None and known.id != own:
        raise AlreadyDone("iin_in_use", id=known.id)


def take_version(person: Person, version: int) -> None:
    """Raise Stale when the page was made from an older version of the record; else make it old.

    A change of languages or interests alone makes a new version too.
    """
    if person.version != version:
        raise Stale("changed_meanwhile")
    flag_modified(person, "last_name")


def replace_languages(person: Any, make: type[Any], levels: dict[str, str]) -> None:
    """Make the person's languages these, keeping rows that stay."""
    kept = [row for row in person.languages if row.language in levels]
    for row in kept:
        row.level = levels[row.language]
    held = {row.language for row in kept}
    added = [make(language=c, level=v) for c, v in levels.items() if c not in held]
    person.languages = kept + added


def replace_interests(person: Any, make: type[Any], codes: list[str]) -> None:
    """Make the person's interests these, keeping rows that stay."""
    kept = [row for row in person.interests if row.interest in codes]
    held = {row.interest for row in kept}
    person.interests = kept + [make(interest=code) for code in codes if code not in held]


def seal_again(session: Session, model: type[Any]) -> int:
    """Encrypt and hash every IIN of a register anew with the newest key; how many there were.

    Raises InvalidToken when a row was sealed with a key that is not given any more.
    """
    table = model.__table__
    held = select(table.c.id, table.c.iin).where(table.c.iin.is_not(None)).with_for_update()
    rows = [
        {"row_id": row.id, "new_iin": row.iin, "new_hash": keyring.hashes(row.iin)[0]}
        for row in session.execute(held.order_by(table.c.id))
    ]
    if rows:
        values: dict[str, Any] = {"iin": bindparam("new_iin"), "iin_hash": bindparam("new_hash")}
        changed = update(table).where(table.c.id == bindparam("row_id")).values(values)
        session.connection().execute(changed, rows)
    return len(rows)
