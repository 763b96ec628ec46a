"""Rules across the rows of a file: who is known, who stands in it twice, whose number is taken."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext

from mentorship.registers.plan import Plan
from mentorship.registers.queries import KnownPerson
from mentorship.registers.rows import HIDDEN, Entry, Problem, shown
from mentorship.web import problems

NameKey = tuple[str, date, str]


@dataclass
class Known:
    """What the register has of this file: hashes of IINs by line, people, certificate numbers."""

    hashes: Mapping[int, list[str]]
    people: Iterable[KnownPerson]
    certificates: set[str]
    most_children: int


@dataclass
class Checked:
    """The entries of a file, parted."""

    good: list[Entry] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class _People:
    """The people met so far, by IIN and by name."""

    def __init__(self, hashes: Mapping[int, list[str]]) -> None:
        self.hashes = hashes
        self.lines: dict[str, int] = {}
        self.names: dict[NameKey, list[tuple[int, list[str]]]] = {}
        self.certificates: dict[str, int] = {}

    def same(self, entry: Entry) -> int | None:
        """The earlier line with the same person, or None."""
        own = self.hashes.get(entry.line, [])
        if own and own[0] in self.lines:
            return self.lines[own[0]]
        for line, hashes in self.names.get(_key(entry), []):
            if not (own and hashes):  # two different IINs are two people, whatever their names
                return line
        return None

    def add(self, entry: Entry) -> None:
        own = self.hashes.get(entry.line, [])
        if own:
            self.lines[own[0]] = entry.line
        self.names.setdefault(_key(entry), []).append((entry.line, own))
        number = entry.data.get("certificate_number")
        if number:
            self.certificates[number] = entry.line


def check_entries(entries: Iterable[Entry], known: Known, plan: Plan) -> Checked:
    """Part the entries into new people, known people and problems."""
    done = Checked()
    met = _People(known.hashes)
    by_hash = {person.iin_hash: person for person in known.people if person.iin_hash}
    by_name: dict[NameKey, list[KnownPerson]] = {}
    for person in known.people:
        key = (person.name_key, person.birth_date, person.region)
        by_name.setdefault(key, []).append(person)
    for entry in entries:
        own = known.hashes.get(entry.line, [])
        holder = next((by_hash[text] for text in own if text in by_hash), None)
        namesakes = by_name.get(_key(entry), [])
        if holder is not None and not _alike(holder, entry):
            done.problems.append(_iin_in_use(entry, plan))
        elif (twin := met.same(entry)) is not None:
            done.problems.append(_twice(entry, twin, plan))
        elif holder is not None or any(not (own and p.iin_hash) for p in namesakes):
            done.known.append(entry.line)
            met.add(entry)
        elif problem := _refused(entry, known, met, plan):
            done.problems.append(problem)
        else:
            done.good.append(entry)
            met.add(entry)
    return done


def _key(entry: Entry) -> NameKey:
    return entry.name_key, entry.data["birth_date"], entry.region


def _alike(person: KnownPerson, entry: Entry) -> bool:
    """Whether an IIN's holder can be the person of this row: the name or the birth date agrees."""
    return person.birth_date == entry.data["birth_date"] or person.name_key == entry.name_key


def _iin_in_use(entry: Entry, plan: Plan) -> Problem:
    text = gettext("A person of another name and birth date is registered with this IIN.")
    return Problem(entry.line, plan.heading("iin"), HIDDEN, text)


def _twice(entry: Entry, line: int, plan: Plan) -> Problem:
    text = gettext("The same person is on line %(line)s. Keep one of the two rows.", line=line)
    value = shown(" ".join((entry.data["last_name"], entry.data["first_name"])))
    return Problem(entry.line, plan.heading("last_name"), value, text)


def _refused(entry: Entry, known: Known, met: _People, plan: Plan) -> Problem | None:
    """Why a new person cannot be registered as the row says."""
    return _too_many_children(entry, known, plan) or _certificate_taken(entry, known, met, plan)


def _too_many_children(entry: Entry, known: Known, plan: Plan) -> Problem | None:
    places = entry.data.get("capacity") or 0
    if places <= known.most_children:
        return None
    text = str(problems.PROBLEMS["too_many_children"]) % {"most": known.most_children}
    return Problem(entry.line, plan.heading("capacity"), str(places), text)


def _certificate_taken(entry: Entry, known: Known, met: _People, plan: Plan) -> Problem | None:
    number = entry.data.get("certificate_number")
    if not number:
        return None
    if number in met.certificates:
        line = met.certificates[number]
        text = gettext("The certificate of line %(line)s has the same number.", line=line)
    elif number in known.certificates:
        text = str(problems.PROBLEMS["certificate_number_in_use"])
    else:
        return None
    return Problem(entry.line, plan.heading("certificate_number"), shown(number), text)
