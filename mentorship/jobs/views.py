from typing import Any

from flask import Blueprint, render_template

from mentorship import clock
from mentorship.database import db
from mentorship.jobs import words
from mentorship.jobs.overview import job_rows, schedulers_alive
from mentorship.permissions import Permission, requires

bp = Blueprint("jobs", __name__)


@bp.get("/jobs")
@requires(Permission.MANAGE_USERS)
def index() -> Any:
    at = clock.now()
    return render_template(
        "jobs/index.html",
        rows=job_rows(db.session, at),
        schedulers=schedulers_alive(db.session, at),
        said=words,
    )
