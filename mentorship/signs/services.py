from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Invalid
from mentorship.settings.catalogue import CATALOGUE
from mentorship.settings.services import newest_rows
from mentorship.signs import queries
from mentorship.signs.facts import Finding, Thresholds, findings
from mentorship.signs.models import Sign
from mentorship.voices.facts import Limits


@dataclass(frozen=True)
class Looked:
    """What a look at the matches came to."""

    matches: int
    opened: int
    ended: int


def thresholds(session: Session) -> Thresholds:
    """From when something is a sign, as the programme has decided."""
    rows = newest_rows(session)

    def number(key: str) -> int:
        return int(rows[key].value) if key in rows else CATALOGUE[key].value

    own = {
        key: number(f"signs.{key}") for key in Thresholds.__dataclass_fields__ if key != "voices"
    }
    voices = {key: number(f"voices.{key}") for key in Limits.__dataclass_fields__}
    return Thresholds(**own, voices=Limits(**voices))


def look(
    session: Session, on: date, at: datetime, match_ids: Collection[int] | None = None
) -> Looked:
    """Open the signs that hold on a day and end those that no longer do; done twice, once counts.

    Of these matches, or of all. A sign that goes on keeps who has seen it; its numbers are renewed.
    """
    limit = thresholds(session)
    known = queries.read(session, on, limit, match_ids)
    held = {(row.match_id, row.kind): row for row in queries.open_signs(session, match_ids)}
    new: list[dict[str, Any]] = []
    for match_id, facts in known.items():
        for found in findings(facts, on, limit):
            sign = held.pop((match_id, found.kind), None)
            if sign is None:
                new.append(_row(match_id, found))
            else:
                _renew(sign, found)
    for sign in held.values():
        sign.ended_on = on
    session.flush()  # before others of the same kind are opened
    if new:
        session.execute(insert(Sign), new)
    return Looked(len(known), len(new), len(held))


def _row(match_id: int, found: Finding) -> dict[str, Any]:
    return {
        "match_id": match_id,
        "kind": found.kind,
        "since_on": found.since_on,
        "facts": found.facts,
        "next_action": found.next_action,
    }


def _renew(sign: Sign, found: Finding) -> None:
    if sign.facts != found.facts:
        sign.facts = found.facts
    if sign.next_action != found.next_action:
        sign.next_action = found.next_action


def note_sign(
    session: Session,
    sign: Sign,
    *,
    note: str,
    snoozed_until: date | None,
    by: int,
    on: date,
    at: datetime,
) -> None:
    """Note that somebody has seen a sign and what they do, and put it aside until a day.

    Raises AlreadyDone where it no longer holds, Invalid where the day is not ahead.
    """
    for_update(session, Sign, [sign.id])
    if sign.ended_on is not None:
        raise AlreadyDone("sign_ended")
    if snoozed_until is not None and snoozed_until <= on:
        raise Invalid("snooze_ahead")
    sign.note, sign.snoozed_until = note, snoozed_until
    sign.noted_by, sign.noted_at = by, at
    audit.record("noted_sign", sign, by=by, match=sign.match_id, kind=sign.kind)
