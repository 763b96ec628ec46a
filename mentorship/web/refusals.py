"""What could not be done of many things at once, told on the next page."""

from collections.abc import Iterable

from flask import flash

from mentorship.errors import DomainError
from mentorship.web import problems

# The sentences travel in the session's cookie, which a browser drops when it is too large.
LONGEST = 300
MOST = 1_200


def tell_refusals(refused: Iterable[DomainError]) -> None:
    """Each different sentence once; long ones are cut, and no more than a page can carry."""
    left = MOST
    for sentence in sorted({problems.problem(error) for error in refused}):
        text = sentence if len(sentence) <= LONGEST else f"{sentence[: LONGEST - 1]}…"
        left -= len(text)
        if left < 0:
            return
        flash(text)
