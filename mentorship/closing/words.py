"""Words for endings: their kinds, their steps, and what each step asks for."""

from flask_babel import lazy_gettext as _l

KINDS = {
    "planned": _l("As planned"),
    "early": _l("Earlier than planned"),
    "unilateral": _l("One side did not want it to end"),
}
KIND_ADVICE = {
    "planned": _l(
        "A good ending is prepared: both know it for weeks, look back together, and say goodbye."
    ),
    "early": _l(
        "An early ending hurts less when the child hears the reason from somebody they trust, "
        "without blame, and when somebody stays near in the weeks after."
    ),
    "unilateral": _l(
        "Speak with each side apart first. The side that did not want it to end needs to be heard, "
        "and the child needs somebody near. Nobody is made to meet once more."
    ),
}
STEPS = {
    "told_child": _l("The child is told"),
    "told_mentor": _l("The mentor is told"),
    "other_side": _l("The side that did not want it to end is heard"),
    "goals": _l("Look back at the goals"),
    "goodbye": _l("They say goodbye"),
    "contact": _l("Agree on contact afterwards"),
    "view_child": _l("How it was for the child"),
    "view_mentor": _l("How it was for the mentor"),
    "view_carer": _l("How it was for the carer"),
    "support": _l("Somebody stays near the child"),
    "child_again": _l("Another mentor for the child?"),
    "mentor_again": _l("Another child for the mentor?"),
}
STEP_ADVICE = {
    "told_child": _l(
        "Face to face, in the child's language, by somebody the child trusts. It is nobody's fault."
    ),
    "told_mentor": _l("In a call or face to face, not in a letter."),
    "other_side": _l("Somebody else than who told them, within a few days."),
    "goals": _l("What was reached, what stays open, and who goes on with it."),
    "goodbye": _l("A last meeting, a call or a letter: as the child wishes."),
    "contact": _l("So that neither waits for a call that does not come."),
    "view_child": _l("Let the child point at a picture. The child may also say nothing."),
    "view_mentor": _l("What went well, what was hard, what would have helped."),
    "view_carer": _l("What changed for the child, and what they need now."),
    "support": _l("Who it is, and until when they look after the child."),
    "child_again": _l("Ask the child, not too soon."),
    "mentor_again": _l("Ask the mentor, and thank them."),
}
GOODBYES = {
    "meeting": _l("At a last meeting"),
    "call": _l("In a call"),
    "letter": _l("With a letter"),
}
CONTACT_RULES = {
    "none": _l("No contact"),
    "through_centre": _l("Only through the centre"),
    "as_they_wish": _l("As both wish"),
}
READINESS = {
    "now": _l("Ready now"),
    "later": _l("Ready later, from a day"),
    "no": _l("No"),
}
PICTURES = {
    "5": _l("Very good"),
    "4": _l("Good"),
    "3": _l("So-so"),
    "2": _l("Not good"),
    "1": _l("Bad"),
    "not_given": _l("Did not want to say"),
}
STATES = {"open": _l("To be done"), "done": _l("Done"), "cannot": _l("Cannot be done")}
STATE_FILTERS = {
    "open": _l("Steps still to be done"),
    "overdue": _l("Overdue"),
    "done": _l("Complete"),
    "all": _l("All"),
}
ANSWERS = {
    "goodbye": GOODBYES,
    "contact": CONTACT_RULES,
    "view_child": PICTURES,
    "child_again": READINESS,
    "mentor_again": READINESS,
}
"""The words of a step's answer, for the steps that ask for one."""
