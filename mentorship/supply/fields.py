"""A number with a sign and decimals, as people write it."""

import re
from typing import Any

from flask_babel import gettext
from marshmallow import ValidationError

from mentorship.web.fields import Text


class Number(Text):
    """Digits with an optional sign, spaces between thousands, and a comma or a point.

    Loads as a text that `float` reads.
    """

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = re.sub(r"[\s\u00a0\u202f]", "", str(value)).replace("\u2212", "-").replace(",", ".")
        if re.fullmatch(r"[+-]?[0-9]{1,9}(\.[0-9]{1,4})?", text) is None:
            raise ValidationError(gettext("Enter a number, like 20798 or 3.39."))
        return text  # a text like any other, as the checks of its length expect
