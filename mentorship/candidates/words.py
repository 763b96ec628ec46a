"""Words for the codes of candidates: steps, what they lack, what to do next."""

from typing import Any

from flask_babel import lazy_gettext as _l

from mentorship.candidates.facts import Way
from mentorship.candidates.policies import Lack
from mentorship.i18n import show_date
from mentorship.mentors.words import clearance_kind_name

STEPS = {
    "application": _l("Application"),
    "interview": _l("Interview"),
    "housing": _l("Housing inspection"),
    "clearances": _l("Clearances"),
    "training": _l("Training"),
    "test": _l("Test"),
    "certificate": _l("Certificate"),
    "active": _l("Start as a mentor"),
}
OUTCOMES = {"positive": _l("Positive"), "negative": _l("Negative")}
SOURCES = {
    "public": _l("Sent by the applicant"),
    "staff": _l("Entered by staff"),
}
ENDS = {
    "activated": _l("Became a mentor"),
    "refused": _l("Refused"),
    "withdrawn": _l("Withdrew"),
}
LACKS = {
    "not_read": _l("Nobody has looked at the application yet"),
    "not_planned": _l("No day is set yet"),
    "visit_ahead": _l("Planned for %(day)s"),
    "not_recorded": _l("Was planned for %(day)s, the conclusion is not recorded"),
    "outcome_negative": _l("The conclusion is negative"),
    "clearance_missing": _l("Not recorded: %(kind)s"),
    "clearance_pending": _l("Result pending: %(kind)s"),
    "clearance_adverse": _l("Obstacle found: %(kind)s"),
    "clearance_expired": _l("Out of date: %(kind)s"),
    "clearance_endless": _l("Without a last day: %(kind)s"),
    "not_enrolled": _l("No place in the compulsory course"),
    "course_ahead": _l("Place in the course that begins on %(day)s"),
    "not_attended": _l("Attendance at the course is not recorded"),
    "not_tested": _l("No test result"),
    "test_failed": _l("The test was not passed"),
    "no_certificate": _l("No certificate"),
    "certificate_expired": _l("The certificate has expired"),
    "certificate_revoked": _l("The certificate was revoked"),
    "not_activated": _l("Everything is there: make them an active mentor"),
}
ACTIONS = {
    "read": _l("Look at the application"),
    "plan interview": _l("Plan the interview"),
    "plan housing": _l("Plan the visit to the home"),
    "record interview": _l("Record the interview"),
    "record housing": _l("Record the visit to the home"),
    "clearances": _l("Record clearances"),
    "training": _l("Find a place in the course"),
    "course": _l("Open the course"),
    "test": _l("Record the test"),
    "certificate": _l("Record the certificate"),
    "active": _l("Make an active mentor"),
    "refuse": _l("Refuse the application"),
    "again": _l("Take the application up again"),
}
OWNERS = {"mine": _l("Mine"), "nobody": _l("Nobody's")}
OVERDUE = {"yes": _l("Overdue only")}


def lack_words(lack: Lack) -> str:
    """What is missing, as a sentence."""
    kind = clearance_kind_name(lack.kind) if lack.kind else ""
    return str(LACKS[lack.code]) % {"kind": kind, "day": show_date(lack.day)}


def action_words(way: Way) -> Any:
    """The one thing to do next, as a button says it."""
    action = way.next_action
    if action in ("plan", "record") and way.now is not None:
        return ACTIONS[f"{action} {way.now.step}"]
    return ACTIONS.get(action, "")
