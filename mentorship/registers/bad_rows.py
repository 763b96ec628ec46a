"""The rows that were not imported, as a file to correct; IINs stay hidden."""

from flask_babel import gettext

from mentorship.registers.rows import shown
from mentorship.registers.services import Preview
from mentorship.registers.sheets import write_sheet


def bad_rows_file(found: Preview) -> bytes:
    """A CSV of the bad rows: their line, what to correct, and their cells as they were."""
    reasons: dict[int, list[str]] = {}
    for problem in found.problems:
        reasons.setdefault(problem.line, []).append(f"{problem.column}: {problem.expected}")
    columns = {position: found.plan.columns[n] for n, position in found.plan.sources.items()}
    rows = (
        [
            row.line,
            " ".join(reasons[row.line]),
            *(shown(cell, columns.get(position)) for position, cell in enumerate(row.cells)),
        ]
        for row in found.table.rows
        if row.line in reasons
    )
    return write_sheet(
        "csv", [gettext("Line"), gettext("What to correct"), *found.table.header], rows
    )
