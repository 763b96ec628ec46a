from flask_babel import lazy_gettext as _l

from mentorship.web.fields import PageSchema, Paragraph


class ReviewSchema(PageSchema):
    steps = Paragraph(
        _l("What you did and what happens next"),
        longest=4000,
        hint=_l("Whom you spoke with, what is agreed, who watches. Never a diagnosis."),
    )
