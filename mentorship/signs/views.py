from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user

from mentorship import clock
from mentorship.children.models import Child
from mentorship.children.reading import noted
from mentorship.database import db
from mentorship.matches.queries import find_match
from mentorship.mentors.models import Mentor
from mentorship.permissions import Permission, requires
from mentorship.signs import queries, services, words
from mentorship.signs.models import Sign
from mentorship.signs.schemas import SeenSchema
from mentorship.web.forms import Form
from mentorship.web.paging import Listing

bp = Blueprint("signs", __name__)
bp.record_once(
    lambda state: state.app.jinja_env.globals.update(
        sign_words=words,
        signs_of_match=lambda match: queries.signs_of_match(db.session, match.id),
    )
)


@bp.get("/signs")
@requires(Permission.CARE_FOR_MATCHES)
def index() -> Any:
    listing = Listing.from_request(
        ["kind", "since", "child", "mentor"], ["kind", "region", "state"]
    )
    query = queries.search_signs(current_user, listing.q, listing.filters, clock.today())
    orders = {
        "kind": queries.GRAVITY,
        "since": Sign.since_on,
        "child": Child.sort_key,
        "mentor": Mentor.sort_key,
    }
    listing.fill(db.session, query, orders, Sign.id)
    return render_template("signs/index.html", listing=listing)


@bp.route("/signs/<int:sign_id>", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def show(sign_id: int) -> Any:
    sign = queries.find_sign(db.session, current_user, sign_id) or abort(404)
    given = {"by": current_user.id, "on": clock.today(), "at": clock.now()}
    form = Form(SeenSchema(), note=sign.note, snoozed_until=sign.snoozed_until)
    if form.submitted() and form.saved(
        lambda: services.note_sign(db.session, sign, **form.data, **given),
        {"snooze_ahead": "snoozed_until"},
    ):
        flash(gettext("It is noted that you have seen it."))
        return redirect(url_for("dashboard.today"))
    page = form.page("signs/show.html", sign=sign)
    return noted(sign.match.child, page, match=sign.match_id)


@bp.post("/matches/<int:match_id>/signs")
@requires(Permission.CARE_FOR_MATCHES)
def look(match_id: int) -> Any:
    match = find_match(db.session, current_user, match_id) or abort(404)
    services.look(db.session, clock.today(), clock.now(), [match.id])
    db.session.commit()
    flash(gettext("The warning signs of this match are up to date."))
    return redirect(url_for("check_ins.match", match_id=match_id))
