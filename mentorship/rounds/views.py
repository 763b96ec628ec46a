from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from flask_login import current_user

from mentorship import clock
from mentorship.database import db
from mentorship.i18n import chosen_language
from mentorship.matches.models import Round, RoundStage
from mentorship.matches.queries import find_round, recent_rounds
from mentorship.permissions import Permission, requires
from mentorship.places.queries import centre_names
from mentorship.places.words import own_region_names
from mentorship.rounds import queries, services
from mentorship.rounds.policies import CODES, policy_named
from mentorship.rounds.schemas import RoundSchema
from mentorship.web.forms import Form

bp = Blueprint("rounds", __name__)
PATIENCE = timedelta(seconds=20)
MOST_CENTRES = 40  # more ticks than anybody reads: then the regions decide


def _round(round_id: int) -> Round:
    return find_round(db.session, current_user, round_id) or abort(404)


@bp.route("/rounds", methods=["GET", "POST"])
@requires(Permission.RUN_ROUNDS)
def index() -> Any:
    regions = own_region_names()
    centres = centre_names(db.session, current_user.scope, chosen_language())
    if len(centres) > MOST_CENTRES:
        centres = {}
    form = Form(
        RoundSchema().offer(regions=regions, centres=centres),
        regions=list(regions),
        start_on=clock.today(),
        policy=CODES[0],
        publish="at_once",
    )
    if form.submitted() and form.saved(lambda: _ask(form), once=True):
        return redirect(url_for("rounds.progress", round_id=form.result.id))
    return form.page("rounds/index.html", rounds=recent_rounds(db.session, current_user))


def _ask(form: Form) -> Round:
    given = form.data
    return services.ask_for_round(
        db.session,
        regions=given["regions"],
        centres=[int(number) for number in given["centres"]],
        start_on=given["start_on"],
        policy=policy_named(given["policy"]),
        publish=given["publish"] == "at_once",
        by=current_user.id,
        at=clock.now(),
    )


@bp.get("/rounds/<int:round_id>/progress")
@requires(Permission.RUN_ROUNDS)
def progress(round_id: int) -> Any:
    found = _round(round_id)
    if found.stage in (RoundStage.DRAFT, RoundStage.PUBLISHED):
        return redirect(url_for("matches.round", round_id=found.id))
    ahead = queries.rounds_ahead(db.session, found)
    return render_template(
        "rounds/progress.html",
        round=found,
        ahead=ahead,
        # Nobody seems to take it: the jobs process looks for work every second.
        forgotten=found.stage == RoundStage.QUEUED
        and not ahead
        and clock.now() - found.created_at > PATIENCE,
    )


@bp.post("/rounds/<int:round_id>/cancel")
@requires(Permission.RUN_ROUNDS)
def cancel(round_id: int) -> Any:
    services.cancel_round(db.session, _round(round_id), by=current_user.id)
    db.session.commit()
    return redirect(url_for("rounds.progress", round_id=round_id))


@bp.post("/rounds/<int:round_id>/publish")
@requires(Permission.RUN_ROUNDS)
def publish(round_id: int) -> Any:
    late = services.publish_round(db.session, _round(round_id), by=current_user.id, at=clock.now())
    db.session.commit()
    flash(gettext("The draft is published. People can decide on its pairs now."))
    if late:
        flash(
            ngettext(
                "%(num)d pair was left out: the child has found a mentor since, "
                "a person has suggested one, or the pair was refused.",
                "%(num)d pairs were left out: the children have found mentors since, "
                "people have suggested some, or the pairs were refused.",
                late,
            )
        )
    return redirect(url_for("matches.round", round_id=round_id))


@bp.post("/rounds/<int:round_id>/discard")
@requires(Permission.RUN_ROUNDS)
def discard(round_id: int) -> Any:
    services.discard_round(db.session, _round(round_id), by=current_user.id, at=clock.now())
    db.session.commit()
    flash(gettext("The draft is put away. Nobody will decide on its pairs."))
    return redirect(url_for("rounds.index"))


@bp.post("/rounds/<int:round_id>/again")
@requires(Permission.RUN_ROUNDS)
def again(round_id: int) -> Any:
    found, by = _round(round_id), current_user.id
    asked = services.ask_again(db.session, found, by=by, on=clock.today(), at=clock.now())
    db.session.commit()
    return redirect(url_for("rounds.progress", round_id=asked.id))


@bp.get("/rounds/<int:round_id>/compare/<int:other_id>")
@requires(Permission.RUN_ROUNDS)
def compare(round_id: int, other_id: int) -> Any:
    after, before = _round(round_id), _round(other_id)
    return render_template(
        "rounds/compare.html",
        after=after,
        before=before,
        found=queries.difference(db.session, current_user, before, after),
    )
