"""The relationship survey: planned by night; answered by a side, or not asked with a reason."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.clock import months_after
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Invalid
from mentorship.i18n import as_day
from mentorship.matches.models import Match
from mentorship.outcomes.facts import LEAST, MOST, survey_score
from mentorship.outcomes.models import Instrument, Survey
from mentorship.outcomes.schedule import Cadence, Pause, delayed, waves
from mentorship.outcomes.vocabulary import SkipReason, SurveySide, SurveyWay
from mentorship.reviews.models import Hold
from mentorship.settings.services import value

PLANNED_AHEAD = timedelta(days=14)


def cadence(session: Session) -> Cadence:
    """The waves that are in force now."""
    keys = ("surveys.first_months", "surveys.second_months", "surveys.then_months")
    return Cadence(*(value(session, key) for key in keys))


def plan_surveys(session: Session, *, on: date, match_ids: list[int] | None = None) -> int:
    """Write down every wave of open matches that comes due within PLANNED_AHEAD; how many.

    Run on any nights, in any order, it leaves each wave of each side once. A survey that is still
    open moves with the pauses of its match.
    """
    matches = _open_matches(session, match_ids)
    pauses, known = _pauses(session, matches, on), _planned(session, matches)
    every, added = cadence(session), 0
    for match_id, started_on in matches.items():
        for wave, due_on in waves(started_on, on + PLANNED_AHEAD, pauses.get(match_id, ()), every):
            for side in SurveySide:
                if (match_id, side, wave) not in known:
                    added += _plan(session, match_id, side, wave, due_on)
    for row in known.values():
        moved = delayed(months_after(matches[row.match_id], row.wave), pauses.get(row.match_id, ()))
        if row.is_open and moved is not None:
            row.due_on = moved
    session.flush()
    return added


def _plan(session: Session, match_id: int, side: SurveySide, wave: int, due_on: date) -> int:
    """One new survey, unless the match was closed since it was read."""
    match = session.get_one(Match, match_id, with_for_update=True)
    if match.is_open:
        session.add(Survey(match_id=match_id, side=side, wave=wave, due_on=due_on))
    return int(match.is_open)


def _open_matches(session: Session, match_ids: list[int] | None) -> dict[int, date]:
    query = select(Match.id, Match.started_on).where(Match.ended_on.is_(None)).order_by(Match.id)
    if match_ids is not None:
        query = query.where(Match.id.in_(match_ids))
    return {row.id: row.started_on for row in session.execute(query)}


def _pauses(session: Session, matches: Mapping[int, date], on: date) -> dict[int, list[Pause]]:
    found: dict[int, list[Pause]] = {}
    query = (
        select(Hold.match_id, Hold.opened_at, Hold.ended_at)
        .join(Hold.match)
        .where(Match.ended_on.is_(None))
    )
    for match_id, opened_at, ended_at in session.execute(query):
        until = as_day(ended_at) if ended_at else None
        if match_id in matches and as_day(opened_at) <= on:
            found.setdefault(match_id, []).append(Pause(as_day(opened_at), until))
    return found


def _planned(
    session: Session, matches: Mapping[int, date]
) -> dict[tuple[int, SurveySide, int], Survey]:
    query = select(Survey).join(Survey.match).where(Match.ended_on.is_(None))
    rows = session.scalars(query)
    return {
        (row.match_id, SurveySide(row.side), row.wave): row
        for row in rows
        if row.match_id in matches
    }


def answer_survey(
    session: Session,
    survey: Survey,
    instrument: Instrument,
    answers: Mapping[str, int],
    *,
    way: SurveyWay,
    language: str,
    by: int,
    on: date,
    at: datetime,
) -> None:
    """Keep the answers with the version of the questions; the score is none where too few.

    Raises AlreadyDone where it was answered or ended before, Invalid for answers that no question
    of this side asks for.
    """
    for_update(session, Survey, [survey.id])
    if not survey.is_open:
        raise AlreadyDone("survey_done")
    questions = instrument.questions
    if instrument.side != survey.side or instrument.activated_at is None:
        raise Invalid("answer_unknown")
    if not answers:
        raise Invalid("nothing_answered")
    if any(
        code not in questions.reverse or not LEAST <= answer <= MOST
        for code, answer in answers.items()
    ):
        raise Invalid("answer_unknown")
    survey.instrument_id, survey.answers = instrument.id, dict(answers)
    survey.score = survey_score(answers, questions.reverse, questions.least_answered_percent)
    survey.answered_on, survey.way, survey.language = on, way, language
    survey.recorded_by, survey.recorded_at = by, at
    audit.record("answered_survey", survey, by=by, match=survey.match_id, wave=survey.wave)


def skip_survey(
    session: Session, survey: Survey, reason: SkipReason, *, by: int, on: date, at: datetime
) -> None:
    """Note why a survey is not asked; raises AlreadyDone, or Invalid for a reason not ours."""
    for_update(session, Survey, [survey.id])
    if not survey.is_open:
        raise AlreadyDone("survey_done")
    if reason == SkipReason.MATCH_ENDED:
        raise Invalid("reason_unknown")
    survey.skipped_on, survey.skipped_reason = on, reason
    survey.recorded_by, survey.recorded_at = by, at
    audit.record("skipped_survey", survey, by=by, match=survey.match_id, reason=reason)
