from typing import Any

from mentorship.web import words
from mentorship.web.fields import Choice


class Rating(Choice):
    """From 5 (very well) to 1 (badly), as a number."""

    def __init__(self, label: Any) -> None:
        super().__init__(label, words.WENT, kind="radios")

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return int(super()._deserialize(value, *args, **kwargs))
