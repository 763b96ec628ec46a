"""What each job does, for people: its name, a sentence, and its result."""

import re
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from mentorship.jobs.timetable import When

JOBS: dict[str, tuple[Any, Any]] = {
    "suspend_for_papers": (
        _l("Papers that have run out"),
        _l("Suspends mentors whose certificate or required clearance is no longer in force."),
    ),
    "turned_18": (
        _l("Children who turned 18"),
        _l("Ends what is open about them and has their matches looked at again."),
    ),
    "plan_surveys": (
        _l("Plan of surveys"),
        _l("Writes down which mentors and children are asked soon how they get on."),
    ),
    "tell_of_surveys": (
        _l("Letters about surveys"),
        _l("Tells mentors once that a few questions wait for them."),
    ),
    "finish_answers": (
        _l("Unfinished answers"),
        _l("Lets what was said by a link count, also where the page was left early."),
    ),
    "plan_check_ins": (_l("Plan of contacts"), _l("Plans the contacts of every match ahead.")),
    "forget_old_rows": (
        _l("Old rows"),
        _l("Removes failed sign-ins, used forms and notes of jobs that serve nobody any more."),
    ),
    "forget_old_uploads": (
        _l("Forgotten files"),
        _l("Removes files that were uploaded for an import and then left."),
    ),
    "tidy_papers": (
        _l("Folder of papers"),
        _l("Removes files that belong to no paper and counts papers whose file is missing."),
    ),
    "watch_matches": (
        _l("Matches that meet a requirement no longer"),
        _l("Tells coordinators how many matches a requirement refuses now."),
    ),
    "end_lapsed_pairs": (
        _l("Pairs that lapse"),
        _l("Ends pairs whose mentor let the last day pass and tells who approved them."),
    ),
    "end_refused_pairs": (
        _l("Pairs that are refused now"),
        _l("Ends pairs on the way that a requirement refuses and tells who approved them."),
    ),
    "check_in_reminders": (
        _l("Reminders of check-ins"),
        _l("Tells coordinators how many check-ins are overdue or due soon."),
    ),
    "climb_ladder": (
        _l("Contacts that stay overdue"),
        _l("Reminds the mentor, asks for a call, tells the supervisor, opens a review."),
    ),
    "tell_of_worries": (
        _l("Worries about a child"),
        _l("Tells whoever is responsible at once, and again when a worry was not looked at."),
    ),
    "look_for_signs": (
        _l("Warning signs"),
        _l("Looks at every match and notes signs that something is not going well."),
    ),
    "tell_who_is_back": (
        _l("Back from leave"),
        _l("Tells whoever is back how much colleagues did meanwhile."),
    ),
    "tell_supervisors": (
        _l("The supervisors' week"),
        _l("Tells supervisors once a week what waits in their people's regions."),
    ),
    "tell_of_reports": (
        _l("Reports by month and quarter"),
        _l("Tells whoever asked for it that a new report is there."),
    ),
    "rebuild_figures": (
        _l("Figures"),
        _l("Adds up what every report shows."),
    ),
    "remind_of_entries": (
        _l("Meetings without an entry"),
        _l("Reminds mentors of a weekly meeting about which nothing is written."),
    ),
    "remind_of_slots": (
        _l("Weekly meetings ahead"),
        _l("Reminds mentors of their next weekly meeting, where that is switched on."),
    ),
    "expiring_certificates": (
        _l("Certificates that end soon"),
        _l("Tells coordinators once a week how many certificates end soon."),
    ),
    "training_sessions": (
        _l("Reminders of training"),
        _l("Reminds people of their session two days before it."),
    ),
    "remind_of_papers": (
        _l("Reminders of papers"),
        _l("Tells mentors and coordinators of papers that come near their last day."),
    ),
    "turning_18": (
        _l("Children who turn 18 soon"),
        _l("Tells coordinators once a week how many children with a mentor turn 18 soon."),
    ),
    "tell_step_owners": (
        _l("Steps of candidates"),
        _l("Tells the owner of a step once that it is theirs and once that it is overdue."),
    ),
    "remind_mentors": (
        _l("Mentors who have not answered"),
        _l("Reminds mentors once of a child who waits for their word."),
    ),
    "ask_mentors": (
        _l("Mentors who are asked"),
        _l("Tells mentors of a pair that was approved."),
    ),
    "send_outbox": (_l("Sending"), _l("Sends the messages that wait in the outbox.")),
    "rounds": (_l("Rounds of matching"), _l("Computes the rounds that somebody asked for.")),
    "recruitment": (
        _l("Recruitment briefs"),
        _l("Works out for published rounds which mentors are missing."),
    ),
}
# What jobs say they did, with the number in front.
RESULTS = {
    "written": _l("messages written: %(number)s"),
    "sent": _l("sent: %(number)s"),
    "put_off": _l("to be tried again: %(number)s"),
    "failed": _l("failed: %(number)s"),
    "planned": _l("planned: %(number)s"),
    "missed": _l("marked as missed: %(number)s"),
    "remind": _l("mentors to remind: %(number)s"),
    "call": _l("calls to make: %(number)s"),
    "supervisor": _l("supervisors to tell: %(number)s"),
    "review": _l("reviews opened: %(number)s"),
    "finished": _l("finished: %(number)s"),
    "off": _l("switched off in the rules"),
    "told": _l("told: %(number)s"),
    "reminded": _l("reminded: %(number)s"),
    "matches": _l("matches looked at: %(number)s"),
    "opened": _l("opened: %(number)s"),
    "ended": _l("ended: %(number)s"),
    "removed": _l("removed: %(number)s"),
    "suspended": _l("suspended: %(number)s"),
    "turned 18": _l("turned 18: %(number)s"),
    "tokens": _l("used forms removed: %(number)s"),
    "sign-in attempts": _l("failed sign-ins removed: %(number)s"),
    "job runs removed": _l("notes of jobs removed: %(number)s"),
    "mentors": _l("mentors written to: %(number)s"),
    "coordinators written to": _l("coordinators written to: %(number)s"),
    "files without a paper removed": _l("files without a paper removed: %(number)s"),
    "papers without their file": _l("papers without their file: %(number)s"),
    "no mail server is set": _l("no mail server is set"),
    "waiting": _l("waiting: %(number)s"),
    "done": _l("done: %(number)s"),
}


STANDINGS = {
    "never": _l("Not run yet"),
    "done": _l("Done"),
    "failed": _l("Failed"),
    "working": _l("At work"),
    "cut_short": _l("Cut short, will be done again"),
}
WEEKDAYS = (
    _l("Mondays at %(time)s"),
    _l("Tuesdays at %(time)s"),
    _l("Wednesdays at %(time)s"),
    _l("Thursdays at %(time)s"),
    _l("Fridays at %(time)s"),
    _l("Saturdays at %(time)s"),
    _l("Sundays at %(time)s"),
)


def when(given: When | None) -> str:
    """When a job runs, in words."""
    if given is None:
        return str(gettext("within seconds"))
    if given.at is None:
        return str(gettext("every minute"))
    time = {"time": f"{given.at:%H:%M}"}
    if given.weekday is None:
        return str(gettext("every day at %(time)s", **time))
    return str(WEEKDAYS[given.weekday]) % time


def title(job: str) -> str:
    """The job's name in words; its code while nobody has found words for it."""
    return str(JOBS[job][0]) if job in JOBS else job


def about(job: str) -> str:
    """What the job does, in a sentence."""
    return str(JOBS[job][1]) if job in JOBS else ""


def result(line: str) -> str:
    """A job's line for the log, such as `3 written, 1 failed`, in the reader's words."""
    return ", ".join(_part(part) for part in line.split(", "))


def _part(part: str) -> str:
    number, _, name = part.partition(" ") if re.match(r"\d", part) else ("", "", part)
    if name not in RESULTS:
        return part
    said = str(RESULTS[name])
    return said % {"number": number} if number else said
