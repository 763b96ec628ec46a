from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.children.models import Child, Consent, ConsentKind, Placement, PlacementForm
from mentorship.errors import AlreadyDone
from mentorship.people.services import NAME_FIELDS, change_person, register_person
from mentorship.places.models import Centre

FIELDS = (*NAME_FIELDS, "iin", "centre_id", "first_language", "waiting_since")


def register_child(
    session: Session, data: dict[str, Any], *, by: int | None, at: datetime
) -> Child:
    """Add a child to the register, with the consents that are given; raises AlreadyDone."""
    child: Child = register_person(session, Child, FIELDS, data, by=by, at=at)
    session.flush()
    _place(session, child, by=by, at=at)
    if data.get("guardian_consent_on"):
        giver = data["guardian_consent_by"]
        given_on = data["guardian_consent_on"]
        add_consent(child, ConsentKind.GUARDIAN, given_on=given_on, given_by=giver, by=by, at=at)
    if data.get("own_consent_on"):
        add_consent(child, ConsentKind.OWN, given_on=data["own_consent_on"], by=by, at=at)
    return child


def _place(session: Session, child: Child, *, by: int | None, at: datetime) -> None:
    """Where a child of the register lives, from a day that is not known."""
    centre = session.get_one(Centre, child.centre_id)
    child.placements.append(
        Placement(
            form=PlacementForm.INSTITUTION,
            centre_id=centre.id,
            region=centre.region,
            recorded_by=by,
            recorded_at=at,
        )
    )


def change_child(
    session: Session, child: Child, data: dict[str, Any], *, version: int, by: int
) -> None:
    """Change a child's facts; raises Stale or AlreadyDone. Consents have their own verbs."""
    change_person(session, child, FIELDS, data, version=version, by=by)


def add_consent(
    child: Child,
    kind: ConsentKind,
    *,
    given_on: date,
    given_by: str | None = None,
    by: int | None,
    at: datetime,
) -> Consent:
    """Record a yes; raises AlreadyDone while an earlier one stands."""
    if child.consent(kind):
        raise AlreadyDone("consent_exists")
    consent = Consent(
        kind=kind,
        given_on=given_on,
        given_by=given_by or child.first_name,
        recorded_by=by,
        recorded_at=at,
    )
    child.consents.insert(0, consent)
    audit.record("recorded_consent", child, by=by, kind=kind)
    return consent


def withdraw_consent(child: Child, kind: ConsentKind, *, on: date, by: int) -> None:
    """Record that a consent no longer stands; nothing happens where there is none."""
    consent = child.consent(kind)
    if consent is not None:
        consent.withdrawn_on = max(on, consent.given_on)
        audit.record("withdrew_consent", child, by=by, kind=kind)


def record_leaving(child: Child, on: date, *, by: int) -> None:
    """Note that a child left organisations for orphans: they no longer wait for a mentor."""
    child.left_on = on
    audit.record("recorded_leaving", child, by=by)
