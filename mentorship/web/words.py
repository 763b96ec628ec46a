"""Codes into words: every code that services, rules and columns use, as translatable text.

The words are lazy, so that each page reads them in its own language. A test proves that
no code is without words.
"""

from typing import Any

from flask_babel import lazy_gettext as _l

ROLES = {
    "administrator": _l("Administrator"),
    "coordinator": _l("Coordinator"),
    "mentor": _l("Mentor"),
    "manager": _l("Program manager"),
}
SEXES = {"male": _l("Male"), "female": _l("Female")}
CHILD_SEXES = {"male": _l("Boy"), "female": _l("Girl")}
LANGUAGES = {
    "kk": _l("Kazakh"),
    "ru": _l("Russian"),
    "uz": _l("Uzbek"),
    "ug": _l("Uyghur"),
    "tg": _l("Tajik"),
    "en": _l("English"),
    "sign": _l("Sign language"),
}
LEVELS = {"fluent": _l("Fluent"), "basic": _l("Basic")}
CENTRE_KINDS = {
    "family_support": _l("Family support centre"),
    "childrens_home": _l("Children's home"),
    "childrens_village": _l("Family-type children's village"),
    "boarding": _l("Boarding organisation"),
    "medical_social": _l("Medical and social organisation"),
    "specialised": _l("Specialised organisation"),
    "mothers_house": _l("Mothers' house"),
    "mentoring_organisation": _l("Mentoring organisation"),
}
MENTOR_STATUSES = {
    "candidate": _l("Candidate"),
    "active": _l("Active"),
    "paused": _l("Paused"),
    "suspended": _l("Suspended"),
    "retired": _l("Retired"),
    "refused": _l("Refused"),
    "withdrawn": _l("Withdrew"),
}
MENTOR_REASONS = {
    "activated": _l("Every step is complete"),
    "applied_again": _l("Applied again"),
    "pause_over": _l("The pause is over"),
    "suspension_lifted": _l("The suspension was lifted"),
    "requirements_not_met": _l("Does not meet the requirements"),
    "interview_negative": _l("Negative conclusion of the interview"),
    "housing_negative": _l("Negative conclusion of the housing inspection"),
    "clearance_adverse": _l("A check found an obstacle"),
    "clearance_expired": _l("A clearance has expired"),
    "certificate_revoked": _l("The certificate was revoked"),
    "certificate_expired": _l("The certificate has expired"),
    "training_not_passed": _l("Did not pass the training or the test"),
    "false_statements": _l("The statements were not true"),
    "applied_twice": _l("Applied twice: the other application goes on"),
    "complaint": _l("A complaint is being looked into"),
    "safeguarding": _l("A worry about a child's safety"),
    "programme_decision": _l("Decision of the programme"),
    "own_wish": _l("Own wish"),
    "no_time": _l("Has no time"),
    "moved": _l("Moved away"),
    "family": _l("Family reasons"),
    "health": _l("State of health"),
    "no_answer": _l("Could not be reached any more"),
    "leave": _l("Leave"),
    "illness": _l("Illness"),
    "work": _l("Work"),
    "other": _l("Other reason"),
}
CLEARANCE_RESULTS = {
    "clear": _l("No obstacle found"),
    "adverse": _l("Obstacle found"),
    "pending": _l("Result pending"),
}
CONSENT_KINDS = {
    "guardian": _l("Legal representative's consent"),
    "own": _l("Child's consent"),
    "data": _l("Consent to the use of personal data"),
}
PROPOSAL_STATUSES = {
    "draft": _l("Draft"),
    "open": _l("Awaiting decision"),
    "approved": _l("Approved"),
    "declined": _l("Declined"),
    "superseded": _l("Replaced by a later round"),
}
ROUND_STAGES = {
    "queued": _l("Waiting to be computed"),
    "computing": _l("Being computed"),
    "draft": _l("Draft"),
    "published": _l("Published"),
    "discarded": _l("Put away"),
    "cancelled": _l("Cancelled"),
    "failed": _l("Could not be computed"),
}
POLICIES = {
    "children_first": _l("As many children as possible, then the best pairs"),
    "best_pairs": _l("The best pairs, even if fewer children get a mentor"),
    "longest_waiting": _l("As many children as possible, waiting time counts three times"),
}
PUBLISHING = {
    "at_once": _l("Put its pairs before the people who decide"),
    "draft": _l("Keep it as a draft, to compare first"),
}
DECLINE_REASONS = {
    "mentor_not_ready": _l("The mentor is not ready now"),
    "child_does_not_wish": _l("The child does not wish it"),
    "known_conflict": _l("Conflict of interest"),
    "too_far_in_practice": _l("Too far in practice"),
    "guardian_does_not_agree": _l("The legal representative does not agree"),
    "no_longer_allowed": _l("A requirement is no longer met"),
    "other": _l("Other reason"),
}
PREPARATION_STATUSES = {
    "open": _l("On the way"),
    "started": _l("The match has begun"),
    "ended": _l("Ended before the start"),
}
MENTOR_ANSWERS = {
    "accepted": _l("The mentor accepts"),
    "declined": _l("The mentor declines"),
}
CONSENT_ANSWERS = {"yes": _l("Agrees"), "no": _l("Does not agree")}
END_REASONS = {
    "mentor_declined": _l("The mentor declined"),
    "mentor_silent": _l("The mentor did not answer in time"),
    "child_declined": _l("The child does not wish it"),
    "guardian_declined": _l("The legal representative does not agree"),
    "no_longer_allowed": _l("A requirement is no longer met"),
    "taken_back": _l("The approval was taken back"),
}
STEPS = {
    "mentor": _l("Mentor's word"),
    "child": _l("Child's consent to this mentor"),
    "guardian": _l("Legal representative's consent"),
    "agreement": _l("Three-party agreement"),
    "first_meeting": _l("First meeting with staff present"),
}
CLOSURE_REASONS = {
    "goals_reached": _l("Goals reached"),
    "child_placed_in_family": _l("Child placed in a family"),
    "child_turned_18": _l("Child turned 18"),
    "child_moved": _l("Child moved to another region"),
    "child_wish": _l("Child's wish"),
    "mentor_moved": _l("Mentor moved away"),
    "mentor_no_time": _l("Mentor has no time"),
    "mentor_wish": _l("Mentor's wish"),
    "clearance_lost": _l("Clearance lost"),
    "rule_violation": _l("Rule violation"),
    "other": _l("Other reason"),
}
ENDED_BY = {
    "mentor": _l("The mentor"),
    "child": _l("The child"),
    "programme": _l("The programme"),
    "agreement": _l("Both, by agreement"),
}
CONTACT_KINDS = {
    "mentor": _l("Mentor"),
    "child": _l("Child"),
    "carer": _l("Centre's carer"),
    "review": _l("Formal review"),
}
CONTACT_WAYS = {
    "visit": _l("A visit"),
    "phone": _l("By phone"),
    "online": _l("Online"),
    "link": _l("By a link"),
    "letter": _l("By letter"),
}
CONTACT_STATES = {
    "planned": _l("Planned"),
    "due": _l("Due within a week"),
    "overdue": _l("Overdue"),
    "held": _l("Held"),
    "missed": _l("Missed"),
}
RUNG_STEPS = {
    "remind": _l("Remind the mentor"),
    "call": _l("Call and note it"),
    "supervisor": _l("Tell the supervisor"),
    "review": _l("Look at the match again"),
}
RUNGS_DONE = {
    "remind": _l("Mentor reminded"),
    "call": _l("Called"),
    "supervisor": _l("Supervisor told"),
    "review": _l("Review opened"),
}
RUNGS_OPEN = {
    "remind": _l("The mentor cannot be written to"),
    "call": _l("Not called"),
    "supervisor": _l("No supervisor is named"),
    "review": _l("No review opened"),
}
MEETING_KINDS = {
    "in_person": _l("In person"),
    "online": _l("Online"),
    "phone": _l("By phone"),
}
WENT = {
    "5": _l("5 – very well"),
    "4": _l("4 – well"),
    "3": _l("3 – all right"),
    "2": _l("2 – with difficulty"),
    "1": _l("1 – badly"),
}
MESSAGE_STATUSES = {
    "waiting": _l("Waiting to be sent"),
    "sent": _l("Sent"),
    "failed": _l("Could not be delivered"),
    "unwanted": _l("Not sent, as its reader chose"),
}
RULES = {
    "mentor_under_age": _l("The mentor is younger than 18 on the start date."),
    "mentor_not_active": _l("The mentor is not active."),
    "certificate_not_current": _l("The mentor's certificate is not in force on the start date."),
    "clearance_not_current": _l("A required clearance is missing, not clear or out of date."),
    "no_capacity": _l("The mentor has no free place."),
    "child_age_out_of_range": _l("The child is not between 10 and 17 on the start date."),
    "child_not_in_organisation": _l("The child does not live in an organisation for orphans."),
    "no_guardian_consent": _l("The legal representative's consent is missing."),
    "no_child_consent": _l("The child's own consent is missing."),
    "no_data_consent": _l("The consent to the processing of the child's data is missing."),
    "no_shared_language": _l("They speak no language fluently in common."),
    "out_of_reach": _l("The centre is farther than the mentor can travel."),
    "conflict_of_interest": _l("The mentor has a conflict of interest with this child."),
    "pair_forbidden": _l("This pair has been ruled out by a person."),
    "pair_declined_before": _l("This pair was declined before."),
}
CRITERIA = {
    "distance": _l("Distance"),
    "first_language": _l("Child's first language"),
    "interests": _l("Shared interests"),
    "waiting": _l("Waiting time"),
    "priority": _l("Priority class"),
    "wishes": _l("Child's wishes"),
    "mentor_wishes": _l("Mentor's wishes"),
    "weekdays": _l("Days that suit both"),
    "training": _l("Mentor's training for the child's needs"),
    "certificate": _l("Certificate lasts through the first year"),
    "earlier_match": _l("Earlier matches that went well"),
    "kin": _l("Relative of the child"),
}
STILL_WAITING = {
    "no_mentor_allowed": _l("No mentor meets every requirement for this child."),
    "places_taken": _l("Suitable mentors have no place left: other pairs fitted better."),
    "held_back": _l("The child, or every suitable mentor, was held back from this round."),
    "not_reached": _l("The round was stopped before it reached this child."),
}
RULING_KINDS = {
    "together": _l("Keep a pair together"),
    "apart": _l("Keep a pair apart"),
    "hold_mentor": _l("Hold a mentor back"),
    "hold_child": _l("Hold a child back"),
}
PROPOSAL_ORIGINS = {
    "round": _l("Proposed by a round"),
    "manual": _l("Proposed by a person"),
    "urgent": _l("Urgent single match"),
}
_FAILURES = {
    "400": (_l("The request could not be read"), _l("Go back, reload the page and try again.")),
    "403": (
        _l("You do not have access to this page"),
        _l("If you need it for your work, ask the administrator."),
    ),
    "404": (
        _l("Page not found"),
        _l("It may have been moved, or it is outside the regions you work with."),
    ),
    "405": (_l("Page not found"), _l("Go back and use the buttons on the page.")),
    "413": (_l("The file is too large"), _l("Use a file of at most 10 MB.")),
    "429": (_l("Too many attempts"), _l("Wait a few minutes and try again.")),
    "500": (
        _l("Something went wrong"),
        _l(
            "Nothing was saved. Try again later; "
            "if it happens again, tell the administrator the number below."
        ),
    ),
    "503": (_l("The database is not answering"), _l("Nothing was saved. Try again in a minute.")),
    "stale_form": (
        _l("The page was open for too long"),
        _l("Nothing was saved. Go back, reload the page and send the form again."),
    ),
    "changed_meanwhile": (
        _l("Somebody changed this record"),
        _l("Nothing was saved. Go back, reload the page and make your change again."),
    ),
    "same_moment": (
        _l("Somebody saved the same record at this moment"),
        _l("Nothing was saved here. Go back, reload the page and look before you save again."),
    ),
    "refused": (_l("This could not be done"), _l("Nothing was changed.")),
}


def has_failure(key: str) -> bool:
    """Whether there is an error page of this name."""
    return key in _FAILURES


def failure(key: str) -> tuple[Any, Any]:
    """The title and the advice of an error page."""
    return _FAILURES[key]
