"""Records an obstacle in a process of its own, and is killed in the middle of it.

`python -m tests.qualification.killed MENTOR USER` reads names of tables, one a line. For each it
forks a process that is killed as soon as a row of the table was written, or, for "commit", when
everything was written and only the commit is missing; it answers with how the process ended.
"""

import os
import signal
import sys
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from mentorship import clock, create_app
from mentorship.database import db
from mentorship.mentors.models import Mentor
from mentorship.qualification.services import record_clearances


def _die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def record(app: Flask, mentor_id: int, by: int, table: str) -> None:
    with app.app_context():
        if table == "commit":
            event.listen(Session, "before_commit", _die)
        else:

            def after(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
                if statement.lower().replace('"', "").startswith(f"insert into {table} "):
                    _die()

            event.listen(db.engine, "after_cursor_execute", after)
        facts = {"kinds": ["prosecution"], "result": "adverse", "checked_on": clock.today()}
        facts |= {"valid_until": None, "issuer": None, "number": None}
        mentor = db.session.get_one(Mentor, mentor_id)
        how = {"by": by, "at": clock.now(), "base_url": "http://127.0.0.1:8000"}
        record_clearances(db.session, mentor, facts, **how)
        db.session.flush()
        db.session.commit()


def main(mentor_id: int, by: int) -> None:
    app = create_app()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            record(app, mentor_id, by, line.strip())
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
