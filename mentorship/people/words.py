"""Names of interests in the language of the page."""

from flask import Flask

from mentorship.i18n import chosen_language, sort_key
from mentorship.people.phones import show_phone
from mentorship.people.vocabulary import INTERESTS


def interest_name(code: str) -> str:
    """An interest's name in the language of the page."""
    return INTERESTS[code][chosen_language()]


def interest_names() -> dict[str, str]:
    """All interests, in alphabetical order."""
    names = {code: interest_name(code) for code in INTERESTS}
    return dict(sorted(names.items(), key=lambda item: sort_key(item[1])))


def init_app(app: Flask) -> None:
    app.jinja_env.filters["interest"] = interest_name
    app.jinja_env.filters["phone"] = show_phone
