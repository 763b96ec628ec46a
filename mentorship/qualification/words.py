"""Codes of papers and suspensions into words."""

from collections.abc import Iterable
from typing import Any

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
    "identity": _l("Please bring your identity card."),
    "criminal_record": _l("Please bring the certificate about convictions from eGov."),
    "prosecution": _l("You need to bring nothing: your coordinator asks for it."),
    "psychiatric": _l("Please bring the answer of the psychiatric service from eGov."),
    "narcological": _l("Please bring the answer of the narcological service from eGov."),
    "health": _l("Please bring the medical certificate from your clinic, with the TB test."),
    "capacity": _l("You need to bring nothing: your coordinator asks for it."),
    "housing": _l("Your coordinator agrees a day with you to look at your home."),
    "income": _l("Please bring the certificate about your income."),
    "marital": _l("Please bring the certificate about your marital status."),
    "certificate": _l("Ask your coordinator for the next course and test."),
}


def paper_name(code: str) -> str:
    """The certificate, or a kind of clearance, in the language of the page."""
    return str(CERTIFICATE_NAME) if code == CERTIFICATE else clearance_kind_name(code)


def by_mark(papers: Iterable[Any]) -> list[list[Any]]:
    """Papers of a list that carry the same mark: their last day, or what is wrong with them."""
    found: dict[Any, list[Any]] = {}
    for paper in papers:
        dated = paper.state in ("soon", "expired")
        found.setdefault(paper.until if dated else paper.state, []).append(paper)
    return list(found.values())


def listed(papers: Iterable[Any]) -> str:
    """The names of papers, one after another."""
    return "; ".join(paper_name(paper.paper) for paper in papers)
