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
    "pair_proposed": Template(
        _l("A child is proposed to you"),
        _l(
            "Your coordinator would like you to be the mentor of a child.\n\n"
            "Sign in, read about the child and say whether you accept, by %(day)s:\n"
            "%(link)s"
        ),
    ),
    "pair_reminder": Template(
        _l("A child is waiting for your word"),
        _l(
            "You have not yet said whether you accept the child who was proposed to you. "
            "The last day to answer is %(day)s; after it the proposal lapses.\n\n"
            "Sign in and answer:\n"
            "%(link)s"
        ),
    ),
    "mentor_accepted": Template(
        _l("A mentor has accepted a child"),
        _l(
            "A mentor of one of your approved pairs has accepted.\n\n"
            "Sign in to see the next steps:\n"
            "%(link)s"
        ),
    ),
    "mentor_declined": Template(
        _l("A mentor has declined a child"),
        _l(
            "A mentor of one of your approved pairs has declined. The child is free again and "
            "takes part in the next round.\n\n"
            "Sign in to read more:\n"
            "%(link)s"
        ),
    ),
    "preparation_lapsed": Template(
        _l("An approved pair has lapsed"),
        _l(
            "A mentor of one of your approved pairs did not answer by %(day)s. The child is free "
            "again and takes part in the next round.\n\n"
            "Sign in to read more:\n"
            "%(link)s"
        ),
    ),
    "preparation_refused": Template(
        _l("An approved pair no longer meets the requirements"),
        _l(
            "A requirement refuses one of your approved pairs, so it has ended before its "
            "start. The child is free again and takes part in the next round.\n\n"
            "Sign in to read which requirement it is:\n"
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
