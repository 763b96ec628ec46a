from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from mentorship import clock
from mentorship.children.models import Child, Relative, SiblingGroup, SiblingRule
from mentorship.children.queries import find_child
from mentorship.children.reading import noted
from mentorship.database import db
from mentorship.errors import Invalid
from mentorship.i18n import chosen_language
from mentorship.kin import queries, services
from mentorship.kin.schemas import (
    CentreConflictSchema,
    ConflictSchema,
    EndSchema,
    RelativeSchema,
    SiblingsSchema,
)
from mentorship.mentors.models import Conflict, Mentor
from mentorship.mentors.queries import find_mentor
from mentorship.permissions import Permission, requires
from mentorship.places.queries import centre_names
from mentorship.web.forms import Form
from mentorship.web.numbers import row_id
from mentorship.web.paging import Listing

bp = Blueprint("kin", __name__)


@bp.record_once
def _init(state: Any) -> None:
    state.app.jinja_env.globals.update(
        mentor_conflicts=lambda mentor: queries.mentor_conflicts(db.session, current_user, mentor),
        child_conflicts=lambda child: queries.child_conflicts(db.session, current_user, child),
        sees=lambda region: current_user.scope.covers(region),
    )


def _child(child_id: int) -> Child:
    return find_child(db.session, current_user, child_id) or abort(404)


def _mentor(mentor_id: int) -> Mentor:
    return find_mentor(db.session, current_user, mentor_id) or abort(404)


def _relative(relative_id: int) -> Relative:
    return queries.find_relative(db.session, current_user, relative_id) or abort(404)


def _conflict(conflict_id: int) -> Conflict:
    return queries.find_conflict(db.session, current_user, conflict_id) or abort(404)


def _asked() -> str:
    return request.args.get("q", "").strip()[:100]


def _to_child(child_id: int, message: str) -> Any:
    flash(message)
    return redirect(url_for("children.show", child_id=child_id, _anchor="kin"))


@bp.get("/siblings")
@requires(Permission.SEE_PEOPLE)
def siblings() -> Any:
    listing = Listing.from_request(["name", "recorded"], ["rule"])
    query = queries.search_groups(current_user, listing.q, listing.filters)
    orders = {"name": query.selected_columns.name, "recorded": SiblingGroup.recorded_at}
    listing.fill(db.session, query, orders, SiblingGroup.id)
    return render_template("kin/siblings.html", listing=listing)


@bp.route("/children/<int:child_id>/siblings", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE, audited=True)
def siblings_of(child_id: int) -> Any:
    child, q = _child(child_id), _asked()
    group = queries.find_group_of(db.session, child)
    form = Form(SiblingsSchema(), rule=group.rule if group else None, note=group and group.note)
    if form.submitted() and form.saved(
        lambda: services.change_sibling_rule(
            db.session,
            child,
            SiblingRule(form.data["rule"]),
            note=form.data["note"],
            by=current_user.id,
            at=clock.now(),
        )
    ):
        flash(gettext("Changes saved."))
        return redirect(url_for("kin.siblings_of", child_id=child_id))
    found = queries.children_named(db.session, current_user, q, child.id) if q else ()
    page = form.page("kin/siblings_of.html", child=child, group=group, q=q, found=found)
    return noted(child, page)


@bp.post("/children/<int:child_id>/siblings/add")
@requires(Permission.EDIT_PEOPLE)
def join_siblings(child_id: int) -> Any:
    child, chosen = _child(child_id), request.form.get("sibling", 0, row_id)
    if not chosen:
        raise Invalid("nobody_chosen")
    services.join_siblings(db.session, child, _child(chosen), by=current_user.id, at=clock.now())
    db.session.commit()
    flash(gettext("They are recorded as brothers and sisters. Say whether one mentor is better."))
    return redirect(url_for("kin.siblings_of", child_id=child_id))


@bp.post("/children/<int:child_id>/siblings/leave")
@requires(Permission.EDIT_PEOPLE)
def leave_siblings(child_id: int) -> Any:
    services.leave_siblings(db.session, _child(child_id), by=current_user.id)
    db.session.commit()
    flash(gettext("The child is no longer in the group."))
    return redirect(url_for("kin.siblings_of", child_id=child_id))


@bp.route("/children/<int:child_id>/relatives/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE, audited=True)
def add_relative(child_id: int) -> Any:
    child = _child(child_id)
    form = Form(RelativeSchema(), can_mentor="unknown", can_take_family="unknown")
    if form.submitted() and form.saved(
        lambda: services.add_relative(
            db.session, child, form.data, by=current_user.id, at=clock.now()
        ),
        once=True,
    ):
        return _to_child(child_id, gettext("The relative is recorded."))
    return noted(child, form.page("kin/relative.html", child=child, relative=None))


@bp.route("/relatives/<int:relative_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE, audited=True)
def change_relative(relative_id: int) -> Any:
    relative = _relative(relative_id)
    schema = RelativeSchema()
    form = Form(schema, **{name: getattr(relative, name) for name in schema.fields})
    if form.submitted() and form.saved(
        lambda: services.change_relative(
            db.session, relative, form.data, by=current_user.id, at=clock.now()
        )
    ):
        return _to_child(relative.child_id, gettext("Changes saved."))
    page = form.page("kin/relative.html", child=relative.child, relative=relative)
    return noted(relative.child, page)


@bp.post("/relatives/<int:relative_id>/end")
@requires(Permission.EDIT_PEOPLE)
def end_relative(relative_id: int) -> Any:
    relative = _relative(relative_id)
    services.end_relative(db.session, relative, on=clock.today(), by=current_user.id)
    db.session.commit()
    return _to_child(relative.child_id, gettext("The relative no longer counts."))


@bp.route("/relatives/<int:relative_id>/mentor", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE, audited=True)
def link_relative(relative_id: int) -> Any:
    relative, q = _relative(relative_id), _asked()
    if request.method == "POST":
        chosen = request.form.get("mentor", 0, row_id)
        mentor = _mentor(chosen) if chosen else None
        services.link_relative(db.session, relative, mentor, by=current_user.id)
        db.session.commit()
        return _to_child(relative.child_id, gettext("Changes saved."))
    found = queries.mentors_named(db.session, current_user, q, clock.today()) if q else ()
    page = render_template("kin/link_relative.html", relative=relative, q=q, found=found)
    return noted(relative.child, page)


@bp.route("/mentors/<int:mentor_id>/conflicts/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def add_conflict(mentor_id: int) -> Any:
    mentor, q = _mentor(mentor_id), _asked()
    schema = CentreConflictSchema()
    schema.fields["centre_id"].allowed = centre_names(  # type: ignore[attr-defined]
        db.session, current_user.scope, chosen_language()
    )
    form = Form(schema, since_on=clock.today(), kind="works_in_centre")
    if _conflict_saved(form, mentor, None):
        return redirect(url_for("mentors.show", mentor_id=mentor_id, _anchor="conflicts"))
    found = queries.children_named(db.session, current_user, q) if q else ()
    return form.page("kin/conflict.html", mentor=mentor, child=None, q=q, found=found)


@bp.route("/children/<int:child_id>/conflicts/new")
@requires(Permission.EDIT_PEOPLE, audited=True)
def choose_mentor(child_id: int) -> Any:
    child, q = _child(child_id), _asked()
    found = queries.mentors_named(db.session, current_user, q, clock.today()) if q else ()
    page = render_template("kin/choose_mentor.html", child=child, q=q, found=found)
    return noted(child, page)


@bp.route("/pairs/<int:mentor_id>/<int:child_id>/conflict", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE, audited=True)
def add_pair_conflict(mentor_id: int, child_id: int) -> Any:
    mentor, child = _mentor(mentor_id), _child(child_id)
    form = Form(ConflictSchema(), since_on=clock.today())
    if _conflict_saved(form, mentor, child):
        return redirect(url_for("mentors.show", mentor_id=mentor_id, _anchor="conflicts"))
    return noted(child, form.page("kin/conflict.html", mentor=mentor, child=child))


def _conflict_saved(form: Form, mentor: Mentor, child: Child | None) -> bool:
    saved = form.submitted() and form.saved(
        lambda: services.record_conflict(
            db.session,
            mentor,
            form.data,
            child_id=child.id if child else None,
            by=current_user.id,
            on=clock.today(),
            at=clock.now(),
        ),
        once=True,
    )
    if saved:
        flash(
            gettext(
                "The conflict is recorded. Proposals and pairs on the way have ended; a match is "
                "on hold until somebody has looked at it."
            )
        )
    return saved


@bp.route("/conflicts/<int:conflict_id>/end", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def end_conflict(conflict_id: int) -> Any:
    conflict = _conflict(conflict_id)
    form = Form(EndSchema(), ended_on=clock.today())
    if form.submitted() and form.saved(
        lambda: services.end_conflict(
            db.session, conflict, form.data["ended_on"], by=current_user.id
        ),
        {"conflict_ends_early": "ended_on"},
    ):
        flash(gettext("The conflict has ended. The next round may propose the pair again."))
        return redirect(url_for("mentors.show", mentor_id=conflict.mentor_id, _anchor="conflicts"))
    return form.page("kin/end_conflict.html", conflict=conflict)
