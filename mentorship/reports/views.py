from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from mentorship import clock, i18n
from mentorship.accounts.models import User
from mentorship.database import db
from mentorship.figures.queries import newest_build
from mentorship.permissions import Permission, allows, requires
from mentorship.reports import books, notices, pages, queries, services, words
from mentorship.reports.fields import own_page, permission_of
from mentorship.reports.models import ReportSubscription, SavedView
from mentorship.reports.policies import read_reported
from mentorship.reports.report import Frame, first_day
from mentorship.reports.schemas import NameSchema, SubscriptionSchema, ViewSchema, send_schema
from mentorship.web import tables
from mentorship.web.forms import Form
from mentorship.web.paging import Listing
from mentorship.web.periods import Step

bp = Blueprint("reports", __name__)
bp.record_once(lambda state: state.app.jinja_env.globals.update(report_words=words))
NAMED = {"view_name_taken": "name"}


@bp.get("/reports")
@requires(Permission.SEE_FIGURES)
def index() -> Any:
    build = newest_build(db.session)
    told = queries.own_subscriptions(db.session, current_user)
    years = pages.years(first_day(db.session), build.until) if build else []
    return render_template("reports/index.html", build=build, told=told, years=years)


@bp.get("/reports/<period>")
@requires(Permission.SEE_FIGURES)
def show(period: str) -> Any:
    build = newest_build(db.session)
    if build is None:
        return render_template("reports/none.html")
    found = read_reported(period, first_day(db.session), build.until) or abort(404)
    programme = allows(current_user.role, Permission.SEE_PROGRAMME)
    frame = Frame(db.session, current_user.scope, build, found, programme)
    with pages.speaking():
        parts = books.sections(frame)
        if kind := tables.wanted():
            return tables.answer(books.book(frame, parts), kind)
        terms, where = books.definitions(parts), books.where_of(frame)
        return render_template(
            "reports/show.html", frame=frame, parts=parts, terms=terms, where=where
        )


@bp.route("/reports/subscribe", methods=["GET", "POST"])
@requires(Permission.SEE_FIGURES)
def subscribe() -> Any:
    form = Form(SubscriptionSchema(), step=Step.MONTH.value, language=i18n.language())
    if form.submitted() and form.saved(lambda: _subscribe(form), once=True):
        flash(gettext("You get a letter with a link when the next report is there."))
        return redirect(url_for("reports.index"))
    return form.page("reports/subscribe.html")


def _subscribe(form: Form) -> ReportSubscription:
    step, language = Step(form.data["step"]), form.data["language"]
    today, now = clock.today(), clock.now()
    return services.subscribe(db.session, current_user, step, language, on=today, at=now)


@bp.post("/reports/subscriptions/<int:subscription_id>/stop")
@requires(Permission.SEE_FIGURES)
def stop(subscription_id: int) -> Any:
    services.stop_subscription(db.session, current_user, subscription_id)
    db.session.commit()
    flash(gettext("You get no more letters about these reports."))
    return redirect(url_for("reports.index"))


@bp.get("/reports/views")
@requires(Permission.SEE_FIGURES)
def views() -> Any:
    listing = Listing.from_request(["name", "saved"])
    orders = {"name": SavedView.name, "saved": SavedView.saved_at}
    listing.fill(db.session, queries.own_views(current_user), orders, SavedView.id)
    return render_template("reports/views.html", listing=listing, own_page=own_page)


@bp.route("/reports/views/new", methods=["GET", "POST"])
@requires(Permission.SEE_FIGURES)
def save_view() -> Any:
    page = own_page(request.values.get("address", ""))
    if page is None:
        return redirect(url_for("reports.views"))
    form = Form(ViewSchema(), address=page)
    if form.submitted() and form.saved(lambda: _save(form), NAMED, once=True):
        flash(gettext("The view is saved. You find it under Saved views."))
        return redirect(page)
    return form.page("reports/save.html", page=page)


def _save(form: Form) -> SavedView:
    name, address = form.data["name"], form.data["address"]
    return services.save_view(db.session, current_user, name, address, at=clock.now())


@bp.route("/reports/views/<int:view_id>", methods=["GET", "POST"])
@requires(Permission.SEE_FIGURES)
def rename_view(view_id: int) -> Any:
    view = queries.own_view(db.session, current_user, view_id)
    if view is None:
        return redirect(url_for("reports.views"))
    form = Form(NameSchema(), name=view.name)
    if form.submitted() and form.saved(lambda: _rename(form, view), NAMED):
        flash(gettext("The view has its new name."))
        return redirect(url_for("reports.views"))
    return form.page("reports/rename.html", page=own_page(view.address))


def _rename(form: Form, view: SavedView) -> None:
    services.rename_view(db.session, view, current_user, form.data["name"])


@bp.post("/reports/views/<int:view_id>/remove")
@requires(Permission.SEE_FIGURES)
def remove_view(view_id: int) -> Any:
    services.remove_view(db.session, current_user, view_id)
    db.session.commit()
    flash(gettext("The view is removed."))
    return redirect(url_for("reports.views"))


@bp.route("/reports/send", methods=["GET", "POST"])
@requires(Permission.SEE_FIGURES)
def send_view() -> Any:
    page = own_page(request.values.get("address", ""))
    if page is None:
        return redirect(url_for("reports.views"))
    takes = permission_of(page) or Permission.SEE_FIGURES
    found = queries.colleagues(db.session, current_user, takes)
    people = {str(row.id): row.name for row in found}
    form = Form(send_schema(people), address=page)
    if form.submitted() and form.saved(lambda: _send(form, takes), once=True):
        flash(
            gettext("The page is on its way. Your colleague sees it with their own regions.")
            if form.result
            else gettext("This colleague gets no such letters. Tell them about the page yourself.")
        )
        return redirect(page)
    return form.page("reports/send.html", page=page, nobody=not people)


def _send(form: Form, takes: Permission) -> bool:
    asked = form.data
    return notices.send_view(
        db.session,
        services.find_colleague(db.session, current_user, asked["user_id"], takes),
        by=db.session.get_one(User, current_user.id),
        address=asked["address"],
        token=form.token,
        base_url=current_app.config["SETTINGS"].base_url,
        at=clock.now(),
    )
