from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user

from mentorship import audit, clock
from mentorship.children.reading import noted
from mentorship.concerns import queries, services
from mentorship.concerns.models import Concern
from mentorship.concerns.schemas import ReviewSchema
from mentorship.database import db
from mentorship.matches.queries import find_match
from mentorship.meetings.schemas import MeetingSchema
from mentorship.permissions import Permission, requires
from mentorship.web.forms import Form
from mentorship.web.paging import Listing

bp = Blueprint("concerns", __name__)


@bp.route("/my-matches/<int:match_id>/meetings/new", methods=["GET", "POST"])
@requires(Permission.LOG_OWN_MEETINGS, audited=True)
def log_meeting(match_id: int) -> Any:
    match = find_match(db.session, current_user, match_id) or abort(404)
    form = Form(MeetingSchema(), held_on=clock.today(), kind="in_person", minutes=120)
    if form.submitted() and form.saved(
        lambda: services.log_meeting_with_worry(
            db.session, match, form.data, by=current_user.id, at=clock.now()
        ),
        {"before_start": "held_on"},
        once=True,
    ):
        flash(_thanks(bool(form.data["worry"])))
        return redirect(url_for("meetings.my_match", match_id=match_id))
    page = form.page("concerns/log_meeting.html", match=match)
    return noted(match.child, page, match=match_id)


def _thanks(worried: bool) -> str:
    if worried:
        return str(gettext("The meeting is recorded. Your coordinator will read your worry first."))
    return str(gettext("The meeting is recorded. Thank you."))


@bp.get("/concerns")
@requires(Permission.REVIEW_CONCERNS)
def index() -> Any:
    listing = Listing.from_request(["raised"], ["state"])
    query = queries.visible_concerns(current_user)
    state = listing.filters.get("state")
    if state == "open":
        query = query.where(Concern.reviewed_at.is_(None))
    elif state == "reviewed":
        query = query.where(Concern.reviewed_at.is_not(None))
    listing.descending = True
    listing.fill(db.session, query, {"raised": Concern.raised_at}, Concern.id)
    return render_template("concerns/index.html", listing=listing)


@bp.route("/concerns/<int:concern_id>", methods=["GET", "POST"])
@requires(Permission.REVIEW_CONCERNS, audited=True)
def review(concern_id: int) -> Any:
    concern = queries.find_concern(db.session, current_user, concern_id) or abort(404)
    form = Form(ReviewSchema())
    if form.submitted():
        services.review_concern(
            db.session, concern, **form.data, by=current_user.id, at=clock.now()
        )
        db.session.commit()
        flash(gettext("The review is recorded."))
        return redirect(url_for("concerns.index"))
    audit.record("read_concern", concern, by=current_user.id)
    page = render_template("concerns/review.html", form=form, concern=concern)
    db.session.commit()
    return page, 422 if form.errors else 200
