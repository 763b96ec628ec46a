from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user

from mentorship import clock
from mentorship.children.queries import find_child
from mentorship.children.reading import noted
from mentorship.database import db
from mentorship.mentors.queries import find_mentor
from mentorship.papers import queries, services, words
from mentorship.papers.content import SUFFIXES
from mentorship.papers.models import Paper
from mentorship.papers.schemas import PaperSchema, RemovalSchema
from mentorship.papers.store import Store, store_in
from mentorship.permissions import Permission, requires
from mentorship.web.forms import Form

bp = Blueprint("papers", __name__)
AS_A_FILE = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Accept-Ranges": "none",
}


@bp.record_once
def _offer_words(state: Any) -> None:
    state.app.jinja_env.globals.update(
        papers_of=lambda **whose: queries.papers_of(db.session, **whose), paper_words=words
    )


def _store() -> Store:
    return store_in(current_app.config["SETTINGS"])


def _paper(paper_id: int) -> Paper:
    return queries.find_paper(db.session, current_user, paper_id) or abort(404)


@bp.route("/mentors/<int:mentor_id>/papers/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def upload_for_mentor(mentor_id: int) -> Any:
    mentor = find_mentor(db.session, current_user, mentor_id) or abort(404)
    rows: list[tuple[str, Any]] = [("certificate", row) for row in mentor.certificates]
    rows += [("clearance", row) for row in mentor.clearances]
    back = url_for("mentors.show", mentor_id=mentor_id)
    return _upload(rows, back, mentor=mentor)


@bp.route("/children/<int:child_id>/papers/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE, audited=True)
def upload_for_child(child_id: int) -> Any:
    child = find_child(db.session, current_user, child_id) or abort(404)
    rows: list[tuple[str, Any]] = [("consent", row) for row in child.consents]
    rows += [("placement", row) for row in child.placements]
    back = url_for("children.show", child_id=child_id)
    return _upload(rows, back, child=child)


def _upload(rows: Iterable[tuple[str, Any]], back: str, **whose: Any) -> Any:
    """One page for both: `whose` is the mentor or the child."""
    free = {f"{word}-{row.id}": words.option(word, row) for word, row in rows if not row.paper_id}
    asked = [f"{word}-{request.args[word]}" for word in queries.ROWS if word in request.args]
    form = Form(PaperSchema(free), about=next(iter(asked), None))
    if form.submitted() and form.saved(lambda: _keep(form, **whose), once=True):
        flash(gettext("The paper is kept."))
        return redirect(back)
    page = form.page("papers/upload.html", back=back, person=next(iter(whose.values())), free=free)
    return noted(whose["child"], page) if "child" in whose else page


def _keep(form: Form, **whose: Any) -> Paper:
    by, at = current_user.id, clock.now()
    paper = services.store_paper(db.session, _store(), form.data["scan"], **whose, by=by, at=at)
    word, _, number = form.data["about"].partition("-")
    services.attach(db.session, paper, word, int(number), by=by)
    return paper


@bp.get("/papers/<int:paper_id>")
@requires(Permission.SEE_PEOPLE, audited=True)
def download(paper_id: int) -> Any:
    paper = _paper(paper_id)
    data = services.read_paper(paper, _store(), by=current_user.id)
    name = f"paper-{paper.id}.{SUFFIXES[paper.media_type]}"
    answer = Response(data, content_type=paper.media_type, headers=AS_A_FILE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    db.session.commit()
    return answer


@bp.route("/papers/<int:paper_id>/remove", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE, audited=True)
def remove(paper_id: int) -> Any:
    paper, form = _paper(paper_id), Form(RemovalSchema())
    back = _page_of(paper)
    if form.submitted() and form.saved(
        lambda: services.remove_paper(
            db.session, paper, reason=form.data["reason"], by=current_user.id
        )
    ):
        _store().remove(form.result)
        flash(gettext("The paper is taken away."))
        return redirect(back)
    about = queries.about_papers(db.session, [paper.id]).get(paper.id, [])
    page = form.page("papers/remove.html", paper=paper, about=about, back=back)
    return noted(paper.child, page, paper=paper.id) if paper.child else page


def _page_of(paper: Paper) -> str:
    if paper.mentor_id is not None:
        return url_for("mentors.show", mentor_id=paper.mentor_id)
    return url_for("children.show", child_id=paper.child_id)
