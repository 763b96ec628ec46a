from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.children.services import register_child
from mentorship.encryption import keyring
from mentorship.errors import DomainError
from mentorship.i18n import search_key
from mentorship.mentors.services import register_mentor
from mentorship.permissions import Scope
from mentorship.places.services import register_centre
from mentorship.qualification.services import record_clearances
from mentorship.registers import queries
from mentorship.registers.checks import Known, check_entries
from mentorship.registers.columns import Kind, columns_of
from mentorship.registers.mapping import FileMapping, read_mapping
from mentorship.registers.plan import Plan, make_plan
from mentorship.registers.reader import read_table
from mentorship.registers.rows import Entry, Problem, RowReader
from mentorship.registers.table import Table
from mentorship.settings.services import value

AT_ONCE = 500  # rows written together


class RowsRefused(DomainError):
    """All or nothing was asked for, and some rows are bad: nothing was imported."""

    status = 422


@dataclass
class Preview:
    """What an import of this file would do."""

    kind: Kind
    table: Table
    plan: Plan
    good: list[Entry] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.table.rows)

    @property
    def bad_lines(self) -> set[int]:
        return {problem.line for problem in self.problems}


def open_file(kind: Kind, data: bytes, mapping: bytes | None) -> Preview:
    """The file as a table whose columns are known, its rows not read yet; raises FileRefused."""
    columns = columns_of(kind)
    table = read_table(data)
    says = read_mapping(mapping, columns) if mapping else FileMapping()
    return Preview(kind, table, make_plan(columns, table.header, says))


def preview(
    session: Session, kind: Kind, data: bytes, mapping: bytes | None, *, scope: Scope
) -> Preview:
    """What importing this file would do, nothing written; raises FileRefused."""
    found = open_file(kind, data, mapping)
    table, plan = found.table, found.plan
    reader = RowReader(kind, plan, scope, queries.centres_by_name(session, scope))
    entries: list[Entry] = []
    for row in table.rows:
        read = reader.read(row)
        if isinstance(read, Entry):
            entries.append(read)
        else:
            found.problems += read
    checked = check_entries(entries, _known(session, kind, entries), plan)
    found.good, found.known = checked.good, checked.known
    found.problems = sorted(found.problems + checked.problems, key=lambda p: p.line)
    return found


def _known(session: Session, kind: Kind, entries: list[Entry]) -> Known:
    hashes = {e.line: keyring.hashes(e.data["iin"]) for e in entries if e.data.get("iin")}
    all_hashes = (text for texts in hashes.values() for text in texts)
    names = (entry.name_key for entry in entries)
    numbers = (entry.data.get("certificate_number") for entry in entries)
    return Known(
        hashes,
        queries.known_people(session, kind, all_hashes, names),
        queries.known_certificates(session, (n for n in numbers if n)),
        value(session, "mentor.most_children"),
    )


def import_rows(
    session: Session,
    kind: Kind,
    data: bytes,
    mapping: bytes | None,
    *,
    scope: Scope,
    accept_good_rows: bool,
    by: int | None,
    at: datetime,
    base_url: str,
) -> Preview:
    """Register everybody of a file who is not known yet; what was done, for the caller to tell.

    A mentor with an obstacle in a check is suspended from the first moment.
    Raises RowsRefused when a row is bad, unless `accept_good_rows`; FileRefused; AlreadyDone.
    """
    found = preview(session, kind, data, mapping, scope=scope)
    if found.problems and not accept_good_rows:
        raise RowsRefused("rows_refused", preview=found)
    centres: dict[tuple[str, str], int] = {}
    for start in range(0, len(found.good), AT_ONCE):
        with audit.in_bulk(session):
            for entry in found.good[start : start + AT_ONCE]:
                if kind is Kind.MENTORS:
                    _add_mentor(session, entry, by=by, at=at, base_url=base_url)
                else:
                    _add_child(session, entry, centres, by=by, at=at)
    record_use(
        session,
        f"imported_{kind}",
        kind,
        by=by,
        added=len(found.good),
        known=len(found.known),
        refused=len(found.bad_lines),
    )
    return found


def _add_mentor(
    session: Session, entry: Entry, *, by: int | None, at: datetime, base_url: str
) -> None:
    mentor = register_mentor(session, entry.data, by=by, at=at)
    for paper in entry.clearances:
        record_clearances(session, mentor, paper, by=by, at=at, base_url=base_url)


def _add_child(
    session: Session,
    entry: Entry,
    centres: dict[tuple[str, str], int],
    *,
    by: int | None,
    at: datetime,
) -> None:
    centre = entry.centre
    if entry.new_centre is not None:
        centre = _add_centre(session, entry.new_centre, centres, by=by)
    register_child(session, {**entry.data, "centre_id": centre}, by=by, at=at)


def _add_centre(
    session: Session,
    facts: Mapping[str, Any],
    centres: dict[tuple[str, str], int],
    *,
    by: int | None,
) -> int:
    """The id of the centre, added at its first row."""
    key = (facts["region"], search_key(facts["name_kk"]))
    if key not in centres:
        centre = register_centre(session, dict(facts), by=by)
        session.flush()
        centres[key] = centre.id
    return centres[key]


@dataclass(frozen=True)
class _Register:
    """A register as the subject of an audit entry: the whole of it, no one row."""

    __tablename__: str
    id: None = None


def record_use(
    session: Session, action: str, register: str, *, by: int | None, **facts: Any
) -> None:
    """Note in the audit log that a whole register was imported or exported."""
    audit.record(action, _Register(register), by=by, session=session, **facts)
