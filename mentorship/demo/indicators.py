"""Examples of programme indicators, plainly marked as such: the Concept's own are not public."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from mentorship.indicators.services import add_indicator, set_target
from mentorship.indicators.vocabulary import YEARS, Direction, Formula

SOURCE = "design: an example of the demo, not an indicator of the Concept"
EMPTY = dict.fromkeys(("measure", "part", "base", "base_part", "factor", "months", "region"))
EXAMPLES: tuple[tuple[dict[str, Any], tuple[float, ...]], ...] = (
    (
        {
            "name_kk": "Уақытында өткен байланыстардың үлесі",
            "name_ru": "Доля контактов, проведённых в срок",
            "name_en": "Contacts held on time",
            "formula": Formula.RATIO,
            "measure": "contacts_on_time",
            "base": "contacts_due",
            "factor": 1,
        },
        (0.5, 0.6, 0.7, 0.8, 0.85),
    ),
    (
        {
            "name_kk": "Кемінде он екі айға созылған жұптардың үлесі",
            "name_ru": "Доля пар, продержавшихся двенадцать месяцев",
            "name_en": "Matches that lasted twelve months",
            "formula": Formula.LASTING,
            "months": 12,
        },
        (0.7, 0.72, 0.75, 0.78, 0.8),
    ),
    (
        {
            "name_kk": "Тәлімгері бар балалардың үлесі",
            "name_ru": "Доля детей, у которых есть наставник",
            "name_en": "Children who have a mentor",
            "formula": Formula.MEASURE,
            "measure": "coverage",
        },
        (0.12, 0.2, 0.3, 0.4, 0.5),
    ),
    (
        {
            "name_kk": "Баланың тәлімгер күткен күндері",
            "name_ru": "Сколько дней ребёнок ждал наставника",
            "name_en": "Days a child waited for a mentor",
            "formula": Formula.MEASURE,
            "measure": "days_to_match_child",
            "direction": Direction.LESS,
        },
        (240, 200, 160, 120, 90),
    ),
    (
        {
            "name_kk": "5 000 балаға шаққандағы қорғаншылық органдарының мамандары",
            "name_ru": "Специалисты органов опеки на 5 000 детей",
            "name_en": "Specialists of guardianship authorities for 5,000 children",
            "formula": Formula.MEASURE,
            "measure": "specialists_per_5000",
        },
        (0.8, 0.9, 1, 1, 1),
    ),
)


def store_indicators(session: Session, by: int, at: datetime) -> None:
    """Five indicators of our own with a plan for every year."""
    for given, plan in EXAMPLES:
        data = EMPTY | {
            "from_year": YEARS[0],
            "direction": Direction.MORE,
            "source": SOURCE,
            "owner": "Programme",
        }
        row = add_indicator(session, data | given, by=by, at=at, is_example=True)
        for year, value in zip(YEARS, plan, strict=True):
            set_target(session, row, year, value, source=SOURCE, by=by, at=at)
