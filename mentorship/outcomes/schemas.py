import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from mentorship.i18n import LOCALES
from mentorship.outcomes import words
from mentorship.outcomes.content import Questions
from mentorship.web.fields import Choice, Day, PageSchema, Paragraph, Whole

MOST_BYTES = 100_000  # of a file of questions: three languages, forty items
PREFIX = "q_"
LEVEL_FIELDS = {"much_less": -2, "less": -1, "expected": 0, "more": 1, "much_more": 2}


class Level(Choice):
    """One of the five steps, as a number."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(label, words.LEVELS, kind="radios", **more)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return int(super()._deserialize(value, *args, **kwargs))


class Importance(Choice):
    """From 1 (nice to have) to 3 (very important), as a number."""

    def __init__(self, label: Any) -> None:
        super().__init__(label, words.IMPORTANCE, kind="radios")

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return int(super()._deserialize(value, *args, **kwargs))


def _described(label: Any, *, required: bool = True, hint: Any = None) -> Paragraph:
    return Paragraph(label, longest=300, required=required, hint=hint)


class GoalSchema(PageSchema):
    """A goal in their words, what five levels look like, and where they stand today."""

    text = Paragraph(
        _l("What do you two want to reach?"),
        longest=300,
        hint=_l("In the words you use together. One goal, something that can be seen."),
    )
    area = Choice(_l("What it is about"), words.AREAS)
    expected = _described(
        _l("As expected: how will you see that it is reached?"),
        hint=_l("For example: reads one book a month and tells about it."),
    )
    much_more = _described(_l("Much more than expected"))
    more = _described(_l("More than expected"), required=False)
    less = _described(_l("Less than expected"), required=False)
    much_less = _described(
        _l("Much less than expected"), hint=_l("Often this is how things are at the beginning.")
    )
    start = Level(_l("Where are you today?"))
    importance = Importance(_l("How important is it to the child?"))
    agreed_on = Day(_l("Agreed on"), past=True)
    review_on = Day(_l("We look at it again on"), future=True)

    @staticmethod
    def facts(data: Mapping[str, Any]) -> dict[str, Any]:
        """What the service asks for: the described levels by their numbers."""
        levels = {str(level): data[name] for name, level in LEVEL_FIELDS.items() if data[name]}
        kept = {name: given for name, given in data.items() if name not in LEVEL_FIELDS}
        return kept | {"levels": levels}


class RateSchema(PageSchema):
    level = Level(_l("Where are you now?"))
    note = Paragraph(_l("Note"), required=False, longest=500)


class EndGoalSchema(PageSchema):
    reason = Choice(
        _l("Why does this goal end?"),
        {code: word for code, word in words.GOAL_ENDS.items() if code != "match_ended"},
        kind="radios",
    )


class SkipSchema(PageSchema):
    reason = Choice(
        _l("Why is it not asked?"),
        {code: word for code, word in words.SKIP_REASONS.items() if code != "match_ended"},
        kind="radios",
    )


class StepSchema(PageSchema):
    code = fields.String(required=True, validate=validate.Length(max=20))
    state = Choice(_l("How far it is"), words.STATES)
    note = Paragraph(_l("Note"), required=False, longest=500)


class Answer(Choice):
    """One of the five steps of a question, as a number; a question may be left out."""

    def __init__(self, label: Any, options: Mapping[str, Any]) -> None:
        super().__init__(label, options, kind="radios", required=False)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return int(super()._deserialize(value, *args, **kwargs))


def survey_schema(questions: Questions, language: str) -> PageSchema:
    """The form of a survey: one question a field, and the version that was shown."""
    options = questions.answer_words(language)
    asked: dict[str, Any] = {
        PREFIX + item.code: Answer(item.texts[language], options) for item in questions.items
    }
    asked["instrument"] = Whole(_l("Questions"), least=1, most=2**31 - 1)
    return PageSchema.from_dict(asked)()  # type: ignore[return-value]


def answers_of(data: Mapping[str, Any]) -> dict[str, int]:
    """The answers in what `survey_schema` loaded."""
    return {
        name.removeprefix(PREFIX): given
        for name, given in data.items()
        if name.startswith(PREFIX) and given is not None
    }


@dataclass(frozen=True)
class Walk:
    """How far a child is with one question a screen, and what they answered so far."""

    at: int
    answers: dict[str, int]

    @classmethod
    def of(cls, questions: Questions, sent: Mapping[str, str]) -> "Walk":
        """The next screen after a button was pressed; what is not an answer counts as none."""
        codes = [item.code for item in questions.items]
        shown = sent.get("at", "")
        number = int(shown) if re.fullmatch("[0-9]{1,3}", shown, re.ASCII) else 0
        at = min(number, len(codes))
        answers = {code: int(v) for code in codes if (v := sent.get(PREFIX + code, "")) in _STEPS}
        if "back" in sent:
            return cls(max(0, at - 1), answers)
        if at < len(codes) and sent.get("answer") in _STEPS:
            answers[codes[at]] = int(sent["answer"])
        elif at < len(codes) and "skip" in sent:
            answers.pop(codes[at], None)
        else:
            return cls(at, answers)
        return cls(at + 1, answers)


_STEPS = ("1", "2", "3", "4", "5")


class _Strict(Schema):
    class Meta:
        unknown = RAISE


def _plain(text: str) -> None:
    if not text.strip() or not text.isprintable():
        raise ValidationError("not a plain line of text")


def _line(longest: int) -> fields.String:
    plain: list[Any] = [validate.Length(1, longest), _plain]
    return fields.String(required=True, validate=plain)


def _texts(longest: int) -> fields.Nested:
    one = _line(longest)
    return fields.Nested(_Strict.from_dict(dict.fromkeys(LOCALES, one))(), required=True)


class _Scoring(_Strict):
    rule = fields.String(required=True, validate=validate.Equal("mean"))
    least_answered_percent = fields.Integer(
        required=True, strict=True, validate=validate.Range(50, 100)
    )


class _Item(_Strict):
    code = fields.String(required=True, validate=validate.Regexp(r"[a-z][a-z0-9_]{0,29}\Z"))
    text = _texts(300)
    reverse = fields.Boolean(required=True, truthy={True}, falsy={False})
    watch = fields.Boolean(load_default=False, truthy={True}, falsy={False})


class InstrumentSchema(_Strict):
    """A file of questions: nothing unknown, three languages everywhere, five steps, own codes."""

    code = fields.String(required=True, validate=validate.Regexp(r"[a-z][a-z0-9_]{0,39}\Z"))
    version = fields.Integer(required=True, strict=True, validate=validate.Range(1, 9999))
    side = fields.String(required=True, validate=validate.OneOf(list(words.SIDES)))
    title = _texts(100)
    introduction = _texts(600)
    scale = fields.List(_texts(60), required=True, validate=validate.Length(equal=5))
    items = fields.List(fields.Nested(_Item), required=True, validate=validate.Length(1, 40))
    scoring = fields.Nested(_Scoring, required=True)
    source = _line(300)
    licence = _line(300)

    CONTENT = ("title", "introduction", "scale", "items", "scoring")

    def read(self, data: bytes) -> dict[str, Any]:
        """The facts of an instrument in a file; raises ValidationError in the reader's words."""
        if len(data) > MOST_BYTES:
            raise ValidationError(gettext("This file is larger than 100 KB. Nothing was saved."))
        try:
            given: dict[str, Any] = self.load(json.loads(data.decode("utf-8-sig")))
        except ValidationError as error:
            raise ValidationError(
                gettext(
                    "The file does not have the right form. Look at: %(places)s",
                    places=", ".join(_places(error.messages)[:8]),
                )
            ) from error
        except (ValueError, RecursionError) as error:
            raise ValidationError(gettext("This is not a JSON file. Nothing was saved.")) from error
        codes = [item["code"] for item in given["items"]]
        if len(set(codes)) < len(codes):
            raise ValidationError(gettext("Two questions have the same code."))
        content = {name: given.pop(name) for name in self.CONTENT}
        return given | {"content": content}


def _places(messages: Any, before: str = "") -> list[str]:
    """Where in a file something is wrong: items.2.text.kk; never what stands there."""
    if not isinstance(messages, dict):
        return [before.lstrip(".") or "{}"]
    return [
        place for name, inner in messages.items() for place in _places(inner, f"{before}.{name}")
    ]


class InstrumentFile(fields.Field[dict[str, Any]]):
    """A file of questions. The form's tag needs `{{ forms.enctype(form) }}`."""

    def __init__(self, label: Any) -> None:
        needed = _l("Choose a file.")
        super().__init__(
            required=True,
            error_messages={"required": needed, "null": needed},
            metadata={
                "input": "file",
                "label": label,
                "hint": _l("JSON, at most 100 KB. What belongs into it is said below."),
                "accept": ".json,application/json",
            },
        )

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return InstrumentSchema().read(value.read(MOST_BYTES + 1))


class InstrumentFileSchema(PageSchema):
    questions = InstrumentFile(_l("File with the questions"))
