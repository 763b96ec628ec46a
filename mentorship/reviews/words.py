"""Words for why a match is looked at again and what was decided."""

from flask_babel import lazy_gettext as _l

CAUSES = {
    "mentor_suspended": _l("The mentor is suspended"),
    "consent_withdrawn": _l("A consent was taken back"),
    "moved_centre": _l("The child moved to another centre"),
    "moved_region": _l("The child moved to another region"),
    "placed_in_family": _l("The child was placed in a family"),
    "turned_18": _l("The child has turned 18"),
    "conflict": _l("A conflict of interest was recorded"),
    "overdue_contacts": _l("Nobody has reached the match for weeks"),
    "concern": _l("Something worried somebody"),
}
ADVICE = {
    "mentor_suspended": _l(
        "Somebody the child trusts has become unreachable. Tell the child soon, without blame, "
        "and say what happens next."
    ),
    "consent_withdrawn": _l(
        "Nobody meets while a consent is missing. Ask what lies behind it. If the match ends, let "
        "the child decide how to say goodbye: a meeting with staff present, a letter, or nothing."
    ),
    "moved_centre": _l(
        "A move costs a child enough people. See whether the mentor can keep coming, and agree "
        "on it with the new centre."
    ),
    "moved_region": _l(
        "Ask the child and the mentor whether they want to go on over the distance, and how. If "
        "they part, plan the last meeting, and look for a mentor in the new region."
    ),
    "placed_in_family": _l(
        "Mentoring by law is for children in organisations for orphans, so this match ends. Close "
        "it well: a last meeting, with the family's knowledge, and thanks to the mentor."
    ),
    "turned_18": _l(
        "Mentoring by law ends at 18. Plan the last meeting together; the two may stay in touch "
        "as adults, outside the programme."
    ),
    "conflict": _l(
        "Nobody meets until it is clear whether the conflict ends. If it stays, close the match "
        "well, and look for another mentor."
    ),
    "concern": _l(
        "The two do not meet until it is clear that the child is safe with this mentor. Read the "
        "worry, hear the child and the mentor apart, and decide together with a colleague."
    ),
    "overdue_contacts": _l(
        "Find out whether the two still meet: ask the child and the carer, not only the mentor. "
        "If they do, agree on a day for each contact that they can keep. If not, end the match "
        "well."
    ),
}
DECISIONS = {
    "continue": _l("Continue as it is"),
    "adapt": _l("Continue, adapted"),
    "close": _l("Close the match well"),
}
CLOSES_AS = {
    "mentor_suspended": "clearance_lost",
    "consent_withdrawn": "child_wish",
    "moved_centre": "child_moved",
    "moved_region": "child_moved",
    "placed_in_family": "child_placed_in_family",
    "turned_18": "child_turned_18",
}
"""The reason with which the form for closing begins; it can be changed there."""
