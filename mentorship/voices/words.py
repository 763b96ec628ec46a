"""What the voices are asked and what their answers are called.

Questions to a child are said as to a ten-year-old: short, and with "сен" in Kazakh.
"""

from flask_babel import lazy_gettext as _l

from mentorship.voices.facts import Voice

VOICES = {
    "mentor": _l("Mentor"),
    "child": _l("Child"),
    "carer": _l("Carer at the organisation"),
}
# Asked of a child, on the tablet of the organisation.
CHILD_QUESTIONS = {
    "glad": _l("Are you happy to meet your mentor?"),
    "heard": _l("Does your mentor listen to you?"),
    "safe": _l("Do you feel safe with your mentor?"),
    "fun": _l("Do you two do things that you like?"),
    "go_on": _l("Do you want to go on meeting?"),
}
CARER_QUESTIONS = {
    "calm": _l("Is the child calm and glad after the meetings?"),
    "reliable": _l("Does the mentor come as agreed?"),
    "wanted": _l("Does the child look forward to the meetings?"),
    "agreed": _l("Is it easy to agree on things with the mentor?"),
    "go_on": _l("Is it good for the child that the meetings go on?"),
}
QUESTIONS = {Voice.CHILD: CHILD_QUESTIONS, Voice.CARER: CARER_QUESTIONS}
# The same in a word or two, for staff.
SUBJECTS = {
    Voice.CHILD: {
        "glad": _l("Happy to meet"),
        "heard": _l("Feels listened to"),
        "safe": _l("Feels safe"),
        "fun": _l("Does what they like"),
        "go_on": _l("Wants to go on"),
    },
    Voice.CARER: {
        "calm": _l("Calm after the meetings"),
        "reliable": _l("The mentor comes as agreed"),
        "wanted": _l("Looks forward to the meetings"),
        "agreed": _l("Easy to agree with the mentor"),
        "go_on": _l("Good to go on"),
    },
}
STEPS = {
    5: _l("Yes, very much"),
    4: _l("Yes"),
    3: _l("So-so"),
    2: _l("Not really"),
    1: _l("No"),
}
