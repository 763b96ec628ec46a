"""Warning signs in words: the reason with its numbers, and what to do next."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from mentorship.i18n import show_date
from mentorship.signs.models import Sign
from mentorship.signs.vocabulary import NextAction, SignKind

KINDS = {
    SignKind.UNSAFE: _l("The child does not feel safe"),
    SignKind.SILENCE: _l("Silence"),
    SignKind.CANCELLATIONS: _l("Meetings cancelled again and again"),
    SignKind.DISAGREEMENT: _l("The voices disagree"),
    SignKind.FALLING_RATINGS: _l("Falling ratings"),
    SignKind.FEW_MEETINGS: _l("Fewer meetings than agreed"),
    SignKind.MISSED_CHECK_INS: _l("Missed contacts"),
    SignKind.CERTIFICATE: _l("Certificate about to end"),
}
ACTIONS = {
    NextAction.TALK_TO_THE_CHILD: _l("Talk to the child today"),
    NextAction.CALL_THE_MENTOR: _l("Call the mentor"),
    NextAction.ASK_THE_CHILD: _l("Ask the child"),
    NextAction.HOLD_THE_CHECK_IN: _l("Hold the contact"),
    NextAction.ARRANGE_A_SUBSTITUTE: _l("Arrange a substitute"),
    NextAction.AGREE_ON_THE_SLOT: _l("Agree on a time that works"),
    NextAction.RENEW_THE_CERTIFICATE: _l("Renew the certificate"),
}
STATES = {"new": _l("Nobody has looked yet"), "seen": _l("Seen"), "aside": _l("Put aside")}
SIDES = {
    "mentor": _l("The mentor cancelled %(num)s meetings in a row."),
    "child": _l("The child cancelled %(num)s meetings in a row."),
    "centre": _l("The centre cancelled %(num)s meetings in a row."),
    "weather": _l("The weather stopped %(num)s meetings in a row."),
    "other": _l("%(num)s meetings in a row did not happen for another reason."),
}
SILENT = {
    "mentor": _l("Nothing was heard from the mentor for %(num)s days."),
    "child": _l("Nothing was heard from the child for %(num)s days."),
    "carer": _l("Nothing was heard from the carer for %(num)s days."),
}
LOW = {
    "low_mentor": _l("The mentor says %(num)s of 5"),
    "low_child": _l("The child says %(num)s of 5"),
    "low_carer": _l("The carer says %(num)s of 5"),
}
HIGH = {
    "high_mentor": _l("the mentor says %(num)s."),
    "high_child": _l("the child says %(num)s."),
    "high_carer": _l("the carer says %(num)s."),
}
Facts = dict[str, Any]


def reason(sign: Sign) -> str:
    """Why a sign is up: one or two sentences with the numbers it rests on."""
    return _REASONS[SignKind(sign.kind)](sign.facts)


def _missed(facts: Facts) -> str:
    said: str = ngettext(
        "%(num)d contact of the last %(days)d days was not held.",
        "%(num)d contacts of the last %(days)d days were not held.",
        facts["count"],
        days=facts["days"],
    )
    return said


def _few(facts: Facts) -> str:
    said: str = gettext(
        "In the last %(weeks)s weeks they met %(held)s times; %(agreed)s were agreed.", **facts
    )
    return said


def _falling(facts: Facts) -> str:
    marks = {name: f"{facts[name] / 3:.1f}".rstrip("0").rstrip(".") for name in ("last", "before")}
    said: str = gettext(
        "The last three meetings were rated %(last)s of 5 on average; the three before %(before)s.",
        **marks,
    )
    return said


def _disagreement(facts: Facts) -> str:
    said = [
        str(words[code]) % {"num": facts[code]}
        for words in (LOW, HIGH)
        for code in words
        if code in facts
    ]
    return "; ".join(said)


def _silence(facts: Facts) -> str:
    said = [str(SILENT[voice]) % {"num": facts[voice]} for voice in SILENT if voice in facts]
    if "entry" in facts:
        said.insert(
            0,
            ngettext(
                "No meeting was entered for %(num)d day.",
                "No meeting was entered for %(num)d days.",
                facts["entry"],
            ),
        )
    return " ".join(said)


def _cancelled(facts: Facts) -> str:
    said = [
        ngettext(
            "%(num)d meeting of the last %(weeks)d weeks was cancelled.",
            "%(num)d meetings of the last %(weeks)d weeks were cancelled.",
            facts["count"],
            weeks=facts["weeks"],
        )
    ]
    said += [
        str(SIDES[side]) % {"num": facts[f"by_{side}"]} for side in SIDES if f"by_{side}" in facts
    ]
    return " ".join(said)


def _certificate(facts: Facts) -> str:
    if "until" not in facts:
        return str(gettext("The mentor has no certificate that is in force."))
    day = show_date(date.fromisoformat(facts["until"]))
    return str(gettext("The last day of the mentor's certificate is %(day)s.", day=day))


def _unsafe(facts: Facts) -> str:
    return str(gettext("Asked whether they feel safe, the child said %(step)s of 5.", **facts))


_REASONS: dict[SignKind, Callable[[Facts], str]] = {
    SignKind.MISSED_CHECK_INS: _missed,
    SignKind.FEW_MEETINGS: _few,
    SignKind.FALLING_RATINGS: _falling,
    SignKind.DISAGREEMENT: _disagreement,
    SignKind.SILENCE: _silence,
    SignKind.CANCELLATIONS: _cancelled,
    SignKind.CERTIFICATE: _certificate,
    SignKind.UNSAFE: _unsafe,
}
_PLACES = {
    NextAction.TALK_TO_THE_CHILD: "voices.of_match",
    NextAction.ASK_THE_CHILD: "voices.of_match",
    NextAction.ARRANGE_A_SUBSTITUTE: "meetings.of_match",
    NextAction.AGREE_ON_THE_SLOT: "meetings.of_match",
}


def place(sign: Sign) -> str:
    """The page on which the next action is done."""
    if sign.next_action == NextAction.RENEW_THE_CERTIFICATE:
        return url_for("mentors.show", mentor_id=sign.match.mentor_id)
    name = _PLACES.get(NextAction(sign.next_action), "check_ins.match")
    return url_for(name, match_id=sign.match_id)
