"""What coordinators and mentors are told by message when something changes: never a name."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from mentorship.accounts.models import User
from mentorship.accounts.queries import coordinators_on_duty
from mentorship.children.models import Child
from mentorship.i18n import as_day
from mentorship.mentors.models import Mentor
from mentorship.messages.services import enqueue, enqueue_to_address


@dataclass(frozen=True)
class News:
    """Something that has changed; `about` names it, so that nobody is told twice."""

    session: Session
    about: str
    base_url: str
    at: datetime

    def to_coordinators(
        self, kind: str, regions: Collection[str], path: str, *, but: Collection[str] = ()
    ) -> int:
        """Write to every coordinator of these regions who has none of `but`; how many."""
        written, on = 0, as_day(self.at)
        for user in coordinators_on_duty(self.session, on):
            covers = user.scope_on(on).covers
            if any(map(covers, regions)) and not any(map(covers, but)):
                written += self._write(kind, user, path)
        return written

    def to_mentors(self, kind: str, mentors: Iterable[Mentor], path: str) -> int:
        """Write to those of these mentors who can sign in; how many."""
        users = [mentor.user for mentor in mentors]
        return sum(self._write(kind, user, path) for user in users if user and user.active)

    def to_case_manager(self, kind: str, child: Child) -> bool:
        """Write to the child's case manager, who need not have an account."""
        manager = child.case_manager
        if manager is None or not manager.email or not manager.works_on(as_day(self.at)):
            return False
        message = enqueue_to_address(
            self.session,
            key=f"{kind}:{self.about}:specialist-{manager.id}",
            kind=kind,
            address=manager.email,
            language=manager.language,
            at=self.at,
        )
        return message is not None

    def _write(self, kind: str, user: User, path: str) -> bool:
        key, link = f"{kind}:{self.about}:{user.id}", self.base_url + path
        return (
            enqueue(self.session, key=key, kind=kind, user=user, at=self.at, link=link) is not None
        )
