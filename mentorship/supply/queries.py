from collections.abc import Iterable
from datetime import date
from itertools import groupby

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from mentorship.children.models import Placement, PlacementForm
from mentorship.i18n import as_day
from mentorship.permissions import Scope
from mentorship.places.models import Centre, CentreChange
from mentorship.supply.facts import Organisation
from mentorship.supply.models import PublishedFigure
from mentorship.supply.vocabulary import Topic


def published(session: Session, code: Topic | str) -> list[PublishedFigure]:
    """The figures in force about one topic, newest first; those without a date last."""
    return sorted(_in_force(session, PublishedFigure.topic == Topic(code)), key=_order)


def published_by_topic(
    session: Session, topics: Iterable[Topic] = tuple(Topic)
) -> dict[Topic, list[PublishedFigure]]:
    """The figures in force by topic, in one statement; the topics in their own order."""
    asked = PublishedFigure.topic.in_([str(topic) for topic in topics])
    order = list(Topic)
    rows = sorted(
        _in_force(session, asked), key=lambda row: (order.index(Topic(row.topic)), *_order(row))
    )
    return {Topic(topic): list(some) for topic, some in groupby(rows, lambda row: row.topic)}


def find_published(session: Session, figure_id: int) -> PublishedFigure | None:
    """One figure that is in force, withdrawn or not."""
    query = select(PublishedFigure).where(PublishedFigure.id == figure_id, ~_corrected())
    return session.scalars(query).first()


def withdrawn(session: Session) -> list[PublishedFigure]:
    """The figures that somebody took from the page."""
    query = select(PublishedFigure).where(~_corrected(), PublishedFigure.withdrawn)
    return list(session.scalars(query.order_by(PublishedFigure.id.desc())))


def history(session: Session, row: PublishedFigure) -> list[PublishedFigure]:
    """What was recorded before a correction, newest first, each with who recorded it."""
    query = select(PublishedFigure).where(PublishedFigure.topic == row.topic)
    known = {
        each.id: each for each in session.scalars(query.options(joinedload(PublishedFigure.author)))
    }
    found = []
    while row.corrects_id is not None and row.corrects_id in known:
        row = known[row.corrects_id]
        found.append(row)
    return found


def organisations(session: Session, scope: Scope) -> list[Organisation]:
    """The organisations of somebody's regions that work today, with what they were before."""
    query = scope.limit(select(Centre).where(Centre.open), Centre.region)
    return [
        Organisation(
            centre.kind,
            centre.region,
            sorted((row.changed_on, row.was, row.now) for row in centre.changes),
        )
        for centre in session.scalars(query.options(selectinload(Centre.changes)))
    ]


def closed_organisations(session: Session, scope: Scope) -> int:
    """How many organisations of somebody's regions work no more."""
    query = select(func.count()).select_from(Centre).where(~Centre.open)
    return session.scalar(scope.limit(query, Centre.region)) or 0


def transformations(session: Session, scope: Scope) -> list[CentreChange]:
    """Every organisation that became one of another kind, newest first."""
    query = select(CentreChange).join(CentreChange.centre).options(joinedload(CentreChange.centre))
    newest = scope.limit(query, Centre.region).order_by(
        CentreChange.changed_on.desc(), CentreChange.id.desc()
    )
    return list(session.scalars(newest))


def placed_in_year(session: Session, year: int, forms: Iterable[PlacementForm]) -> dict[str, int]:
    """Children for whom a placement in one of these forms began in a year, by region."""
    query = (
        select(Placement.region, func.count(Placement.child_id.distinct()))
        .where(Placement.form.in_([str(form) for form in forms]))
        .where(Placement.started_on.between(date(year, 1, 1), date(year, 12, 31)))
        .group_by(Placement.region)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def kept_since(session: Session) -> date | None:
    """The day from which this register has written down where children live."""
    first = session.scalar(select(func.min(Placement.recorded_at)))
    return as_day(first) if first else None


def differ(rows: Iterable[PublishedFigure]) -> bool:
    """Whether a topic has more than one figure or meaning; nothing decides between them."""
    said = {(row.value, row.value_to, row.words("en"), row.name("en")) for row in rows}
    return len(said) > 1 and all(row.topic != Topic.OTHER for row in rows)


def _corrected() -> ColumnElement[bool]:
    later = aliased(PublishedFigure)
    return select(later.id).where(later.corrects_id == PublishedFigure.id).exists()


def _in_force(session: Session, *where: ColumnElement[bool]) -> Iterable[PublishedFigure]:
    query = select(PublishedFigure).where(~_corrected(), ~PublishedFigure.withdrawn, *where)
    return session.scalars(query.options(joinedload(PublishedFigure.author)))


def _order(row: PublishedFigure) -> tuple[int, int]:
    return (-row.as_of.toordinal() if row.as_of else 0, row.id)
