"""The mentors' pages: made for a phone, a bad line and ten seconds."""

from collections.abc import Iterable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from mentorship import audit, clock
from mentorship.agreements.queries import own_preparations
from mentorship.children.reading import noted
from mentorship.database import db
from mentorship.errors import Invalid
from mentorship.i18n import show_long_date
from mentorship.matches.models import Match
from mentorship.meetings import absences, notices, phone, queries, reading, report, services
from mentorship.meetings.models import Meeting, Slot
from mentorship.meetings.pages import bp, client_id, own_match, refused, saved, slot_day, where, who
from mentorship.meetings.schemas import AwaySchema, CancelledSchema, HelpSchema, SlotSchema
from mentorship.mentors.models import Mentor
from mentorship.mentors.queries import mentor_of_user
from mentorship.permissions import Permission, requires
from mentorship.qualification.queries import own_papers
from mentorship.web.forms import Form

__all__ = ["bp", "phone"]  # the routes of both
IN_GENERAL = "general"
SOON_DAYS = 60


def _only_own(match_id: int) -> Match:
    """The mentor's very own match: not one where they stand in."""
    found = own_match(match_id)
    return abort(404) if found.substitute else found.match


def _mentor() -> Mentor:
    return mentor_of_user(db.session, current_user) or abort(404)


@bp.get("/my-children")
@requires(Permission.LOG_OWN_MEETINGS, audited=True)
def my_children() -> Any:
    at = clock.now()
    mine = queries.my_matches(db.session, current_user, at)
    for row in mine:
        audit.record("read_child", row.match.child, by=current_user.id, match=row.match.id)
    proposed = own_preparations(db.session, current_user)
    for preparation in proposed:
        audit.record(
            "read_child", preparation.child, by=current_user.id, preparation=preparation.id
        )
    within = services.UNDONE_WITHIN
    tapped = queries.just_written(db.session, current_user, at, within)
    page = render_template("meetings/my_children.html", mine=mine, proposed=proposed, tapped=tapped)
    db.session.commit()
    return page


@bp.get("/my-matches/<int:match_id>")
@requires(Permission.LOG_OWN_MEETINGS, audited=True)
def my_match(match_id: int) -> Any:
    found = own_match(match_id)
    only_by = current_user.id if found.substitute else None
    page = render_template(
        "meetings/my_match.html",
        match=found.match,
        substitute=found.substitute,
        meetings=queries.meetings_of_match(db.session, match_id, by=only_by),
        slot=queries.current_slot(db.session, match_id),
    )
    reading.see_replies(db.session, match_id, **who())
    return noted(found.match.child, page, match=match_id)


@bp.post("/my-matches/<int:match_id>/as-planned")
@requires(Permission.LOG_OWN_MEETINGS)
def as_planned(match_id: int) -> Any:
    match = own_match(match_id).match
    day = slot_day()
    if day is None:
        raise Invalid("no_slot_that_day")
    services.log_as_planned(db.session, match, day, **who())
    db.session.commit()
    return redirect(url_for("meetings.my_children"))


@bp.post("/my-meetings/<int:meeting_id>/take-back")
@requires(Permission.LOG_OWN_MEETINGS)
def take_back(meeting_id: int) -> Any:
    meeting = db.session.get(Meeting, meeting_id) or abort(404)
    own_match(meeting.match_id)
    services.take_back(db.session, meeting, **who())
    db.session.commit()
    flash(gettext("The entry is taken back."))
    return redirect(url_for("meetings.my_children"))


@bp.route("/my-matches/<int:match_id>/meetings/cancelled", methods=["GET", "POST"])
@requires(Permission.LOG_OWN_MEETINGS, audited=True)
def cancelled(match_id: int) -> Any:
    match = own_match(match_id).match
    form = Form(CancelledSchema(), held_on=slot_day() or clock.today())
    name = client_id()
    if form.submitted() and form.saved(
        lambda: services.log_once(db.session, match, _not_held(form.data, name), **who()),
        {"before_start": "held_on", "meeting_too_far_ahead": "held_on"},
        once=name is None,
    ):
        address = url_for("meetings.my_match", match_id=match_id)
        return saved(address, gettext("It is recorded that the meeting did not take place."))
    page = form.page("meetings/cancelled.html", match=match, slot_on=slot_day())
    return refused(form, noted(match.child, page, match=match_id))


def _not_held(data: dict[str, Any], name: str | None) -> dict[str, Any]:
    return {**data, "slot_on": slot_day(), "client_id": name}


@bp.route("/my-matches/<int:match_id>/slot", methods=["GET", "POST"])
@requires(Permission.LOG_OWN_MEETINGS, audited=True)
def slot(match_id: int) -> Any:
    match = _only_own(match_id)
    now = queries.current_slot(db.session, match_id)
    form = Form(SlotSchema(), **_slot_values(now))
    if form.submitted() and form.saved(
        lambda: services.set_slot(db.session, match, form.data, **who()), once=True
    ):
        flash(gettext("Your weekly meeting is recorded. After each one we ask how it went."))
        return redirect(url_for("meetings.my_children"))
    page = form.page("meetings/slot.html", match=match, slot=now)
    return noted(match.child, page, match=match_id)


def _slot_values(now: Slot | None) -> dict[str, Any]:
    if now is None:
        return {"minutes": 120}
    at_time = f"{now.at_time:%H:%M}"
    return {
        "weekday": now.weekday,
        "at_time": at_time,
        "minutes": now.minutes,
        "place": now.place,
    }


@bp.post("/my-matches/<int:match_id>/slot/end")
@requires(Permission.LOG_OWN_MEETINGS)
def end_slot(match_id: int) -> Any:
    services.end_slot(db.session, _only_own(match_id), by=current_user.id, on=clock.today())
    db.session.commit()
    flash(gettext("You now meet without a fixed day."))
    return redirect(url_for("meetings.my_match", match_id=match_id))


def _own_children() -> list[queries.MyMatch]:
    """The children a mentor may meet today, for a page that names several of them."""
    return queries.my_matches(db.session, current_user, clock.now())


def _noted_all(matches: Iterable[Match], answer: Any) -> Any:
    """The answer with a page that names several children, once it is kept who reads it."""
    for match in matches:
        audit.record("read_child", match.child, by=current_user.id, match=match.id)
    db.session.commit()
    return answer


@bp.route("/my-help", methods=["GET", "POST"])
@requires(Permission.LOG_OWN_MEETINGS, audited=True)
def help() -> Any:
    mentor, mine = _mentor(), _own_children()
    about = {f"{row.match.id}": row.match.child.first_name for row in mine}
    schema = HelpSchema().offer({**about, IN_GENERAL: gettext("Something general")})
    form = Form(schema, about=request.args.get("match_id", IN_GENERAL))
    matches = {f"{row.match.id}": row.match for row in mine}
    if form.submitted() and form.saved(lambda: _ask(mentor, matches, form.data), once=True):
        flash(gettext("Your coordinators are told now. You see their answer here."))
        return redirect(url_for("meetings.help"))
    asked = absences.own_help(db.session, mentor.id)
    answer = form.page("meetings/help.html", asked=asked, about=about)
    absences.see_answers(asked, at=clock.now())
    return _noted_all(matches.values(), answer)


def _ask(mentor: Mentor, matches: dict[str, Match], data: dict[str, Any]) -> None:
    match = matches.get(data["about"])
    asked = absences.ask_for_help(db.session, mentor, data["text"], match=match, **who())
    db.session.flush()
    notices.tell_of_help(db.session, asked, **where())


@bp.route("/my-away", methods=["GET", "POST"])
@requires(Permission.LOG_OWN_MEETINGS, audited=True)
def away() -> Any:
    mentor = _mentor()
    matches = [row.match for row in _own_children() if row.substitute is None]
    form = Form(AwaySchema(), from_on=clock.today())
    if form.submitted() and form.saved(
        lambda: _go_away(mentor, matches, form.data), {"pauses_overlap": "from_on"}, once=True
    ):
        flash(gettext("The days away are recorded."))
        return redirect(url_for("meetings.my_children"))
    return _noted_all(matches, form.page("meetings/away.html", mentor=mentor, matches=matches))


def _go_away(mentor: Mentor, matches: list[Match], data: dict[str, Any]) -> None:
    asked = absences.go_away(db.session, mentor, data, matches=matches, **who())
    db.session.flush()
    for wish in asked:
        notices.tell_of_wish(db.session, wish, **where())


@bp.get("/my-history")
@requires(Permission.LOG_OWN_MEETINGS)
def history() -> Any:
    mentor = _mentor()
    months = report.months_of(db.session, current_user)
    return render_template(
        "meetings/history.html",
        mentor=mentor,
        months=months,
        minutes=sum(month.minutes for month in months),
        held=sum(month.meetings for month in months),
        papers=own_papers(db.session, mentor.id, clock.today(), SOON_DAYS),
        since=show_long_date(months[-1].first) if months else None,
    )
