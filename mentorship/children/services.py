from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.authorities.models import Specialist
from mentorship.children.models import Child, Consent, ConsentKind, Placement, PlacementForm
from mentorship.errors import AlreadyDone, Invalid
from mentorship.people.services import (
    NAME_FIELDS,
    change_person,
    register_person,
    replace_codes,
    take_version,
)
from mentorship.places.models import Centre

RECORD = (
    *("disability", "wish", "mentor_sex_wish", "mentor_age_from", "mentor_age_to"),
    *("weekdays", "leaves_care_on", "case_manager_id"),
)
FIELDS = (*NAME_FIELDS, "iin", "centre_id", "first_language", "waiting_since", *RECORD)
EMPTY: dict[str, Any] = {"disability": False, "weekdays": [], "needs": []}


def register_child(
    session: Session, data: dict[str, Any], *, by: int | None, at: datetime
) -> Child:
    """Add a child to the register, with the consents that are given.

    Raises AlreadyDone, or Invalid for a case manager of another region.
    """
    data = EMPTY | data
    _check_case_manager(session, data)
    child: Child = register_person(session, Child, FIELDS, data, by=by, at=at)
    replace_codes(child, "needs", "need", data["needs"])
    session.flush()
    _place(session, child, by=by, at=at)
    if data.get("guardian_consent_on"):
        giver = data["guardian_consent_by"]
        given_on = data["guardian_consent_on"]
        add_consent(child, ConsentKind.GUARDIAN, given_on=given_on, given_by=giver, by=by, at=at)
    if data.get("own_consent_on"):
        add_consent(child, ConsentKind.OWN, given_on=data["own_consent_on"], by=by, at=at)
    if data.get("data_consent_on"):
        giver, given_on = data["data_consent_by"], data["data_consent_on"]
        add_consent(child, ConsentKind.DATA, given_on=given_on, given_by=giver, by=by, at=at)
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
    """Change a child's facts; raises Stale, AlreadyDone, or Invalid for the case manager.

    Consents and moves have their own verbs.
    """
    _check_case_manager(session, {"centre_id": child.centre_id, **data})
    fields = [name for name in FIELDS if name in data]
    change_person(session, child, fields, data, version=version, by=by)
    replace_codes(child, "needs", "need", data.get("needs", []))


def _check_case_manager(session: Session, data: dict[str, Any]) -> None:
    """A case manager works for the guardianship authority of the region of the centre."""
    if data.get("case_manager_id") is None:
        return
    specialist = session.get_one(Specialist, data["case_manager_id"])
    if specialist.authority.region != session.get_one(Centre, data["centre_id"]).region:
        raise Invalid("case_manager_elsewhere")


def choose_interests(session: Session, child: Child, codes: list[str], *, by: int) -> None:
    """Keep what a child has chosen on the page of pictures; an open form about them is stale."""
    take_version(child, child.version)
    replace_codes(child, "interests", "interest", codes)
    audit.record("chose_interests", child, by=by, session=session, number=len(codes))


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
