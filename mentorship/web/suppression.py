"""Small counts are not shown, and cannot be worked out from what is shown.

A count of 1 to 4 reads "fewer than 5". Where a total, or another table about the same people,
would give it away by subtraction, further cells are left out as well ("not shown"); where a
whole line adds up to fewer than 5, its zeros read "fewer than 5" too. `docs/suppression.md` has
the rule with an example; `disclosure` decides what is enough.

Tables are linked when they count the same people by the same rows: their row totals are one
number and marked alike. A table within another counts some of its people (those still under
observation after a year); how many are left over is a count of people like any other.
"""

from collections.abc import Mapping, Sequence

from mentorship.web.linked import LEAST, Count, Key, Mark, Seen, Table, freeze, marked, place_of

__all__ = ["LEAST", "Count", "Mark"]
Tables = Mapping[str, Table]


def protect_list(counts: Sequence[int]) -> list[Count]:
    """The counts and, last, their total, as a reader may see them."""
    return [row[0] for row in protect([[count] for count in counts])]


def protect(counts: Table, within: Table | None = None) -> list[list[Count]]:
    """The table with a total at the end of each row and, last, a row of totals.

    `within` is a table of the same shape, of which these are parts.
    """
    return protect_linked({"": counts}, [{"": within}] if within else ())[""]


def protect_linked(
    tables: Tables,
    within: Sequence[Tables] = (),
    totals: Sequence[Sequence[Count]] = (),
) -> dict[str, list[list[Count]]]:
    """Tables of the same people by the same rows, each with totals as `protect` gives them.

    `within` are the same tables of those of whom these are parts, the widest first; they are
    marked as if these did not exist, so ask for them by the same call without these.

    `totals` says how the row totals and, last, all together are marked already, by a call for
    a table of which each row here is one cell (a year of its quarters); for each of `within`
    and, last, for `tables`. A row whose total is not shown is left out whole.
    """
    levels = tuple(freeze(level) for level in (*within, tables))
    seen = marked(levels, tuple(tuple(given) for given in totals))
    return {name: _answer(seen, len(within), name, table) for name, table in tables.items()}


def _answer(seen: Mapping[Key, Seen], depth: int, name: str, table: Table) -> list[list[Count]]:
    if not table:
        return [[Count(Mark.SHOWN, 0)]]
    rows, columns = [*range(len(table)), None], [*range(len(table[0])), None]
    return [[seen[depth, place_of(table, name, i, j)].count for j in columns] for i in rows]


def share_of(part: Count, whole: Count) -> float | None:
    """The part of the whole, where both are shown and the rest is nobody or LEAST or more."""
    if part.value is None or not whole.value or 0 < whole.value - part.value < LEAST:
        return None
    return part.value / whole.value


def for_rows(answer: Sequence[Sequence[Count]], rows: Sequence[int]) -> list[list[Count]]:
    """Some rows of a table, in their order; a total of them is shown only where they all are.

    Of no rows there is nobody, and everybody may know.
    """
    if not rows:
        return [[Count(Mark.SHOWN, 0)] * len(answer[-1])]
    kept = [list(answer[row]) for row in rows]
    if len(rows) == len(answer) - 1:
        return [*kept, list(answer[-1])]
    return [*kept, [_together(column) for column in zip(*kept, strict=True)]]


def _together(counts: Sequence[Count]) -> Count:
    if len(counts) == 1:
        return counts[0]
    values = [count.value for count in counts if count.value is not None]
    whole = len(values) == len(counts)
    return Count(Mark.SHOWN, sum(values)) if whole else Count(Mark.HIDDEN)
