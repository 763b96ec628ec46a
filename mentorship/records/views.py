from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user

from mentorship import audit
from mentorship.database import db
from mentorship.i18n import LOCALES, chosen_language, speaking
from mentorship.matches.models import Proposal, Round
from mentorship.matches.queries import find_round
from mentorship.permissions import Permission, allows, requires
from mentorship.records import queries, services, words
from mentorship.records.facts import settings_of, snapshot_of
from mentorship.records.fairness import fairness_report
from mentorship.records.models import RecruitmentBrief
from mentorship.records.recruitment import briefs_of

bp = Blueprint("records", __name__)


def _case_team() -> bool:
    """Those who decide on proposals see every count; other readers of figures do not."""
    return allows(current_user.role, Permission.DECIDE_PROPOSALS)


def _readable(round_id: int) -> Round:
    return queries.find_readable_round(
        db.session, current_user, round_id, case_team=_case_team()
    ) or abort(404)


@bp.get("/rounds/<int:round_id>/fairness")
@requires(Permission.SEE_FIGURES)
def fairness(round_id: int) -> Any:
    found = _readable(round_id)
    record, few = services.record_of(found), not _case_team()
    report = fairness_report(record, suppressed=few) if record else None
    return render_template(
        "records/fairness.html", round=found, report=report, suppressed=few, names=words
    )


@bp.get("/recruitment")
@requires(Permission.SEE_FIGURES)
def newest_recruitment() -> Any:
    newest = queries.published_rounds(db.session, current_user, most=1)
    if newest:
        return redirect(url_for("records.recruitment", round_id=newest[0].id))
    return render_template("records/no_recruitment.html")


@bp.get("/rounds/<int:round_id>/recruitment")
@requires(Permission.SEE_FIGURES)
def recruitment(round_id: int) -> Any:
    found = _readable(round_id)
    made, few = db.session.get(RecruitmentBrief, found.id), not _case_team()
    return render_template(
        "records/recruitment.html",
        round=found,
        made=made,
        briefs=briefs_of(made.lines, suppressed=few) if made and made.lines else None,
        suppressed=few,
        others=queries.published_rounds(db.session, current_user),
    )


@bp.get("/proposals/<int:proposal_id>/record")
@requires(Permission.DECIDE_PROPOSALS, audited=True)
def decision(proposal_id: int) -> Any:
    found: Proposal = queries.find_recorded_proposal(
        db.session, current_user, proposal_id
    ) or abort(404)
    language = _choice("language", LOCALES, chosen_language())
    audience = _choice("for", words.AUDIENCES, "staff")
    audit.record("read_child", found.child, by=current_user.id, record_of=found.id, copy=audience)
    record = services.record_of(found.round)
    with speaking(language):
        page = render_template(
            f"records/decision_{audience}.html",
            proposal=found,
            audience=audience,
            record=record,
            snapshot=snapshot_of(record, found.mentor_id, found.child_id) if record else None,
            settings=settings_of(record.policy) if record else {},
            names=words,
        )
    db.session.commit()
    return page


def _choice(name: str, known: Any, otherwise: str) -> str:
    chosen = request.args.get(name, otherwise)
    return chosen if chosen in known else abort(404)


@bp.get("/rounds/<int:round_id>/replay")
@requires(Permission.RUN_ROUNDS)
def replays(round_id: int) -> Any:
    found = _readable(round_id)
    return render_template(
        "records/replays.html",
        round=found,
        replays=queries.replays(db.session, found),
        names=words,
    )


@bp.post("/rounds/<int:round_id>/replay")
@requires(Permission.RUN_ROUNDS)
def replay(round_id: int) -> Any:
    found = find_round(db.session, current_user, round_id) or abort(404)
    services.replay_round(db.session, found, by=current_user.id, most=services.WHILE_ONE_WAITS)
    db.session.commit()
    return redirect(url_for("records.replays", round_id=round_id))
