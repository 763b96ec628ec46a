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
    "cover_planned": Template(
        _l("You cover for a colleague from %(day)s to %(last)s"),
        _l(
            "From %(day)s to %(last)s, both days included, you cover for a colleague. Their "
            "regions stand on your page Today, and their messages come to you.\n\n"
            "Sign in to see for whom:\n"
            "%(link)s"
        ),
    ),
    "back_from_leave": Template(
        _l("Welcome back: what was done while you were away"),
        _l(
            "While you were away, colleagues did this many things in your regions: %(count)s\n\n"
            "Sign in to see who did what:\n"
            "%(link)s"
        ),
    ),
    "team_week": Template(
        _l("This week in the regions of your coordinators"),
        _l(
            "What waits in the regions of the coordinators you supervise:\n\n"
            "Coordinators: %(count)s\n"
            "Worries past their time: %(worries)s\n"
            "Contacts overdue: %(overdue)s\n"
            "Of them, so late that you decide: %(rungs)s\n"
            "Entries of mentors nobody has read: %(unread)s\n"
            "Endings with steps still to do: %(closings)s\n"
            "Warning signs nobody has looked at: %(signs)s\n\n"
            "Sign in to see whose they are:\n"
            "%(link)s"
        ),
    ),
    "report_ready": Template(
        _l("A new report on the programme"),
        _l(
            "The period you asked to be told of has ended, and its report is there.\n\n"
            "Sign in to read it, print it or take it as a file:\n"
            "%(link)s\n\n"
            "You can stop these letters on the page of reports."
        ),
    ),
    "view_sent": Template(
        _l("A colleague sends you a page of figures"),
        _l(
            "A colleague thinks that this page is of use to you. You see it with your own "
            "regions.\n\n"
            "Sign in and open it:\n"
            "%(link)s"
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
    "contact_wanted": Template(
        _l("Your coordinator would like to speak with you"),
        _l(
            "A talk with you about your meetings was due on %(day)s, and nobody has reached you "
            "yet.\n\n"
            "Please call your coordinator in the next days, or sign in and say when you can be "
            "reached:\n"
            "%(link)s"
        ),
    ),
    "contacts_overdue_long": Template(
        _l("Contacts overdue for a long time: %(count)s"),
        _l(
            "In the regions of coordinators you supervise, contacts have become overdue for so "
            "long that you are told: %(count)s\n\n"
            "Ask what stands in the way, and sign in to see which they are:\n"
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
    "mentor_suspended": Template(
        _l("A mentor of your regions is suspended"),
        _l(
            "A mentor of your regions may not mentor from this moment.\n\n"
            "Proposals and pairs on the way withdrawn: %(withdrawn)s\n"
            "Matches on hold: %(matches)s\n\n"
            "Sign in, and decide today who tells each child, when, and who is beside them:\n"
            "%(link)s"
        ),
    ),
    "matches_on_hold": Template(
        _l("Matches on hold in your regions: %(count)s"),
        _l(
            "A mentor from another region may not mentor from this moment. "
            "Matches with children of your regions that are on hold: %(count)s\n\n"
            "Sign in, and decide today who tells each child, when, and who is beside them:\n"
            "%(link)s"
        ),
    ),
    "child_on_hold": Template(
        _l("Meetings of a child in your care are on hold"),
        _l(
            "The mentor of a child in your care may not mentor since %(day)s. Until people have "
            "decided, the two do not meet.\n\n"
            "The coordinator of the region will agree with you who tells the child, when, and who "
            "is beside them.\n\n"
            "Sign in to read more:\n"
            "%(link)s"
        ),
    ),
    "child_on_hold_by_letter": Template(
        _l("Meetings of a child in your care are on hold"),
        _l(
            "The mentor of a child in your care may not mentor since %(day)s. Until people have "
            "decided, the two do not meet.\n\n"
            "The coordinator of the region will call you and agree with you who tells the child, "
            "when, and who is beside them. No name is written here on purpose."
        ),
    ),
    "lift_asked": Template(
        _l("A second person is needed to lift a suspension"),
        _l(
            "A coordinator of your region asks to lift the suspension of a mentor. Somebody else "
            "has to look at it and decide.\n\n"
            "Sign in to read the reason and decide:\n"
            "%(link)s"
        ),
    ),
    "child_wants_to_talk": Template(
        _l("A child wants to talk to someone today"),
        _l(
            "A child of your regions pressed “I want to talk to someone” on the page with the "
            "five questions. The child was shown the number 111 and told that you will come.\n\n"
            "Sign in now and read who it is. No name is written here on purpose:\n"
            "%(link)s"
        ),
    ),
    "child_answer_today": Template(
        _l("An answer is to be read today"),
        _l(
            "An answer to the five questions has arrived that you should read today.\n\n"
            "Sign in to read it. Nothing of it is written here on purpose:\n"
            "%(link)s"
        ),
    ),
    "carer_link": Template(
        _l("Five questions for a carer"),
        _l(
            "One of the children in your organisation has a mentor. Please let the carer who "
            "knows the child best answer five questions. It takes two minutes.\n\n"
            "This address works once, until %(when)s, and says which child it is about:\n"
            "%(link)s\n\n"
            "Please do not pass it on to anybody else."
        ),
    ),
    "papers_end": Template(
        _l("Papers of yours end on %(day)s: %(count)s"),
        _l(
            "Papers that let you mentor end on %(day)s: %(count)s\n\n"
            "Without them meetings stop on the next day. Sign in to see which they are and what "
            "to bring:\n"
            "%(link)s"
        ),
    ),
    "papers_due": Template(
        _l("Papers of mentors that end soon: %(count)s"),
        _l(
            "Papers of mentors of your regions that have come near their last day:\n\n"
            "%(last_days)s days or fewer: %(last)s\n"
            "%(second_days)s days or fewer: %(second)s\n"
            "%(first_days)s days or fewer: %(first)s\n\n"
            "Sign in to see whose they are:\n"
            "%(link)s"
        ),
    ),
    "consent_withdrawn": Template(
        _l("A consent was taken back"),
        _l(
            "A consent for a child of your regions was taken back. What was proposed for the "
            "child has ended, and an active match is on hold until you have decided how it "
            "goes on.\n\n"
            "Sign in to read more:\n"
            "%(link)s"
        ),
    ),
    "consent_withdrawn_specialist": Template(
        _l("A consent was taken back"),
        _l(
            "A consent to mentoring was taken back for a child whose case manager you are. "
            "Meetings are on hold.\n\n"
            "Please ask the coordinator of your region by phone. This message names nobody."
        ),
    ),
    "child_moved": Template(
        _l("A child has moved"),
        _l(
            "Where a child of your regions lives has changed. What was proposed for the child "
            "has ended, and an active match is to be reviewed.\n\n"
            "Sign in to read more:\n"
            "%(link)s"
        ),
    ),
    "child_moved_here": Template(
        _l("A child has moved to your region"),
        _l(
            "A child has moved to an organisation of your regions and now belongs to you.\n\n"
            "Sign in to see the child's record and what is to be decided:\n"
            "%(link)s"
        ),
    ),
    "child_moved_away": Template(
        _l("A child has moved to another region"),
        _l(
            "A child of your regions has moved to another region and now belongs to its "
            "coordinators.\n\n"
            "Sign in to see which region it is:\n"
            "%(link)s"
        ),
    ),
    "child_moved_specialist": Template(
        _l("A child has moved"),
        _l(
            "Where a child lives whose case manager you are has changed.\n\n"
            "Please ask the coordinator of your region by phone. This message names nobody."
        ),
    ),
    "pair_withdrawn": Template(
        _l("A child is no longer proposed to you"),
        _l(
            "The child who was proposed to you cannot be mentored for now. It is not because of "
            "you. Your place is free for another child.\n\n"
            "Sign in to see your children:\n"
            "%(link)s"
        ),
    ),
    "match_on_hold": Template(
        _l("Your meetings are on hold"),
        _l(
            "Something has changed for the child you mentor. Please do not meet until your "
            "coordinator has spoken with you.\n\n"
            "Sign in to read more:\n"
            "%(link)s"
        ),
    ),
    "match_under_review": Template(
        _l("Your match is looked at again"),
        _l(
            "Something has changed for the child you mentor. You may go on meeting; your "
            "coordinator will speak with you about how to continue.\n\n"
            "Sign in to read more:\n"
            "%(link)s"
        ),
    ),
    "match_goes_on": Template(
        _l("Your match goes on"),
        _l(
            "Your match was looked at again, and it goes on. Your coordinator can tell you what "
            "was agreed.\n\n"
            "Sign in to see whether you may meet:\n"
            "%(link)s"
        ),
    ),
    "worry_waiting": Template(
        _l("A worry is waiting for you: sign in"),
        _l(
            "Somebody is worried about a child of your regions. No message says more than that.\n\n"
            "Sign in, read it, and say who looks after it:\n"
            "%(link)s"
        ),
    ),
    "worry_overdue": Template(
        _l("A worry has waited too long: sign in now"),
        _l(
            "Nobody has looked at a worry in the time that was agreed for it.\n\n"
            "Sign in and look at it now:\n"
            "%(link)s"
        ),
    ),
    "turned_18": Template(
        _l("Children who have turned 18: %(count)s"),
        _l(
            "Children of your regions with a mentor, or on the way to one, who have turned 18: "
            "%(count)s\n\n"
            "Their matches are to be reviewed. Sign in and plan a good ending:\n"
            "%(link)s"
        ),
    ),
    "turning_18": Template(
        _l("Children who turn 18 soon: %(count)s"),
        _l(
            "Children of your regions with a mentor, or on the way to one, who turn 18 in the "
            "next %(days)s days: %(count)s\n\n"
            "Mentoring by law ends then. Sign in and plan the endings in time:\n"
            "%(link)s"
        ),
    ),
    "application_arrived": Template(
        _l("Your application has arrived"),
        _l(
            "Thank you for your wish to become a mentor. The number of your application is "
            "%(reference)s.\n\n"
            "A coordinator of your region will call you and invite you to an interview. "
            "You do not need to do anything now.\n\n"
            "If you did not apply, you need not do anything."
        ),
    ),
    "candidate_step": Template(
        _l("A step of a candidate is yours"),
        _l(
            "You see to the next step of a candidate in your region. It is due on %(day)s.\n\n"
            "Sign in to see what is missing:\n"
            "%(link)s"
        ),
    ),
    "candidate_step_overdue": Template(
        _l("A step of a candidate is overdue"),
        _l(
            "A step of a candidate that you see to was due on %(day)s.\n\n"
            "Sign in to see what is missing:\n"
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
    "training_enrolled": Template(
        _l("You have a seat in a training session"),
        _l(
            "You are enrolled in the course: %(course)s\n"
            "When: %(when)s\n"
            "Where: %(where)s\n\n"
            "If you cannot come, tell your coordinator, or sign in and give up your seat:\n"
            "%(link)s"
        ),
    ),
    "training_removed": Template(
        _l("Your seat in a training session was taken back"),
        _l(
            "You are no longer enrolled in the course: %(course)s\n"
            "When: %(when)s\n"
            "Where: %(where)s\n\n"
            "Ask your coordinator if this surprises you. Other sessions are listed here:\n"
            "%(link)s"
        ),
    ),
    "training_changed": Template(
        _l("The date or place of a training session has changed"),
        _l(
            "A session you are enrolled in has changed: %(course)s\n"
            "When now: %(when)s\n"
            "Where now: %(where)s\n\n"
            "If you cannot come, tell your coordinator, or sign in and give up your seat:\n"
            "%(link)s"
        ),
    ),
    "training_soon": Template(
        _l("Your training session begins soon"),
        _l(
            "You are enrolled in the course: %(course)s\n"
            "When: %(when)s\n"
            "Where: %(where)s\n\n"
            "If you cannot come, tell your coordinator, or sign in and give up your seat:\n"
            "%(link)s"
        ),
    ),
    "training_cancelled": Template(
        _l("A training session is cancelled"),
        _l(
            "This session is cancelled, please do not come: %(course)s\n"
            "When: %(when)s\n"
            "Where: %(where)s\n\n"
            "Other sessions in your region are listed here:\n"
            "%(link)s"
        ),
    ),
    "help_asked": Template(
        _l("A mentor needs help"),
        _l(
            "A mentor of your region asks for help.\n\n"
            "Sign in, read what it is about and answer:\n"
            "%(link)s"
        ),
    ),
    "help_answered": Template(
        _l("Your coordinator has answered you"),
        _l("You asked for help, and there is an answer.\n\nSign in to read it:\n%(link)s"),
    ),
    "entry_answered": Template(
        _l("Your coordinator has answered an entry of yours"),
        _l("What you wrote was read and answered.\n\nSign in to read the answer:\n%(link)s"),
    ),
    "substitute_asked": Template(
        _l("A mentor will be away from %(day)s"),
        _l(
            "A mentor of your region will be away from %(day)s and asks you to find somebody who "
            "meets the child meanwhile.\n\n"
            "Sign in to see who could:\n"
            "%(link)s"
        ),
    ),
    "substitute_appointed": Template(
        _l("Somebody stands in while you are away"),
        _l(
            "Your coordinator has found somebody who meets the child while you are away. Please "
            "tell the child who comes and when you are back.\n\n"
            "Sign in:\n"
            "%(link)s"
        ),
    ),
    "substitute_declined": Template(
        _l("Nobody can stand in while you are away"),
        _l(
            "Your coordinator could not find anybody who meets the child while you are away. "
            "Please tell the child when you are back.\n\n"
            "Sign in:\n"
            "%(link)s"
        ),
    ),
    "standing_in": Template(
        _l("You stand in for a mentor from %(first)s to %(last)s"),
        _l(
            "Your coordinator asks you to meet a child while the mentor is away, from %(first)s "
            "to %(last)s. Your coordinator will call you before the first meeting.\n\n"
            "On these days you find the child on your first page:\n"
            "%(link)s"
        ),
    ),
    "slot_tomorrow": Template(
        _l("You meet tomorrow"),
        _l(
            "Your weekly meeting is tomorrow, %(day)s. If it cannot take place, please tell the "
            "centre today.\n\n"
            "Sign in:\n"
            "%(link)s"
        ),
    ),
    "survey_waits": Template(
        _l("A few questions wait for you"),
        _l(
            "From time to time we ask how mentor and child get on. It takes three minutes, and "
            "shows your coordinator where support is needed.\n\n"
            "Sign in and answer:\n"
            "%(link)s"
        ),
    ),
    "entry_missing": Template(
        _l("How did your last meeting go?"),
        _l(
            "Your weekly meeting of %(day)s has no entry yet. One tap is enough.\n\n"
            "Sign in:\n"
            "%(link)s"
        ),
    ),
}


def render(kind: str, language: str, params: dict[str, Any]) -> tuple[str, str]:
    """The subject and the body of a message in a language."""
    template = TEXTS[kind]
    with force_locale(language):
        return str(template.subject) % params, str(template.body) % params


# A telephone may lie open on a table: it says that there is something, never what.
SHORT = Template(
    _l("Short message"), _l("Mentoring service: a message for you. Sign in to read: %(link)s")
)


def render_short(language: str, params: dict[str, Any]) -> tuple[str, str]:
    """The same few words for every short message."""
    with force_locale(language):
        return str(SHORT.subject), str(SHORT.body) % params
