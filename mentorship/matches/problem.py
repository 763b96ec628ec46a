"""Rows into the engine's problem: the only bridge to `matching`."""

import gzip
from collections.abc import Mapping

import matching
from mentorship.children.models import Child, ConsentKind
from mentorship.mentors.models import Mentor, MentorStatus
from mentorship.places.regions import locate

# Codes become plain text here: a row that was just added may still hold members of an
# enumeration, and a record's fingerprint must not depend on that.


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
        languages={str(row.language): str(row.level) for row in mentor.languages},
        interests=frozenset(row.interest for row in mentor.interests),
        certificate_expires_on=certificate.expires_on if certificate else None,
        clearances=tuple(
            matching.Clearance(str(row.kind), str(row.result), row.checked_on, row.valid_until)
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
        languages={str(row.language): str(row.level) for row in child.languages},
        first_language=str(child.first_language),
        interests=frozenset(row.interest for row in child.interests),
        waiting_since=child.waiting_since,
        guardian_consent=child.consent(ConsentKind.GUARDIAN) is not None,
        own_consent=child.consent(ConsentKind.OWN) is not None,
    )


Refused = Mapping[tuple[int | str, int | str], str]


def pack(record: matching.Record) -> bytes:
    """A plan with all it was made from, as compressed JSON without names."""
    return gzip.compress(record.to_json().encode(), mtime=0)


def unpack(packed: bytes) -> matching.Record:
    """What :func:`pack` wrote; raises matching.ProblemError when it is no record."""
    try:
        text = gzip.decompress(packed).decode()
    except (OSError, EOFError, UnicodeDecodeError) as wrong:
        raise matching.ProblemError("no recorded plan") from wrong
    return matching.Record.from_json(text)
