"""The pages of retention as tables of a file."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext

from mentorship.figures.models import Build
from mentorship.retention import words
from mentorship.retention.ends import Shares
from mentorship.retention.pages import Choice
from mentorship.retention.report import Report
from mentorship.retention.study import Group
from mentorship.web.tables import Book, Column, Kind, Sheet


def lasting(
    report: Report,
    names: Mapping[str, Any],
    months: Sequence[int],
    build: Build,
    asked: Choice,
) -> Book:
    """How long they last: all together, by group, and whether the groups differ."""
    rows = [[asked.place, *_cells(report.chosen, months)]]
    groups = [[names[code], *_cells(group, months)] for code, group in report.groups]
    word = words.DIMENSIONS[report.by]
    sheets = [
        Sheet(gettext("All together"), [Column(gettext("Region")), *_columns(months)], rows),
        Sheet(word, [Column(word), *_columns(months)], groups),
    ]
    if report.test is not None:
        sheets.append(_test(report, names, word))
    return _book(
        words.TITLES[report.whose],
        sheets,
        [*words.DEFINITIONS[report.whose], *words.METHOD],
        build,
        asked,
        f"retention-{report.whose}",
    )


def cohorts(
    rows: Iterable[tuple[str, Group]], months: Sequence[int], build: Build, asked: Choice
) -> Book:
    """Matches by the quarter in which they began."""
    columns = [
        Column(gettext("Quarter of the start")),
        Column(gettext("Matches"), Kind.COUNT),
        *(Column(words.MONTHS[month], Kind.SHARE) for month in months),
    ]
    lines = [[code, group.count, *(_share(group, m) for m in months)] for code, group in rows]
    sheet = Sheet(gettext("Cohorts"), columns, lines)
    definitions = [*words.MATCHES, *words.METHOD]
    return _book(gettext("Cohorts"), [sheet], definitions, build, asked, "retention-cohorts")


def endings(shares: Shares, build: Build, asked: Choice) -> Book:
    """How matches end."""
    columns = [Column(gettext("How they end"))]
    for month in shares.months:
        columns += _three(words.MONTHS[month])
    lines: list[list[Any]] = []
    hidden = str(gettext("not shown"))
    for way, word in words.WAYS.items():
        line: list[Any] = [word]
        for month in shares.months:
            found = shares.ways[way - 1].get(month)
            line += [found.share, found.low, found.high] if found else [hidden, "", ""]
        lines.append(line)
    last: list[Any] = [gettext("Still together")]
    for month in shares.months:
        last += [shares.together.get(month, hidden), "", ""]
    sheet = Sheet(gettext("How they end"), columns, [*lines, last])
    return _book(gettext("How they end"), [sheet], words.ENDS, build, asked, "retention-endings")


def _columns(months: Sequence[int]) -> list[Column]:
    found = [Column(gettext("Began"), Kind.COUNT)]
    for month in months:
        found += [*_three(words.MONTHS[month]), Column(gettext("Under observation"), Kind.COUNT)]
    return [*found, Column(gettext("Median, months"), Kind.NUMBER)]


def _three(word: Any) -> list[Column]:
    return [
        Column(word, Kind.SHARE),
        Column(gettext("From"), Kind.SHARE),
        Column(gettext("To"), Kind.SHARE),
    ]


def _cells(group: Group, months: Sequence[int]) -> list[Any]:
    cells: list[Any] = [group.count]
    for month in months:
        found = group.at(month)
        cells += [found.share, found.low, found.high] if found else [_instead(group, month), "", ""]
        cells.append(group.at_risk(month))
    return [*cells, group.median]


def _share(group: Group, month: int) -> Any:
    found = group.at(month)
    return found.share if found else _instead(group, month)


def _instead(group: Group, month: int) -> str | None:
    """The words where there is no share, as on the page."""
    if group.is_withheld(month):
        return str(gettext("not shown"))
    return str(gettext("too early to say")) if group.count.value else None


def _test(report: Report, names: Mapping[str, Any], word: Any) -> Sheet:
    """P-values only: numbers of endings would give small ones away."""
    assert report.test is not None
    rows: list[list[Any]] = [[gettext("Any of them"), report.test.p_value]]
    rows += [[names[report.tested[c.group]], c.p_value] for c in report.test.comparisons]
    return Sheet(
        gettext("Log-rank test"), [Column(word), Column(gettext("P-value"), Kind.NUMBER, 4)], rows
    )


def _book(
    title: Any,
    sheets: Sequence[Sheet],
    definitions: Sequence[tuple[Any, Any]],
    build: Build,
    asked: Choice,
    name: str,
) -> Book:
    return Book(
        title,
        sheets,
        definitions=definitions,
        filters=asked.in_words(),
        until=build.until,
        computed=build.built_at,
        name=name,
    )
