"""Many rows at once, with the ids the database gave them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from mentorship.database import Base

AT_ONCE = 500  # gathering the ids of one statement takes time with the square of its rows


def insert_all(
    session: Session, model: type[Base], rows: Sequence[dict[str, Any]], *, nulls: bool = False
) -> None:
    """Insert the rows; every row has the same columns.

    `nulls`: None is written as it is, so that all rows go in one statement; without it, rows
    with other columns empty are other statements.
    """
    if rows:
        session.execute(insert(model).execution_options(render_nulls=nulls), list(rows))


def insert_numbered(
    session: Session, model: type[Any], rows: Sequence[dict[str, Any]], *, nulls: bool = False
) -> list[int]:
    """Insert the rows and tell their ids, in the same order."""
    statement = insert(model).returning(model.id, sort_by_parameter_order=True)
    statement = statement.execution_options(render_nulls=nulls)
    ids: list[int] = []
    for start in range(0, len(rows), AT_ONCE):
        ids += session.scalars(statement, list(rows[start : start + AT_ONCE]))
    return ids
