from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user

from mentorship import audit, clock
from mentorship.agreements.queries import find_preparation
from mentorship.agreements.schemas import AgreementSchema
from mentorship.check_ins import queries, services
from mentorship.check_ins.models import CheckIn
from mentorship.check_ins.schemas import CheckInSchema
from mentorship.children.models import Child
from mentorship.children.reading import noted
from mentorship.database import db
from mentorship.matches.models import Preparation
from mentorship.matches.queries import find_match
from mentorship.meetings.queries import meetings_of_match
from mentorship.mentors.models import Mentor
from mentorship.permissions import Permission, requires
from mentorship.places.models import Centre
from mentorship.web.forms import Form
from mentorship.web.paging import Listing

bp = Blueprint("check_ins", __name__)


@bp.route("/agreements/<int:preparation_id>/agreement", methods=["GET", "POST"])
@requires(Permission.DECIDE_PROPOSALS, audited=True)
def begin(preparation_id: int) -> Any:
    preparation: Preparation = find_preparation(db.session, current_user, preparation_id) or abort(
        404
    )
    form = Form(AgreementSchema(), agreed_on=clock.today())
    if form.submitted() and form.saved(
        lambda: services.begin_match(
            db.session,
            preparation,
            **form.data,
            by=current_user.id,
            on=clock.today(),
            at=clock.now(),
        ),
        {"before_words": "agreed_on"},
    ):
        flash(gettext("The match has begun. The first check-ins are planned."))
        return redirect(url_for("agreements.show", preparation_id=preparation_id))
    page = form.page("check_ins/begin.html", preparation=preparation)
    return noted(preparation.child, page, preparation=preparation_id)


@bp.get("/check-ins")
@requires(Permission.CARE_FOR_MATCHES)
def index() -> Any:
    listing = Listing.from_request(["due", "child", "mentor"], ["state", "region"])
    on, state = clock.today(), listing.filters.get("state")
    query = queries.open_check_ins(current_user, on + queries.SOON)
    if state in ("overdue", "due"):
        query = query.where(CheckIn.due_on < on if state == "overdue" else CheckIn.due_on >= on)
    if "region" in listing.filters:
        query = query.where(Centre.region == listing.filters["region"])
    orders = {"due": CheckIn.due_on, "child": Child.sort_key, "mentor": Mentor.sort_key}
    listing.fill(db.session, query, orders, CheckIn.id)
    return render_template("check_ins/index.html", listing=listing)


@bp.get("/matches/<int:match_id>")
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def match(match_id: int) -> Any:
    found = find_match(db.session, current_user, match_id) or abort(404)
    audit.record("read_child", found.child, by=current_user.id, match=found.id)
    page = render_template(
        "check_ins/match.html",
        match=found,
        check_ins=queries.check_ins_of_match(db.session, found.id),
        meetings=meetings_of_match(db.session, found.id),
    )
    db.session.commit()
    return page


@bp.route("/check-ins/<int:check_in_id>", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def record(check_in_id: int) -> Any:
    check_in: CheckIn = queries.find_check_in(db.session, current_user, check_in_id) or abort(404)
    form = Form(CheckInSchema(), held_on=clock.today())
    if form.submitted() and form.saved(
        lambda: services.record_check_in(
            db.session, check_in, form.data, by=current_user.id, at=clock.now()
        ),
        {"before_start": "held_on"},
    ):
        flash(gettext("The check-in is recorded."))
        return redirect(url_for("check_ins.match", match_id=check_in.match_id))
    answer = form.page("check_ins/record.html", check_in=check_in)
    audit.record("read_child", check_in.match.child, by=current_user.id, match=check_in.match_id)
    db.session.commit()
    return answer
