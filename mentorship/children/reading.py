"""Who reads about a child is written down: every page about one child is handed out here."""

from typing import Any

from flask_login import current_user

from mentorship import audit
from mentorship.children.models import Child
from mentorship.database import db


def noted(child: Child, answer: Any, **about: Any) -> Any:
    """The answer with a page about one child, once it is kept who reads it.

    The route says `audited=True`, so that a GET may write.
    """
    audit.record("read_child", child, by=current_user.id, **about)
    db.session.commit()
    return answer
