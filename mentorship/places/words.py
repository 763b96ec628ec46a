"""Names of places in the language of the page, as options of a form and as filters."""

import csv
from functools import cache
from importlib.resources import files

from flask import Flask
from flask_login import current_user

from mentorship.i18n import chosen_language, sort_key
from mentorship.places.regions import REGIONS, TOWNS, find_town


def region_name(kato: str) -> str:
    """A region's name in the language of the page."""
    return REGIONS[kato].name(chosen_language())


def short_region_name(kato: str) -> str:
    """What fits on a tile of the map: the full name is always near."""
    return str(_short_names()[kato][f"short_{chosen_language()}"])


@cache
def _short_names() -> dict[str, dict[str, str]]:
    text = files("mentorship.places").joinpath("short_names.csv").read_text("utf-8")
    return {row["kato"]: row for row in csv.DictReader(text.splitlines())}


def town_name(name: str, kato: str) -> str:
    """A town's name in the language of the page, where the town is known; else as written."""
    town = find_town(kato, name)
    return town.name(chosen_language()) if town else name


def region_names() -> dict[str, str]:
    """All regions, in alphabetical order."""
    names = {kato: region_name(kato) for kato in REGIONS}
    return dict(sorted(names.items(), key=lambda item: sort_key(item[1])))


def own_region_names() -> dict[str, str]:
    """The regions the reader may see, for the filters of lists."""
    return {kato: name for kato, name in region_names().items() if current_user.scope.covers(kato)}


def town_names() -> list[str]:
    """The towns whose coordinates are known, for suggestions while typing."""
    return sorted({town.name(chosen_language()) for town in TOWNS}, key=sort_key)


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(region=region_name, short_region=short_region_name, town=town_name)
    app.jinja_env.globals.update(own_region_names=own_region_names, town_names=town_names)
