from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from mentorship.papers.fields import ScanField
from mentorship.papers.words import REMOVAL_REASONS
from mentorship.web.fields import Choice, PageSchema


class PaperSchema(PageSchema):
    """A scan, and which record it proves: one of those that have no scan yet."""

    about = Choice(_l("What the paper proves"), {})
    scan = ScanField(_l("Scan"))

    def __init__(self, options: Mapping[str, Any], **given: Any) -> None:
        """Offer these records: `clearance-12` and the like, with their words."""
        super().__init__(**given)
        self.fields["about"].metadata = {**self.fields["about"].metadata, "options": options}


class RemovalSchema(PageSchema):
    reason = Choice(_l("Reason"), REMOVAL_REASONS, kind="radios")
