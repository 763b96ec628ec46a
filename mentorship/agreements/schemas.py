from typing import Any

from flask_babel import lazy_gettext as _l

from mentorship.web import words
from mentorship.web.fields import Choice, Day, PageSchema, Paragraph, Text


class Agrees(Choice):
    """Agrees (True) or does not (False)."""

    def __init__(self, label: Any) -> None:
        super().__init__(label, words.CONSENT_ANSWERS, kind="radios")

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value, *args, **kwargs) == "yes"


class AnswerSchema(PageSchema):
    """A mentor's own answer: one of two buttons, and a few words."""

    answer = Choice(_l("Your answer"), words.MENTOR_ANSWERS, kind="radios")
    note = Paragraph(_l("Anything your coordinator should know"), required=False, longest=1000)


class MentorWordSchema(PageSchema):
    answer = Choice(_l("What the mentor said"), words.MENTOR_ANSWERS, kind="radios")
    on = Day(_l("Date of the call"), past=True)
    note = Paragraph(_l("Note"), required=False, longest=1000)


class ChildConsentSchema(PageSchema):
    agrees = Agrees(_l("What the child said"))
    on = Day(_l("Date of the conversation"), past=True)
    language = Choice(_l("Language of the conversation"), words.LANGUAGES)
    note = Paragraph(
        _l("Note"),
        required=False,
        longest=1000,
        hint=_l("The child may say no without a reason, now and at any later time."),
    )


class GuardianConsentSchema(PageSchema):
    agrees = Agrees(_l("What the legal representative said"))
    name = Text(_l("Name and office of the legal representative"))
    on = Day(_l("Date of the consent"), past=True)
    language = Choice(_l("Language of the consent"), words.LANGUAGES)
    note = Paragraph(_l("Note"), required=False, longest=1000)


class AgreementSchema(PageSchema):
    number = Text(_l("Number of the agreement"), longest=60)
    agreed_on = Day(
        _l("Date of the agreement"),
        past=True,
        hint=_l(
            "The day on which the mentor, the guardianship authority and the education "
            "organisation had all signed."
        ),
    )


class FirstMeetingSchema(PageSchema):
    held_on = Day(_l("Date of the first meeting"), past=True)
    held_with = Text(
        _l("Staff who were present"), hint=_l("Name and office, for example the centre's carer.")
    )
