"""What the groups of Today are called: on the page, and in the list one jumps from."""

from flask_babel import lazy_gettext as _l

HEADINGS = {
    "worries": _l("Somebody is worried about a child"),
    "talks": _l("Children who asked to talk to somebody"),
    "to_sign": _l("A colleague asks you to sign that a worry is closed"),
    "tellings": _l("Children who are to be told"),
    "help": _l("Mentors who ask for help"),
    "lifts": _l("A colleague asks you to lift a suspension"),
    "overdue": _l("Check-ins overdue"),
    "reviews": _l("Matches to review after a change"),
    "due": _l("Check-ins due within a week"),
    "signs": _l("Warning signs nobody has looked at"),
    "unread": _l("Entries of mentors nobody has read"),
    "substitutes": _l("A substitute is asked for"),
    "on_the_way": _l("On the way"),
    "closings": _l("Endings with steps still to do"),
    "proposals": _l("Proposals awaiting a decision"),
    "certificates": _l("Certificates of mentors with children, expired or expiring"),
    "applications": _l("People who want to become mentors and whom nobody has taken on"),
}
JUMPS = {
    "worries": _l("Worries"),
    "talks": _l("Wants to talk"),
    "to_sign": _l("To sign"),
    "tellings": _l("To be told"),
    "help": _l("Help"),
    "lifts": _l("Suspensions"),
    "overdue": _l("Overdue"),
    "reviews": _l("Reviews"),
    "due": _l("This week"),
    "signs": _l("Signs"),
    "unread": _l("Unread"),
    "substitutes": _l("Substitutes"),
    "on_the_way": _l("On the way"),
    "closings": _l("Endings"),
    "proposals": _l("Proposals"),
    "certificates": _l("Certificates"),
    "applications": _l("Applications"),
}
TEAM = {
    "worries": _l("Worries past their time"),
    "overdue": _l("Check-ins overdue"),
    "rungs": _l("Of them, with you"),
    "unread": _l("Entries not read"),
    "closings": _l("Endings unfinished"),
    "signs": _l("Signs not looked at"),
}
PLACES = {
    "worries": ("concerns.index", {"state": "overdue"}),
    "overdue": ("check_ins.index", {"state": "overdue"}),
    "rungs": ("check_ins.index", {"state": "overdue"}),
    "unread": ("meetings.index", {}),
    "closings": ("closing.index", {}),
    "signs": ("signs.index", {"state": "new"}),
}
"""Where each number of a team leads, for those who may see people."""
URGENT = ("worries", "talks", "tellings", "help", "overdue")
"""Groups that stand out in the list one jumps from."""
