from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from mentorship import clock
from mentorship.children.models import Child
from mentorship.children.queries import find_child
from mentorship.children.reading import noted
from mentorship.database import db
from mentorship.errors import AlreadyDone
from mentorship.i18n import LOCALES, speaking
from mentorship.mentors.models import Mentor
from mentorship.outcomes import chart, instruments, pages, queries, report, steps, surveys
from mentorship.outcomes.models import Instrument, Survey
from mentorship.outcomes.pages import bp
from mentorship.outcomes.schemas import PREFIX, InstrumentFileSchema, SkipSchema, Walk
from mentorship.outcomes.vocabulary import SkipReason, SurveySide, SurveyWay
from mentorship.permissions import Permission, requires
from mentorship.places.words import region_names
from mentorship.settings.services import value
from mentorship.web.forms import Form
from mentorship.web.numbers import row_id
from mentorship.web.paging import Listing

__all__ = ["bp"]


@bp.get("/my-matches/<int:match_id>/goals")
@requires(Permission.LOG_OWN_MEETINGS, audited=True)
def my_goals(match_id: int) -> Any:
    return pages.show_goals(pages.match_or_404(match_id))


@bp.route("/my-matches/<int:match_id>/goals/new", methods=["GET", "POST"])
@requires(Permission.LOG_OWN_MEETINGS, audited=True)
def my_new_goal(match_id: int) -> Any:
    return pages.new_goal(pages.match_or_404(match_id), pages.to_goals(match_id))


@bp.post("/my-matches/<int:match_id>/goals/<int:goal_id>/rating")
@requires(Permission.LOG_OWN_MEETINGS)
def my_rating(match_id: int, goal_id: int) -> Any:
    return pages.rate(pages.goal_or_404(match_id, goal_id), pages.to_goals(match_id))


@bp.route("/my-matches/<int:match_id>/goals/<int:goal_id>/end", methods=["GET", "POST"])
@requires(Permission.LOG_OWN_MEETINGS, audited=True)
def my_end_goal(match_id: int, goal_id: int) -> Any:
    return pages.finish_goal(pages.goal_or_404(match_id, goal_id), pages.to_goals(match_id))


@bp.route("/my-matches/<int:match_id>/survey", methods=["GET", "POST"])
@requires(Permission.LOG_OWN_MEETINGS, audited=True)
def my_survey(match_id: int) -> Any:
    match = pages.match_or_404(match_id)
    back = url_for("meetings.my_match", match_id=match_id)
    survey = queries.own_survey(db.session, match) if match.is_open else None
    if survey is None or survey.due_on > clock.today():
        page = render_template("outcomes/no_survey.html", match=match, survey=survey, back=back)
        return noted(match.child, page, match=match_id)
    if request.method == "POST" and row_id(request.form.get("survey", "")) != survey.id:
        raise AlreadyDone("survey_done")  # another tab was sent before
    return pages.ask(survey, SurveyWay.OWN_PHONE, "outcomes/my_survey.html", back)


@bp.route("/my-matches/<int:match_id>/steps", methods=["GET", "POST"])
@requires(Permission.LOG_OWN_MEETINGS, audited=True)
def my_steps(match_id: int) -> Any:
    match = pages.match_or_404(match_id)
    if not match.is_open:  # what the child does after the match is theirs
        abort(404)
    if request.method == "POST":
        back = url_for("outcomes.my_steps", match_id=match_id)
        return pages.note_step(match.child, back, staff=False)
    lines = queries.steps_of_child(db.session, match.child_id)
    page = render_template("outcomes/my_steps.html", match=match, lines=lines)
    return noted(match.child, page, match=match_id)


@bp.get("/matches/<int:match_id>/outcomes")
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def of_match(match_id: int) -> Any:
    match = pages.match_or_404(match_id)
    asked = queries.surveys_of_match(db.session, match_id)
    goals = pages.goals_for_page(match)
    page = render_template(
        "outcomes/of_match.html",
        match=match,
        goals=goals,
        average=queries.average(goal for goal, _ in goals),
        most=value(db.session, "goals.most_open"),
        surveys=asked,
        drawing=chart.draw([_scores(asked, side) for side in SurveySide], 1, 5),
        lines=queries.steps_of_child(db.session, match.child_id),
    )
    return noted(match.child, page, match=match_id)


def _scores(asked: Any, side: SurveySide) -> list[chart.Point]:
    return [
        (row.answered_on, row.score) for row in asked if row.side == side and row.score is not None
    ]


def _of_match(match_id: int) -> str:
    return url_for("outcomes.of_match", match_id=match_id)


@bp.route("/matches/<int:match_id>/goals/new", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def new_goal(match_id: int) -> Any:
    return pages.new_goal(pages.match_or_404(match_id), _of_match(match_id))


@bp.post("/matches/<int:match_id>/goals/<int:goal_id>/rating")
@requires(Permission.CARE_FOR_MATCHES)
def rate(match_id: int, goal_id: int) -> Any:
    return pages.rate(pages.goal_or_404(match_id, goal_id), _of_match(match_id))


@bp.route("/matches/<int:match_id>/goals/<int:goal_id>/end", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def end_goal(match_id: int, goal_id: int) -> Any:
    return pages.finish_goal(pages.goal_or_404(match_id, goal_id), _of_match(match_id))


@bp.get("/surveys")
@requires(Permission.CARE_FOR_MATCHES)
def due() -> Any:
    listing = Listing.from_request(["due", "child", "mentor"], ["side", "region"])
    query = queries.open_surveys(current_user, clock.today() + queries.SOON)
    query = queries.search_surveys(query, listing.q, listing.filters)
    orders = {"due": Survey.due_on, "child": Child.sort_key, "mentor": Mentor.sort_key}
    listing.fill(db.session, query, orders, Survey.id)
    return render_template("outcomes/due.html", listing=listing)


def _survey_or_404(survey_id: int) -> Survey:
    found: Survey = queries.find_survey(db.session, current_user, survey_id) or abort(404)
    return found


@bp.route("/surveys/<int:survey_id>", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def ask(survey_id: int) -> Any:
    survey = _survey_or_404(survey_id)
    return pages.ask(survey, SurveyWay.TALK, "outcomes/ask.html", _of_match(survey.match_id))


@bp.route("/surveys/<int:survey_id>/skip", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def skip(survey_id: int) -> Any:
    survey = _survey_or_404(survey_id)
    form = Form(SkipSchema())
    if form.submitted() and form.saved(lambda: _skip(survey, SkipReason(form.data["reason"]))):
        flash(gettext("It is noted why the survey is not asked."))
        return redirect(_of_match(survey.match_id))
    page = form.page("outcomes/skip.html", survey=survey, match=survey.match)
    return noted(survey.match.child, page, match=survey.match_id)


def _skip(survey: Survey, reason: SkipReason) -> None:
    given: dict[str, Any] = {"by": current_user.id, "on": clock.today(), "at": clock.now()}
    surveys.skip_survey(db.session, survey, reason, **given)


@bp.route("/surveys/<int:survey_id>/tablet", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def tablet(survey_id: int) -> Any:
    """Full screen in the child's language; nothing is kept before the last question."""
    survey = _survey_or_404(survey_id)
    if survey.side != SurveySide.CHILD:
        abort(404)
    instrument, language = pages.instrument_for(survey), pages.language_of(survey)
    walk = Walk.of(instrument.questions, request.form)
    if walk.at == len(instrument.questions.items):
        _finish(survey, instrument, walk, language)
        return redirect(url_for("outcomes.thanks", survey_id=survey_id, language=language))
    with speaking(language):
        shown = {"walk": walk, "prefix": PREFIX, "instrument": instrument, "asked_in": language}
        page = render_template("outcomes/tablet.html", survey=survey, **shown)
    return noted(survey.match.child, page, match=survey.match_id)


def _finish(survey: Survey, instrument: Instrument, walk: Walk, language: str) -> None:
    """Keep what a child answered; a second press of the last button changes nothing."""
    try:
        if walk.answers:
            pages.keep(survey, instrument, walk.answers, SurveyWay.TABLET, language)
        else:
            _skip(survey, SkipReason.DECLINED)
        db.session.commit()
    except AlreadyDone:
        db.session.rollback()


@bp.get("/surveys/<int:survey_id>/thanks")
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def thanks(survey_id: int) -> Any:
    survey = _survey_or_404(survey_id)
    with speaking(pages.language_of(survey)):
        page = render_template("outcomes/thanks.html", survey=survey)
    return noted(survey.match.child, page, match=survey.match_id)


def _child_or_404(child_id: int) -> Child:
    found: Child = find_child(db.session, current_user, child_id) or abort(404)
    return found


@bp.route("/children/<int:child_id>/steps", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def of_child(child_id: int) -> Any:
    child = _child_or_404(child_id)
    if request.method == "POST":
        return pages.note_step(child, url_for("outcomes.of_child", child_id=child_id), staff=True)
    lines = queries.steps_of_child(db.session, child_id)
    return noted(child, render_template("outcomes/of_child.html", child=child, lines=lines))


@bp.post("/children/<int:child_id>/steps/<int:step_id>/confirm")
@requires(Permission.CARE_FOR_MATCHES)
def confirm_step(child_id: int, step_id: int) -> Any:
    child = _child_or_404(child_id)
    row = queries.find_step(db.session, child.id, step_id) or abort(404)
    steps.confirm_step(db.session, row, by=current_user.id, at=clock.now())
    db.session.commit()
    flash(gettext("The step is confirmed."))
    return redirect(url_for("outcomes.of_child", child_id=child_id) + f"#step-{row.code}")


@bp.get("/outcomes")
@requires(Permission.SEE_FIGURES)
def index() -> Any:
    scope = current_user.scope
    regions = {kato: name for kato, name in region_names().items() if scope.covers(kato)}
    chosen = request.args.get("region") or None
    if chosen is not None and chosen not in regions:
        abort(404)
    found = report.outcomes_report(
        queries.goal_rows(db.session, scope),
        queries.score_rows(db.session, scope),
        queries.step_rows(db.session, scope),
        regions=list(regions),
        chosen=chosen,
        on=clock.today(),
    )
    return render_template("outcomes/index.html", report=found, regions=regions, region=chosen)


@bp.get("/instruments")
@requires(Permission.SEE_RULES)
def all_instruments() -> Any:
    rows = queries.all_instruments(db.session)
    return render_template("outcomes/instruments.html", rows=rows, uses=queries.uses(db.session))


@bp.get("/instruments/<int:instrument_id>")
@requires(Permission.SEE_RULES)
def instrument(instrument_id: int) -> Any:
    found = db.session.get(Instrument, instrument_id) or abort(404)
    return render_template("outcomes/instrument.html", instrument=found, tongues=LOCALES)


@bp.route("/instruments/new", methods=["GET", "POST"])
@requires(Permission.EDIT_RULES)
def add_instrument() -> Any:
    form = Form(InstrumentFileSchema())
    if form.submitted() and form.saved(
        lambda: instruments.add_instrument(
            db.session, form.data["questions"], by=current_user.id, at=clock.now()
        ),
        {"instrument_known": "questions", "instrument_of_other_side": "questions"},
    ):
        flash(gettext("The questions are kept. Read them once more, then put them to use."))
        return redirect(url_for("outcomes.instrument", instrument_id=form.result.id))
    return form.page("outcomes/add_instrument.html")


@bp.post("/instruments/<int:instrument_id>/use")
@requires(Permission.EDIT_RULES)
def use_instrument(instrument_id: int) -> Any:
    found = db.session.get(Instrument, instrument_id) or abort(404)
    instruments.activate_instrument(db.session, found, by=current_user.id, at=clock.now())
    db.session.commit()
    flash(gettext("From now on these questions are asked."))
    return redirect(url_for("outcomes.all_instruments"))
