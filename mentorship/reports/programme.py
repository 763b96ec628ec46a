"""The parts of a report about plans: indicators, and what was published elsewhere."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import format_decimal, format_percent, gettext

from mentorship.figures.books import KINDS, cell
from mentorship.figures.catalogue import MEASURES
from mentorship.figures.values import State, Value
from mentorship.figures.words import said
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
from mentorship.supply.facts import IN_FAMILIES
from mentorship.supply.queries import published_by_topic
from mentorship.supply.reading import Own
from mentorship.supply.vocabulary import Topic
from mentorship.web.suppression import Count, Mark, share_of
from mentorship.web.tables import Cell, Column, Kind, Sheet

OWN = {
    Topic.CHILDREN: "children_in_care",
    Topic.MENTORS: "mentors_active",
    Topic.SPECIALISTS: "specialists",
}


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
    about = [words.OF_THE_YEAR] if rows else []
    return Section("indicators", title, blocks, about, url_for("indicators.index"), terms)


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
    found = supply_books.published(topics, _own(frame))
    blocks = [Block(sheet) for sheet in found.sheets] if topics else []
    page = url_for("supply.published")
    return Section("published", title, blocks, [str(note) for note in found.notes], page)


def _own(frame: Frame) -> dict[Topic, Own]:
    """What this register says of the last day of the period, where it is known."""
    values = {topic: frame.reading(code).at(frame.period) for topic, code in OWN.items()}
    found = {
        topic: Own(said(MEASURES[OWN[topic]].unit, value), frame.on)
        for topic, value in values.items()
        if value.state != State.UNKNOWN
    }
    homes = _together([frame.in_part("organisations", kind) for kind in HOMES])
    if homes is not None:
        found[Topic.ORGANISATIONS] = Own(str(format_decimal(homes)), frame.on)
    families = _together([frame.in_part("children_in_care", form) for form in IN_FAMILIES])
    children = values[Topic.CHILDREN].amount
    if families is not None and children is not None:
        share = share_of(Count(Mark.SHOWN, families), Count(Mark.SHOWN, int(children)))
        if share is not None:
            found[Topic.IN_FAMILIES] = Own(str(format_percent(share)), frame.on)
    return found


def _together(values: Sequence[Value]) -> int | None:
    """Several numbers together, where each of them is shown."""
    known = [int(value.amount) for value in values if value.amount is not None]
    return sum(known) if len(known) == len(values) else None
