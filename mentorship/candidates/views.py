from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from mentorship import audit, clock
from mentorship.candidates import models, notices, queries, services, words
from mentorship.candidates.facts import Way
from mentorship.candidates.models import Candidate
from mentorship.candidates.policies import CONSENT_VERSION
from mentorship.candidates.queries import Row
from mentorship.candidates.report import figures as make_figures
from mentorship.candidates.schemas import (
    ActivateSchema,
    ApplicationSchema,
    AssignSchema,
    OutcomeSchema,
    PlanSchema,
    RefuseSchema,
    StaffApplicationSchema,
    WithdrawSchema,
)
from mentorship.candidates.vocabulary import LackCode, Step, StepOutcome
from mentorship.database import db
from mentorship.i18n import chosen_language
from mentorship.mentors.models import Mentor
from mentorship.mentors.queries import find_mentor
from mentorship.permissions import Permission, requires
from mentorship.places.words import region_names
from mentorship.settings.services import value
from mentorship.web.fields import PageSchema
from mentorship.web.forms import Form
from mentorship.web.paging import Listing

bp = Blueprint("candidates", __name__)
SHOWN = 10
FILTERS = ["region", "owner", "overdue"]
STEP = (
    "<any(application, interview, housing, clearances, training, test, certificate, active):step>"
)


@bp.record_once
def _give_words(state: Any) -> None:
    state.app.jinja_env.globals.update(
        candidate_words=words, candidate_page=_page_of, next_address=next_address
    )


def _candidate(candidate_id: int) -> Candidate:
    return queries.find_candidate(db.session, current_user, candidate_id) or abort(404)


def _by() -> dict[str, Any]:
    return {"by": current_user.id, "on": clock.today()}


@bp.route("/apply", methods=["GET", "POST"])
@requires(Permission.ANYONE)
def apply() -> Any:
    form = Form(ApplicationSchema())
    if form.submitted() and _is_a_person(form) and form.saved(lambda: _take(form), once=True):
        session["application"] = form.result.reference
        return redirect(url_for("candidates.thanks"))
    if form.refusal and form.refusal.code == "form_already_saved" and "application" in session:
        return redirect(url_for("candidates.thanks"))
    page, status = form.page("candidates/apply.html", version=CONSENT_VERSION)
    return page, form.refusal.status if form.refusal else status


def _is_a_person(form: Form) -> bool:
    """Nobody sees the field that programs fill."""
    if request.form.get("website"):
        form.refuse("form", gettext("Send the form again, please: it was not read as a whole."))
    return not form.errors


def _take(form: Form) -> Candidate:
    candidate = services.apply_publicly(
        db.session,
        form.data,
        consent_version=CONSENT_VERSION,
        language=chosen_language(),
        address=request.remote_addr or "",
        secret=current_app.config["SECRET_KEY"],
        at=clock.now(),
    )
    notices.confirm_application(db.session, candidate, at=clock.now())
    return candidate


@bp.get("/apply/thanks")
@requires(Permission.ANYONE)
def thanks() -> Any:
    if "application" not in session:
        return redirect(url_for("candidates.apply"))
    return render_template("candidates/thanks.html", reference=session["application"])


@bp.route("/candidates/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def create() -> Any:
    form = Form(StaffApplicationSchema())
    if form.submitted() and _in_scope(form) and form.saved(lambda: _enter(form), once=True):
        flash(gettext("The candidate is entered."))
        return redirect(url_for("mentors.show", mentor_id=form.result.mentor_id))
    return form.page("candidates/create.html", version=CONSENT_VERSION)


def _in_scope(form: Form) -> bool:
    if not current_user.scope.covers(form.data["region"]):
        form.refuse("region", gettext("This region is outside the ones you work with."))
    return not form.errors


def _enter(form: Form) -> Candidate:
    at, language = clock.now(), chosen_language()
    said = {"consent_version": CONSENT_VERSION, "language": language}
    candidate = services.register_candidate(
        db.session, form.data, **said, by=current_user.id, at=at
    )
    notices.confirm_application(db.session, candidate, at=at)
    return candidate


@bp.get("/candidates")
@requires(Permission.SEE_PEOPLE)
def board() -> Any:
    listing = Listing.from_request(["due"], FILTERS)
    rows = _chosen(listing)
    columns = {step: [row for row in rows if row.now.step == step] for step in Step}
    shown = [row for column in columns.values() for row in column[:SHOWN]]
    return render_template(
        "candidates/board.html", listing=listing, columns=columns, most=SHOWN, **_beside(shown)
    )


@bp.get(f"/candidates/steps/{STEP}")
@requires(Permission.SEE_PEOPLE)
def step(step: str) -> Any:
    listing = Listing.from_request(["due"], FILTERS)
    listing.show([row for row in _chosen(listing) if row.now.step == step])
    return render_template(
        "candidates/step.html", listing=listing, step=step, **_beside(listing.rows)
    )


def _chosen(listing: Listing) -> list[Row]:
    """Candidates of the reader's regions that the filters keep, most urgent first."""
    wanted = listing.filters
    rows = queries.candidates_now(
        db.session, current_user.scope, clock.today(), region=wanted.get("region"), q=listing.q
    )
    owners = {"mine": current_user.stands_for(clock.today()), "nobody": {None}}
    if wanted.get("owner") in owners:
        rows = [row for row in rows if row.now.owner_id in owners[wanted["owner"]]]
    return [row for row in rows if row.way.is_overdue] if "overdue" in wanted else rows


def _beside(rows: Sequence[Row]) -> dict[str, Any]:
    """What the rows of a page need besides: names of owners, phone numbers known twice."""
    return {
        "names": queries.names_of(db.session, (row.now.owner_id for row in rows)),
        "twice": queries.twice_known(db.session, (row.phone for row in rows)),
    }


@bp.get("/candidates/figures")
@requires(Permission.SEE_FIGURES)
def figures() -> Any:
    scope = current_user.scope
    regions = {kato: name for kato, name in region_names().items() if scope.covers(kato)}
    ways = queries.all_ways(db.session, scope, clock.today())
    found = make_figures(ways, list(regions), clock.today())
    return render_template("candidates/figures.html", figures=found, regions=regions, steps=Step)


def _page_of(mentor: Mentor) -> dict[str, Any] | None:
    """What a mentor's page says of their way; None for those who were never candidates."""
    candidate = mentor.candidate
    if candidate is None:
        return None
    way = queries.way_of_candidate(db.session, candidate, clock.today())
    earlier = queries.earlier_steps(db.session, candidate)
    people: list[int | None] = [state.owner_id for state in way.steps]
    people += [state.row.recorded_by for state in way.steps]
    people += [candidate.ended_by, *(change.changed_by for change in mentor.changes)]
    return {
        "candidate": candidate,
        "way": way,
        "earlier": earlier,
        "names": queries.names_of(db.session, people),
        "same_phone": queries.same_phone(db.session, mentor),
    }


@bp.post("/candidates/<int:candidate_id>/take")
@requires(Permission.EDIT_PEOPLE)
def take(candidate_id: int) -> Any:
    services.take_over(db.session, _candidate(candidate_id), **_by())
    db.session.commit()
    flash(gettext("You see to this candidate now."))
    return _back(candidate_id)


def _back(candidate_id: int) -> Response:
    return redirect(url_for("mentors.show", mentor_id=candidate_id))


def _verb(
    candidate: Candidate,
    schema: PageSchema,
    act: Callable[[Form], Any],
    template: str,
    beside: dict[str, str],
    *,
    initial: dict[str, Any] | None = None,
    **context: Any,
) -> Any:
    """One form about a candidate: shown, done and told on the mentor's page."""
    way = queries.way_of_candidate(db.session, candidate, clock.today())
    form = Form(schema, **(initial or {}))
    if form.submitted() and form.saved(lambda: act(form), beside, once=True):
        flash(gettext("Changes saved."))
        return _back(candidate.mentor_id)
    return form.page(f"candidates/{template}.html", candidate=candidate, way=way, **context)


@bp.route(f"/candidates/<int:candidate_id>/assign/{STEP}", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def assign(candidate_id: int, step: str) -> Any:
    candidate = _candidate(candidate_id)
    row = queries.step_row(db.session, candidate, step) or models.CandidateStep()
    owners = queries.possible_owners(db.session, candidate.mentor.region)

    def act(form: Form) -> None:
        owner = queries.users_of(db.session, [int(form.data["owner"] or 0)])
        chosen = {"owner": next(iter(owner.values()), None), "due_on": form.data["due_on"]}
        services.assign_step(db.session, candidate, Step(step), **chosen, **_by())

    initial = {"owner": row.owner_id or candidate.owner_id, "due_on": row.due_on}
    beside = {"owner_outside": "owner", "due_in_past": "due_on"}
    schema = AssignSchema().among(owners)
    return _verb(candidate, schema, act, "assign", beside, initial=initial, step=step)


@bp.route(
    "/candidates/<int:candidate_id>/plan/<any(interview, housing):step>", methods=["GET", "POST"]
)
@requires(Permission.EDIT_PEOPLE)
def plan(candidate_id: int, step: str) -> Any:
    candidate = _candidate(candidate_id)
    row = queries.step_row(db.session, candidate, step)

    def act(form: Form) -> None:
        day = form.data["planned_on"]
        services.plan_visit(db.session, candidate, Step(step), day, **_by())

    initial = {"planned_on": row.planned_on if row else None}
    beside = {"visit_in_past": "planned_on"}
    return _verb(candidate, PlanSchema(), act, "plan", beside, initial=initial, step=step)


@bp.route(
    "/candidates/<int:candidate_id>/outcome/<any(application, interview, housing):step>",
    methods=["GET", "POST"],
)
@requires(Permission.EDIT_PEOPLE, audited=True)
def outcome(candidate_id: int, step: str) -> Any:
    candidate = _candidate(candidate_id)
    row = queries.step_row(db.session, candidate, step) or models.CandidateStep()

    def act(form: Form) -> None:
        services.record_outcome(
            db.session,
            candidate,
            Step(step),
            StepOutcome(form.data["outcome"]),
            **{name: form.data[name] for name in ("held_on", "note")},
            **_by(),
            at=clock.now(),
            correcting=request.form.get("knowing") == "1",
        )

    initial = {"outcome": row.outcome, "note": row.note, "held_on": row.done_on or clock.today()}
    beside = {"step_ahead": "held_on", "before_application": "held_on"}
    context = {"step": step, "row": row, "same_phone": _twins(candidate)}
    page = _verb(candidate, OutcomeSchema(), act, "outcome", beside, initial=initial, **context)
    audit.record("read_mentor", candidate.mentor, by=current_user.id)
    db.session.commit()
    return page


def _twins(candidate: Candidate) -> Iterable[Mentor]:
    return queries.same_phone(db.session, candidate.mentor)


@bp.route("/candidates/<int:candidate_id>/refuse", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def refuse(candidate_id: int) -> Any:
    return _end(_candidate(candidate_id), RefuseSchema(), services.refuse, "refuse")


@bp.route("/candidates/<int:candidate_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def withdraw(candidate_id: int) -> Any:
    return _end(_candidate(candidate_id), WithdrawSchema(), services.withdraw, "withdraw")


def _end(candidate: Candidate, schema: PageSchema, end: Callable[..., None], kind: str) -> Any:
    def act(form: Form) -> None:
        end(db.session, candidate, **form.data, by=current_user.id, at=clock.now())

    return _verb(candidate, schema, act, "end", {}, kind=kind)


@bp.route("/candidates/<int:candidate_id>/activate", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def activate(candidate_id: int) -> Any:
    candidate, at = _candidate(candidate_id), clock.now()

    def act(form: Form) -> None:
        services.activate(db.session, candidate, **form.data, **_by(), at=at)

    mentor = candidate.mentor
    initial = {"capacity": mentor.capacity, "reach_km": mentor.reach_km}
    most = value(db.session, "mentor.most_children")
    beside = {"too_many_children": "capacity"}
    return _verb(candidate, ActivateSchema(), act, "activate", beside, initial=initial, most=most)


@bp.post("/mentors/<int:mentor_id>/apply-again")
@requires(Permission.EDIT_PEOPLE)
def apply_again(mentor_id: int) -> Any:
    mentor = find_mentor(db.session, current_user, mentor_id) or abort(404)
    language = chosen_language()
    services.apply_again(db.session, mentor, language=language, by=current_user.id, at=clock.now())
    db.session.commit()
    flash(gettext("The application is taken up again."))
    return _back(mentor_id)


def next_address(candidate_id: int, way: Way) -> str:
    """Where the one next action of a way is done."""
    action, now = way.next_action, way.now
    own: dict[str, Any] = {"candidate_id": candidate_id}
    if action in ("active", "refuse"):
        return url_for(f"candidates.{'activate' if action == 'active' else 'refuse'}", **own)
    if action in ("read", "plan", "record") and now is not None:
        page = "plan" if action == "plan" else "outcome"
        return url_for(f"candidates.{page}", step=str(now.step), **own)
    if action == "clearances" and now is not None:
        kinds = [lack.kind for lack in now.lacks]
        return url_for("qualification.add_clearances", mentor_id=candidate_id, kind=kinds)
    return _training_address(candidate_id, way)


def _training_address(candidate_id: int, way: Way) -> str:
    action, place, now = way.next_action, way.place, way.now
    if action == "certificate" and place is not None and place.certificate_id is None:
        return url_for("training.issue", enrolment_id=place.enrolment_id)
    if action == "certificate":
        return url_for("qualification.add_certificate", mentor_id=candidate_id)
    if action == "training" or place is None:
        return url_for("mentors.show", mentor_id=candidate_id, _anchor="training")
    ahead = now is not None and now.lacks[0].code == LackCode.COURSE_AHEAD
    return url_for(f"training.{'show' if ahead else 'record'}", training_id=place.training_id)
