"""Codes of papers and suspensions into words."""

from flask_babel import lazy_gettext as _l

from mentorship.mentors.words import clearance_kind_name
from mentorship.qualification.facts import CERTIFICATE
from mentorship.qualification.models import SuspensionCause
from mentorship.web.words import MENTOR_REASONS

CAUSES = {str(cause): MENTOR_REASONS[str(cause)] for cause in SuspensionCause}
PAPER_STATES = {
    "in_force": _l("In force"),
    "soon": _l("Ends soon"),
    "expired": _l("Expired"),
    "pending": _l("Result pending"),
    "adverse": _l("Obstacle found"),
    "missing": _l("Not recorded"),
}
STATE_COLOURS = {
    "in_force": "done",
    "soon": "attention",
    "expired": "danger",
    "pending": "attention",
    "adverse": "danger",
    "missing": "attention",
}
ASKED = {"yes": _l("A second person is needed"), "no": _l("Nobody has asked to lift it")}
CERTIFICATE_NAME = _l("Certificate")
BRING = {
    "identity": _l("your identity card"),
    "criminal_record": _l("the certificate about convictions, from eGov"),
    "prosecution": _l("nothing: your coordinator asks the prosecutor's office"),
    "psychiatric": _l("the answer of the psychiatric service, from eGov"),
    "narcological": _l("the answer of the narcological service, from eGov"),
    "health": _l("the medical certificate from your clinic, with the test for tuberculosis"),
    "capacity": _l("nothing: your coordinator asks the guardianship authority"),
    "housing": _l("nothing: your coordinator agrees a day with you to look at your home"),
    "income": _l("the certificate about your income"),
    "marital": _l("the certificate about your marital status"),
    "certificate": _l("nothing yet: ask your coordinator for the next course and test"),
}


def paper_name(code: str) -> str:
    """The certificate, or a kind of clearance, in the language of the page."""
    return str(CERTIFICATE_NAME) if code == CERTIFICATE else clearance_kind_name(code)
