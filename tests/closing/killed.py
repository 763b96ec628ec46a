"""Closes a match in a process of its own, and is killed in the middle of it.

`python -m tests.closing.killed MATCH USER` reads places, one a line. For each it forks a process
that is killed as soon as the statement was executed, or, for "commit", when everything was written
and only the commit is missing; it answers with how the process ended.
"""

import os
import signal
import sys
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from mentorship import clock, create_app
from mentorship.closing.services import close_match
from mentorship.database import db
from mentorship.matches.models import Match

ENDING = {
    "ended_as_planned": False,
    "unwilling": True,
    "closure_reason": "mentor_moved",
    "ended_by": "mentor",
    "closure_note": None,
}


def _die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def close(app: Flask, match_id: int, by: int, place: str) -> None:
    with app.app_context():
        if place == "commit":
            event.listen(Session, "before_commit", _die)
        else:

            def after(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
                if statement.lower().replace('"', "").startswith(f"{place} "):
                    _die()

            event.listen(db.engine, "after_cursor_execute", after)
        match = db.session.get_one(Match, match_id)
        data = ENDING | {"ended_on": clock.today()}
        version = match.version
        close_match(db.session, match, data, version=version, by=by, at=clock.now())
        db.session.flush()
        db.session.commit()


def main(match_id: int, by: int) -> None:
    app = create_app()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            close(app, match_id, by, line.strip())
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
