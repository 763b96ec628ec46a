from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from mentorship import clock
from mentorship.children.facts import CONSENTS_FROM, years_on
from mentorship.children.models import Child, ConsentKind, Placement, PlacementForm
from mentorship.children.queries import find_child, region_now
from mentorship.children.reading import noted
from mentorship.database import db
from mentorship.i18n import LOCALES, chosen_language, speaking
from mentorship.moves import queries, services, texts, words
from mentorship.moves.facts import is_inside
from mentorship.moves.schemas import ConsentSchema, MoveSchema, WithdrawalSchema
from mentorship.permissions import Permission, requires
from mentorship.places.models import Centre
from mentorship.places.words import region_name
from mentorship.web.forms import Form

bp = Blueprint("moves", __name__)
KINDS = "guardian, own, data"
BESIDE = {
    "consent_too_young": "given_on",
    "consent_before_withdrawal": "given_on",
    "before_consent": "said_on",
    "move_in_future": "started_on",
    "before_last_move": "started_on",
    "move_centre_missing": "centre_id",
    "move_centre_closed": "centre_id",
    "move_same_centre": "centre_id",
} | dict.fromkeys(
    (
        "independent_from_18",
        "family_under_18",
        "guardianship_under_14",
        "trusteeship_from_14",
        "guest_from_centre",
    ),
    "form",
)


@bp.record_once
def _give_words(state: Any) -> None:
    state.app.jinja_env.globals.update(
        move_words=words,
        consent_version=texts.VERSION,
        consents_from=CONSENTS_FROM,
        is_inside=is_inside,
        consents_of=lambda child: queries.consents_of(db.session, child.id),
        mentor_consents_of=lambda child: queries.mentor_consents_of(db.session, child.id),
        placements_of=lambda child: queries.placements_of(db.session, child.id),
    )


def _child(child_id: int) -> Child:
    return find_child(db.session, current_user, child_id) or abort(404)


def _base_url() -> str:
    return str(current_app.config["SETTINGS"].base_url)


@bp.route("/children/<int:child_id>/consents/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE, audited=True)
def add_consent(child_id: int) -> Any:
    child = _child(child_id)
    wanted = {"kind": request.args.get("kind"), "text_version": texts.VERSION}
    form = Form(ConsentSchema(), **wanted, language=child.first_language, given_on=clock.today())
    if form.submitted() and form.saved(
        lambda: services.record_consent(
            db.session, child, **form.data, by=current_user.id, at=clock.now()
        ),
        BESIDE,
    ):
        flash(gettext("The consent is recorded."))
        return redirect(url_for("children.show", child_id=child_id))
    age = years_on(child.birth_date, clock.today())
    page = form.page("moves/consent.html", child=child, age=age, texts=texts.TEXTS)
    return noted(child, page)


@bp.get(f"/consents/<any({KINDS}):kind>/text")
@requires(Permission.ANYONE)
def consent_text(kind: str) -> Any:
    asked = request.args.get("language", "")
    code = asked if asked in LOCALES else chosen_language()
    with speaking(code):
        return render_template(
            "moves/text.html", kind=kind, text=texts.TEXTS[kind], version=texts.VERSION, code=code
        )


@bp.route(
    f"/children/<int:child_id>/consents/<any({KINDS}):kind>/withdraw", methods=["GET", "POST"]
)
@requires(Permission.EDIT_PEOPLE, audited=True)
def withdraw_consent(child_id: int, kind: str) -> Any:
    child = _child(child_id)
    consent = child.consent(kind)
    said_by = child.first_name if kind == "own" else consent.given_by if consent else None
    form = Form(WithdrawalSchema(), said_by=said_by, said_on=clock.today())
    if consent and form.submitted() and form.saved(lambda: _withdraw(child_id, kind, form), BESIDE):
        return redirect(url_for("moves.withdrawn", child_id=child_id, kind=kind))
    child = _child(child_id)
    page = form.page(
        "moves/withdraw.html",
        child=child,
        kind=kind,
        consent=child.consent(kind),
        stake=queries.at_stake(db.session, child_id),
    )
    return noted(child, page)


def _withdraw(child_id: int, kind: str, form: Form) -> None:
    services.withdraw_consent(
        db.session,
        child_id,
        ConsentKind(kind),
        **form.data,
        by=current_user.id,
        on=clock.today(),
        at=clock.now(),
        base_url=_base_url(),
    )


@bp.get(f"/children/<int:child_id>/consents/<any({KINDS}):kind>/withdrawn")
@requires(Permission.SEE_PEOPLE, audited=True)
def withdrawn(child_id: int, kind: str) -> Any:
    child = _child(child_id)
    consent = next((row for row in child.consents if row.kind == kind), None)
    if consent is None or consent.withdrawn_on is None:
        return redirect(url_for("children.show", child_id=child_id))
    stake = queries.at_stake(db.session, child_id)
    page = render_template(
        "moves/withdrawn.html", child=child, kind=kind, consent=consent, stake=stake
    )
    return noted(child, page)


def _centres() -> dict[str, str]:
    """Every open centre: the region, then the name."""
    language = chosen_language()
    return {
        str(centre.id): f"{region_name(centre.region)}: {centre.place(language)}"
        for centre in queries.open_centres(db.session)
    }


def _move(form: Form, child: Child) -> services.Move:
    given = form.data
    centre = db.session.get(Centre, given["centre_id"]) if given["centre_id"] else None
    region = given["region"] or child.centre.region
    return services.Move(PlacementForm(given["form"]), given["started_on"], region, centre)


def _recorded(child: Child, form: Form, act: Any) -> bool:
    """Whether the move, or its correction, was saved; `last` is what the page was made from."""
    return form.saved(
        lambda: act(
            db.session,
            child.id,
            _move(form, child),
            last=request.form.get("last", type=int),
            by=current_user.id,
            on=clock.today(),
            at=clock.now(),
            base_url=_base_url(),
        ),
        BESIDE,
        once=True,
    )


@bp.route("/children/<int:child_id>/move", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE, audited=True)
def record_move(child_id: int) -> Any:
    child = _child(child_id)
    form = Form(MoveSchema().allow_centres(_centres()), started_on=clock.today())
    if form.submitted() and _recorded(child, form, services.record_move):
        flash(gettext("The move is recorded."))
        return redirect(url_for("moves.elsewhere", child_id=child_id))
    return _move_page(child_id, form, correcting=False)


@bp.route("/children/<int:child_id>/move/correct", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE, audited=True)
def correct_move(child_id: int) -> Any:
    child = _child(child_id)
    newest = next(iter(queries.placements_of(db.session, child_id)), None)
    form = Form(MoveSchema().allow_centres(_centres()), **_as_recorded(newest))
    if form.submitted() and _recorded(child, form, services.correct_move):
        flash(gettext("The entry is corrected."))
        return redirect(url_for("moves.elsewhere", child_id=child_id))
    return _move_page(child_id, form, correcting=True)


def _as_recorded(newest: Placement | None) -> dict[str, Any]:
    names = ("form", "started_on", "centre_id", "region")
    return {name: getattr(newest, name) for name in names} if newest else {}


def _move_page(child_id: int, form: Form, *, correcting: bool) -> Any:
    child = _child(child_id)
    page = form.page(
        "moves/move.html",
        child=child,
        chain=queries.placements_of(db.session, child_id),
        stake=queries.at_stake(db.session, child_id),
        correcting=correcting,
    )
    return noted(child, page)


@bp.get("/children/<int:child_id>/leaving")
@requires(Permission.EDIT_PEOPLE)
def leaving(child_id: int) -> Any:
    _child(child_id)  # an address of earlier days
    return redirect(url_for("moves.record_move", child_id=child_id))


@bp.get("/children/<int:child_id>/elsewhere")
@requires(Permission.SEE_PEOPLE)
def elsewhere(child_id: int) -> Any:
    if find_child(db.session, current_user, child_id):
        return redirect(url_for("children.show", child_id=child_id))
    region = region_now(db.session, current_user, child_id) or abort(404)
    return render_template("moves/elsewhere.html", region=region)
