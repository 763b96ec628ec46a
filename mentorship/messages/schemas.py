from typing import Any

from flask_babel import lazy_gettext as _l

from mentorship.messages.policies import Channel, Topic
from mentorship.messages.words import TOPICS
from mentorship.web.fields import Choices, PageSchema
from mentorship.web.phones import Phone


class ChoicesSchema(PageSchema):
    """What somebody wants to be told, by each way; the topics depend on their role."""

    email = Choices(_l("By e-mail"), TOPICS)
    phone = Phone(
        _l("Phone number for short messages"),
        hint=_l("For example +7 701 123 45 67"),
        required=False,
        autocomplete="tel",
    )
    sms = Choices(
        _l("Also by short message (SMS)"),
        TOPICS,
        hint=_l("It only says that there is something to read, never what."),
    )

    def __init__(self, topics: dict[Channel, list[Topic]], **more: Any) -> None:
        super().__init__(**more)
        for way, own in topics.items():
            if way in self.fields:
                options = {str(topic): TOPICS[topic] for topic in own}
                self.fields[way].metadata = {**self.fields[way].metadata, "options": options}
