"""The registers and the matches as tables. An IIN never leaves the service this way."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from mentorship.children.models import Child, ConsentKind
from mentorship.children.words import MENTOR_SEX_WISHES
from mentorship.matches.models import Match
from mentorship.mentors.models import NOT_YET_MENTORS, Mentor
from mentorship.mentors.words import CHILD_SEX_WISHES
from mentorship.people.fields import EITHER
from mentorship.people.models import Person
from mentorship.people.words import NEEDS, WEEKDAYS, interest_name
from mentorship.permissions import Scope
from mentorship.places.models import Centre
from mentorship.places.words import region_name
from mentorship.registers.columns import ALL_KINDS, Column, Kind, columns_of
from mentorship.registers.services import record_use
from mentorship.registers.sheets import write_sheet
from mentorship.registers.words import MATCH_COLUMNS, YES_NO
from mentorship.web import words

UNSENT = ("iin", "iin_confirmed")
BATCH = 500
Facts = Mapping[str, Any]


class Export(StrEnum):
    """What can be exported."""

    CHILDREN = "children"
    MENTORS = "mentors"
    MATCHES = "matches"


class Voice:
    """How codes are written: as words in the language of the page, or as they are."""

    def __init__(self, *, in_words: bool) -> None:
        self.in_words = in_words

    def code(self, value: Any, options: Mapping[str, Any]) -> str:
        """A code of a closed list; nothing stays nothing."""
        if value is None:
            return ""
        return str(options[value]) if self.in_words else str(value)

    def heading(self, name: str, label: Any) -> str:
        return str(label) if self.in_words else name

    def region(self, kato: str) -> str:
        return region_name(kato) if self.in_words else kato

    def interests(self, person: Any) -> str:
        codes = sorted(row.interest for row in person.interests)
        return "; ".join(interest_name(code) if self.in_words else code for code in codes)

    def languages(self, person: Any) -> str:
        return "; ".join(
            f"{self.code(row.language, words.LANGUAGES)}: {self.code(row.level, words.LEVELS)}"
            for row in sorted(person.languages, key=lambda row: row.language)
        )

    def codes(self, values: Iterable[str], options: Mapping[str, Any]) -> str:
        """Some codes of a closed list, in their order."""
        return "; ".join(self.code(value, options) for value in values)

    def yes_no(self, value: bool | None) -> str:
        return self.code(None if value is None else str(value).lower(), YES_NO)


def export_table(
    session: Session, what: Export, suffix: str, *, scope: Scope, by: int | None, in_words: bool
) -> bytes:
    """The file of a register in scope, with an entry in the audit log."""
    voice = Voice(in_words=in_words)
    header, rows = _TABLES[what](session, scope, voice)
    filled = list(rows)
    record_use(session, f"exported_{what}", what, by=by, rows=len(filled))
    return write_sheet(suffix, header, filled)


def _mentors(session: Session, scope: Scope, voice: Voice) -> tuple[list[str], Iterator[list[Any]]]:
    columns = _sent(columns_of(Kind.MENTORS))
    # The file says no status: who applied or was refused would read as a mentor there.
    mentors = select(Mentor).where(Mentor.status.not_in(NOT_YET_MENTORS))
    query = scope.limit(mentors, Mentor.region).order_by(Mentor.sort_key, Mentor.id)
    parts = (Mentor.languages, Mentor.interests, Mentor.certificates, Mentor.clearances)
    loaded = query.options(*(selectinload(part) for part in parts))
    return _table(session, columns, loaded, lambda mentor: _mentor_facts(mentor, voice), voice)


def _children(
    session: Session, scope: Scope, voice: Voice
) -> tuple[list[str], Iterator[list[Any]]]:
    columns = _sent(columns_of(Kind.CHILDREN))
    query = scope.limit(select(Child).join(Child.centre), Centre.region)
    parts = (Child.languages, Child.interests, Child.consents, Child.needs)
    loaded = query.order_by(Child.sort_key, Child.id).options(
        joinedload(Child.centre), *(selectinload(part) for part in parts)
    )
    return _table(session, columns, loaded, lambda child: _child_facts(child, voice), voice)


def _sent(columns: Mapping[str, Column]) -> dict[str, Column]:
    return {
        name: column
        for name, column in columns.items()
        if name not in UNSENT and column.clearance != ALL_KINDS
    }


def _table(
    session: Session,
    columns: Mapping[str, Column],
    query: Any,
    facts: Callable[[Any], Facts],
    voice: Voice,
) -> tuple[list[str], Iterator[list[Any]]]:
    header = [voice.heading(name, column.label) for name, column in columns.items()]
    people = session.scalars(query, execution_options={"yield_per": BATCH})
    return header, ([facts(person).get(name, "") for name in columns] for person in people)


def _person_facts(person: Any, voice: Voice, sexes: Mapping[str, Any]) -> dict[str, Any]:
    names = ("last_name", "first_name", "patronymic", "birth_date")
    return {name: getattr(person, name) for name in names} | {
        "sex": voice.code(person.sex, sexes),
        "languages": voice.languages(person),
        "interests": voice.interests(person),
    }


def _mentor_facts(mentor: Mentor, voice: Voice) -> Facts:
    found = _person_facts(mentor, voice, words.SEXES) | {
        name: getattr(mentor, name)
        for name in (
            *("phone", "email", "town", "reach_km", "capacity"),
            *("child_age_from", "child_age_to"),
        )
    }
    found["weekdays"] = voice.codes(map(str, mentor.weekdays), WEEKDAYS)
    found["child_sex_wish"] = voice.code(mentor.child_sex_wish or EITHER, CHILD_SEX_WISHES)
    found["region"] = voice.region(mentor.region)
    if paper := mentor.certificate:
        for name in ("number", "issuer", "issued_on", "expires_on"):
            found[f"certificate_{name}"] = getattr(paper, name)
    for kind, clearance in mentor.latest_clearances.items():
        for name in ("checked_on", "valid_until", "issuer", "number"):
            found[f"{kind}_{name}"] = getattr(clearance, name)
        found[f"{kind}_result"] = voice.code(clearance.result, words.CLEARANCE_RESULTS)
    return found


def _child_facts(child: Child, voice: Voice) -> Facts:
    guardian, own, data = (
        child.consent(kind) for kind in (ConsentKind.GUARDIAN, ConsentKind.OWN, ConsentKind.DATA)
    )
    centre = child.centre
    return _person_facts(child, voice, words.CHILD_SEXES) | {
        "needs": voice.codes(sorted(row.need for row in child.needs), NEEDS),
        "disability": voice.yes_no(child.disability),
        "mentor_sex_wish": voice.code(child.mentor_sex_wish or EITHER, MENTOR_SEX_WISHES),
        "mentor_age_from": child.mentor_age_from,
        "mentor_age_to": child.mentor_age_to,
        "weekdays": voice.codes(map(str, child.weekdays), WEEKDAYS),
        "leaves_care_on": child.leaves_care_on,
        "data_consent_on": data.given_on if data else "",
        "data_consent_by": data.given_by if data else "",
        "first_language": voice.code(child.first_language, words.LANGUAGES),
        "waiting_since": child.waiting_since,
        "guardian_consent_on": guardian.given_on if guardian else "",
        "guardian_consent_by": guardian.given_by if guardian else "",
        "own_consent_on": own.given_on if own else "",
        "centre": centre.name_kk,
        "centre_name_ru": centre.name_ru,
        "centre_kind": voice.code(centre.kind, words.CENTRE_KINDS),
        "region": voice.region(centre.region),
        "centre_town": centre.town,
    }


def _matches(session: Session, scope: Scope, voice: Voice) -> tuple[list[str], Iterator[list[Any]]]:
    header = [voice.heading(name, label) for name, label in MATCH_COLUMNS.items()]
    query = scope.limit(select(Match).join(Match.child).join(Child.centre), Centre.region)
    loaded = query.order_by(Match.started_on, Match.id).options(
        joinedload(Match.mentor), joinedload(Match.child).joinedload(Child.centre)
    )
    matches = session.scalars(loaded, execution_options={"yield_per": BATCH})
    return header, ([*_match_facts(match, voice)] for match in matches)


def _match_facts(match: Match, voice: Voice) -> Iterator[Any]:
    """In the order of MATCH_COLUMNS."""
    people: tuple[Person, Person] = (match.mentor, match.child)
    yield match.id
    yield from (person.full_name for person in people)
    yield match.child.centre.name_kk
    yield voice.region(match.child.centre.region)
    yield from (match.started_on, match.ended_on)
    yield voice.code(match.closure_reason, words.CLOSURE_REASONS)
    yield voice.yes_no(match.ended_as_planned)
    yield voice.code(match.ended_by, words.ENDED_BY)


_TABLES = {Export.MENTORS: _mentors, Export.CHILDREN: _children, Export.MATCHES: _matches}
