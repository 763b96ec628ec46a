"""Codes of published figures (what is counted, how exactly, how sure), and of what to do next."""

from enum import StrEnum


class Topic(StrEnum):
    """What a figure is about; the register's own figure of the same stands beside it."""

    CHILDREN = "children"
    IN_FAMILIES = "in_families"
    OUTSIDE_FAMILIES = "outside_families"
    PLACED = "placed"
    MENTORS = "mentors"
    SPECIALISTS = "specialists"
    SPECIALISTS_BEFORE = "specialists_before"
    SPECIALISTS_TIMES = "specialists_times"
    POSTS_ADDED = "posts_added"
    SPECIALISTS_TARGET = "specialists_target"
    STAFFING_NORM = "staffing_norm"
    CHILD_POPULATION = "child_population"
    POPULATION_SHARE = "population_share"
    POPULATION_GROWTH = "population_growth"
    ORGANISATIONS = "organisations"
    ORGANISATIONS_CHANGE = "organisations_change"
    RESIDENTS_CHANGE = "residents_change"
    MOTHERS_HOUSES = "mothers_houses"
    KEPT_CHILDREN = "kept_children"
    REFUSALS_PREVENTED = "refusals_prevented"
    DOCUMENT = "document"
    INDICATORS = "indicators"
    MEASURES = "measures"
    DIRECTIONS = "directions"
    OTHER = "other"


class Unit(StrEnum):
    """How the value of a figure is read; shares and changes are kept as parts of one."""

    NUMBER = "number"
    SHARE = "share"
    CHANGE = "change"
    TIMES = "times"
    ONE_PER = "one_per"


class Exactness(StrEnum):
    """How the source says the number."""

    EXACT = "exact"
    MORE_THAN = "more_than"
    ABOUT = "about"


class Certainty(StrEnum):
    """How sure it is: the words were seen, it is calculated from such, or nobody checked it."""

    SEEN = "seen"
    CALCULATED = "calculated"
    UNVERIFIED = "unverified"


class Step(StrEnum):
    """What a region needs next, the widest gap first; only from numbers that may be shown."""

    RECRUIT_NOW = "recruit_now"
    RECRUIT = "recruit"
    PROPOSE = "propose"
    UNKNOWN = "unknown"
    LEND = "lend"
    NOTHING = "nothing"
