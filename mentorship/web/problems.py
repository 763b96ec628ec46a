"""What a refusal says: a sentence for every code that services raise, and what to do about it."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from mentorship.errors import DomainError
from mentorship.i18n import show_time
from mentorship.web import words

PROBLEMS = {
    "indicator_name_taken": _l("There is an indicator of this name already. Choose another."),
    "indicator_unchanged": _l("Nothing was changed."),
    "indicator_ended": _l("This indicator is no longer followed. Define a new one instead."),
    "indicator_year_over": _l(
        "Years that are over keep the formula they were counted by. Choose %(year)s or later."
    ),
    "indicator_year_unknown": _l("The programme plans the years from %(first)s to %(last)s."),
    "indicator_no_target": _l("There is no target to withdraw. Enter one, or go back."),
    "supervisor_circle": _l("Nobody reports to themselves, directly or through others."),
    "supervisor_role": _l("A supervisor is a coordinator or a program manager."),
    "leave_not_yours": _l("Only the person, their supervisor or an administrator may do this."),
    "leave_days": _l("The last day is before the first."),
    "leave_past": _l("The leave would begin in the past. It can begin today."),
    "leave_overlaps": _l("There is a leave in this time already. End it first."),
    "leave_over": _l("This leave has ended already."),
    "cover_self": _l("Nobody covers for themselves. Choose a colleague."),
    "cover_role": _l("Only a coordinator who can sign in can be away or cover."),
    "cover_away": _l("This colleague is away in that time. Choose somebody who is there."),
    "covers_then": _l(
        "In that time this person covers for a colleague. Find another cover for the colleague "
        "first."
    ),
    "sign_ended": _l("This sign has gone: its reason is over."),
    "snooze_ahead": _l("Choose a day after today."),
    "contact_of_another_match": _l("This contact belongs to another match."),
    "after_end": _l("The date is after the match ended."),
    "earlier_contact_first": _l(
        "An earlier contact of this kind is still ahead. Record that one first."
    ),
    "no_call_to_make": _l("There is no call to make about this contact, or it was noted already."),
    "called_before_due": _l("The call lies between the day the contact was due and today."),
    "policy_version_in_use": _l("There is a version of this name already. Choose another."),
    "policy_in_the_past": _l("A version takes effect today or later: what was due stays."),
    "policy_is_empty": _l("Plan at least one contact."),
    "policy_days_out_of_order": _l(
        "Days of the first month go from 10 to 30 and upwards, at least five days apart."
    ),
    "policy_months_out_of_order": _l(
        "Each stage ends later than the one before it and holds at least one contact."
    ),
    "link_over": _l("Nobody can answer by this link any more. Nothing was changed."),
    "link_sent": _l("This link was sent to the organisation already."),
    "only_carers_by_mail": _l("A child's link is not sent by e-mail: read out its number."),
    "centre_without_email": _l("No e-mail address of the organisation is recorded."),
    "nothing_said": _l("Choose at least one answer, or write a note."),
    "no_such_answer": _l("This answer is not known. Nothing was saved."),
    "too_many_numbers": _l("Too many wrong numbers. Wait an hour, or ask for a link."),
    "too_many_applications": _l(
        "Many applications have come in the last hour. What you typed is still here: send it "
        "again in an hour."
    ),
    "goals_full": _l(
        "There are %(most)s open goals already. End one before you agree on another: few goals "
        "get more attention."
    ),
    "goal_ended": _l("This goal has ended. Nothing was changed."),
    "agreed_before_start": _l("Enter a day since the match began, today at the latest."),
    "review_before_agreed": _l("Choose a later day: the goal is looked at again after a while."),
    "level_unknown": _l("Choose one of the five steps."),
    "survey_done": _l("This survey was answered or ended already. Nothing was changed."),
    "answer_unknown": _l(
        "The questions have changed since the page was opened. Open it again and answer anew."
    ),
    "nothing_answered": _l("Answer at least one question, or note why it was not asked."),
    "step_unknown": _l("This step is not on the list any more. Reload the page."),
    "step_confirmed": _l("This step was confirmed or changed already. Nothing was changed."),
    "instrument_known": _l(
        "This version of the questions is there already. Give the file a higher version."
    ),
    "instrument_of_other_side": _l("Questions with this code are for the other side already."),
    "instrument_in_use": _l("These questions are in use already."),
    "not_a_candidate": _l("The way of this candidate has ended. Nothing was changed."),
    "application_first": _l("Look at the application first: nobody has accepted it yet."),
    "step_by_itself": _l("This step is complete as soon as its papers are recorded."),
    "step_done": _l("This step is complete already. Nothing was changed."),
    "step_recorded": _l("The conclusion of this step is recorded already. Nothing was changed."),
    "owner_outside": _l("This person cannot see candidates of this region."),
    "due_in_past": _l("The due date cannot be in the past."),
    "visit_in_past": _l("Choose today or a later day."),
    "step_ahead": _l("The date cannot be in the future."),
    "before_application": _l("The date is before the application."),
    "reason_unknown": _l("Choose one of the reasons."),
    "iin_missing": _l(
        "Record the IIN first (Change the facts): only it shows whether somebody is known already."
    ),
    "steps_missing": _l("Not every step is complete yet. Nothing was changed."),
    "mentor_not_ready": _l("A requirement refuses this mentor today."),
    "figure_unchanged": _l("Nothing is different from what is recorded. Nothing was saved."),
    "figure_corrected": _l("Somebody corrected this figure meanwhile. Look at it again."),
    "population_known": _l("This count is recorded already."),
    "ends_before_start": _l("The last day is before the first."),
    "same_kind": _l("The organisation is of this kind already."),
    "changed_later": _l("A later transformation is recorded already. Check the date."),
    "phone_missing": _l("Enter the phone number that short messages go to."),
    "message_not_given_up": _l("This message was not given up. Nothing was changed."),
    "setting_out_of_bounds": _l("The value must be between %(least)s and %(most)s."),
    "code_in_use": _l("There is a kind with this code already."),
    "status_impossible": _l("This change of status is not possible. Reload the page."),
    "match_on_hold": _l("The match is on hold: no meetings until your coordinator resumes it."),
    "mentor_suspended": _l("The mentor is suspended. Lift the suspension first."),
    "note_missing": _l("Say in a few words what changes."),
    "form_already_saved": _l("This form has already been saved. Nothing was saved twice."),
    "iin_in_use": _l("A record with this IIN already exists."),
    "email_in_use": _l("A user with this e-mail address already exists."),
    "certificate_number_in_use": _l("A certificate with this number is already recorded."),
    "changed_meanwhile": _l(
        "Somebody changed this record while you were editing. "
        "Reload the page and enter your change again."
    ),
    "wrong_password": _l("Wrong e-mail address or password."),
    "too_many_attempts": _l("Too many sign-in attempts. Try again in 15 minutes."),
    "link_expired": _l("This link is no longer valid. Ask the administrator for a new one."),
    "proposal_changed": _l(
        "%(who)s changed this proposal at %(when)s, after your page was made. Nothing was saved."
    ),
    "proposal_changed_since": _l(
        "This proposal was changed after your page was made. Nothing was saved."
    ),
    "ruling_stands": _l("%(who)s has already ruled this, at %(when)s. Lift that ruling first."),
    "ruling_lifted": _l("This ruling has already been lifted."),
    "kept_for_another": _l("The child is kept together with another mentor. Lift that first."),
    "pair_not_locked": _l("This pair cannot be kept together: a requirement refuses it."),
    "question_open": _l("A question is still waiting for its answer."),
    "cannot_undo": _l("This decision can no longer be undone."),
    "already_answered": _l("This question has already been answered."),
    "already_decided": _l("Somebody has already decided on this proposal. Nothing was changed."),
    "pair_not_eligible": _l("This pair cannot be approved today."),
    "pair_refused": _l("This pair cannot be proposed."),
    "held_back": _l("A person holds the mentor or the child back. Lift that ruling first."),
    "child_has_proposal": _l("Somebody has just proposed a mentor for this child."),
    "child_has_match": _l("The child already has a mentor. Nothing was changed."),
    "child_on_the_way": _l(
        "An approved pair of this child is already on the way. Nothing was changed."
    ),
    "preparation_closed": _l("This pair is no longer on the way. Nothing was changed."),
    "already_said": _l("This step has already been recorded. Nothing was changed."),
    "words_missing": _l(
        "The agreement is recorded when the mentor, the child and the legal representative "
        "have agreed."
    ),
    "before_approval": _l("The date is before the pair was approved."),
    "before_words": _l("The date is before the last of the three gave their word."),
    "not_started": _l("The match has not begun yet."),
    "meeting_ahead": _l("The meeting is recorded after it was held."),
    "not_due": _l("The mentor may still answer. Nothing was changed."),
    "take_back_late": _l("An approval can be taken back within a minute. Nothing was changed."),
    "word_given": _l(
        "Somebody has already given their word on this pair, so that the approval stands."
    ),
    "child_proposed_again": _l("Another proposal for this child is open. Nothing was changed."),
    "still_allowed": _l("No requirement refuses this pair today. Nothing was changed."),
    "mentor_full": _l("The mentor has no free place any more. Nothing was changed."),
    "match_closed": _l("This match has already been closed."),
    "already_recorded": _l("This check-in has already been recorded."),
    "before_start": _l("The date is before the match began."),
    "already_reviewed": _l("A colleague has already looked at this worry. Read what was done."),
    "concern_restricted": _l(
        "This worry has been restricted to a few people since you opened the page. Nothing was "
        "changed."
    ),
    "concern_closed": _l("This worry is closed. Open it again if there is something new."),
    "concern_is_open": _l("This worry is open. Nothing was changed."),
    "note_empty": _l("Write a few words, or tick what was done."),
    "owner_already": _l("This person answers for it already. Nothing was changed."),
    "reader_outside": _l("This person does not work as a coordinator of the child's region."),
    "not_restricted": _l("Every coordinator of the region may read this worry already."),
    "no_match_to_pause": _l("This worry belongs to no match: there is nothing to pause."),
    "match_paused_already": _l("The match is already on hold because of a worry."),
    "close_asked_already": _l("Somebody has already asked to close it. A second person decides."),
    "review_first": _l("Nobody has looked at this worry yet. Do that first."),
    "close_not_asked": _l("Nobody asks to close this worry any more. Reload the page."),
    "close_needs_second": _l("You asked to close it yourself: a second person has to sign."),
    "closing_step_done": _l("This step is already recorded. Nothing was changed."),
    "closing_step_unknown": _l("This ending has no such step."),
    "closing_step_ahead": _l("A step is recorded after it was done, not before."),
    "ready_later_when": _l("Say from which day, a later one than today."),
    "too_many_children": _l("A mentor has at most %(most)s children at one time."),
    "pauses_overlap": _l("These days overlap with days away that are already recorded."),
    "pause_over": _l("These days away are already over. Nothing was changed."),
    "case_manager_elsewhere": _l("This specialist does not work in the region of the child."),
    "nobody_chosen": _l("Choose a child first."),
    "own_sibling": _l("A child is not their own brother or sister."),
    "in_another_group": _l(
        "Both children already belong to groups of brothers and sisters. "
        "Take one of them out of their group first."
    ),
    "in_this_group": _l("These children are already recorded as brothers and sisters."),
    "in_no_group": _l("This child is in no group of brothers and sisters. Nothing was changed."),
    "conflict_exists": _l("This conflict of interest is already recorded."),
    "conflict_over": _l("This conflict of interest has already ended. Nothing was changed."),
    "conflict_ends_early": _l("The last day is before the conflict began."),
    "relative_ended": _l("This relative is no longer recorded. Nothing was changed."),
    "no_email": _l("Enter the mentor's e-mail address first."),
    "has_access": _l("This mentor can already sign in."),
    "centre_exists": _l("This region already has a centre of this name."),
    "round_running": _l(
        "A round of some of these people is already under way: %(who)s asked for it at %(when)s."
    ),
    "round_ended": _l("This round has already ended."),
    "old_policy": _l(
        "The rules this round was made with cannot be read any more. Run a new round instead."
    ),
    "no_record": _l("This round was made before records were kept, so it cannot be made again."),
    "replay_too_large": _l(
        "This round is too large to be made again while you wait. "
        "The administrator can do it with: flask replay %(number)s"
    ),
    "no_draft": _l("This draft has already been published or discarded."),
    "own_account": _l("You cannot deactivate your own account."),
    "user_inactive": _l("This person may not sign in. Activate the account first."),
    "demo_in_production": _l("A production database is never filled with synthetic people."),
    "demo_not_empty": _l(
        "The database already holds people. The demo register needs an empty one."
    ),
    "consent_too_young": _l("Children give their own consent from the age of 10."),
    "consent_before_withdrawal": _l("The date is before this consent was last taken back."),
    "consent_not_there": _l("There is no such consent in force. Nothing was changed."),
    "before_consent": _l("The date is before the consent was given."),
    "move_in_future": _l("A move is recorded on its day, not before."),
    "move_centre_missing": _l("Choose the organisation the child lives in."),
    "move_centre_closed": _l("This organisation is closed. Choose another one."),
    "move_same_centre": _l("The child already lives in this organisation."),
    "move_after_independence": _l("Whoever lives independently is not placed anywhere any more."),
    "before_last_move": _l("The date is before the child came to where they lived until now."),
    "independent_from_18": _l("Independent life begins at 18. On this day the child is younger."),
    "family_under_18": _l("On this day the child is 18 or older: record independent life."),
    "guardianship_under_14": _l(
        "Guardianship is for children up to 13. From the 14th birthday it is trusteeship."
    ),
    "trusteeship_from_14": _l(
        "Trusteeship begins on the 14th birthday. On this day it is still guardianship."
    ),
    "guest_from_centre": _l(
        "A guest family takes a child from an organisation for a short stay. "
        "Record the organisation first."
    ),
    "no_move_to_correct": _l("There is no move to correct, only where the child was registered."),
    "review_decided": _l("Somebody has already decided on this review. Nothing was changed."),
    "review_refused": _l("The match cannot go on like this today."),
    "adapting_unsaid": _l("Say how the match is adapted."),
    "close_the_match": _l("Close the match itself: its review ends with it."),
    "telling_done": _l("It is already recorded that the child was told."),
    "told_before": _l("The date is before anything had happened."),
    "consent_exists": _l("This consent is already recorded."),
    "certificate_revoked": _l("This certificate has already been revoked."),
    "revoked_before_issue": _l("The date is before the certificate was issued."),
    "scan_of_another": _l("This scan belongs to somebody else. Choose another one."),
    "already_suspended": _l("The mentor is already suspended for this reason."),
    "already_lifted": _l("Somebody has already lifted this suspension. Nothing was changed."),
    "lift_asked_already": _l("Somebody has already asked to lift this suspension."),
    "lift_not_asked": _l("Nobody asks to lift this suspension. Somebody has to ask first."),
    "lift_needs_second": _l("You asked to lift it yourself: a second person has to decide."),
    "lift_refused": _l("The suspension cannot be lifted yet."),
    "has_open_matches": _l("This mentor still has a child. Close the match first."),
    "start_in_past": _l("The start date cannot be in the past."),
    "nothing_chosen": _l("Choose at least one proposal."),
    "compulsory_needs_test": _l("The compulsory course ends with a test."),
    "course_has_results": _l(
        "Results of this course are recorded, so that its kind, its test and its skills stay. "
        "Close it and add a new course."
    ),
    "course_closed": _l("No new sessions of this course may be planned."),
    "training_cancelled": _l("This session is cancelled. Nothing was changed."),
    "training_over": _l("This session is over. Nothing was changed."),
    "training_begun": _l("The session has begun. Nothing was changed."),
    "training_ahead": _l("Attendance is recorded from the first day of the session on."),
    "training_has_results": _l("Results of this session are already recorded."),
    "training_seats_taken": _l("%(taken)s seats are taken; there cannot be fewer."),
    "training_full": _l("There are not enough free seats, %(free)s are left. Nobody was enrolled."),
    "nobody_to_enrol": _l("Choose at least one person."),
    "not_trainable": _l(
        "Training is for candidates and mentors of the programme. "
        "Somebody chosen was refused, withdrew or retired."
    ),
    "already_enrolled": _l("They are already enrolled. Nothing was changed."),
    "not_enrolled": _l("This seat was already given up. Nothing was changed."),
    "result_recorded": _l(
        "Somebody has already recorded one of these results. Reload the page and look at it."
    ),
    "result_missing": _l("Nothing is recorded yet that could be corrected."),
    "result_of_absent": _l("Who did not come has neither hours nor a test score."),
    "hours_outside": _l("The hours are more than 0 and at most %(most)s, as the course has."),
    "course_without_test": _l("This course has no test."),
    "score_outside": _l("The score is from 0 to 100 percent."),
    "test_date_outside": _l(
        "The day of the test is not before the first day of the session and not in the future."
    ),
    "certificate_rests_on_result": _l(
        "A certificate was issued after this result. Revoke the certificate first."
    ),
    "course_without_certificate": _l("Only the compulsory course leads to the certificate."),
    "course_not_passed": _l(
        "The course was not passed: the certificate needs attendance and a passed test."
    ),
    "certificate_issued": _l("The certificate of this course has already been issued."),
    "issued_outside": _l("The date of issue is not before the test and not in the future."),
    "paper_empty": _l("Choose a file: this one is empty."),
    "paper_too_large": _l(
        "This file is larger than 10 MB. Scan it in black and white, or at 200 dots an inch."
    ),
    "paper_wrong_type": _l(
        "This file is neither a PDF nor a JPEG or PNG picture, whatever its name says. "
        "Scan the paper, or save the file as a PDF."
    ),
    "paper_not_what_it_says": _l(
        "The name of the file says %(said)s, but it is a %(found)s. "
        "Make sure that it is the right file, then save it anew under a name that fits."
    ),
    "paper_unreadable": _l(
        "This is not a picture we can read: it is damaged or was not copied whole. "
        "Copy it again, or take a new picture."
    ),
    "paper_hidden_file": _l(
        "Something else is hidden in this file besides the scan. "
        "Print it to a new PDF, or scan the paper again."
    ),
    "paper_too_many_pixels": _l(
        "This picture has too many pixels. Scan it at 300 dots an inch or less."
    ),
    "paper_encrypted": _l(
        "This PDF is protected with a password. Save it without one and choose it again."
    ),
    "paper_active": _l(
        "This PDF has active content: a script, an attachment or a form that sends data. "
        "A scan has none. Print it to a new PDF and choose that."
    ),
    "paper_broken_pdf": _l("This PDF is damaged or was not copied whole. Save or scan it again."),
    "paper_without_pages": _l("This PDF has no pages. Scan the paper again."),
    "paper_too_many_pages": _l(
        "This PDF has more than 100 pages. Keep the pages that matter and choose it again."
    ),
    "paper_too_complex": _l(
        "This file is too complicated to be checked safely. "
        "Print it to a new PDF, or scan the paper again."
    ),
    "paper_check_busy": _l("Many files are being checked at this moment. Try again in a minute."),
    "paper_damaged": _l(
        "This paper can no longer be read: its file is missing or was changed. "
        "Tell the administrator, and ask for the paper again."
    ),
    "paper_not_kept": _l(
        "The file could not be kept: the folder of the papers cannot be written. "
        "Nothing was saved. Tell the administrator."
    ),
    "paper_of_another": _l("This record belongs to somebody else. Nothing was saved."),
    "meeting_too_far_ahead": _l("Enter a day within the next eight weeks."),
    "slot_answered": _l("This meeting is already recorded. Nothing was saved twice."),
    "no_slot_that_day": _l("There is no weekly meeting of yours on this day that is over."),
    "too_late_to_undo": _l(
        "This entry can no longer be taken back. Tell your coordinator if it is wrong."
    ),
    "help_answered": _l("A colleague has already answered this mentor."),
    "substitute_decided": _l("This wish has already been decided."),
    "substitute_overlaps": _l("Somebody else already stands in on some of these days."),
    "substitute_refused": _l("This mentor cannot stand in for this child."),
    "substitute_over": _l("They no longer stand in."),
    "own_substitute": _l("This is the child's own mentor. Choose somebody else."),
    "view_name_taken": _l("You keep a view under this name already. Choose another name."),
    "views_too_many": _l("You keep %(most)s views. Remove one you no longer need first."),
    "colleague_sees_no_figures": _l("This colleague may not see figures. Choose somebody else."),
    "paper_in_place": _l(
        "A paper is already kept there. Take that one away first, with the reason."
    ),
}
CHANGED_TO = {
    "status": _l("The proposal is now: %(value)s."),
    "reason": _l("Reason: %(value)s."),
    "note": _l("Note: %(value)s"),
    "question": _l("Question: %(value)s"),
    "answer": _l("Answer: %(value)s"),
}


def problem(error: DomainError) -> str:
    """The sentence of a refusal, with the rules behind it where there are any."""
    facts = {
        name: show_time(value) if isinstance(value, datetime) else value
        for name, value in error.params.items()
    }
    sentence = str(PROBLEMS[error.code])
    sentences = [sentence % facts if "%(" in sentence else sentence]
    sentences += [str(words.RULES[code]) for code in error.params.get("rules", ())]
    sentences += [_changed_to(name, value) for name, value in error.params.get("now", {}).items()]
    return " ".join(sentences)


def _changed_to(name: str, value: Any) -> str:
    """What is different now, of a page that was made before somebody else's change."""
    known = {"status": words.PROPOSAL_STATUSES, "reason": words.DECLINE_REASONS}.get(name, {})
    return str(CHANGED_TO[name]) % {"value": known.get(value, value)}
