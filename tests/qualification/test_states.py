"""Every status of a mentor, every verb, every role: what happens, and what is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.mentors.models import MentorStatus, StatusChange
from mentorship.permissions import Role
from mentorship.qualification.models import Suspension, SuspensionCause
from tests import factories
from tests.conftest import new_client

DAY = timedelta(days=1)
S = MentorStatus
# What a verb of a coordinator leads to, by the status before it: the status after, and whether
# it was done. `None`: refused, nothing changes.
SUSPENDS = {S.ACTIVE: S.SUSPENDED, S.PAUSED: S.SUSPENDED, S.SUSPENDED: S.SUSPENDED}
RECORDED = {status: SUSPENDS.get(status, status) for status in S}
TABLE = {
    "adverse": RECORDED,
    "revoke": RECORDED,
    "suspend": {status: SUSPENDS.get(status) for status in S},
    "ask": {status: S.SUSPENDED if status == S.SUSPENDED else None for status in S},
    "lift": {status: S.ACTIVE if status == S.SUSPENDED else None for status in S},
    "keep": {status: S.SUSPENDED if status == S.SUSPENDED else None for status in S},
    "pause": dict.fromkeys(S) | {S.ACTIVE: S.PAUSED},
    "resume": dict.fromkeys(S) | {S.PAUSED: S.ACTIVE},
    "retire": dict.fromkeys(S) | dict.fromkeys(SUSPENDS, S.RETIRED),
}
OTHERS = (None, Role.ADMINISTRATOR, Role.MANAGER, Role.MENTOR)


class Case:
    """A mentor of a status, with a suspension that is open while they are suspended."""

    def __init__(self, store, status, verb):
        today = clock.today()
        self.store = store
        self.mentor = factories.eligible_mentor(store, on=today, status=status)
        self.asker, self.desk = (factories.coordinator(store) for _ in range(2))
        given = {"was": S.ACTIVE, "opened_at": clock.now()}
        if verb in ("lift", "keep"):
            given |= {"lift_asked_by": self.asker.id, "lift_reason": "x"}
            given |= {"lift_asked_at": clock.now()}
        self.row = factories.suspension(
            store, mentor=self.mentor, cause=SuspensionCause.COMPLAINT, **given
        )
        mentor, row = f"/mentors/{self.mentor.id}", f"/suspensions/{self.row.id}"
        certificate = self.mentor.certificates[0].id
        day = f"{today:%d.%m.%Y}"
        check = {"kinds": ["housing"], "result": "adverse", "checked_on": day, "sure": "true"}
        self.request = {
            "adverse": (f"{mentor}/clearances/new", check),
            "revoke": (
                f"{mentor}/certificates/{certificate}/revoke",
                {"revoked_on": day, "reason": "x"},
            ),
            "suspend": (f"{mentor}/suspend", {"cause": "safeguarding", "reason": "x"}),
            "ask": (row, {"reason": "x"}),
            "lift": (f"{row}/lift", {}),
            "keep": (f"{row}/keep", {}),
            "pause": (f"{mentor}/status", {"status": "paused", "reason": "leave"}),
            "resume": (f"{mentor}/status", {"status": "active", "reason": "pause_over"}),
            "retire": (f"{mentor}/status", {"status": "retired", "reason": "own_wish"}),
        }[verb]
        store.commit()

    def do(self, app, user):
        browser = new_client(app)
        if user is not None:
            with browser.session_transaction() as session:
                session["_user_id"], session["language"] = user.get_id(), "en"
        address, data = self.request
        return browser.post(address, data=data)

    def state(self):
        self.store.expire_all()
        self.store.rollback()
        rows = self.store.scalars(select(Suspension).order_by(Suspension.id)).all()
        return (
            self.mentor.status,
            [(row.lift_asked_by, row.lifted_by) for row in rows],
            len(self.mentor.clearances),
            self.mentor.certificates[0].revoked_on,
            self.store.scalar(select(func.count()).select_from(StatusChange)),
            self.store.scalar(select(func.count()).select_from(AuditEntry)),
        )


@pytest.mark.parametrize("verb", TABLE)
def test_what_each_verb_does_to_each_status_and_who_may(app, store, freely, verb):
    for status in S:
        case = Case(store, status, verb)
        before = case.state()
        others = {role: factories.user(store, role=role) for role in OTHERS if role}
        store.commit()
        for role in OTHERS:
            answer = case.do(app, others.get(role))
            refused = answer.status_code == (403 if role else 302)
            assert refused, f"{verb} {status} {role}: {answer.status}"
            assert case.state() == before, f"{verb} {status} {role}"
        far = factories.coordinator(store, regions=(factories.KOSTANAY,))
        store.commit()
        assert case.do(app, far).status_code == 404
        assert case.state() == before
        answer, wanted = case.do(app, case.desk), TABLE[verb][status]
        after = case.state()
        if wanted is None:
            assert answer.status_code in (409, 422), f"{verb} {status}: {answer.status}"
            assert after == before, f"{verb} {status}"
        else:
            assert answer.status_code == 302, f"{verb} {status}: {answer.status}"
            assert after[0] == wanted, f"{verb} {status}"
            assert after[-1] > before[-1], "nothing in the audit"


def test_the_one_who_asked_does_not_lift_through_the_web_either(app, store, freely):
    case = Case(store, S.SUSPENDED, "lift")
    answer = case.do(app, case.asker)
    assert answer.status_code == 409
    assert "a second person has to decide" in answer.page.text
    assert case.state()[0] == S.SUSPENDED
