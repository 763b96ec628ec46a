from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_login import current_user

from mentorship import audit, clock
from mentorship.children.models import Child
from mentorship.children.queries import find_child
from mentorship.children.reading import noted
from mentorship.database import db
from mentorship.decisions import queries, services
from mentorship.decisions.problem import points_today
from mentorship.decisions.schemas import (
    AnswerSchema,
    AskSchema,
    DeclineSchema,
    EmptySchema,
    PairSchema,
    RulingSchema,
)
from mentorship.errors import DomainError
from mentorship.i18n import show_date
from mentorship.matches.facts import pair_facts
from mentorship.matches.models import Proposal, Ruling, RulingKind
from mentorship.matches.policies import STANDS_MONTHS, stands_until
from mentorship.matches.queries import find_proposal, find_round
from mentorship.matches.services import decline_proposal
from mentorship.mentors.models import Mentor
from mentorship.mentors.queries import find_mentor
from mentorship.permissions import Permission, requires
from mentorship.web import problems
from mentorship.web.forms import Form
from mentorship.web.numbers import row_id
from mentorship.web.once import new_token, use_token
from mentorship.web.paging import Listing
from mentorship.web.refusals import tell_refusals
from mentorship.web.undo import offer_undo

bp = Blueprint("decisions", __name__)


def _proposal(proposal_id: int) -> Proposal:
    return find_proposal(db.session, current_user, proposal_id) or abort(404)


def _mentor(mentor_id: int) -> Mentor:
    return find_mentor(db.session, current_user, mentor_id) or abort(404)


def _child(child_id: int) -> Child:
    return find_child(db.session, current_user, child_id) or abort(404)


def _version() -> int:
    """The version the page was made from; a page that does not say is old."""
    return request.form.get("version", type=int) or 0


def _shown(form: Form, proposal: Proposal) -> int:
    """The version a form carries: what was sent stays, until its reader was told of a change."""
    told = request.method == "GET" or "form" in form.errors
    return proposal.version if told else _version()


def _press(act: Callable[[], Any]) -> Any:
    """Do what a button says, once, and commit."""
    use_token(db.session, Form(EmptySchema()).token)
    result = act()
    db.session.commit()
    return result


@bp.get("/rulings")
@requires(Permission.DECIDE_PROPOSALS)
def rulings() -> Any:
    listing = Listing.from_request(["recorded", "until"], ["kind", "state", "mentor", "child"])
    if not request.args.get("sort"):
        listing.descending = True
    query = queries.search_rulings(current_user, listing.filters, clock.today())
    orders = {"recorded": Ruling.recorded_at, "until": Ruling.until}
    listing.fill(db.session, query, orders, Ruling.id.desc())
    return render_template("decisions/rulings.html", listing=listing)


@bp.post("/rulings/<int:ruling_id>/lift")
@requires(Permission.DECIDE_PROPOSALS)
def lift(ruling_id: int) -> Any:
    ruling = queries.find_ruling(db.session, current_user, ruling_id) or abort(404)
    _press(lambda: services.lift(db.session, ruling, by=current_user.id, at=clock.now()))
    flash(gettext("The ruling is lifted. It counts no more from the next round on."))
    return redirect(url_for("decisions.rulings"))


@bp.route("/children/<int:child_id>/hold", methods=["GET", "POST"])
@requires(Permission.DECIDE_PROPOSALS, audited=True)
def hold_child(child_id: int) -> Any:
    return _rule(RulingKind.HOLD_CHILD, child=_child(child_id))


@bp.route("/mentors/<int:mentor_id>/hold", methods=["GET", "POST"])
@requires(Permission.DECIDE_PROPOSALS)
def hold_mentor(mentor_id: int) -> Any:
    return _rule(RulingKind.HOLD_MENTOR, mentor=_mentor(mentor_id))


@bp.route("/pairs/<int:mentor_id>/<int:child_id>/forbid", methods=["GET", "POST"])
@requires(Permission.DECIDE_PROPOSALS, audited=True)
def forbid(mentor_id: int, child_id: int) -> Any:
    return _rule(RulingKind.APART, mentor=_mentor(mentor_id), child=_child(child_id))


@bp.route("/pairs/<int:mentor_id>/<int:child_id>/keep", methods=["GET", "POST"])
@requires(Permission.DECIDE_PROPOSALS, audited=True)
def keep(mentor_id: int, child_id: int) -> Any:
    return _rule(RulingKind.TOGETHER, mentor=_mentor(mentor_id), child=_child(child_id))


def _rule(kind: RulingKind, *, mentor: Mentor | None = None, child: Child | None = None) -> Any:
    form = Form(RulingSchema())
    if form.submitted() and form.saved(
        lambda: services.rule(
            db.session,
            kind,
            mentor=mentor,
            child=child,
            **form.data,
            by=current_user.id,
            on=clock.today(),
            at=clock.now(),
        ),
        once=True,
    ):
        flash(gettext("The ruling is recorded. Every round honours it from now on."))
        about = {"child": child.id} if child else {"mentor": mentor.id if mentor else None}
        return redirect(url_for("decisions.rulings", **about))
    page = form.page("decisions/rule.html", kind=kind, mentor=mentor, child=child)
    return noted(child, page) if child else page


@bp.get("/proposals")
@requires(Permission.DECIDE_PROPOSALS)
def proposals() -> Any:
    sorts, filters = ["points", "child", "mentor"], ["status", "origin", "question"]
    listing = Listing.from_request(sorts, filters)
    if not request.args.get("sort"):
        listing.descending = True
    query = queries.search_proposals(current_user, listing.q, listing.filters)
    orders = {"points": Proposal.points, "child": Child.sort_key, "mentor": Mentor.sort_key}
    listing.fill(db.session, query, orders, Proposal.id)
    return render_template("decisions/proposals.html", listing=listing)


@bp.route("/proposals/<int:proposal_id>/decline", methods=["GET", "POST"])
@requires(Permission.DECIDE_PROPOSALS, audited=True)
def decline(proposal_id: int) -> Any:
    found = _proposal(proposal_id)
    form = Form(DeclineSchema())
    if form.submitted() and form.saved(
        lambda: _decline(found.id, _version(), form.data), once=True
    ):
        offer_undo(_declined(form.result), [form.result])
        return redirect(_list_of(found))
    versions = {found.id: _shown(form, found)}
    page = form.page(
        "decisions/decline.html", pairs=[found], versions=versions, usual_terms=STANDS_MONTHS
    )
    return noted(found.child, page, proposal=found.id)


def _decline(proposal_id: int, version: int, given: dict[str, Any]) -> Proposal:
    until = given["until"] or stands_until(given["reason"], clock.today())
    return decline_proposal(
        db.session,
        proposal_id,
        reason=given["reason"],
        note=given["note"],
        until=None if given["for_good"] else until,
        version=version,
        by=current_user.id,
        at=clock.now(),
    )


def _declined(proposal: Proposal) -> str:
    if proposal.declined_until is None:
        return str(gettext("The proposal is declined. This pair will not be proposed again."))
    return str(
        gettext(
            "The proposal is declined. This pair will not be proposed again until after %(day)s.",
            day=show_date(proposal.declined_until),
        )
    )


def _list_of(proposal: Proposal) -> str:
    """The list a proposal stands in: its round, or all proposals when a person made it."""
    if proposal.round_id is None:
        return url_for("decisions.proposals")
    return url_for("matches.round", round_id=proposal.round_id)


@bp.post("/rounds/<int:round_id>/decline")
@requires(Permission.DECIDE_PROPOSALS)
def decline_selected(round_id: int) -> Any:
    found = find_round(db.session, current_user, round_id) or abort(404)
    versions = {
        row_id(text): request.form.get(f"version.{text}", type=int) or 0
        for text in request.form.getlist("proposal")
    }
    pairs = queries.chosen_proposals(db.session, current_user, versions)
    pairs = [pair for pair in pairs if pair.round_id == found.id]
    if not pairs:
        flash(str(problems.PROBLEMS["nothing_chosen"]))
        return redirect(url_for("matches.round", round_id=round_id))
    form = Form(DeclineSchema())
    if "confirmed" not in request.form:  # the list asks for this page with its own token
        form.token = new_token()
    elif form.submitted() and form.saved(lambda: _decline_each(pairs, versions, form), once=True):
        return redirect(url_for("matches.round", round_id=round_id))
    return form.page(
        "decisions/decline.html",
        pairs=pairs,
        versions=versions,
        round=found,
        usual_terms=STANDS_MONTHS,
    )


def _decline_each(pairs: list[Proposal], versions: dict[int, int], form: Form) -> None:
    ids = [pair.id for pair in pairs]
    done, refused = _each(ids, lambda number: _decline(number, versions[number], form.data))
    offer_undo(
        ngettext("%(num)d proposal is declined.", "%(num)d proposals are declined.", len(done)),
        done,
    )
    tell_refusals(refused)


def _each(
    ids: list[int], act: Callable[[int], Proposal]
) -> tuple[list[Proposal], list[DomainError]]:
    """Do the same to several proposals, each in its own savepoint; the done and the refusals."""
    done, refused = [], []
    for number in ids:
        try:
            with db.session.begin_nested():
                done.append(act(number))
        except DomainError as error:
            refused.append(error)
    return done, refused


@bp.route("/proposals/<int:proposal_id>/ask", methods=["GET", "POST"])
@requires(Permission.DECIDE_PROPOSALS, audited=True)
def ask(proposal_id: int) -> Any:
    return _talk(proposal_id, Form(AskSchema()), "question", services.ask)


@bp.route("/proposals/<int:proposal_id>/answer", methods=["GET", "POST"])
@requires(Permission.DECIDE_PROPOSALS, audited=True)
def answer(proposal_id: int) -> Any:
    return _talk(proposal_id, Form(AnswerSchema()), "answer", services.answer)


def _talk(proposal_id: int, form: Form, name: str, act: Callable[..., None]) -> Any:
    found = _proposal(proposal_id)
    given = {"version": _version(), "by": current_user.id, "at": clock.now()}
    if form.submitted() and form.saved(
        lambda: act(db.session, found.id, form.data[name], **given), once=True
    ):
        flash(gettext("Saved. Everybody who opens the proposal sees it."))
        return redirect(url_for("explanations.proposal", proposal_id=proposal_id))
    page = form.page(f"decisions/{name}.html", proposal=found, version=_shown(form, found))
    return noted(found.child, page, proposal=found.id)


@bp.post("/proposals/undo")
@requires(Permission.DECIDE_PROPOSALS)
def undo() -> Any:
    versions = {
        row_id(first): row_id(second)
        for first, _, second in (text.partition(".") for text in request.form.getlist("decided"))
    }
    found = queries.chosen_proposals(db.session, current_user, versions)
    if not found:
        flash(str(problems.PROBLEMS["cannot_undo"]))
        return redirect(url_for("decisions.proposals"))
    ids, address = [pair.id for pair in found], _list_of(found[0])
    done, refused = _press(lambda: _each(ids, lambda number: _undo(number, versions[number])))
    if done:
        flash(ngettext("%(num)d proposal is open again.", "%(num)d are open again.", len(done)))
    tell_refusals(refused)
    one = url_for("explanations.proposal", proposal_id=ids[0])
    return redirect(one if len(ids) == 1 else address)


def _undo(proposal_id: int, version: int) -> Proposal:
    by, at = current_user.id, clock.now()
    return services.undo(db.session, proposal_id, version=version, by=by, at=at)


@bp.route("/pairs/new", methods=["GET", "POST"])
@requires(Permission.DECIDE_PROPOSALS, audited=True)
def new_pair() -> Any:
    child_id, mentor_id = (request.values.get(who, 0, row_id) for who in ("child", "mentor"))
    child = _child(child_id) if child_id else None
    mentor = _mentor(mentor_id) if mentor_id else None
    form = Form(PairSchema(), start_on=clock.today())
    if (
        child
        and mentor
        and form.submitted()
        and form.saved(
            lambda: services.propose(
                db.session, mentor, child, **form.data, by=current_user.id, at=clock.now()
            ),
            once=True,
        )
    ):
        flash(gettext("The pair is proposed. Decide on it like on any other."))
        return redirect(url_for("explanations.proposal", proposal_id=form.result.id))
    page = form.page("decisions/new_pair.html", **_pair_so_far(mentor, child))
    db.session.commit()
    return page


def _pair_so_far(mentor: Mentor | None, child: Child | None) -> dict[str, Any]:
    """Who is chosen, who is found, and what the rules and the points say of the pair."""
    asked = {who: request.args.get(f"{who}_q", "").strip()[:100] for who in ("child", "mentor")}
    context: dict[str, Any] = {"child": child, "mentor": mentor, "asked": asked}
    if child:
        audit.record("read_child", child, by=current_user.id, page="new_pair")
    elif asked["child"]:
        context["children"] = queries.children_named(db.session, current_user, asked["child"])
    if mentor is None and asked["mentor"]:
        context["mentors"] = queries.mentors_named(db.session, current_user, asked["mentor"])
    if child:
        context["open_now"] = queries.open_proposal_of(db.session, child.id)
    if child and mentor:
        today = clock.today()
        try:
            services.check_possible(db.session, mentor, child, today)
            context["reasons"] = points_today(db.session, mentor, child, today)
            context["facts"] = pair_facts(mentor, child, today)
        except DomainError as error:
            context["refused"] = error
    return context
