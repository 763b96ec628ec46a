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
    take_version(person, version)
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
        where: Any = known
        raise AlreadyDone("iin_in_use", id=known.id, region=where.region)


def take_version(person: Person, version: int) -> None:
    """Raise Stale when the page was made from an older version of the record; else make it old.

    A change of languages or interests alone makes a new version too.
    """
    if person.version != version:
        raise Stale("changed_meanwhile")
    flag_modified(person, "last_name")


def _replace_lists(person: Any, data: dict[str, Any]) -> None:
    """Make the person's languages and interests those of the data."""
    replace_languages(person, data["languages"])
    replace_codes(person, "interests", "interest", data["interests"])


def replace_languages(person: Any, levels: dict[str, str]) -> None:
    """Make these the languages somebody speaks, keeping rows that stay."""
    kept = [row for row in person.languages if row.language in levels]
    for row in kept:
        row.level = levels[row.language]
    new = {code: level for code, level in levels.items() if code not in {r.language for r in kept}}
    language = inspect(type(person)).relationships["languages"].mapper.class_
    person.languages = kept + [language(language=code, level=level) for code, level in new.items()]


def replace_codes(person: Any, name: str, column: str, codes: Sequence[str]) -> None:
    """Make these the codes of one of somebody's lists, keeping rows that stay."""
    row_class = inspect(type(person)).relationships[name].mapper.class_
    kept = [row for row in getattr(person, name) if getattr(row, column) in codes]
    held = {getattr(row, column) for row in kept}
    new = [row_class(**{column: code}) for code in codes if code not in held]
    setattr(person, name, kept + new)


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


def seal_texts_again(session: Session, table: type[Any], name: str) -> int:
    """Encrypt with the newest key every text of one column of a table; how many there were."""
    key, column = inspect(table).primary_key[0], table.__table__.c[name]
    held = select(key, column).where(column.is_not(None)).with_for_update().order_by(key)
    rows = [{"row_id": row[0], "new_text": row[1]} for row in session.execute(held)]
    if rows:
        changed = update(table.__table__).where(key == bindparam("row_id"))
        session.connection().execute(changed.values({name: bindparam("new_text")}), rows)
    return len(rows)
