"""The parts of a report about how long matches last, and what went before early endings."""

from typing import Any

from flask import url_for
from flask_babel import format_decimal, format_percent, gettext

from mentorship.figures import words as figure_words
from mentorship.figures.books import cell
from mentorship.figures.catalogue import Unit
from mentorship.places.words import region_name
from mentorship.reports import drawings, words
from mentorship.reports.blocks import Block, Section
from mentorship.reports.report import Frame
from mentorship.retention import why_words
from mentorship.retention import words as retention_words
from mentorship.retention.study import Group, rounded
from mentorship.retention.survival import HORIZONS
from mentorship.retention.why import Compared
from mentorship.web.suppression import Count
from mentorship.web.tables import Cell, Column, Kind, Sheet

COUNT, NUMBER, SHARE = Kind.COUNT, Kind.NUMBER, Kind.SHARE


def retention(frame: Frame) -> Section:
    """How long matches last, and how they ended."""
    group = frame.lasted()
    terms = [*retention_words.MATCHES, *retention_words.METHOD]
    title, page = gettext("How long matches last"), url_for("retention.index")
    blocks = [Block(_horizons(group), drawings.curve(group))] if group.curve else []
    if blocks and len(frame.country.seen) > 1:
        blocks.append(Block(_by_region(frame)))
    if frame.endings():
        blocks.append(Block(_endings(frame)))
    return Section("retention", title, blocks, _lasted(group), page, terms)


def _lasted(group: Group) -> list[str]:
    if group.curve is None:
        return [gettext("There are fewer than 5 matches, or their number may not be shown.")]
    found, number = group.year, rounded(group.curve.lengths.size).value or 0
    sentences = []
    if found:
        shares = {"share": found.share, "low": found.low, "high": found.high}
        told = {name: format_percent(value) for name, value in shares.items()}
        sentences.append(
            gettext(
                "%(share)s of matches lasted a year; between %(low)s and %(high)s is plausible.",
                **told,
            )
        )
    about = gettext("This rests on about %(matches)s matches.", matches=format_decimal(number))
    return [*sentences, about]


def _horizons(group: Group) -> Sheet:
    columns = [
        Column(gettext("Since the start")),
        Column(gettext("Matches under observation, about"), COUNT),
        Column(gettext("Still together"), SHARE),
        Column(gettext("Plausible from"), SHARE),
        Column(gettext("Plausible to"), SHARE),
    ]
    rows = [
        [retention_words.MONTHS[month], group.at_risk(month), *_estimate(group, month)]
        for month in HORIZONS
    ]
    return Sheet(gettext("Share of matches still together"), columns, rows)


def _estimate(group: Group, month: int) -> list[Any]:
    found = group.at(month)
    if found:
        return [found.share, found.low, found.high]
    hidden = group.is_withheld(month)
    return [gettext("not shown") if hidden else gettext("too early to say"), None, None]


def _by_region(frame: Frame) -> Sheet:
    columns = [
        Column(gettext("Region")),
        Column(gettext("Lasted a year"), SHARE),
        Column(gettext("Plausible from"), SHARE),
        Column(gettext("Plausible to"), SHARE),
    ]
    rows = [
        [region_name(kato), *_estimate(frame.lasted([kato]), 12)] for kato in frame.country.seen
    ]
    return Sheet(gettext("Lasted a year, by region"), columns, rows)


def _endings(frame: Frame) -> Sheet:
    title = gettext("How matches ended in %(year)s", year=frame.year.code)
    columns = [Column(gettext("Ending")), Column(gettext("Matches"), COUNT)]
    rows = [
        [figure_words.ENDINGS[ending], cell(Unit.COUNT, value)] for ending, value in frame.endings()
    ]
    return Sheet(title, columns, rows)


def why(frame: Frame) -> Section:
    """What differed in the first days between matches that ended early and that lasted."""
    found, title = frame.why, gettext("What went before early endings")
    told = [each for each in found.compared if each.means]
    heads = [
        gettext("Ended early"),
        gettext("Lasted a year"),
        gettext("Difference"),
        gettext("Plausible from"),
        gettext("Plausible to"),
    ]
    columns = [Column(gettext("In the first 90 days")), *(Column(head, NUMBER) for head in heads)]
    rows = [[why_words.TRAITS[each.trait], *_compared(each)] for each in told]
    about = [_about(count) for count in found.groups]
    said = [
        gettext(
            "Matches that ended early: %(early)s. Matches that lasted a year: %(lasted)s.",
            early=about[0],
            lasted=about[1],
        ),
        why_words.comparisons(found),
    ]
    blocks = [Block(Sheet(title, columns, rows), drawings.before_endings(found))] if told else []
    terms = why_words.definitions(found)
    return Section("why", title, blocks, said, url_for("retention.why"), terms)


def _compared(each: Compared) -> list[Any]:
    """The two means, their difference and its range; shares as such."""
    found = each.interval
    bounds = (found.value, found.low, found.high) if found else (None, None, None)
    kind = SHARE if each.trait in why_words.SHARES else NUMBER
    digits = 0 if kind == SHARE else 2
    return [Cell(number, kind, digits) for number in (*(each.means or ()), *bounds)]


def _about(count: Count) -> str:
    """A number as the nearest five."""
    if count.value is None:
        return words.told(count, Column("", COUNT))
    return words.told(rounded(count.value), Column("", COUNT))
