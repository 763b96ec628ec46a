"""Codes of training into words."""

from flask_babel import lazy_gettext as _l

COURSE_KINDS = {
    "compulsory": _l("Compulsory course, leads to the certificate"),
    "topic": _l("Topic"),
    "refresher": _l("Refresher"),
}
SESSION_STATES = {
    "ahead": _l("Planned"),
    "under_way": _l("Under way"),
    "over": _l("Held"),
    "cancelled": _l("Does not take place"),
}
OUTCOMES = {
    "enrolled": _l("Enrolled"),
    "test_ahead": _l("Came, test result missing"),
    "passed": _l("Passed"),
    "not_passed": _l("Did not pass"),
    "did_not_come": _l("Did not come"),
}
CORRECTION_REASONS = {
    "mistyped": _l("It was mistyped"),
    "other_person": _l("It belongs to another person"),
    "later_paper": _l("A list or test paper came later"),
    "test_again": _l("The test was taken again"),
}
CAME = {"yes": _l("Came"), "no": _l("Did not come")}
CERTIFICATE_STATES = {
    "in_force": _l("In force"),
    "ending": _l("Ends within the renewal window"),
    "expired": _l("Expired"),
    "revoked": _l("Revoked"),
}
