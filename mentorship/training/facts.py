from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Result:
    """What is recorded of one person: hours and test only of those who came."""

    attended: bool
    hours: Decimal | None = None
    score: int | None = None
    test_on: date | None = None
