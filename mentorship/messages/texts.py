"""What each kind of message says, with places for counts and links: never for a name or an IIN."""

from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Template:
    """A subject and a body, in the language of whoever reads them."""

    subject: Any
    body: Any


TEXTS = {
    "invitation": Template(
        _l("Your access to the mentoring service"),
        _l(
            "An account has been made for you in the mentoring service.\n\n"
            "Open this address and set your password. It works once, for seven days:\n"
            "%(link)s\n\n"
            "If you did not expect this message, tell the person who looks after the service."
        ),
    ),
    "new_password": Template(
        _l("A new password for the mentoring service"),
        _l(
            "Open this address and set a new password. It works once, for seven days:\n"
            "%(link)s\n\n"
            "If you did not ask for it, tell the person who looks after the service."
        ),
    ),
    "check_in_reminder": Template(
        _l("Check-ins: overdue %(overdue)s, due soon %(due)s"),
        _l(
            "Check-ins in your regions on %(day)s:\n\n"
            "Overdue: %(overdue)s\n"
            "Due in the next %(days)s days: %(due)s\n\n"
            "Sign in to see whom they are about:\n"
            "%(link)s"
        ),
    ),
    "matches_refused": Template(
        _l("Matches that no longer meet the requirements: %(count)s"),
        _l(
            "Active matches in your regions that a requirement refuses on %(day)s: %(count)s\n\n"
            "A certificate or a clearance may have run out, or a consent was withdrawn.\n"
            "Sign in to see what to do:\n"
            "%(link)s"
        ),
    ),
    "certificates_expiring": Template(
        _l("Certificates that expire soon: %(count)s"),
        _l(
            "Mentors of your regions whose certificate expires in the next %(days)s days: "
            "%(count)s\n\n"
            "Sign in and sort the list of mentors by certificate:\n"
            "%(link)s"
        ),
    ),
}


def render(kind: str, language: str, params: dict[str, Any]) -> tuple[str, str]:
    """The subject and the body of a message in a language."""
    template = TEXTS[kind]
    with force_locale(language):
        return str(template.subject) % params, str(template.body) % params
