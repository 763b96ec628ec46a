"""Rows into the engine's problem: the only bridge to `matching`."""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import matching
from mentorship.children.models import Child, ConsentKind
from mentorship.mentors.models import Mentor, MentorStatus
from mentorship.places.regions import locate


def engine_mentor(mentor: Mentor, open_matches: int) -> matching.Mentor:
    """A mentor as the engine sees them; `open_matches` are places taken."""
    spot = locate(mentor.region, mentor.town)
    certificate = mentor.certificate
    return matching.Mentor(
        id=mentor.id,
        birth_date=mentor.birth_date,
        sex=mentor.sex,
        active=mentor.status == MentorStatus.ACTIVE,
        capacity=max(0, mentor.capacity - open_matches),
        region=mentor.region,
        lat=spot.lat,
        lon=spot.lon,
        reach_km=mentor.reach_km,
        languages={row.language: row.level for row in mentor.languages},
        interests=frozenset(row.interest for row in mentor.interests),
        certificate_expires_on=certificate.expires_on if certificate else None,
        clearances=tuple(
            matching.Clearance(row.kind, row.result, row.checked_on, row.valid_until)
            for row in mentor.latest_clearances.values()
            if row is not None
        ),
    )


def engine_child(child: Child) -> matching.Child:
    """A child as the engine sees them: no name, no IIN, no papers."""
    spot = locate(child.centre.region, child.centre.town)
    return matching.Child(
        id=child.id,
        birth_date=child.birth_date,
        sex=child.sex,
        region=child.centre.region,
        centre=child.centre_id,
        lat=spot.lat,
        lon=spot.lon,
        in_organisation=child.left_on is None and child.centre.open,
        languages={row.language: row.level for row in child.languages},
        first_language=child.first_language,
        interests=frozenset(row.interest for row in child.interests),
        waiting_since=child.waiting_since,
        guardian_consent=child.consent(ConsentKind.GUARDIAN) is not None,
        own_consent=child.consent(ConsentKind.OWN) is not None,
    )


Refused = Mapping[tuple[int | str, int | str], str]


def snapshot(
    mentors: Sequence[matching.Mentor],
    children: Sequence[matching.Child],
    refused: Refused,
) -> bytes:
    """What the engine was given, as compressed JSON without names, to replay the round."""
    held = {
        "mentors": [_plain(asdict(mentor)) for mentor in mentors],
        "children": [_plain(asdict(child)) for child in children],
        "refused_pairs": [[*pair, code] for pair, code in refused.items()],
    }
    return gzip.compress(json.dumps(held, separators=(",", ":")).encode(), mtime=0)


def _plain(value: Any) -> Any:
    """Dates as ISO text and sets as sorted lists, all the way down."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
