"""The parts of a report about the work: at a glance, practice, supply and demand."""

from dataclasses import replace

from flask import url_for
from flask_babel import gettext

from mentorship.figures import words as figure_words
from mentorship.moves.words import FORMS
from mentorship.reports import drawings
from mentorship.reports.blocks import Section, by_region, in_time, parts_of, terms_of
from mentorship.reports.report import Frame

GLANCE = (
    *("applications", "certificates_issued", "matches_begun", "matches_ended", "meetings_held"),
    *("share_on_time", "concerns_raised", "matches_active", "coverage", "children_waiting"),
    *("mentors_active", "mentors_free", "children_in_care"),
)
PRACTICE = (
    *("contacts_due", "share_on_time", "share_missed", "share_cancelled", "hours_per_meeting"),
    *("days_to_match_mentor", "days_to_match_child", "days_late", "concerns_closed"),
    *("contacts_overdue", "entries_unread", "concerns_open", "mentors_idle", "share_idle"),
)
PRACTICE_REGIONS = ("contacts_due", "share_on_time", "contacts_overdue", "mentors_idle")
SUPPLY = (
    *("children_eligible", "children_waiting", "mentors_active", "mentors_free", "coverage"),
    *("candidates", "organisations", "specialists_per_5000"),
)
SUPPLY_REGIONS = ("children_waiting", "mentors_free", "coverage", "specialists_per_5000")


def glance(frame: Frame) -> Section:
    """The figures that are asked for first."""
    return Section("glance", gettext("At a glance"), in_time(frame, GLANCE), terms=terms_of(GLANCE))


def practice(frame: Frame) -> Section:
    """How the work is done."""
    on_time = drawings.over_time(frame, "share_on_time", gettext("Contacts held on time"))
    blocks = in_time(frame, PRACTICE)
    if blocks and on_time:
        blocks[0] = replace(blocks[0], chart=on_time)
    blocks += by_region(frame, PRACTICE_REGIONS)
    title, page = gettext("How the work is done"), url_for("practice.index")
    return Section("practice", title, blocks, page=page, terms=terms_of(PRACTICE))


def supply(frame: Frame) -> Section:
    """Children who wait and mentors who are free, and where children live."""
    chart = drawings.map_of(frame, "coverage", gettext("Share of children with a mentor"))
    languages, forms = figure_words.TONGUES, FORMS
    waiting = ("children_waiting", "mentors_free")
    blocks = [
        *in_time(frame, SUPPLY),
        *by_region(frame, SUPPLY_REGIONS, chart),
        *parts_of(frame, gettext("By language"), gettext("Language"), languages, waiting),
        *parts_of(
            frame,
            gettext("Children by form of placement"),
            gettext("Form of placement"),
            forms,
            ["children_in_care"],
        ),
    ]
    title, page = gettext("Supply and demand"), url_for("supply.index")
    terms = terms_of([*SUPPLY, "children_in_care"])
    return Section("supply", title, blocks, page=page, terms=terms)
