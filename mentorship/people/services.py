from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, inspect, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from mentorship import audit
from mentorship.encryption import keyring
from mentorship.errors import AlreadyDone, Stale
from mentorship.people.models import Person
from mentorship.people.queries import find_by_iin

NAME_FIELDS = ("last_name", "first_name", "patronymic", "sex", "birth_date")


def register_person(
    session: Session,
    model: type[Any],
    fields: Sequence[str],
    data: dict[str, Any],
    *,
    by: int | None,
    at: datetime,
) -> Any:
    """Add somebody to a register; raises AlreadyDone when it knows their IIN."""
    _refuse_known_iin(session, model, data.get("iin"), own=None)
    person = model(**{name: data.get(name) for name in fields}, created_at=at)
    _replace_lists(person, data)
    session.add(person)
    audit.record(f"registered_{model.__tablename__}", person, by=by, session=session)
    return person


def change_person(
    session: Session,
    person: Any,
    fields: Sequence[str],
    data: dict[str, Any],
    *,
    version: int,
    by: int,
) -> None:
    """Change somebody's facts; raises Stale or AlreadyDone."""
    _take_version(person, version)
    _refuse_known_iin(session, type(person), data.get("iin"), own=person.id)
    values = {name: data.get(name) for name in fields}
    changed = audit.changed_fields(person, values)
    for name, value in values.items():
        setattr(person, name, value)
    _replace_lists(person, data)
    audit.record(f"changed_{person.__tablename__}", person, by=by, fields=changed)


def _refuse_known_iin(session: Session, model: type[Any], iin: str | None, own: int | None) -> None:
    known = find_by_iin(session, model, iin) if iin else None
    if known is not None and known.id != own:
        raise AlreadyDone("iin_in_use", id=known.id)


def _take_version(person: Person, version: int) -> None:
    """Raise Stale when the page was made from an older version of the record; else make it old.

    A change of languages or interests alone makes a new version too.
    """
    if person.version != version:
        raise Stale("changed_meanwhile")
    flag_modified(person, "last_name")


def _replace_lists(person: Any, data: dict[str, Any]) -> None:
    """Make the person's languages and interests those of the data, keeping rows that stay."""
    kinds = inspect(type(person)).relationships
    levels, codes = data["languages"], data["interests"]
    kept = [row for row in person.languages if row.language in levels]
    for row in kept:
        row.level = levels[row.language]
    new = {code: level for code, level in levels.items() if code not in {r.language for r in kept}}
    language, interest = (kinds[name].mapper.class_ for name in ("languages", "interests"))
    person.languages = kept + [language(language=code, level=level) for code, level in new.items()]
    liked = [row for row in person.interests if row.interest in codes]
    added = [code for code in codes if code not in {row.interest for row in liked}]
    person.interests = liked + [interest(interest=code) for code in added]


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
