from typing import Any

from flask import Blueprint, abort, render_template
from flask_login import current_user

from mentorship import audit, clock
from mentorship.agreements.queries import own_preparations
from mentorship.database import db
from mentorship.matches.queries import find_match
from mentorship.meetings import queries
from mentorship.permissions import Permission, requires

bp = Blueprint("meetings", __name__)


@bp.get("/my-children")
@requires(Permission.LOG_OWN_MEETINGS, audited=True)
def my_children() -> Any:
    mine = queries.my_matches(db.session, current_user, clock.today())
    for row in mine:
        audit.record("read_child", row.match.child, by=current_user.id, match=row.match.id)
    proposed = own_preparations(db.session, current_user)
    for preparation in proposed:
        audit.record(
            "read_child", preparation.child, by=current_user.id, preparation=preparation.id
        )
    page = render_template("meetings/my_children.html", mine=mine, proposed=proposed)
    db.session.commit()
    return page


@bp.get("/my-matches/<int:match_id>")
@requires(Permission.LOG_OWN_MEETINGS, audited=True)
def my_match(match_id: int) -> Any:
    found = find_match(db.session, current_user, match_id) or abort(404)
    audit.record("read_child", found.child, by=current_user.id, match=found.id)
    page = render_template(
        "meetings/my_match.html",
        match=found,
        meetings=queries.meetings_of_match(db.session, found.id),
    )
    db.session.commit()
    return page
