from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user

from mentorship import clock
from mentorship.children.models import Child
from mentorship.children.reading import noted
from mentorship.database import db
from mentorship.matches.facts import pair_facts
from mentorship.matches.models import Match
from mentorship.mentors.models import Mentor
from mentorship.permissions import Permission, requires
from mentorship.reviews import queries, services, words
from mentorship.reviews.facts import way_km
from mentorship.reviews.models import Review, ReviewDecision, Telling
from mentorship.reviews.notices import News
from mentorship.reviews.schemas import AdaptingSchema, GoingOnSchema, PlanSchema, ToldSchema
from mentorship.web.forms import Form
from mentorship.web.paging import Listing

bp = Blueprint("reviews", __name__)
bp.record_once(lambda state: state.app.jinja_env.globals.update(review_words=words))


def _review(review_id: int) -> Review:
    return queries.find_review(db.session, current_user, review_id) or abort(404)


def _telling(telling_id: int) -> Telling:
    return queries.find_telling(db.session, current_user, telling_id) or abort(404)


def _counts() -> queries.Counts:
    return queries.counts(db.session, current_user, clock.today(), clock.now())


@bp.get("/reviews")
@requires(Permission.CARE_FOR_MATCHES)
def index() -> Any:
    listing = Listing.from_request(["due", "child", "mentor"], ["cause", "region"])
    query = queries.open_reviews(current_user)
    found = queries.search(query, Review, listing.q, listing.filters)
    orders = {"due": Review.due_on, "child": Child.sort_key, "mentor": Mentor.sort_key}
    listing.fill(db.session, found, orders, Review.id)
    return render_template("reviews/index.html", listing=listing, counts=_counts())


@bp.get("/reviews/tellings")
@requires(Permission.CARE_FOR_MATCHES)
def tellings() -> Any:
    listing = Listing.from_request(["due", "child", "mentor"], ["cause", "region"])
    query = queries.open_tellings(current_user)
    found = queries.search(query, Telling, listing.q, listing.filters)
    orders = {"due": Telling.due_at, "child": Child.sort_key, "mentor": Mentor.sort_key}
    listing.fill(db.session, found, orders, Telling.id)
    return render_template("reviews/tellings.html", listing=listing, counts=_counts())


@bp.route("/reviews/<int:review_id>", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def show(review_id: int) -> Any:
    review = _review(review_id)
    rules = services.refusals_now(db.session, review.match, clock.today())
    possible = services.possible_decisions(rules)
    form = Form(GoingOnSchema() if ReviewDecision.CONTINUE in possible else AdaptingSchema())
    if form.submitted() and form.saved(lambda: _decide(review, form), {"adapting_unsaid": "note"}):
        flash(gettext("The decision is recorded."))
        return redirect(url_for("check_ins.match", match_id=review.match_id))
    review = _review(review_id)
    facts = _what_changed(review.match)
    answer = form.page("reviews/show.html", review=review, rules=rules, possible=possible, **facts)
    return noted(review.match.child, answer, review=review_id)


def _decide(review: Review, form: Form) -> None:
    decision, note = ReviewDecision(form.data["decision"]), form.data["note"]
    services.decide_review(
        db.session, review, decision, note=note, by=current_user.id, at=clock.now()
    )
    base_url = current_app.config["SETTINGS"].base_url
    news = News(db.session, f"review-{review.id}", base_url, clock.now())
    news.to_mentors("match_goes_on", [review.match.mentor], f"/my-matches/{review.match_id}")


def _what_changed(match: Match) -> dict[str, Any]:
    """The way between home and centre now and before, and what the two have in common."""
    before = queries.centre_before(db.session, match.child)
    return {
        "facts": pair_facts(match.mentor, match.child, clock.today()),
        "before": before,
        "km_before": way_km(match.mentor, before) if before else None,
    }


@bp.route("/tellings/<int:telling_id>/plan", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def plan(telling_id: int) -> Any:
    telling = _telling(telling_id)
    planned = {name: getattr(telling, name) for name in ("teller", "beside", "planned_on")}
    form = Form(PlanSchema(), **(planned | {"planned_on": telling.planned_on or clock.today()}))
    if form.submitted() and form.saved(
        lambda: services.plan_telling(db.session, telling, **form.data, by=current_user.id)
    ):
        flash(gettext("It is planned. Record it here when the child has been told."))
        return redirect(url_for("check_ins.match", match_id=telling.match_id))
    telling = _telling(telling_id)
    return noted(telling.match.child, form.page("reviews/plan.html", telling=telling))


@bp.route("/tellings/<int:telling_id>/told", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def told(telling_id: int) -> Any:
    telling, at = _telling(telling_id), clock.now()
    form = Form(ToldSchema(), teller=telling.teller, beside=telling.beside, told_on=clock.today())
    if form.submitted() and form.saved(
        lambda: services.record_telling(
            db.session, telling, **form.data, by=current_user.id, at=at
        ),
        {"told_before": "told_on"},
    ):
        flash(gettext("It is recorded that the child was told."))
        return redirect(url_for("check_ins.match", match_id=telling.match_id))
    telling = _telling(telling_id)
    return noted(telling.match.child, form.page("reviews/told.html", telling=telling))
