"""What each setting means, in words; its source stays as it was written."""

from collections.abc import Callable

from flask_babel import format_decimal, format_percent, ngettext
from flask_babel import lazy_gettext as _l

GROUPS = {
    "papers": _l("Certificates and clearances"),
    "certificate": _l("Certificates and clearances"),
    "training": _l("Training"),
    "mentor": _l("Mentors"),
    "candidate": _l("Candidates"),
    "meeting": _l("Meetings"),
    "suspension": _l("When a match is looked at again"),
    "review": _l("When a match is looked at again"),
    "voices": _l("Three voices"),
    "contacts": _l("Contacts with a match"),
    "ladder": _l("Contacts with a match"),
    "practice": _l("How the work is done"),
    "messages": _l("Messages"),
    "goals": _l("Goals"),
    "surveys": _l("Relationship survey"),
    "guardianship": _l("Guardianship authorities"),
    "concern": _l("Worries about a child"),
    "closing": _l("When a match ends"),
    "signs": _l("Warning signs"),
}
LABELS = {
    "papers.grace_days": _l("An expired paper still counts for"),
    "papers.first_notice_days": _l("First notice before a paper expires"),
    "papers.second_notice_days": _l("Second notice before a paper expires"),
    "papers.last_notice_days": _l("Last notice before a paper expires"),
    "certificate.valid_months": _l("A certificate is valid for"),
    "certificate.renewal_days": _l("A certificate can be renewed before its end, from"),
    "training.passing_percent": _l("A test is passed from"),
    "training.refreshers_per_year": _l("Refresher sessions a year"),
    "goals.most_open": _l("Goals that a mentor and a child work on at one time, at most"),
    "goals.review_days": _l("A goal is looked at again after"),
    "surveys.first_months": _l("The relationship survey is asked for the first time after"),
    "surveys.second_months": _l("It is asked for the second time after"),
    "surveys.then_months": _l("Then it is asked every"),
    "mentor.most_children": _l("Most children of one mentor"),
    "candidate.step_days": _l("A step of a candidate is due within"),
    "candidate.applications_per_hour": _l("Applications an hour from one address"),
    "candidate.applications_in_all": _l("Applications an hour from everybody"),
    "meeting.entry_reminder_days": _l("A meeting has no entry: the mentor is reminded after"),
    "meeting.slot_reminder_days": _l("The mentor is reminded ahead of a weekly meeting by"),
    "suspension.telling_hours": _l("The child is told within"),
    "review.due_days": _l("A changed match is reviewed within"),
    "review.notice_days": _l("Notice before a child with a mentor turns 18"),
    "voices.link_hours": _l("A link for a child or a carer works for"),
    "voices.silence_days": _l("A mentor counts as silent after, and a child in the first year"),
    "voices.silence_later_days": _l("A carer counts as silent after, and a child in later years"),
    "voices.difference": _l("Two voices disagree when they differ by"),
    "voices.unsafe": _l("A child does not feel safe, from one to five, up to"),
    "voices.wrong_numbers_per_hour": _l("Wrong numbers typed in an hour from one address"),
    "contacts.early_days": _l("A talk counts as the next contact, before its day, up to"),
    "ladder.remind_days": _l("A contact is overdue: the mentor is reminded after"),
    "ladder.call_days": _l("A contact is overdue: somebody calls after"),
    "ladder.supervisor_days": _l("A contact is overdue: the supervisor is told after"),
    "ladder.review_days": _l("A contact is overdue: the match is looked at again after"),
    "practice.idle_days": _l("A mentor without a match counts as long without one after"),
    "messages.quiet_from": _l("Messages that can wait are not sent from"),
    "messages.quiet_until": _l("Messages that can wait are not sent until"),
    "guardianship.children_per_specialist": _l("Children for one specialist, at most"),
    "concern.review_hours": _l("A worry is looked at within"),
    "signs.missed_check_ins": _l("Missed contacts are a sign from"),
    "signs.missed_within_days": _l("Missed contacts are counted over"),
    "signs.meetings_within_weeks": _l("Meetings held and agreed are compared over"),
    "signs.meetings_percent": _l("Fewer meetings than agreed are a sign below"),
    "signs.falling_steps": _l("The last three ratings are a sign when together they fall by"),
    "signs.silence_days": _l("No entry about a meeting is a sign after"),
    "signs.cancelled": _l("Cancelled meetings are a sign from"),
    "signs.cancelled_within_weeks": _l("Cancelled meetings are counted over"),
    "signs.cancelled_in_a_row": _l("Meetings cancelled in a row by the same side are a sign from"),
    "signs.certificate_days": _l("A certificate that ends is a sign before its end, from"),
    "closing.steps_days": _l("Every step of an ending is done within"),
}
CAUTIONS = {
    "income": _l(
        "Whether the income rule for guardians is applied to mentors is not known. Ask the "
        "ministry before you switch it on."
    ),
    "marital": _l(
        "Taken literally, the rule for guardians would refuse every single man. Whether it is "
        "applied to mentors is not known. Ask the ministry before you switch it on."
    ),
}
OWNERS = {
    "Programme": _l("The programme"),
    "Ministry of Education": _l("Ministry of Education"),
    "Ministry of Health": _l("Ministry of Health"),
}
FIXED = {
    "mentor_reminded": _l("A mentor who has not answered is reminded after"),
    "mentor_lapses": _l("A proposal lapses when the mentor stays silent for"),
    "agreement": _l("The agreement is due after the last word within"),
    "first_meeting": _l("The first meeting is due after the start within"),
    "silence": _l("A pair whose mentor stayed silent is not proposed again for"),
}


def amount(number: int, unit: str) -> str:
    """A number with its unit in words."""
    made: dict[str, Callable[[], str]] = {
        "days": lambda: ngettext("%(num)d day", "%(num)d days", number),
        "months": lambda: ngettext("%(num)d month", "%(num)d months", number),
        "hours": lambda: ngettext("%(num)d hour", "%(num)d hours", number),
        "o'clock": lambda: f"{number:02}:00",
        "times": lambda: ngettext("%(num)d time", "%(num)d times", number),
        "weeks": lambda: ngettext("%(num)d week", "%(num)d weeks", number),
        "steps": lambda: ngettext("%(num)d step", "%(num)d steps", number),
        "goals": lambda: ngettext("%(num)d goal", "%(num)d goals", number),
        "children": lambda: str(format_decimal(number)),
        "percent": lambda: str(format_percent(number / 100)),
    }
    return made[unit]()
