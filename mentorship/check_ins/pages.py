"""A new version of the policy is looked at before it is saved."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask import request
from flask_babel import gettext, ngettext

from mentorship import clock
from mentorship.check_ins.report import Preview, preview
from mentorship.check_ins.schedule import faults
from mentorship.check_ins.schemas import policy_data
from mentorship.database import db
from mentorship.web.forms import Form
from mentorship.web.problems import PROBLEMS


@dataclass(frozen=True)
class Shown:
    """What was typed, its fingerprint, and what it would change."""

    data: dict[str, Any]
    seen: str
    preview: Preview


def read_policy(form: Form) -> Shown | None:
    """The version that was typed with its preview; None where it cannot be followed."""
    data = policy_data(form.data)
    wrong = faults(data["stages"])
    for code in dict.fromkeys(wrong):
        form.refuse("form", PROBLEMS[code])
    if wrong:
        return None
    seen = sha256(json.dumps(data, default=str, sort_keys=True).encode()).hexdigest()[:20]
    found = preview(db.session, data["stages"], data["in_force_from"], on=clock.today())
    return Shown(data, seen, found)


def wants_to_save(shown: Shown) -> bool:
    """Whether exactly this version was looked at, and is to be saved."""
    return request.form.get("step") == "save" and request.form.get("seen") == shown.seen


def said_of_plan(changed: int | None) -> str:
    """What has become of the contacts ahead."""
    if changed is None:
        return str(gettext("The version is saved. The contacts ahead follow it from tonight."))
    said = ngettext(
        "The version is saved. %(num)s contact ahead was changed.",
        "The version is saved. %(num)s contacts ahead were changed.",
        changed,
    )
    return str(said)
