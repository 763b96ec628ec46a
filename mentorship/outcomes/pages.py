"""What the pages of mentors and of staff share: finding, forms, and one answer to the same act."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from mentorship import clock
from mentorship.children.models import Child
from mentorship.children.reading import noted
from mentorship.database import db
from mentorship.errors import Invalid
from mentorship.i18n import DEFAULT, LOCALES, chosen_language
from mentorship.matches.models import Match
from mentorship.matches.queries import find_match
from mentorship.outcomes import chart, queries, services, steps, surveys, words
from mentorship.outcomes.models import Goal, Instrument, Survey
from mentorship.outcomes.schemas import (
    EndGoalSchema,
    GoalSchema,
    RateSchema,
    StepSchema,
    answers_of,
    survey_schema,
)
from mentorship.outcomes.vocabulary import GoalEnd, StepState, SurveySide, SurveyWay
from mentorship.settings.services import value
from mentorship.web.forms import Form
from mentorship.web.numbers import row_id

bp = Blueprint("outcomes", __name__)


bp.record_once(
    lambda state: state.app.jinja_env.globals.update(outcome_words=words, outcome_chart=chart)
)


def match_or_404(match_id: int) -> Match:
    """A match that the reader may see: a mentor's own, or of a child in scope."""
    found: Match = find_match(db.session, current_user, match_id) or abort(404)
    return found


def goal_or_404(match_id: int, goal_id: int) -> Goal:
    """A goal of a match that the reader may see."""
    match = match_or_404(match_id)
    found: Goal = queries.find_goal(db.session, match, goal_id) or abort(404)
    return found


def goals_for_page(match: Match) -> list[tuple[Goal, chart.Drawing | None]]:
    """The goals of a match, each with its trend."""
    return [
        (goal, chart.draw([[(row.rated_on, row.level) for row in goal.ratings]], -2, 2))
        for goal in queries.goals_of_match(db.session, match.id)
    ]


def new_goal(match: Match, back: str) -> Any:
    """The form of a new goal, of a mentor or of staff."""
    today = clock.today()
    after = timedelta(days=value(db.session, "goals.review_days"))
    form = Form(GoalSchema(), agreed_on=today, review_on=today + after, importance="2")
    if form.submitted() and form.saved(
        lambda: services.add_goal(
            db.session,
            match,
            GoalSchema.facts(form.data),
            by=current_user.id,
            on=today,
            at=clock.now(),
        ),
        {"agreed_before_start": "agreed_on", "review_before_agreed": "review_on"},
        once=True,
    ):
        flash(gettext("The goal is written down. Rate it together whenever something moves."))
        return redirect(back)
    return noted(
        match.child, form.page("outcomes/goal.html", match=match, back=back), match=match.id
    )


def rate(goal: Goal, back: str) -> Any:
    """One tap on a step: kept for today, and back to where it was pressed."""
    form = Form(RateSchema())
    if not form.submitted():
        raise Invalid("level_unknown")
    given: dict[str, Any] = {"by": current_user.id, "on": clock.today(), "at": clock.now()}
    services.rate_goal(db.session, goal, form.data["level"], note=form.data["note"], **given)
    db.session.commit()
    flash(gettext("Kept for today. Press another step if it was the wrong one."))
    return redirect(f"{back}#goal-{goal.id}")


def finish_goal(goal: Goal, back: str) -> Any:
    """The form that ends a goal, of a mentor or of staff."""
    form = Form(EndGoalSchema(), reason="reached" if (goal.level or -2) >= 0 else None)
    if form.submitted() and form.saved(
        lambda: services.end_goal(
            db.session,
            goal,
            GoalEnd(form.data["reason"]),
            by=current_user.id,
            on=clock.today(),
        )
    ):
        flash(gettext("The goal has ended. It stays on the page, with its trend."))
        return redirect(back)
    page = form.page("outcomes/end_goal.html", goal=goal, match=goal.match, back=back)
    return noted(goal.match.child, page, match=goal.match_id)


def note_step(child: Child, back: str, *, staff: bool) -> Any:
    """One tap on how far a step is: kept, and back to where it was pressed."""
    form = Form(StepSchema())
    if not form.submitted():
        raise Invalid("step_unknown")
    facts: dict[str, Any] = form.data | {"state": StepState(form.data["state"])}
    given: dict[str, Any] = {"by": current_user.id, "on": clock.today(), "at": clock.now()}
    steps.note_step(db.session, child, **facts, staff=staff, **given)
    db.session.commit()
    flash(gettext("The step is kept."))
    return redirect(f"{back}#step-{facts['code']}")


def instrument_for(survey: Survey) -> Instrument:
    """The questions that a page shows: those it showed before, else those in use."""
    side = SurveySide(survey.side)
    shown = db.session.get(Instrument, row_id(request.form.get("instrument", "")))
    if shown is not None and shown.side == side and shown.activated_at:
        return shown
    found: Instrument = queries.active_instrument(db.session, side) or abort(404)
    return found


def language_of(survey: Survey) -> str:
    """The language in which a side is asked: chosen on the page, else the side's own."""
    asked = request.values.get("language", "")
    if asked in LOCALES:
        return asked
    if survey.side == SurveySide.MENTOR:
        return chosen_language()
    own = survey.match.child.first_language
    return own if own in LOCALES else DEFAULT


def ask(survey: Survey, way: SurveyWay, template: str, back: str, **more: Any) -> Any:
    """The form of a survey, and what becomes of its answers."""
    instrument, language = instrument_for(survey), language_of(survey)
    form = Form(survey_schema(instrument.questions, language), instrument=instrument.id)
    if form.submitted() and form.saved(
        lambda: keep(survey, instrument, answers_of(form.data), way, language)
    ):
        flash(gettext("The answers are kept. Thank you."))
        return redirect(back)
    given = {"survey": survey, "instrument": instrument, "asked_in": language, "back": back}
    page = form.page(template, match=survey.match, **given, **more)
    return noted(survey.match.child, page, match=survey.match_id)


def keep(
    survey: Survey,
    instrument: Instrument,
    answers: Mapping[str, int],
    way: SurveyWay,
    language: str,
) -> None:
    """Keep the answers of a survey in the name of whoever is signed in."""
    given: dict[str, Any] = {"by": current_user.id, "on": clock.today(), "at": clock.now()}
    surveys.answer_survey(
        db.session, survey, instrument, answers, way=way, language=language, **given
    )


def show_goals(match: Match) -> Any:
    """A mentor's page of goals."""
    due = queries.own_survey(db.session, match) if match.is_open else None
    given = {
        "goals": goals_for_page(match),
        "most": value(db.session, "goals.most_open"),
        "survey": due if due and due.due_on <= clock.today() and not match.on_hold else None,
    }
    return noted(
        match.child, render_template("outcomes/my_goals.html", match=match, **given), match=match.id
    )


def to_goals(match_id: int) -> str:
    """Where a mentor's goals of a match are."""
    return url_for("outcomes.my_goals", match_id=match_id)
