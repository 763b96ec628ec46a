from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user

from mentorship import clock
from mentorship.accounts.models import Leave, User
from mentorship.cover import notices, queries, services, words
from mentorship.cover.report import digest
from mentorship.cover.schemas import leave_schema
from mentorship.database import db
from mentorship.permissions import Permission, requires
from mentorship.web.forms import Form
from mentorship.web.paging import Listing

bp = Blueprint("cover", __name__)
bp.record_once(lambda state: state.app.jinja_env.globals.update(cover_words=words))
BESIDE = {
    "cover_self": "cover_id",
    "cover_role": "cover_id",
    "cover_away": "cover_id",
    "covers_then": "user_id",
    "leave_not_yours": "user_id",
    "leave_days": "until_on",
    "leave_past": "from_on",
    "leave_overlaps": "from_on",
}


@bp.get("/leave")
@requires(Permission.PLAN_LEAVE)
def index() -> Any:
    listing = Listing.from_request(["from"])
    listing.descending = not listing.descending  # the newest first
    orders = {"from": Leave.from_on}
    listing.fill(db.session, queries.visible_leaves(current_user), orders, Leave.id)
    return render_template("cover/index.html", listing=listing, may_plan=services.may_plan)


@bp.route("/leave/new", methods=["GET", "POST"])
@requires(Permission.PLAN_LEAVE)
def create() -> Any:
    people = queries.coordinators(db.session)
    absent = {str(row.id): row.name for row in people if services.may_plan(current_user, row)}
    form = Form(
        leave_schema(absent, {str(row.id): row.name for row in people}),
        user_id=current_user.id if str(current_user.id) in absent else None,
    )
    if form.submitted() and form.saved(lambda: _plan(form), BESIDE, once=True):
        flash(gettext("The leave is entered. The colleague who covers is told."))
        return redirect(url_for("cover.index"))
    return form.page("cover/form.html", nobody=not absent)


def _plan(form: Form) -> Leave:
    asked, at = form.data, clock.now()
    leave = services.plan_leave(
        db.session,
        db.session.get_one(User, asked["user_id"]),
        db.session.get_one(User, asked["cover_id"]),
        from_on=asked["from_on"],
        until_on=asked["until_on"],
        by=db.session.get_one(User, current_user.id),
        on=clock.today(),
        at=at,
    )
    db.session.flush()
    base_url = current_app.config["SETTINGS"].base_url
    notices.tell_cover(db.session, leave, base_url=base_url, at=at)
    return leave


@bp.post("/leave/<int:leave_id>/end")
@requires(Permission.PLAN_LEAVE)
def end(leave_id: int) -> Any:
    leave = queries.find_leave(db.session, current_user, leave_id) or abort(404)
    services.end_leave(db.session, leave, by=current_user, on=clock.today())
    db.session.commit()
    flash(gettext("The leave has ended. From now on nobody covers."))
    return redirect(url_for("cover.index"))


@bp.get("/leave/<int:leave_id>")
@requires(Permission.PLAN_LEAVE)
def show(leave_id: int) -> Any:
    leave = queries.find_leave(db.session, current_user, leave_id) or abort(404)
    people = digest(db.session, leave) if leave.from_on <= clock.today() else []
    total = sum(row.total for row in people)
    return render_template("cover/show.html", leave=leave, colleagues=people, total=total)
