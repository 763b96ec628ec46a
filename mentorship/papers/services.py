import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.children.models import Child
from mentorship.database import for_update
from mentorship.encryption import InvalidToken
from mentorship.errors import AlreadyDone, Invalid
from mentorship.mentors.models import Mentor
from mentorship.papers.content import Scan
from mentorship.papers.models import Paper, PaperType
from mentorship.papers.queries import ROWS
from mentorship.papers.store import Store

log = structlog.get_logger("papers")
LEFT_OVER_AFTER = timedelta(days=1)


def store_paper(
    session: Session,
    store: Store,
    scan: Scan,
    *,
    mentor: Mentor | None = None,
    child: Child | None = None,
    by: int | None,
    at: datetime,
) -> Paper:
    """Keep a scan that was looked through; raises Invalid when it cannot be written.

    The file comes first and the row is committed after it, so that no row is without its file;
    a file that was left without a row is removed by `tidy`.
    """
    paper = Paper(
        name=store.keep(scan.data),
        media_type=PaperType(scan.media_type),
        size=len(scan.data),
        sha256=hashlib.sha256(scan.data).hexdigest(),
        mentor_id=mentor.id if mentor else None,
        child_id=child.id if child else None,
        uploaded_by=by,
        uploaded_at=at,
    )
    session.add(paper)
    audit.record("recorded_paper", paper, by=by, session=session, **_whose(paper))
    return paper


def attach(session: Session, paper: Paper, word: str, row_id: int, *, by: int | None) -> Any:
    """Say which certificate, clearance, consent or placement a paper proves.

    Raises AlreadyDone when that one has a paper, Invalid when it is somebody else's.
    """
    row = next(iter(for_update(session, ROWS[word], [row_id])), None)
    if row is None or (getattr(row, "mentor_id", None), getattr(row, "child_id", None)) != (
        paper.mentor_id,
        paper.child_id,
    ):
        raise Invalid("paper_of_another")
    if row.paper_id is not None:
        raise AlreadyDone("paper_in_place")
    row.paper_id = paper.id
    audit.record("attached_paper", paper, by=by, row=word, id=row_id)
    return row


def read_paper(paper: Paper, store: Store, *, by: int) -> bytes:
    """The scan as it was kept, noted in the audit; raises Invalid when it is not the same."""
    try:
        data = store.read(paper.name)
    except (OSError, InvalidToken) as error:
        raise _damaged(paper) from error
    if len(data) != paper.size or hashlib.sha256(data).hexdigest() != paper.sha256:
        raise _damaged(paper)
    audit.record("read_paper", paper, by=by, **_whose(paper))
    return data


def remove_paper(session: Session, paper: Paper, *, reason: str, by: int) -> str:
    """Take back a paper that was recorded by mistake; the name of the file to remove.

    Only the audit remembers it. The file goes when the row is gone for good: after the commit.
    """
    for row in ROWS.values():
        session.execute(update(row).where(row.paper_id == paper.id).values(paper_id=None))
    audit.record("removed_paper", paper, by=by, reason=reason, **_whose(paper))
    session.delete(paper)
    session.flush()
    return paper.name


def _whose(paper: Paper) -> dict[str, Any]:
    ids = {"mentor": paper.mentor_id, "child": paper.child_id}
    return {name: number for name, number in ids.items() if number is not None}


def _damaged(paper: Paper) -> Invalid:
    log.error("paper_damaged", paper=paper.id)
    return Invalid("paper_damaged")


@dataclass(frozen=True)
class Tidied:
    """Files that belonged to no paper, and papers whose file is not there."""

    removed: int
    missing: list[int]


def tidy(session: Session, store: Store, *, at: datetime) -> Tidied:
    """Remove files that no row knows for a day; report rows without a file. Twice is as once."""
    there = dict(store.files())  # before the rows: what is written meanwhile is young
    rows = session.execute(select(Paper.id, Paper.name).order_by(Paper.id)).all()
    known = {name for _, name in rows}
    old = [n for n, when in there.items() if n not in known and when < at - LEFT_OVER_AFTER]
    for name in old:
        store.remove(name)
    missing = [number for number, name in rows if name not in there]
    if missing:
        log.error("papers_without_file", papers=missing[:100], number=len(missing))
    return Tidied(len(old), missing)


def seal_papers_again(session: Session, store: Store) -> int:
    """Encrypt with the newest key every file that an older key sealed; how many there were.

    Each file is changed whole or not at all, so that a stopped rotation is simply run again.
    Raises InvalidToken when a file was sealed with a key that is not given any more.
    """
    names = session.scalars(select(Paper.name).order_by(Paper.id)).all()
    return sum(_sealed_again(store, name) for name in names)


def _sealed_again(store: Store, name: str) -> bool:
    try:
        return store.seal_again(name)
    except FileNotFoundError:  # `tidy` reports it
        return False
