"""The parts of a report about plans: indicators, and what was published elsewhere."""

from typing import Any

from flask import url_for
from flask_babel import format_decimal, gettext

from mentorship.figures.books import KINDS, cell
from mentorship.i18n import chosen_language
from mentorship.indicators import words as indicator_words
from mentorship.indicators.models import Indicator
from mentorship.indicators.pages import Facts
from mentorship.indicators.plans import Year
from mentorship.indicators.queries import indicators as all_indicators
from mentorship.places.models import HOMES
from mentorship.reports import words
from mentorship.reports.blocks import Block, Section
from mentorship.reports.report import Frame
from mentorship.supply import books as supply_books
from mentorship.supply.queries import published_by_topic
from mentorship.supply.reading import Own, figures_on
from mentorship.supply.vocabulary import Topic
from mentorship.web.tables import Cell, Column, Kind, Sheet


def indicators(frame: Frame) -> Section:
    """Plan against fact of the year in which the period lies."""
    year, facts = frame.period.first.year, Facts(frame.session, frame.build)
    rows = [
        (row, facts.year(row, year))
        for row in (all_indicators(frame.session) if frame.with_programme else [])
        if row.ended_on is None
    ]
    columns = [
        Column(gettext("Indicator")),
        Column(gettext("Plan"), Kind.NUMBER),
        Column(gettext("Fact"), Kind.NUMBER),
        Column(gettext("How it stands")),
    ]
    title = gettext("Programme indicators")
    sheet = Sheet(
        gettext("Plan and fact of %(year)s", year=year), columns, [_line(each) for each in rows]
    )
    hrefs = [url_for("indicators.show", indicator_id=row.id) for row, _ in rows]
    blocks = [Block(sheet, hrefs=hrefs)] if rows else []
    terms = [(_name(row), indicator_words.formula(each.edition)) for row, each in rows]
    said = [words.OF_THE_YEAR] if rows else []
    return Section("indicators", title, blocks, said, url_for("indicators.index"), terms)


def _line(given: tuple[Indicator, Year]) -> list[Any]:
    row, year = given
    kind = KINDS.get(year.unit, Kind.NUMBER)
    plan = year.target.value if year.target else None
    fact = cell(year.unit, year.value)
    return [_name(row), Cell(plan, kind, 1), Cell(fact, kind, 1), indicator_words.gap(year)]


def _name(row: Indicator) -> str:
    name = row.name(chosen_language())
    return str(gettext("%(name)s (an example, made up)", name=name)) if row.is_example else name


def published(frame: Frame) -> Section:
    """What other sources say, beside the register's own figures of the day."""
    topics = published_by_topic(frame.session)
    title = gettext("Published figures")
    owns = figures_on(frame.session, frame.scope, frame.on) | _organisations(frame)
    found = supply_books.published(topics, owns)
    blocks = [Block(sheet) for sheet in found.sheets] if topics else []
    page = url_for("supply.published")
    return Section("published", title, blocks, [str(note) for note in found.notes], page)


def _organisations(frame: Frame) -> dict[Topic, Own]:
    """Organisations where children live, at the end of the period."""
    values = [frame.in_part("organisations", kind).amount for kind in HOMES]
    known = [int(amount) for amount in values if amount is not None]
    if len(known) < len(values):
        return {}
    return {Topic.ORGANISATIONS: Own(str(format_decimal(sum(known))), frame.on)}
