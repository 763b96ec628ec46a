"""What a new version of the policy would change, before anybody saves it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy.orm import Session

from mentorship.check_ins import store
from mentorship.check_ins.models import ContactKind
from mentorship.check_ins.schedule import Plan, Version, wanted

LOOKED_AHEAD = timedelta(days=183)
SAME = 10  # a contact that goes and one that comes within so many days: it has moved
UNSAVED = 2**31  # after every version that is kept
AGES = (0, 180, 500)  # days since the start of the matches shown as examples


@dataclass(frozen=True)
class Example:
    """The contacts ahead of a match that began so long ago: as they are, as they would be."""

    began: date
    kind: str
    now: list[date]
    then: list[date]


@dataclass
class Preview:
    """How many contacts come, go and move in the next six months, by kind; and examples."""

    matches: int
    added: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)

    @property
    def changes_anything(self) -> bool:
        return any((self.added, self.removed, self.moved))


def preview(
    session: Session, stages: Mapping[str, Mapping[str, object]], from_on: date, *, on: date
) -> Preview:
    """What a policy in force from a day would change for every open match."""
    plans = {kind: Plan.read(given) for kind, given in stages.items()}
    now = store.versions(session)
    then = [*now, Version(UNSAVED, from_on, plans)]
    matches = store.open_matches(session)
    found, same, until = Preview(len(matches)), store.Same(), on + LOOKED_AHEAD
    for ids in store.batches(matches):
        changes = store.changes_of(session, ids, then, on=on, until=until, same=same)
        _count(found, changes, from_on, until)
    found.examples = _examples(now, then, on)
    return found


def _count(found: Preview, changes: store.Changes, from_on: date, until: date) -> None:
    """Count what the new version does itself; what a night would plan anyway is not its doing."""
    came: dict[store.Key, list[date]] = defaultdict(list)
    for new in changes.added:
        if new["policy_id"] == UNSAVED:
            came[new["match_id"], new["kind"]].append(new["due_on"])
    found.moved.update(row.kind for row, due in changes.moved if due.version == UNSAVED)
    for row in changes.removed:
        if not from_on <= row.due_on <= until:
            continue
        near = [day for day in came[row.match_id, row.kind] if abs((day - row.due_on).days) <= SAME]
        if near:
            came[row.match_id, row.kind].remove(near[0])
            found.moved[row.kind] += 1
        else:
            found.removed[row.kind] += 1
    for (_, kind), days in came.items():
        found.added[kind] += len(days)


def _examples(now: Sequence[Version], then: Sequence[Version], on: date) -> list[Example]:
    found = []
    for age in AGES:
        began = on - timedelta(days=age)
        for kind in ContactKind:
            before, after = (
                [due.on for due in wanted(policy, kind, began, on + LOOKED_AHEAD) if due.on >= on]
                for policy in (now, then)
            )
            if before != after:
                found.append(Example(began, kind, before, after))
    return found
