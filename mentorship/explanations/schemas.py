from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from mentorship.web.fields import Choice, PageSchema


class UrgentSchema(PageSchema):
    """One of the mentors who are free today."""

    mentor = Choice(_l("Mentor"), dict)

    def offer(self, mentors: Mapping[str, str]) -> "UrgentSchema":
        """Set who may be chosen."""
        field = self.fields["mentor"]
        field.metadata = {**field.metadata, "options": mentors}
        return self
