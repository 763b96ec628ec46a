"""A flashed message with a button beside it that undoes what was just decided."""

from collections.abc import Sequence
from typing import Protocol

from flask import flash

MOST = 100  # the message travels in the session's cookie


class Decided(Protocol):
    """Something that was decided, and the version it has since."""

    id: int
    version: int


def offer_undo(message: str, decided: Sequence[Decided]) -> None:
    """Tell what was decided; for a minute the page offers to undo it, unless it was too much."""
    if 0 < len(decided) <= MOST:
        flash(message, " ".join(["undo", *(f"{row.id}.{row.version}" for row in decided)]))
    else:
        flash(message)
