import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema
from marshmallow.fields import Field

from mentorship.mentors.models import Mentor
from mentorship.people.words import NEEDS
from mentorship.places.words import own_region_names, region_name
from mentorship.training import words
from mentorship.training.facts import Result
from mentorship.training.models import Enrolment
from mentorship.web.fields import Choice, Choices, Day, PageSchema, Text, Whole, YesNo
from mentorship.web.words import LANGUAGES, MENTOR_STATUSES


class Hours(Text):
    """Hours of training, in halves and tenths: 7.5 or 7,5."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = str(super()._deserialize(value, *args, **kwargs)).replace(",", ".")
        if re.fullmatch(r"[0-9]{1,3}(\.[0-9])?", text) is None or Decimal(text) == 0:
            raise ValidationError(gettext("Enter hours like 8 or 7.5."))
        return text


class CourseSchema(PageSchema):
    kind = Choice(_l("Kind"), words.COURSE_KINDS, kind="radios")
    name_kk = Text(_l("Name in Kazakh"))
    name_ru = Text(_l("Name in Russian"))
    name_en = Text(_l("Name in English"))
    hours = Whole(_l("Hours"), least=1, most=500)
    has_test = YesNo(_l("It ends with a test"))
    skills = Choices(
        _l("Who passes is trained for"),
        NEEDS,
        hint=_l("Rounds prefer a mentor who is trained for what a child needs."),
    )
    source = Text(
        _l("Who decided the contents and the hours"),
        longest=300,
        hint=_l("Name the order or the decision; what nobody decided yet is named so."),
    )
    open = YesNo(_l("New sessions of this course may be planned"))


class SessionFactsSchema(PageSchema):
    """When and where a session is held; a place, a link, or both."""

    starts_on = Day(_l("First day"))
    ends_on = Day(_l("Last day"))
    hours_of_day = Text(
        _l("Hours of the day"), longest=60, required=False, hint=_l("For example 10:00–17:00")
    )
    place = Text(_l("Place"), required=False, hint=_l("Address and room."))
    link = Text(
        _l("Link, where it is held online"),
        longest=300,
        required=False,
        hint=_l("It begins with https://"),
    )
    seats = Whole(_l("Seats"), least=1, most=1000)
    language = Choice(_l("Language"), LANGUAGES)
    trainer = Text(_l("Trainer"), required=False)

    @validates_schema
    def dates_in_order(self, data: dict[str, Any], **_: Any) -> None:
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            raise ValidationError(gettext("The last day is before the first one."), "ends_on")

    @validates_schema
    def held_somewhere(self, data: dict[str, Any], **_: Any) -> None:
        link = data.get("link")
        if link and re.fullmatch(r"https://[^\s/@?#]+\.[^\s@]+", link) is None:
            raise ValidationError(gettext("Enter a link that begins with https://"), "link")
        if not data.get("place") and not link:
            raise ValidationError(gettext("Enter a place or a link."), "place")


def session_schema(courses: Mapping[str, str]) -> PageSchema:
    """A session to be planned: its course of these, its region, its facts."""
    more: dict[str, Field[Any]] = {
        "course": Choice(_l("Course"), courses),
        "region": Choice(_l("Region"), own_region_names),
    }
    return SessionFactsSchema.from_dict(more)()  # type: ignore[return-value]


def enrol_schema(people: list[Mentor]) -> PageSchema:
    """The people who get seats: of those whom the search found."""
    found = {str(person.id): _who(person) for person in people}
    field = Choices(_l("Who gets a seat"), found, required=True)
    return PageSchema.from_dict({"mentor": field})()  # type: ignore[return-value]


def _who(person: Mentor) -> str:
    facts = (region_name(person.region), str(MENTOR_STATUSES[person.status]))
    return f"{person.full_name} ({', '.join(facts)})"


class ResultSchema(PageSchema):
    """What came of one place; one row of the list of a session."""

    came = Choice(_l("Came or did not come"), words.CAME, kind="radios")
    hours = Hours(_l("Hours"), required=False, longest=5)
    score = Whole(_l("Test score, percent"), least=0, most=100, required=False)
    test_on = Day(_l("Day of the test"), required=False, past=True)

    @validates_schema
    def whole(self, data: dict[str, Any], **_: Any) -> None:
        came, hours, score = (data.get(name) for name in ("came", "hours", "score"))
        if came == "no" and score is not None:
            raise ValidationError(gettext("Who did not come has no test score."), "score")
        if came == "yes" and hours is None:
            raise ValidationError(gettext("Enter the hours."), "hours")
        if score is not None and data.get("test_on") is None:
            raise ValidationError(gettext("Enter the day of the test."), "test_on")

    def result(self, data: dict[str, Any]) -> Result:
        came = data["came"] == "yes"
        tested = came and data.get("score") is not None
        return Result(
            attended=came,
            hours=Decimal(data["hours"]) if came else None,
            score=data["score"] if tested else None,
            test_on=data["test_on"] if tested else None,
        )


class CorrectionSchema(ResultSchema):
    reason = Choice(_l("Why it is corrected"), words.CORRECTION_REASONS, kind="radios")


class IssueSchema(PageSchema):
    issued_on = Day(_l("Date of issue"), past=True)
    issuer = Text(
        _l("Issued by"),
        hint=_l("The full name of the organisation that held the course."),
    )


def read_rows(
    form: Mapping[str, str], rows: list[Enrolment]
) -> tuple[dict[int, Result], dict[int, list[str]]]:
    """The results typed into the list of a session, and what is wrong, both by place.

    A row in which neither button is pressed is left for later.
    """
    results: dict[int, Result] = {}
    wrong: dict[int, list[str]] = {}
    schema = ResultSchema()
    for row in rows:
        typed = {
            "came": form.get(f"came-{row.id}", ""),
            "hours": form.get(f"hours-{row.id}", "").strip(),
            "score": form.get(f"score-{row.id}", "").strip(),
            "test_on": form.get("test_on", "").strip(),
        }
        if not typed["came"]:
            continue
        try:
            data = schema.load({name: text for name, text in typed.items() if text})
        except ValidationError as error:
            wrong[row.id] = [str(t) for texts in error.messages_dict.values() for t in texts]
            continue
        if row.attended is None or data.get("score") is not None:
            results[row.id] = schema.result(data)
    return results, wrong
