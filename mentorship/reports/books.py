"""The sections of a report: what each says, its tables and its charts; and all of it as a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask_babel import format_decimal, format_percent, gettext

from mentorship.figures import words as figure_words
from mentorship.figures.books import KINDS, cell
from mentorship.figures.books import definitions as figure_definitions
from mentorship.figures.catalogue import MEASURES, Kind, Unit
from mentorship.figures.pages import where
from mentorship.places.words import region_name
from mentorship.reports import drawings, words
from mentorship.reports.drawings import Chart
from mentorship.reports.report import Frame
from mentorship.retention import why_words
from mentorship.retention import words as retention_words
from mentorship.retention.study import Group, rounded
from mentorship.retention.survival import HORIZONS
from mentorship.retention.why import Compared
from mentorship.web.periods import period_words
from mentorship.web.suppression import Count
from mentorship.web.tables import Book, Cell, Column, Sheet
from mentorship.web.tables import Kind as Cells

COUNT, NUMBER, SHARE = Cells.COUNT, Cells.NUMBER, Cells.SHARE
GLANCE = (
    *("applications", "certificates_issued", "matches_begun", "matches_ended", "meetings_held"),
    *("share_on_time", "concerns_raised", "matches_active", "coverage", "children_waiting"),
    *("mentors_active", "mentors_free", "children_in_care"),
)
PRACTICE = (
    *("contacts_due", "share_on_time", "share_missed", "share_cancelled", "hours_per_meeting"),
    *("days_to_match_mentor", "days_to_match_child", "days_late", "concerns_closed"),
    *("contacts_overdue", "entries_unread", "concerns_open", "mentors_idle", "share_idle"),
)
PRACTICE_REGIONS = ("contacts_due", "share_on_time", "contacts_overdue", "mentors_idle")
SUPPLY = (
    *("children_eligible", "children_waiting", "mentors_active", "mentors_free", "coverage"),
    *("candidates", "organisations", "specialists_per_5000"),
)
SUPPLY_REGIONS = ("children_waiting", "mentors_free", "coverage", "specialists_per_5000")


@dataclass(frozen=True)
class Block:
    """A table with its chart beside it; `hrefs`: where the heading of each row leads."""

    sheet: Sheet
    chart: Chart | None = None
    hrefs: Sequence[str | None] = ()

    @property
    def rows(self) -> list[tuple[str | None, Sequence[Any]]]:
        rows = list(self.sheet.rows)
        hrefs = [*self.hrefs, *[None] * (len(rows) - len(self.hrefs))]
        return list(zip(hrefs, rows, strict=True))


@dataclass(frozen=True)
class Section:
    """One part of a report, and the page that tells more of it."""

    code: str
    title: str
    blocks: Sequence[Block]
    said: Sequence[str] = ()
    page: str = ""
    terms: Sequence[tuple[Any, Any]] = field(default=())


def sections(frame: Frame) -> list[Section]:
    """All sections in the order of the report; one without a table is left out."""
    makers: tuple[Callable[[Frame], Section], ...] = (glance, retention, why, practice, supply)
    made = [make(frame) for make in makers]
    return [section for section in made if section.blocks]


def glance(frame: Frame) -> Section:
    return Section("glance", gettext("At a glance"), _in_time(frame, GLANCE), terms=_terms(GLANCE))


def _in_time(frame: Frame, codes: Sequence[str]) -> list[Block]:
    """Two tables: what happened in the period, and what there was on its last day."""
    titles = (
        (Kind.FLOW, gettext("What happened")),
        (Kind.STOCK, gettext("What there was on the last day")),
    )
    blocks = []
    for kind, title in titles:
        own = [code for code in codes if MEASURES[code].kind == kind]
        heads = [words.period_title(period) for period in frame.columns(kind)]
        columns = [Column(gettext("Figure")), *(Column(head, NUMBER) for head in heads)]
        rows = [[figure_words.NAMES[code], *_cells(frame, code)] for code in own]
        hrefs = [drawings.opens(frame, code) for code in own]
        blocks.append(Block(Sheet(title, columns, rows), hrefs=hrefs))
    return blocks


def _cells(frame: Frame, code: str) -> list[Any]:
    """A measure in three periods; units differ by row, so each is a cell of its own kind."""
    unit = MEASURES[code].unit
    return [Cell(cell(unit, value), KINDS.get(unit, NUMBER)) for value in frame.values(code)]


def _terms(codes: Sequence[str]) -> list[tuple[Any, Any]]:
    return figure_definitions([MEASURES[code] for code in codes])


def retention(frame: Frame) -> Section:
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
    names = drawings.month_names(HORIZONS)
    rows = [
        [name, group.at_risk(month), *_estimate(group, month)]
        for name, month in zip(names, HORIZONS, strict=True)
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


def practice(frame: Frame) -> Section:
    on_time = drawings.over_time(frame, "share_on_time", gettext("Contacts held on time"))
    first, *rest = _in_time(frame, PRACTICE)
    blocks = [Block(first.sheet, on_time, first.hrefs), *rest]
    blocks += _regions(frame, PRACTICE_REGIONS)
    title = gettext("How the work is done")
    page = url_for("practice.index")
    return Section("practice", title, blocks, page=page, terms=_terms(PRACTICE))


def supply(frame: Frame) -> Section:
    blocks = [block for block in _in_time(frame, SUPPLY) if block.rows]
    chart = drawings.map_of(frame, "coverage", gettext("Children with a mentor"))
    blocks += _regions(frame, SUPPLY_REGIONS, chart)
    title = gettext("Supply and demand")
    return Section("supply", title, blocks, page=url_for("supply.index"), terms=_terms(SUPPLY))


def _regions(frame: Frame, codes: Sequence[str], chart: Chart | None = None) -> list[Block]:
    if len(frame.country.seen) < 2:
        return []
    columns = [Column(gettext("Region")), *(_column(code) for code in codes)]
    rows = [
        [
            region_name(kato),
            *(cell(MEASURES[code].unit, frame.in_region(code, kato)) for code in codes),
        ]
        for kato in frame.country.seen
    ]
    flows = any(MEASURES[code].kind == Kind.FLOW for code in codes)
    title = gettext("By region")
    if flows:
        quarter = period_words(frame.quarter)
        title = gettext("By region; what happens, for %(quarter)s", quarter=quarter)
    return [Block(Sheet(title, columns, rows), chart)]


def _column(code: str) -> Column:
    measure = MEASURES[code]
    return Column(figure_words.NAMES[code], KINDS.get(measure.unit, NUMBER))


def definitions(parts: Sequence[Section]) -> list[tuple[str, str]]:
    """Every term of the report, once."""
    return list({str(term): str(text) for part in parts for term, text in part.terms}.items())


def where_of(frame: Frame) -> str:
    """The regions a report is of."""
    return where(frame.country, None)


def book(frame: Frame, parts: Sequence[Section]) -> Book:
    """The report as tables of a file."""
    title = gettext("Report of the mentoring programme")
    return Book(
        title,
        [block.sheet for part in parts for block in part.blocks],
        definitions(parts),
        filters=[
            (gettext("Period"), words.period_title(frame.period)),
            (gettext("Region"), where_of(frame)),
        ],
        until=frame.on,
        computed=frame.build.built_at,
        name=f"report {frame.period.code} state",
        notes=[words.AS_OF, words.STAYS],
    )
