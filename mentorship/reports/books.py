"""A report as a whole: its parts in their order, what they count, and all of it as a file."""

from collections.abc import Callable, Sequence

from flask_babel import gettext

from mentorship.figures.pages import where
from mentorship.reports import chapters, lasting, programme, words
from mentorship.reports.blocks import Section
from mentorship.reports.report import Frame
from mentorship.web.tables import Book

PARTS: tuple[Callable[[Frame], Section], ...] = (
    chapters.glance,
    lasting.retention,
    lasting.why,
    chapters.practice,
    chapters.supply,
    programme.indicators,
    programme.published,
)


def sections(frame: Frame) -> list[Section]:
    """All parts of the report; one without a table is left out."""
    made = [make(frame) for make in PARTS]
    return [section for section in made if section.blocks]


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
