"""Pairs on the way to a match: mentors asked and reminded, silent and refused pairs ended."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from mentorship.agreements.endings import end_refused, lapse, refusals_now
from mentorship.agreements.notices import tell_mentor, tell_owner
from mentorship.agreements.policies import REMIND_AFTER, TAKE_BACK_WITHIN
from mentorship.agreements.queries import open_preparations, silent_mentors
from mentorship.config import Config
from mentorship.errors import AlreadyDone
from mentorship.i18n import as_day


def ask_mentors(session: Session, settings: Config, _on: date, at: datetime) -> str:
    """Tell mentors of a pair that was approved and can no longer be taken back."""
    kind, base_url = "pair_proposed", settings.base_url
    silent = silent_mentors(session, not_told=kind)
    settled = [row for row in silent if at - row.opened_at > TAKE_BACK_WITHIN]
    told = [tell_mentor(session, row, kind, base_url=base_url, at=at) for row in settled]
    return f"{sum(told)} written"


def remind_mentors(session: Session, settings: Config, on: date, at: datetime) -> str:
    """Remind, once, mentors who have not answered for REMIND_AFTER."""
    kind, base_url = "pair_reminder", settings.base_url
    silent = silent_mentors(session, not_told=kind)
    late = [row for row in silent if as_day(row.opened_at) + REMIND_AFTER <= on]
    told = [tell_mentor(session, row, kind, base_url=base_url, at=at) for row in late]
    return f"{sum(told)} written"


def end_lapsed(session: Session, settings: Config, on: date, at: datetime) -> str:
    """End pairs whose mentor let the last day pass, and tell whoever approved them."""
    ended = 0
    for row in silent_mentors(session, due_before=on):
        try:
            lapse(session, row, on=on, at=at)
        except AlreadyDone:  # answered or ended since the list was read
            continue
        kind = "preparation_lapsed"
        tell_owner(session, row, kind, base_url=settings.base_url, at=at)
        ended += 1
    return f"{ended} ended"


def end_no_longer_allowed(session: Session, settings: Config, on: date, at: datetime) -> str:
    """End pairs on the way that a hard rule refuses now, and tell whoever approved them."""
    ended = 0
    refused = [row for row in open_preparations(session) if refusals_now(session, row, on)]
    for row in refused:
        try:
            end_refused(session, row, by=None, on=on, at=at)
        except AlreadyDone:  # ended, or put right, since the list was read
            continue
        kind = "preparation_refused"
        tell_owner(session, row, kind, base_url=settings.base_url, at=at)
        ended += 1
    return f"{ended} ended"
