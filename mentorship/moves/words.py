"""Words for where a child lives and how a consent was given."""

from flask_babel import lazy_gettext as _l

FORMS = {
    "institution": _l("Organisation for orphans"),
    "guardianship": _l("Guardianship (up to 13 years)"),
    "trusteeship": _l("Trusteeship (14 to 17 years)"),
    "patronage": _l("Patronage"),
    "foster_family": _l("Foster family"),
    "professional_foster_family": _l("Professional foster family"),
    "guest_family": _l("Guest family (a short stay)"),
    "birth_family": _l("Birth family"),
    "family": _l("Placed in a family"),
    "independent": _l("Independent life"),
}
WAYS = {
    "on_paper": _l("On paper, signed"),
    "in_person": _l("In person, by word"),
    "by_phone": _l("By phone"),
    "electronic": _l("Electronically"),
}
WHOSE = {
    "guardian": _l("Legal representative: to mentoring"),
    "own": _l("The child: to mentoring"),
    "data": _l("Legal representative: to the use of personal data"),
}
WHOSE_HINTS = {
    "guardian": _l("Usually the director of the centre or the guardianship authority."),
    "own": _l("From 10 years. Explain it in the child's own language, without pressing."),
    "data": _l("Without it nobody may be proposed: the child's data may not be used."),
}
VERSIONS = {
    "2026-11": _l("The text of November 2026"),
    "other": _l("Another text"),
}
"""Every text a consent may rest on, the newest first; the pages show the newest."""
