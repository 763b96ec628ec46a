"""What runs when: one line a job. Times are Kazakhstan's."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy.orm import Session

from mentorship.clock import ALMATY
from mentorship.config import Config
from mentorship.jobs import (
    candidates,
    concerns,
    contacts,
    cover,
    figures,
    housekeeping,
    meetings,
    moves,
    outcomes,
    papers,
    preparations,
    qualification,
    reminders,
    reports,
    signs,
    training,
    voices,
)


@dataclass(frozen=True)
class When:
    """Daily at a time, or weekly from a time on a weekday (0: Monday), or every minute."""

    at: time | None = None
    weekday: int | None = None

    def slot(self, now: datetime) -> str | None:
        """The name of the slot that is due now, or None: not yet, or a job without slots."""
        local = now.astimezone(ALMATY)
        if self.at is None:
            return None
        if self.weekday is None:
            return f"{local:%Y-%m-%d}" if local.time() >= self.at else None
        since = (local.weekday(), local.time())
        return f"{local:%G-W%V}" if since >= (self.weekday, self.at) else None

    def trigger(self) -> CronTrigger:
        """The same for the scheduler."""
        if self.at is None:
            return CronTrigger(minute="*", timezone=ALMATY)
        return CronTrigger(
            hour=self.at.hour,
            minute=self.at.minute,
            day_of_week="*" if self.weekday is None else str(self.weekday),
            timezone=ALMATY,
        )


@dataclass(frozen=True)
class Job:
    """A name, a time, and the service it calls; the answer is a short line for the log."""

    name: str
    when: When
    run: Callable[[Session, Config, date, datetime], str]


EVERY_MINUTE = When()
TIMETABLE = (
    Job("suspend_for_papers", When(time(0, 10)), qualification.suspend_for_papers),
    Job("turned_18", When(time(0, 10)), moves.review_who_turned_18),
    Job("plan_check_ins", When(time(1)), contacts.plan_check_ins),
    Job("plan_surveys", When(time(1)), outcomes.plan_surveys),
    Job("forget_old_rows", When(time(2)), housekeeping.forget_old_rows),
    Job("forget_old_uploads", When(time(2)), housekeeping.forget_old_uploads),
    Job("tidy_papers", When(time(2)), papers.tidy_papers),
    Job("watch_matches", When(time(3)), reminders.tell_of_refused_matches),
    Job("end_lapsed_pairs", When(time(4)), preparations.end_lapsed),
    Job("end_refused_pairs", When(time(4)), preparations.end_no_longer_allowed),
    Job("finish_answers", When(time(4)), voices.finish_answers),
    Job("look_for_signs", When(time(5)), signs.look_for_signs),
    Job("rebuild_figures", When(time(5, 30)), figures.rebuild_figures),
    Job("climb_ladder", When(time(7, 30)), contacts.climb_ladder),
    Job("check_in_reminders", When(time(8)), reminders.remind_of_check_ins),
    Job("tell_who_is_back", When(time(8)), cover.tell_who_is_back),
    Job("tell_of_reports", When(time(8)), reports.tell_of_reports),
    Job("tell_supervisors", When(time(8), weekday=0), cover.tell_supervisors),
    Job("expiring_certificates", When(time(8), weekday=0), reminders.tell_of_certificates),
    Job("training_sessions", When(time(9)), training.remind_of_sessions),
    Job("remind_of_entries", When(time(9)), meetings.remind_of_entries),
    Job("remind_of_slots", When(time(9)), meetings.remind_of_slots),
    Job("remind_of_papers", When(time(8)), qualification.remind_of_papers),
    Job("tell_of_surveys", When(time(9)), outcomes.tell_of_surveys),
    Job("turning_18", When(time(8), weekday=0), moves.tell_of_who_turns_18),
    Job("tell_step_owners", When(time(8)), candidates.tell_step_owners),
    Job("remind_mentors", When(time(8)), preparations.remind_mentors),
    Job("tell_of_worries", EVERY_MINUTE, concerns.tell_of_worries),
    Job("ask_mentors", EVERY_MINUTE, preparations.ask_mentors),
    Job("send_outbox", EVERY_MINUTE, housekeeping.send_outbox),
)
