"""What people read about messages: topics and ways."""

from flask_babel import lazy_gettext as _l

TOPICS = {
    "access": _l("Your access: invitations and passwords"),
    "safety": _l("A child's safety, meetings on hold, consents"),
    "asked": _l("What is asked of you: a child proposed, help, standing in"),
    "contacts": _l("Meetings, check-ins and answers to you"),
    "pairs": _l("Answers of mentors, pairs on the way"),
    "papers": _l("Certificates and other papers that end soon"),
    "children": _l("Children who move or turn 18"),
    "candidates": _l("Steps of candidates"),
    "training": _l("Training sessions"),
    "digest": _l("Summaries for a day or a week"),
}
CHANNELS = {"email": _l("E-mail"), "sms": _l("Short message (SMS)")}
