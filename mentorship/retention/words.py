"""What the pages of retention count, said once: for the pages, the files and the charts."""

from collections.abc import Sequence
from typing import Any

from flask_babel import format_percent
from flask_babel import lazy_gettext as _l

from mentorship.figures.words import DISTANCES, ENDINGS, TONGUES, TRAININGS
from mentorship.places.words import region_names
from mentorship.retention.spells import GAP_DAYS, Leaving, Way
from mentorship.web.periods import period_words, read_period
from mentorship.web.words import CENTRE_KINDS

DIMENSIONS = {
    "region": _l("Region"),
    "year": _l("Year of the start"),
    "centre_kind": _l("Kind of organisation"),
    "training": _l("Mentor's training"),
    "language": _l("Child's first language"),
    "distance": _l("Distance"),
}
WAYS = {int(way): ENDINGS[way.name.lower()] for way in Way}
LEAVINGS = {
    int(Leaving.OWN): _l("Left by their own decision"),
    int(Leaving.PROGRAMME): _l("Left by decision of the programme"),
}
_CODES: dict[str, dict[str, Any]] = {
    "centre_kind": CENTRE_KINDS,
    "training": TRAININGS,
    "language": TONGUES,
    "distance": DISTANCES,
}
MONTHS = {
    3: _l("3 months"),
    6: _l("6 months"),
    12: _l("12 months"),
    18: _l("18 months"),
    24: _l("24 months"),
}
MATCHES: Sequence[tuple[Any, Any]] = (
    (
        _l("What is counted"),
        _l(
            "Matches, from the day each began until it ended early: through the mentor, the child"
            " or the programme. A match that is still under way, on hold or not, counts as "
            "lasting up to the day of the figures; what comes later is not known."
        ),
    ),
    (
        _l("Planned ends"),
        _l(
            "A match whose goals were reached, and one that ended because the child went to a "
            "family, moved to another place or turned 18, did not fail: it counts as lasting up "
            "to that day, and says nothing of later ones."
        ),
    ),
    (
        _l("Region and group"),
        _l(
            "A match counts in the region and the organisation where the child lived when it "
            "began, with the training the mentor had then, and stays there."
        ),
    ),
)
METHOD: Sequence[tuple[Any, Any]] = (
    (
        _l("The share"),
        _l(
            "The Kaplan–Meier estimate. The range holds the true share in 19 of 20 cases (log-log"
            " interval, Greenwood's variance); where none has ended yet, the exact binomial one."
        ),
    ),
    (
        _l("The median"),
        _l(
            "The first month at which no more than half are left. Without one, more than half "
            "were left as long as enough were under observation."
        ),
    ),
    (
        _l("Comparing groups"),
        _l(
            "One log-rank test asks whether any group differs. Then each group is compared with "
            "all the others together, and the p-values are raised for the number of comparisons "
            "(Holm). A difference says nothing of its cause."
        ),
    ),
    (
        _l("What is not shown"),
        _l(
            "Numbers from 1 to 4, whatever would give one away, and shares that rest on fewer "
            "than 5 or from which 1 to 4 endings could be counted. Numbers under observation "
            "after the start are rounded to fives. A line of a chart is straight between points "
            "that have no ending or at least 5 between them."
        ),
    ),
)
CHILDREN: Sequence[tuple[Any, Any]] = (
    (
        _l("What is counted"),
        _l(
            "Children, from the day their first match began, through all their later matches, "
            "also with other mentors, until they were without a mentor for more than %(days)s "
            "days. Their time with mentors then ended on the day that gap began.",
            days=GAP_DAYS,
        ),
    ),
    (
        _l("Planned ends"),
        _l(
            "Where the last match before the gap ended as planned (goals reached, a family, "
            "another place, turning 18), nobody was left alone: the child counts as with mentors "
            "up to that day."
        ),
    ),
    (
        _l("Up to which day"),
        _l(
            "A gap is known to be long only after %(days)s days. So everything is told as it "
            "stood %(days)s days before the day of the figures, and children whose first match "
            "began later are not counted yet.",
            days=GAP_DAYS,
        ),
    ),
    (
        _l("Region and group"),
        _l("A child counts in the region and the organisation of the first match."),
    ),
)
MENTORS: Sequence[tuple[Any, Any]] = (
    (
        _l("What is counted"),
        _l(
            "Mentors, from their first certificate, or their first match where that was earlier, "
            "until they left the programme. Candidates are not counted, nor are mentors who never"
            " had a certificate or a match."
        ),
    ),
    (
        _l("What is not leaving"),
        _l(
            "Being paused or suspended, having no child at the moment, or having left and come "
            "back as an active mentor."
        ),
    ),
    (
        _l("The day of leaving"),
        _l(
            "The day their status became “retired”. Where that was not written down, it is the "
            "last day of their last match; without one, they are not counted."
        ),
    ),
)
ENDS: Sequence[tuple[Any, Any]] = (
    (
        _l("What is counted"),
        _l(
            "Of all matches that began, the share that had ended in each way by a month. With the"
            " share still together they add up to the whole."
        ),
    ),
    (
        _l("Why not each way alone"),
        _l(
            "A match that ended in one way can no longer end in another. The Aalen–Johansen "
            "estimate takes this into account; a curve of one way alone would make each of them "
            "too frequent."
        ),
    ),
    *MATCHES[1:],
)


def codes_of(dimension: str, codes: Sequence[str]) -> dict[str, Any]:
    """The codes of a dimension in the order of its words, each with its word."""
    if dimension == "region":
        return {code: name for code, name in region_names().items() if code in codes}
    if dimension in _CODES:
        return {code: word for code, word in _CODES[dimension].items() if code in codes}
    return {code: code for code in sorted(codes)}


TITLES = {
    "matches": _l("How long matches last"),
    "children": _l("How long children have a mentor"),
    "mentors": _l("How long mentors stay"),
}
DEFINITIONS = {"matches": MATCHES, "children": CHILDREN, "mentors": MENTORS}
COMPARED = {
    "region": _l("By region"),
    "year": _l("By the year of the start"),
    "centre_kind": _l("By the kind of organisation"),
    "training": _l("By the mentor's training"),
    "language": _l("By the child's first language"),
    "distance": _l("By the distance between mentor and child"),
}
TONES = ((1, 0.0, 0.5), (2, 0.5, 0.65), (3, 0.65, 0.75), (4, 0.75, 0.85), (5, 0.85, 1.0))
"""How deep a cell is tinted: tone, from, below."""


def tone(share: float) -> int:
    """The tone of a share; the number stands in the cell, the tint only helps the eye."""
    return next(tone for tone, low, _ in reversed(TONES) if share >= low)


def quarter(code: str) -> str:
    """A quarter such as 2026-Q3 in the language of the page."""
    found = read_period(code)
    return period_words(found) if found else code


def steps() -> list[str]:
    """What the five tones of a map stand for: a fifth of the whole each."""
    return [f"{format_percent(n / 5)}–{format_percent((n + 1) / 5)}" for n in range(5)]
