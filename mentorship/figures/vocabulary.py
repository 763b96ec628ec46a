"""The closed word lists of figures: how matches end, and the bands they are grouped by."""

from enum import StrEnum


class Ending(StrEnum):
    """How a match ended: as it should, or early, and through whom."""

    PLANNED = "planned"
    MENTOR = "mentor"
    CHILD = "child"
    PROGRAMME = "programme"


class Tongue(StrEnum):
    """The first language of a child, or the main one of a mentor."""

    KAZAKH = "kk"
    RUSSIAN = "ru"
    OTHER = "other"


class Training(StrEnum):
    """How much of the compulsory course a mentor had attended before a match began."""

    NONE = "none"
    SOME = "some"
    FULL = "full"


class Distance(StrEnum):
    """How far the mentor's town is from the child's centre."""

    TOWN = "town"
    NEAR = "near"
    FAR = "far"
    REMOTE = "remote"


class Age(StrEnum):
    """How long something has been open: up to a week, a month, three months, or longer."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    LONGER = "longer"
