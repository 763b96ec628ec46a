from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from mentorship import audit, clock
from mentorship.accounts.models import User
from mentorship.database import db
from mentorship.messages import services
from mentorship.messages.models import Message
from mentorship.permissions import Permission, requires
from mentorship.web.paging import Listing

bp = Blueprint("messages", __name__)


@bp.get("/outbox")
@requires(Permission.MANAGE_USERS)
def index() -> Any:
    listing = Listing.from_request(["written", "to"], ["status"])
    if not listing.descending and listing.sort == "written":
        listing.descending = True  # the newest message first
    query = select(Message).join(Message.user).options(contains_eager(Message.user))
    if "status" in listing.filters:
        query = query.where(Message.status == listing.filters["status"])
    listing.fill(db.session, query, {"written": Message.id, "to": User.email}, Message.id)
    sends = current_app.config["SETTINGS"].mail_url is not None
    return render_template("messages/index.html", listing=listing, sends=sends)


@bp.get("/outbox/<int:message_id>")
@requires(Permission.MANAGE_USERS, audited=True)
def show(message_id: int) -> Any:
    message = db.get_or_404(Message, message_id)
    audit.record("read_message", message, by=current_user.id)
    page = render_template("messages/show.html", message=message)
    db.session.commit()
    return page


@bp.post("/users/<int:user_id>/invite")
@requires(Permission.MANAGE_USERS)
def invite(user_id: int) -> Any:
    message = services.invite(
        db.session,
        db.get_or_404(User, user_id),
        base_url=current_app.config["SETTINGS"].base_url,
        path=url_for("accounts.set_password", token="TOKEN"),
        secret=current_app.config["SECRET_KEY"],
        by=current_user.id,
        at=clock.now(),
    )
    db.session.commit()
    flash(gettext("The link is in the outbox."))
    return redirect(url_for("messages.show", message_id=message.id))
