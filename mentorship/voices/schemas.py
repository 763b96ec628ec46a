from typing import Any

from flask_babel import lazy_gettext as _l

from mentorship.voices.facts import QUESTIONS, Voice
from mentorship.voices.words import QUESTIONS as ASKED
from mentorship.voices.words import STEPS
from mentorship.web.fields import Choice, Day, PageSchema, Paragraph, Text
from mentorship.web.words import CONTACT_WAYS

_STEPS = {str(step): word for step, word in STEPS.items()} | {"0": _l("No answer")}


_WAYS = {code: word for code, word in CONTACT_WAYS.items() if code != "link"}


class StepOf(Choice):
    """One of five steps as a number; none where it was skipped."""

    def __init__(self, label: Any) -> None:
        super().__init__(label, _STEPS, kind="radios", required=False)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return int(super()._deserialize(value, *args, **kwargs)) or None


class CodeSchema(PageSchema):
    code = Text(_l("Your number"), longest=40)


def _steps(voice: Voice) -> dict[str, Any]:
    return {code: StepOf(ASKED[voice][code]) for code in QUESTIONS[voice]}


def _schema(fields: dict[str, Any]) -> PageSchema:
    return PageSchema.from_dict(fields)()  # type: ignore[return-value]


def carer_schema() -> PageSchema:
    """What a carer answers by a link."""
    more = {
        "note": Paragraph(
            _l("What else should the coordinator know?"), required=False, longest=2000
        ),
        "worry": Paragraph(
            _l("Something worries me"),
            required=False,
            longest=2000,
            hint=_l("The coordinator reads this first. If a child is in danger, call 102 or 112."),
        ),
    }
    return _schema(_steps(Voice.CARER) | more)


def told_schema(voice: Voice) -> PageSchema:
    """What was answered in a conversation, as staff write it down."""
    said: dict[str, Any] = {
        "answered_on": Day(_l("Date of the conversation"), past=True),
        "way": Choice(_l("How you spoke"), _WAYS, kind="radios"),
    }
    note = Paragraph(
        _l("Note"),
        required=False,
        longest=2000,
        hint=_l("Only what others who care for the match need. Never a diagnosis."),
    )
    return _schema(said | _steps(voice) | {"note": note})


def answers_in(data: dict[str, Any], voice: Voice) -> dict[str, int]:
    """The steps of the questions that were not skipped."""
    return {code: data[code] for code in QUESTIONS[voice] if data.get(code)}
