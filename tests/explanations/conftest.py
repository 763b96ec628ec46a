from dataclasses import dataclass
from datetime import timedelta

import pytest

from mentorship import clock
from mentorship.accounts.models import User
from mentorship.matches.models import Round
from mentorship.rounds.services import run_round
from tests import factories
from tests.factories import AT, KARAGANDA


@dataclass
class Desk:
    """Four mentors, six children and a published round; the last child speaks Uzbek only."""

    store: object
    coordinator: User
    mentors: list
    children: list
    round: Round | None = None

    def run(self, **given):
        wanted = {"regions": (KARAGANDA,), "start_on": clock.today()} | given
        self.round = run_round(self.store, by=self.coordinator.id, at=AT, **wanted)
        self.store.commit()
        return self.round

    def proposal_of(self, child):
        return next(row for row in self.round.proposals if row.child_id == child.id)

    @property
    def placed(self):
        taken = {row.child_id for row in self.round.proposals}
        return [child for child in self.children if child.id in taken]

    @property
    def left(self):
        taken = {row.child_id for row in self.round.proposals}
        return [child for child in self.children if child.id not in taken]


@pytest.fixture
def desk(store):
    on = clock.today()
    home = factories.centre(store)
    liked = (("chess", "cooking"), ("football",), ("chess",), ("cooking", "football"))
    mentors = [factories.eligible_mentor(store, on=on, interests=some) for some in liked]
    children = [
        factories.eligible_child(
            store,
            on=on,
            centre=home,
            interests=liked[number % 4],
            waiting_since=on - timedelta(days=400 + 300 * (number % 3)),
        )
        for number in range(5)
    ]
    children.append(
        factories.eligible_child(
            store,
            on=on,
            centre=home,
            languages={"uz": "fluent"},
            first_language="uz",
            waiting_since=on - timedelta(days=2000),
        )
    )
    found = Desk(store, factories.coordinator(store), mentors, children)
    found.run()
    return found
