"""Words for published figures: what they stand beside, how the source says them, how sure."""

from babel.numbers import format_percent
from flask_babel import format_decimal, get_locale, gettext
from flask_babel import lazy_gettext as _l

from mentorship.i18n import chosen_language
from mentorship.supply.models import PublishedFigure
from mentorship.supply.vocabulary import Unit

TOPICS = {
    "children": _l("Orphans and children left without parental care"),
    "in_families": _l("Share of them raised in families"),
    "outside_families": _l("Children outside families"),
    "placed": _l("Children placed in families in a year"),
    "mentors": _l("Mentors"),
    "specialists": _l("Specialists of guardianship authorities"),
    "specialists_before": _l("Specialists before the increase"),
    "specialists_times": _l("Growth of specialists"),
    "posts_added": _l("Additional posts of specialists"),
    "specialists_target": _l("Specialists that are needed"),
    "staffing_norm": _l("Norm of specialists"),
    "child_population": _l("Children in the country"),
    "population_share": _l("Children among all people"),
    "population_growth": _l("Growth of the number of children"),
    "organisations": _l("Organisations where children live"),
    "organisations_change": _l("Change of organisations in ten years"),
    "residents_change": _l("Change of children in organisations in ten years"),
    "mothers_houses": _l("Mothers' houses"),
    "kept_children": _l("Children kept from children's homes"),
    "refusals_prevented": _l("Refusals of children that were prevented"),
    "document": _l("The document “Children of Kazakhstan”"),
    "indicators": _l("Indicators of the Concept"),
    "measures": _l("Activities of the Concept"),
    "directions": _l("Directions of the Concept"),
    "other": _l("Other figures"),
}
UNITS = {
    "number": _l("A number"),
    "share": _l("A share, in per cent"),
    "change": _l("A change, in per cent"),
    "times": _l("How many times more"),
    "one_per": _l("One to so many"),
}
EXACTNESS = {
    "exact": _l("Exactly so many"),
    "more_than": _l("More than that"),
    "about": _l("About that"),
}
CERTAINTIES = {
    "seen": _l("Seen in the source"),
    "calculated": _l("Calculated from the source"),
    "unverified": _l("Not checked"),
}

STEPS = {
    "recruit_now": _l("Children wait and no mentor is free: look for mentors here first."),
    "recruit": _l("Far more children wait than mentors are free: look for mentors."),
    "propose": _l("Mentors are free: bring them together with the children who wait."),
    "unknown": _l("Not shown: the numbers would give small ones away."),
    "lend": _l("Nobody waits here: see whether free mentors can reach a neighbouring region."),
    "nothing": _l("Nobody waits."),
}
DEFINITIONS = (
    (
        _l("Children waiting"),
        _l(
            "Children of 10 to 17 who live in an organisation and have no match under way, by "
            "their first language."
        ),
    ),
    (
        _l("Mentors free"),
        _l(
            "Active mentors with a place left, each once, by the language they speak best. One "
            "mentor may have places for more than one child."
        ),
    ),
    (
        _l("Children with a mentor"),
        _l("Of the children of 10 to 17 who live in an organisation, the share with a match."),
    ),
    (
        _l("Recruitment brief"),
        _l("How many more children the newest round would reach with the mentors it asks for."),
    ),
)


def amount(value: float, unit: Unit | str) -> str:
    """A number of a unit in the language of the page."""
    if unit == Unit.SHARE:
        return percent(value)
    if unit == Unit.CHANGE:
        sign = "+" if value > 0 else "\u2212" if value < 0 else ""
        return f"{sign}{percent(abs(value))}"
    number = str(format_decimal(value))
    if unit == Unit.TIMES:
        return str(gettext("%(number)s times", number=number))
    return str(gettext("1 to %(number)s", number=number)) if unit == Unit.ONE_PER else number


def percent(share: float) -> str:
    """A share with as many decimals as the source gives it."""
    return str(format_percent(share, locale=get_locale(), decimal_quantization=False))


def shown(row: PublishedFigure) -> str:
    """What a source says, as the reader sees it."""
    if row.value is None:
        return row.words(chosen_language())
    low = amount(row.value, row.unit)
    if row.value_to is not None:
        high = amount(row.value_to, row.unit)
        return str(gettext("%(low)s to %(high)s", low=low, high=high))
    if row.exactness == "more_than":
        return str(gettext("more than %(number)s", number=low))
    return str(gettext("about %(number)s", number=low)) if row.exactness == "about" else low
