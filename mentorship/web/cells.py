"""What may stand in a cell of a file: no text that a spreadsheet would obey as a formula."""

import re

RISKY = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would obey
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def defuse(text: str) -> str:
    """The text with an apostrophe before a sign that a spreadsheet would obey."""
    return f"'{text}" if text.lstrip("'").startswith(RISKY) else text


def safe_text(text: str) -> str:
    """The text as a cell may hold it: without signs nobody sees, and defused."""
    return defuse(_UNSEEN.sub("", text))
