"""`flask ...` commands; each reads the clock, calls one service and commits."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Add the commands."""
