"""Where each key of a TOML text stands, so that a complaint can name the line."""

from __future__ import annotations

import re

_TABLE = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-\" ]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_.\-\"]+)\s*=")


def lines_of(text: str) -> dict[str, int]:
    """Line of each dotted key, counted from 1.

    Parameters
    ----------
    text : str
        TOML that parses. Keys inside inline tables and multi-line strings are not looked for.

    Returns
    -------
    dict of str to int
        ``[[floor]]`` tables are numbered: ``floor.0``, ``floor.1``.
    """
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    prefix = ""
    for number, line in enumerate(text.splitlines(), start=1):
        table, key = _TABLE.match(line), _KEY.match(line)
        if table:
            name = _plain(table.group(2))
            if table.group(1) == "[[":
                spot = counts.get(name, 0)
                counts[name] = spot + 1
                name = f"{name}.{spot}"
            prefix = f"{name}."
            lines.setdefault(name, number)
        elif key:
            lines.setdefault(prefix + _plain(key.group(1)), number)
    return lines


def _plain(key: str) -> str:
    return ".".join(part.strip().strip('"') for part in key.split("."))
