"""What every template may use: words, dates, and the navigation of each role."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Flask, request
from flask_babel import format_decimal, format_percent
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from mentorship import clock, i18n
from mentorship.permissions import Permission, Role, allows
from mentorship.web import problems, tables, words
from mentorship.web.once import new_token

# At most five places for each role: the word, the endpoint it opens, and what belongs to it
# (a blueprint, or an endpoint that counts before its blueprint).
NAVIGATION: dict[Role, tuple[tuple[Any, str, str], ...]] = {
    Role.COORDINATOR: (
        (
            _l("Today"),
            "dashboard.today",
            "dashboard concerns check_ins.index signs cover retention practice supply"
            " figures indicators reports outcomes.index",
        ),
        (
            _l("Matching"),
            "rounds.index",
            "rounds records matches.round explanations decisions",
        ),
        (
            _l("Matches"),
            "matches.index",
            "matches check_ins agreements voices closing outcomes meetings",
        ),
        (
            _l("Mentors"),
            "mentors.index",
            "mentors explanations.free_mentors candidates qualification training"
            " papers.upload_for_mentor kin.add_conflict kin.add_pair_conflict kin.end_conflict",
        ),
        (
            _l("Children"),
            "children.index",
            "children explanations.why_waiting explanations.urgent explanations.why_not"
            " kin moves reviews papers.upload_for_child",
        ),
    ),
    Role.MENTOR: (
        (
            _l("My children"),
            "meetings.my_children",
            "meetings calendars agreements concerns outcomes",
        ),
        (_l("My training"), "training.own", "training"),
        (_l("My papers"), "qualification.own", "qualification"),
        (_l("When I am free"), "mentors.own_availability", "mentors"),
    ),
    Role.MANAGER: (
        (_l("Overview"), "dashboard.overview", "dashboard cover figures.show figures.rows"),
        (_l("Retention"), "retention.index", "retention outcomes.index"),
        (_l("Practice"), "practice.index", "practice candidates"),
        (
            _l("Supply and demand"),
            "supply.index",
            "supply records places authorities explanations",
        ),
        (
            _l("Programme"),
            "indicators.index",
            "indicators reports figures rules check_ins outcomes",
        ),
    ),
    Role.ADMINISTRATOR: (
        (_l("Users"), "accounts.index", "accounts cover"),
        (_l("Outbox"), "messages.index", "messages jobs"),
        (_l("Centres"), "places.index", "places authorities"),
        (_l("Courses"), "training.courses", "training"),
        (
            _l("Rules"),
            "rules.index",
            "rules check_ins outcomes indicators supply figures",
        ),
    ),
}
FIGURES = {
    "retention",
    "practice",
    "supply",
    "figures",
    "indicators",
    "reports",
    "dashboard.overview",
    "outcomes.index",
    "candidates.figures",
}
"""Blueprints and endpoints of the programme's figures."""


def init_app(app: Flask) -> None:
    """Give the templates their filters and globals."""
    filters = {
        "day": i18n.show_date,
        "long_day": i18n.show_long_date,
        "moment": i18n.show_time,
        "away": lambda day: i18n.show_distance(day, clock.today()),
        "number": format_decimal,
        "percent": format_percent,
        "age": _age,
    }
    app.jinja_env.filters.update(filters)
    app.jinja_env.globals.update(
        words=words,
        problems=problems,
        today=clock.today,
        now=clock.now,
        new_token=new_token,
        languages=i18n.LOCALES,
        language=i18n.chosen_language,
        own_address=tables.address,
        navigation=_navigation,
        figure_places=_figure_places,
        on_figures=_on_figures,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _navigation() -> list[tuple[Any, str, bool]]:
    """The places of the reader's role: the word, the endpoint, and whether one is there now."""
    return _places(NAVIGATION.get(current_user.role, ()))


def _figure_places() -> list[tuple[Any, str, bool]]:
    """A manager's places, on their pages, for others who may see figures."""
    others = current_user.is_authenticated and current_user.role != Role.MANAGER
    if not others or not allows(current_user.role, Permission.SEE_FIGURES):
        return []
    return _places(NAVIGATION[Role.MANAGER]) if _on_figures() else []


def _on_figures() -> bool:
    return request.blueprint in FIGURES or request.endpoint in FIGURES


def _places(named: Sequence[tuple[Any, str, str]]) -> list[tuple[Any, str, bool]]:
    exact = [request.endpoint in own.split() for _, _, own in named]
    there = exact if any(exact) else [request.blueprint in own.split() for _, _, own in named]
    return [(word, name, here) for (word, name, _), here in zip(named, there, strict=True)]


def _age(birth_date: date, on: date | None = None) -> int:
    """Completed years."""
    day = on or clock.today()
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
