import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow.fields import Field

from mentorship.check_ins.models import CheckIn, ContactKind, ContactPolicy
from mentorship.i18n import show_date
from mentorship.meetings.fields import Rating
from mentorship.web import words
from mentorship.web.fields import Choice, Choices, Day, PageSchema, Paragraph, Text, Whole


class CheckInSchema(PageSchema):
    held_on = Day(_l("Date of the contact"), past=True)
    way = Choice(_l("How you spoke"), words.CONTACT_WAYS, kind="radios")
    rating = Rating(_l("How the match is going"), required=False)
    next_step = Paragraph(
        _l("Next step"),
        required=False,
        longest=2000,
        hint=_l("What you agreed, and who does it by when."),
    )


def check_in_schema(others: Sequence[CheckIn]) -> PageSchema:
    """What came of a contact, and which other contacts of the match the same talk was."""
    if not others:
        return CheckInSchema()
    found: Mapping[str, Any] = {str(row.id): _which(row) for row in others}
    also = Choices(
        _l("You also spoke with"),
        found,
        hint=_l("Tick whom you spoke with on the same day, and it is recorded for them too."),
    )
    more: dict[str, Field[Any]] = {"also": also}
    return CheckInSchema.from_dict(more)()  # type: ignore[return-value]


def _which(check_in: CheckIn) -> str:
    return f"{words.CONTACT_KINDS[check_in.kind]}, {show_date(check_in.due_on)}"


class PolicySchema(PageSchema):
    version = Text(_l("Name of the version"), longest=20, hint=_l("For example: 2027-1."))
    in_force_from = Day(_l("In force from"), future=True)
    source = Paragraph(_l("Source"), longest=1000, hint=_l("Where these numbers come from."))
    owner = Text(_l("Who is responsible for them"))


STAGES = 3


def policy_schema() -> PageSchema:
    """A version of the policy: for each kind the first contact, days of month 1, then stages."""
    more: dict[str, Field[Any]] = {}
    for kind in ContactKind:
        within = Whole(_l("First contact within working days"), least=1, most=9, required=False)
        days = Text(_l("Days of the first month"), required=False, hint=_l("For example: 14, 28."))
        more |= {f"{kind}_within": within, f"{kind}_days": days}
        for number in range(1, STAGES + 1):
            every = Whole(_l("Then every … months"), least=1, most=24, required=False)
            until = Whole(_l("up to month"), least=1, most=120, required=False)
            more |= {f"{kind}_every_{number}": every, f"{kind}_until_{number}": until}
    return PolicySchema.from_dict(more)()  # type: ignore[return-value]


def policy_data(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a policy keeps, from what the form holds."""
    kept = {name: data[name] for name in ("version", "in_force_from", "source", "owner")}
    return kept | {"stages": {kind: _plan_data(data, kind) for kind in ContactKind}}


def _plan_data(data: Mapping[str, Any], kind: str) -> dict[str, Any]:
    pairs = [
        [data[f"{kind}_every_{number}"], data[f"{kind}_until_{number}"]]
        for number in range(1, STAGES + 1)
        if data[f"{kind}_every_{number}"] is not None
    ]
    days = [int(day) for day in re.findall("[0-9]{1,4}", data[f"{kind}_days"] or "")]
    return {"within": data[f"{kind}_within"], "days": days, "stages": pairs}


def policy_values(policy: ContactPolicy) -> dict[str, Any]:
    """The plans of a policy as the form shows them."""
    found: dict[str, Any] = {}
    for kind, given in policy.stages.items():
        days = ", ".join(map(str, given["days"]))
        found |= {f"{kind}_within": given["within"], f"{kind}_days": days}
        for number, (every, until) in enumerate(given["stages"], start=1):
            found |= {f"{kind}_every_{number}": every, f"{kind}_until_{number}": until}
    return found


class CallSchema(PageSchema):
    called_on = Day(_l("Date of the call"), past=True)
    note = Paragraph(
        _l("What came of it"),
        longest=2000,
        hint=_l("For example: not reached, called back on Friday; or what you agreed."),
    )
