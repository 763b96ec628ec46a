from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from mentorship import audit, clock
from mentorship.accounts.models import User
from mentorship.config import Config
from mentorship.database import db
from mentorship.messages import services, words
from mentorship.messages.models import Message, MessageStatus
from mentorship.messages.policies import ESSENTIAL, OFFERED, Channel
from mentorship.messages.schemas import ChoicesSchema
from mentorship.permissions import Permission, requires
from mentorship.web.forms import Form
from mentorship.web.paging import Listing

bp = Blueprint("messages", __name__)


@bp.get("/outbox")
@requires(Permission.MANAGE_USERS)
def index() -> Any:
    listing = Listing.from_request(["written", "to"], ["status", "channel"])
    if not listing.descending and listing.sort == "written":
        listing.descending = True  # the newest message first
    query = select(Message).outerjoin(Message.user).options(contains_eager(Message.user))
    for name, wanted in listing.filters.items():
        query = query.where(getattr(Message, name) == wanted)
    listing.fill(db.session, query, {"written": Message.id, "to": User.email}, Message.id)
    failed = select(func.count()).where(Message.status == MessageStatus.FAILED)
    return render_template(
        "messages/index.html",
        listing=listing,
        sends=_settings().mail_url is not None,
        given_up=db.session.scalar(failed),
        channels=words.CHANNELS,
    )


@bp.get("/outbox/<int:message_id>")
@requires(Permission.MANAGE_USERS, audited=True)
def show(message_id: int) -> Any:
    message = db.get_or_404(Message, message_id)
    audit.record("read_message", message, by=current_user.id)
    page = render_template("messages/show.html", message=message, channels=words.CHANNELS)
    db.session.commit()
    return page


@bp.post("/outbox/<int:message_id>/again")
@requires(Permission.MANAGE_USERS)
def send_again(message_id: int) -> Any:
    message = db.get_or_404(Message, message_id, with_for_update=True)
    services.send_again(message, by=current_user.id, at=clock.now())
    db.session.commit()
    flash(gettext("The message waits to be sent again."))
    return redirect(url_for("messages.index", status="failed"))


@bp.route("/my-messages", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def own() -> Any:
    user = db.session.get_one(User, current_user.id)
    ways = [Channel.EMAIL, *([Channel.SMS] if _settings().sms_url else [])]
    form = Form(_schema(user, ways), phone=user.phone, **services.choices_of(db.session, user))
    if form.submitted() and form.saved(
        lambda: services.choose(
            db.session,
            user,
            {way: form.data.get(way, []) for way in ways},
            phone=form.data["phone"] if Channel.SMS in ways else user.phone,
            by=user.id,
        ),
        {"phone_missing": "phone"},
    ):
        flash(gettext("Changes saved."))
        return redirect(url_for("messages.own"))
    always = [words.TOPICS[topic] for topic in OFFERED[user.role] if topic in ESSENTIAL]
    return form.page("messages/own.html", always=always, by_sms=Channel.SMS in ways)


def _schema(user: User, ways: list[Channel]) -> ChoicesSchema:
    """The form of somebody's role: only topics that they may choose, by ways that are set up."""
    topics = {way: services.offered(user, way) for way in ways}
    left_out = [str(way) for way in Channel if not topics.get(way)]
    if Channel.SMS not in ways:
        left_out.append("phone")
    return ChoicesSchema(topics, exclude=left_out)


def _settings() -> Config:
    settings: Config = current_app.config["SETTINGS"]
    return settings


@bp.post("/users/<int:user_id>/invite")
@requires(Permission.MANAGE_USERS)
def invite(user_id: int) -> Any:
    message = services.invite(
        db.session,
        db.get_or_404(User, user_id),
        base_url=_settings().base_url,
        path=url_for("accounts.set_password", token="TOKEN"),
        secret=current_app.config["SECRET_KEY"],
        by=current_user.id,
        at=clock.now(),
    )
    db.session.commit()
    flash(gettext("The link is in the outbox."))
    return redirect(url_for("messages.show", message_id=message.id))
