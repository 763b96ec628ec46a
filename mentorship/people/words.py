"""Words about people: interests, days of the week, and what a child needs."""

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from mentorship.i18n import chosen_language, sort_key
from mentorship.people.vocabulary import INTERESTS
from mentorship.web.phones import show_phone

NEEDS = {
    "trauma": _l("Support after hard experiences"),
    "sign_language": _l("Sign language"),
    "mobility": _l("Help with moving about"),
    "learning": _l("Help with learning"),
    "behaviour": _l("Patience with difficult behaviour"),
    "daily_care": _l("Help with daily care"),
    "grief": _l("Support after a loss"),
    "independence": _l("Getting ready for living alone"),
}
WEEKDAYS = {
    "0": _l("Monday"),
    "1": _l("Tuesday"),
    "2": _l("Wednesday"),
    "3": _l("Thursday"),
    "4": _l("Friday"),
    "5": _l("Saturday"),
    "6": _l("Sunday"),
}
INTEREST_GROUPS = {
    "sport": _l("Sport"),
    "outdoors": _l("Nature and travel"),
    "games": _l("Games"),
    "stage": _l("Music, dance and film"),
    "making": _l("Making things"),
    "machines": _l("Machines and computers"),
    "learning": _l("Books and science"),
    "people": _l("People and work"),
}


def interest_name(code: str) -> str:
    """An interest's name in the language of the page."""
    return INTERESTS[code][chosen_language()]


def interest_names() -> dict[str, str]:
    """All interests, in alphabetical order."""
    names = {code: interest_name(code) for code in INTERESTS}
    return dict(sorted(names.items(), key=lambda item: sort_key(item[1])))


def twin(form: Any) -> dict[str, Any] | None:
    """What the reader may know of the record that has this IIN already: itself, or its region."""
    error = form.refusal
    if error is None or error.code != "iin_in_use":
        return None
    known, region = error.params["id"], error.params["region"]
    return {"id": known} if current_user.scope.covers(region) else {"region": region}


def weekday_names(days: list[int]) -> list[Any]:
    """The days' names, Monday first."""
    return [WEEKDAYS[str(day)] for day in sorted(days)]


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        NEEDS=NEEDS, INTEREST_GROUPS=INTEREST_GROUPS, twin=twin, weekday_names=weekday_names
    )
    app.jinja_env.filters["interest"] = interest_name
    app.jinja_env.filters["phone"] = show_phone
