from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from mentorship.mentors.policies import REASONS
from mentorship.mentors.schemas import CertificateSchema, ClearanceSchema
from mentorship.qualification.models import BY_A_PERSON
from mentorship.qualification.words import CAUSES
from mentorship.web import words
from mentorship.web.fields import Choice, Day, PageSchema, Paragraph, YesNo

Scans = Mapping[str, str]


def _scan() -> Choice:
    return Choice(
        _l("Scan of the paper"),
        {},
        required=False,
        hint=_l("One of the scans that were uploaded for this mentor."),
    )


def _offer(field: Any, options: Mapping[str, Any]) -> None:
    field.metadata = {**field.metadata, "options": options}


def _give_scans(schema: PageSchema, scans: Scans) -> None:
    """Offer the mentor's scans, or ask nothing where there is none."""
    if scans:
        _offer(schema.fields["paper_id"], scans)
    else:
        del schema.fields["paper_id"], schema.load_fields["paper_id"]


class PaperSchema(ClearanceSchema):
    """One paper or answer on the page of a mentor."""

    valid_until = Day(
        _l("Valid until"),
        required=False,
        hint=_l("Leave it empty when the paper does not say: the list below then decides."),
    )
    sure = YesNo(_l("I have compared the result with the paper: an obstacle was found."))
    paper_id = _scan()

    def __init__(self, scans: Scans) -> None:
        super().__init__()
        _give_scans(self, scans)


class MentorCertificateSchema(CertificateSchema):
    """A certificate, with its scan where there is one."""

    paper_id = _scan()

    def __init__(self, scans: Scans) -> None:
        super().__init__()
        _give_scans(self, scans)


class RevocationSchema(PageSchema):
    revoked_on = Day(_l("Revoked on"), past=True)
    reason = Paragraph(
        _l("Why it was revoked"),
        longest=500,
        hint=_l("Who decided, and the number of the decision. Never a diagnosis."),
    )


class SuspendSchema(PageSchema):
    cause = Choice(_l("Why"), {str(code): CAUSES[str(code)] for code in BY_A_PERSON}, kind="radios")
    reason = Paragraph(
        _l("What happened, in a few words"),
        longest=500,
        hint=_l("Coordinators of your region read it. Never a diagnosis."),
    )


class LiftSchema(PageSchema):
    reason = Paragraph(
        _l("Why it can be lifted"),
        longest=500,
        hint=_l("What has changed, and which paper shows it. Never a diagnosis."),
    )


class StatusSchema(PageSchema):
    """A status that is possible now, and a reason that fits it."""

    status = Choice(_l("New status"), {}, kind="radios")
    reason = Choice(_l("Reason"), {})
    note = Paragraph(_l("Note"), required=False, longest=500)

    def __init__(self, statuses: tuple[str, ...]) -> None:
        super().__init__()
        reasons = {code: None for status in statuses for code in REASONS[status]}
        chosen: dict[str, Any] = {
            "status": {code: words.MENTOR_STATUSES[code] for code in statuses},
            "reason": {code: words.MENTOR_REASONS[code] for code in reasons},
        }
        for name, options in chosen.items():
            _offer(self.fields[name], options)

    @validates_schema
    def reason_fits(self, data: dict[str, Any], **_: Any) -> None:
        if data["reason"] not in REASONS[data["status"]]:
            text = gettext("This reason does not belong to the status you chose.")
            raise ValidationError(text, "reason")
