"""Words about children's families and what they wish for."""

from flask import Flask
from flask_babel import lazy_gettext as _l

MENTOR_SEX_WISHES = {
    "either": _l("Either will do"),
    "female": _l("A woman"),
    "male": _l("A man"),
}
SIBLING_RULES = {
    "must": _l("They must have one mentor"),
    "prefer": _l("One mentor is better"),
    "no": _l("Each may have their own mentor"),
}
RELATIONS = {
    "mother": _l("Mother"),
    "father": _l("Father"),
    "grandparent": _l("Grandmother or grandfather"),
    "brother_sister": _l("Brother or sister"),
    "aunt_uncle": _l("Aunt or uncle"),
    "cousin": _l("Cousin"),
    "other": _l("Another relative"),
}
VISITS = {
    "weekly": _l("Every week"),
    "monthly": _l("Every month"),
    "rarely": _l("Rarely"),
    "never": _l("Never"),
}
ANSWERS = {"yes": _l("Yes"), "no": _l("No"), "unknown": _l("Not asked yet")}


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        MENTOR_SEX_WISHES=MENTOR_SEX_WISHES,
        SIBLING_RULES=SIBLING_RULES,
        RELATIONS=RELATIONS,
        VISITS=VISITS,
        ANSWERS=ANSWERS,
    )
