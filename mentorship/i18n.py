"""Languages: which one a page speaks, and how Kazakh is searched and sorted.

No database collation and no `lower()` is right for Kazakh on both SQLite and PostgreSQL,
so people carry two extra columns made here: a search key and a sort key.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache

from flask import g, has_request_context, session
from flask_babel import Babel, force_locale, format_date, get_locale, gettext, ngettext

from mentorship.clock import ALMATY

LOCALES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
_BABEL = {"kk": "kk", "ru": "ru", "en": "en_GB"}  # British English: day before month
DEFAULT = "kk"
babel = Babel()

ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
# Each letter's rank as a letter of a range every database orders alike, by code point.
_RANKS = {letter: chr(ord("а") + rank) for rank, letter in enumerate(ALPHABET)}
_FOLDS = str.maketrans("әғқңөұүһіё", "агкноуухие")
_LATIN_LOOKALIKES = str.maketrans("aceiopxyhӛə", "асеіорхуһөә")
_LATIN_LOOKALIKES_UPPER = str.maketrans("ACEIOPXYHӚƏ", "АСЕІОРХУҺӨӘ")
_CYRILLIC = re.compile("[Ѐ-ӿ]")


def normalise(text: str) -> str:
    """Text as people meant it: composed, single spaces, no Latin twins inside Cyrillic words.

    Without the zero byte, which nobody types and PostgreSQL keeps in no text.
    """
    words = unicodedata.normalize("NFC", text.replace("\0", "")).split()
    return " ".join(_cyrillic(word) for word in words)


def _cyrillic(word: str) -> str:
    if not _CYRILLIC.search(word):
        return word
    return word.translate(_LATIN_LOOKALIKES).translate(_LATIN_LOOKALIKES_UPPER)


def search_key(*texts: str | None) -> str:
    """The fold under which `канат` finds `Қанат`; made of names, and again of the query."""
    joined = " ".join(normalise(text) for text in texts if text)
    return joined.casefold().translate(_FOLDS)


def sort_key(*texts: str | None) -> str:
    """A key whose code-point order is the order of the 42-letter Kazakh alphabet."""
    joined = "\t".join(normalise(text) for text in texts if text)
    return "".join(_RANKS.get(letter, letter) for letter in joined.casefold())


def like_patterns(query: str) -> list[str]:
    """A LIKE pattern (escape character `\\`) for each word of a query, found anywhere."""
    words = re.sub(r"([%_\\])", r"\\\1", search_key(query)).split()
    return [f"%{word}%" for word in words[:10]]


def choose_locale() -> str:
    """Babel's locale for this page: the reader's own choice, else the session's, else Kazakh."""
    return _BABEL[chosen_language()]


def chosen_language() -> str:
    """kk, ru or en: chosen in this browser session, which sign-in fills from the account."""
    if not has_request_context():
        return DEFAULT
    code = g.get("page_language") or session.get("language")
    return code if code in LOCALES else DEFAULT


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Inside it the page speaks this language, whatever the reader has chosen."""
    before, g.page_language = g.get("page_language"), code
    try:
        with force_locale(_BABEL[code]):
            yield
    finally:
        g.page_language = before


def language() -> str:
    """The code of the current page's language: kk, ru or en."""
    locale = get_locale()
    return str(locale.language) if locale and locale.language in LOCALES else DEFAULT


@lru_cache(maxsize=4096)
def _short(day: date) -> str:
    return day.strftime("%d.%m.%Y")


def show_date(day: date | datetime | None) -> str:
    """A date for tables: 05.01.2026 in every language."""
    if day is None:
        return "—"
    return _short(as_day(day))


def show_long_date(day: date | datetime | None) -> str:
    """A date for prose: 2026 ж. 5 қаңтар; 5 января 2026 г.; 5 January 2026."""
    return "—" if day is None else str(format_date(as_day(day), "long", rebase=False))


def as_day(day: date | datetime) -> date:
    """The day in Kazakhstan of a date or an instant."""
    if isinstance(day, datetime):
        from_utc = day if day.tzinfo else day.replace(tzinfo=UTC)
        return from_utc.astimezone(ALMATY).date()
    return day


def show_time(instant: datetime | None) -> str:
    """An instant for tables: 05.01.2026 14:30, in Kazakhstan's time."""
    return "—" if instant is None else instant.astimezone(ALMATY).strftime("%d.%m.%Y %H:%M")


def show_distance(day: date, today: date) -> str:
    """How far a date is from today, in words."""
    days = (day - today).days
    if days == 0:
        return str(gettext("today"))
    if days == 1:
        return str(gettext("tomorrow"))
    if days == -1:
        return str(gettext("yesterday"))
    size, amount = _unit(abs(days))
    return _AHEAD[size](amount) if days > 0 else _AGO[size](amount)


def _unit(days: int) -> tuple[str, int]:
    """Days up to two months, then months up to two years, then years: as people say it."""
    if days < 60:
        return "days", days
    months = round(days / 30.4375)
    return ("months", months) if months < 24 else ("years", days // 365)


_AHEAD: dict[str, Callable[[int], str]] = {
    "days": lambda n: str(ngettext("in %(num)d day", "in %(num)d days", n)),
    "months": lambda n: str(ngettext("in %(num)d month", "in %(num)d months", n)),
    "years": lambda n: str(ngettext("in %(num)d year", "in %(num)d years", n)),
}
_AGO: dict[str, Callable[[int], str]] = {
    "days": lambda n: str(ngettext("%(num)d day ago", "%(num)d days ago", n)),
    "months": lambda n: str(ngettext("%(num)d month ago", "%(num)d months ago", n)),
    "years": lambda n: str(ngettext("%(num)d year ago", "%(num)d years ago", n)),
}
