from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from mentorship.children.facts import too_young_to_consent
from mentorship.children.words import MENTOR_SEX_WISHES
from mentorship.people.fields import SexWish, Weekdays
from mentorship.people.schemas import PersonSchema, refuse_ages_upside_down
from mentorship.people.words import NEEDS, WEEKDAYS, interest_names
from mentorship.web import problems, words
from mentorship.web.fields import Choice, Choices, Day, PageSchema, Paragraph, Text, Whole, YesNo

_ADULT: dict[str, Any] = {"least": 18, "most": 99, "required": False}


class RowChoice(Choice):
    """A row by its id; the view says which rows the reader may choose."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(label, dict, **more)
        self.allowed: Mapping[str, Any] = {}

    @property
    def options(self) -> Mapping[str, Any]:
        return self.allowed

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return int(super()._deserialize(value, *args, **kwargs))


class ChildSchema(PersonSchema):
    """A child of the register. Consents may be added later; without both there is no match."""

    sex = Choice(_l("Sex"), words.CHILD_SEXES, kind="radios")
    centre_id = RowChoice(_l("Centre"))
    first_language = Choice(_l("First language"), words.LANGUAGES)
    waiting_since = Day(_l("Waiting for a mentor since"), past=True)
    needs = Choices(
        _l("What a mentor should be prepared for"),
        NEEDS,
        hint=_l("Only these plain words. Never write down a diagnosis."),
    )
    disability = YesNo(
        _l("The child has a disability"),
        hint=_l(
            "Only yes or no. It shows whether children with disabilities are matched as often as "
            "others; it never gives or takes points."
        ),
    )
    wish = Paragraph(
        _l("What the child wishes of a mentor, in the child's own words"),
        required=False,
        longest=1000,
        hint=_l("Only the staff who decide on proposals read this."),
    )
    mentor_sex_wish = SexWish(_l("Would like a woman or a man"), MENTOR_SEX_WISHES)
    mentor_age_from = Whole(_l("Would like a mentor from, years"), **_ADULT)
    mentor_age_to = Whole(_l("Would like a mentor up to, years"), **_ADULT)
    weekdays = Weekdays(
        _l("Days that suit"), WEEKDAYS, hint=_l("Leave all empty when it is not known.")
    )
    leaves_care_on = Day(
        _l("Leaves care on"),
        required=False,
        hint=_l("Leave it empty for the 18th birthday."),
    )
    case_manager_id = RowChoice(
        _l("Case manager in the guardianship authority"),
        required=False,
        hint=_l("A specialist of the child's region."),
    )
    guardian_consent_on = Day(_l("Legal representative's consent, date"), past=True, required=False)
    guardian_consent_by = Text(_l("Who gave it (name and position)"), required=False)
    own_consent_on = Day(_l("Child's own consent, date"), past=True, required=False)
    data_consent_on = Day(
        _l("Consent to the use of personal data, date"), past=True, required=False
    )
    data_consent_by = Text(
        _l("Who consented to the use of personal data (name and position)"), required=False
    )

    def allow(self, **choices: Mapping[str, Any]) -> "ChildSchema":
        """Set what may be chosen: for each field, the id as text to the name."""
        for name, rows in choices.items():
            self.fields[name].allowed = rows  # type: ignore[attr-defined]
        return self

    @validates_schema
    def ages_in_order(self, data: dict[str, Any], **_: Any) -> None:
        refuse_ages_upside_down(data, "mentor_age_from", "mentor_age_to")

    @validates_schema
    def first_language_is_spoken(self, data: dict[str, Any], **_: Any) -> None:
        first, spoken = data.get("first_language"), data.get("languages")
        if first and spoken and first not in spoken:
            message = gettext("The first language must be among the languages of the child.")
            raise ValidationError(message, "first_language")

    @validates_schema
    def consent_has_a_giver(self, data: dict[str, Any], **_: Any) -> None:
        for kind in ("guardian", "data"):
            if data.get(f"{kind}_consent_on") and not data.get(f"{kind}_consent_by"):
                raise ValidationError(gettext("Say who gave the consent."), f"{kind}_consent_by")

    @validates_schema
    def own_consent_has_its_age(self, data: dict[str, Any], **_: Any) -> None:
        born, given_on = data.get("birth_date"), data.get("own_consent_on")
        if born and given_on and too_young_to_consent(born, given_on):
            raise ValidationError(str(problems.PROBLEMS["consent_too_young"]), "own_consent_on")


class InterestsSchema(PageSchema):
    """What a child has touched on the page of pictures."""

    interests = Choices(_l("What do you like?"), interest_names)
