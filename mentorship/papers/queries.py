from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, String, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import Session, joinedload

from mentorship.accounts.models import User
from mentorship.children.models import Child, Consent, Placement
from mentorship.children.queries import visible_children
from mentorship.mentors.models import Certificate, Clearance, Mentor
from mentorship.mentors.queries import visible_mentors
from mentorship.papers.models import Paper

# What a paper may belong to: the word of an address, and the rows that have its number.
ROWS: Mapping[str, type[Any]] = {
    "certificate": Certificate,
    "clearance": Clearance,
    "consent": Consent,
    "placement": Placement,
}
_KINDS: Mapping[str, Any] = {
    "certificate": null(),
    "clearance": Clearance.kind,
    "consent": Consent.kind,
    "placement": Placement.form,
}
_DAYS: Mapping[str, Any] = {
    "certificate": Certificate.issued_on,
    "clearance": Clearance.checked_on,
    "consent": Consent.given_on,
    "placement": Placement.started_on,
}
About = tuple[str, str | None, date | None]
"""What a paper is about: a row's word, that row's kind, and its day."""


@dataclass(frozen=True)
class Listed:
    """A paper of a list, and what it is about."""

    paper: Paper
    about: list[About]


def find_paper(session: Session, user: User, paper_id: int) -> Paper | None:
    """One paper of a person whom the reader may see."""
    mentors = visible_mentors(user).with_only_columns(Mentor.id)
    children = visible_children(user).with_only_columns(Child.id)
    seen = or_(Paper.mentor_id.in_(mentors), Paper.child_id.in_(children))
    return session.scalars(select(Paper).where(Paper.id == paper_id, seen)).first()


def papers_of(
    session: Session, *, mentor_id: int | None = None, child_id: int | None = None
) -> list[Listed]:
    """One person's papers, the newest first, with what each of them is about."""
    own = Paper.mentor_id == mentor_id if mentor_id is not None else Paper.child_id == child_id
    query = select(Paper).where(own).options(joinedload(Paper.uploader)).order_by(Paper.id.desc())
    papers = list(session.scalars(query))
    about = about_papers(session, [paper.id for paper in papers])
    return [Listed(paper, about.get(paper.id, [])) for paper in papers]


def about_papers(session: Session, ids: list[int]) -> dict[int, list[About]]:
    """What papers are about, by their ids; in one statement, or in none."""
    found: dict[int, list[About]] = {}
    if ids:
        for paper_id, *about in session.execute(union_all(*_uses(ids))):
            found.setdefault(paper_id, []).append(tuple(about))
    return found


def _uses(ids: list[int]) -> list[Select[Any]]:
    return [
        select(row.paper_id, literal(word), cast(_KINDS[word], String(30)), _DAYS[word]).where(
            row.paper_id.in_(ids)
        )
        for word, row in ROWS.items()
    ]
