from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from mentorship.indicators.models import Indicator, IndicatorEdition, IndicatorTarget


def indicators(session: Session) -> list[Indicator]:
    """Every indicator with its editions and targets; those that ended come last."""
    query = select(Indicator).options(
        selectinload(Indicator.editions), selectinload(Indicator.targets)
    )
    order = (Indicator.ended_on.is_not(None), Indicator.id)
    return list(session.scalars(query.order_by(*order)))


def find(session: Session, indicator_id: int) -> Indicator | None:
    """One indicator with all that was ever decided about it, and by whom."""
    editions = selectinload(Indicator.editions)
    query = select(Indicator).options(
        editions.joinedload(IndicatorEdition.author),
        editions.selectinload(IndicatorEdition.facts),
        selectinload(Indicator.targets).joinedload(IndicatorTarget.author),
    )
    return session.scalars(query.where(Indicator.id == indicator_id)).one_or_none()


def has_name(session: Session, names: dict[str, str], but: int | None) -> bool:
    """Whether another indicator under way bears one of these names now."""
    for row in indicators(session):
        if row.id == but or row.ended_on is not None:
            continue
        if any(getattr(row.now, column) == name for column, name in names.items()):
            return True
    return False
