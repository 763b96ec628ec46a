"""Numbers of rows in addresses and forms: what no row can have finds nothing."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

GREATEST = 2**31 - 1  # of an integer column


class RowId(IntegerConverter):
    """`<int:...>` in a route: a number that no row can have is no page."""

    def __init__(self, map: Map, **given: Any) -> None:
        super().__init__(map, **{"max": GREATEST} | given)


def row_id(text: str) -> int:
    """The number of a row as somebody sent it, 0 for one that no row can have."""
    plain = text.isascii() and text.isdigit() and len(text) <= len(str(GREATEST))
    number = int(text) if plain else 0
    return number if number <= GREATEST else 0


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = RowId
