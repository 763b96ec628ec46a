"""Names of papers: what a scan is about, in the words of the row it belongs to."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _l

from mentorship.i18n import show_date
from mentorship.mentors.words import clearance_kind_name
from mentorship.papers.content import KINDS
from mentorship.web.words import CONSENT_KINDS

REMOVAL_REASONS = {
    "wrong_person": _l("It is about somebody else"),
    "wrong_paper": _l("It is the wrong paper of this person"),
    "bad_scan": _l("It cannot be read well: a better scan follows"),
    "damaged": _l("The file is missing or damaged"),
}


def title(about: Iterable[tuple[str, str | None, date | None]]) -> str:
    """What a paper is about, with its day; a paper may prove several clearances."""
    names = [_of_day(word, kind, day) for word, kind, day in about]
    return ", ".join(dict.fromkeys(names)) or gettext("Paper that belongs to nothing yet")


def option(word: str, row: Any) -> str:
    """A certificate, clearance, consent or placement one may choose, with its day."""
    day = {
        "certificate": lambda: row.issued_on,
        "clearance": lambda: row.checked_on,
        "consent": lambda: row.given_on,
        "placement": lambda: row.started_on,
    }[word]()
    return _of_day(word, getattr(row, "kind", None), day)


def size(number: int) -> str:
    """A file's size as people say it."""
    if number < 1024**2:
        return str(gettext("%(number)s KB", number=max(1, round(number / 1024))))
    return str(gettext("%(number)s MB", number=format_decimal(round(number / 1024**2, 1))))


def _of_day(word: str, kind: str | None, day: date | None) -> str:
    name = _name(word, kind)
    return str(gettext("%(paper)s of %(day)s", paper=name, day=show_date(day))) if day else name


def _name(word: str, kind: str | None) -> str:
    if word == "clearance" and kind:
        return str(gettext("Clearance: %(kind)s", kind=clearance_kind_name(kind)))
    if word == "consent" and kind:
        return str(CONSENT_KINDS[kind])
    if word == "placement":
        return str(gettext("Decision on the placement"))
    return str(gettext("Certificate"))


__all__ = ["KINDS", "REMOVAL_REASONS", "option", "size", "title"]
