"""Many rows at once, with the ids the database gave them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from mentorship.database import Base

AT_ONCE = 500  # gathering the ids of one statement takes time with the square of its rows


def insert_all(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows; every row has the same columns."""
    if rows:
        session.execute(insert(model), list(rows))


def insert_numbered(
    session: Session, model: type[Any], rows: Sequence[dict[str, Any]]
) -> list[int]:
    """Insert the rows and tell their ids, in the same order."""
    statement = insert(model).returning(model.id, sort_by_parameter_order=True)
    ids: list[int] = []
    for start in range(0, len(rows), AT_ONCE):
        ids += session.scalars(statement, list(rows[start : start + AT_ONCE]))
    return ids
