"""A marshmallow schema on a page: what was typed is kept, errors stand beside their fields."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import render_template, request
from marshmallow import ValidationError
from marshmallow.fields import Field

from mentorship.database import db
from mentorship.errors import DomainError
from mentorship.web import problems
from mentorship.web.fields import Choices, PageSchema
from mentorship.web.once import new_token, use_token


class Form:
    """One form: `values` as shown, `data` as loaded, `errors` by field name.

    A template renders it with `{{ forms.field(form, "name") }}`; the token makes a second
    click on the same page harmless.
    """

    def __init__(self, schema: PageSchema, **initial: Any) -> None:
        self.schema = schema
        self.values: dict[str, Any] = initial
        self.data: dict[str, Any] = {}
        self.errors: dict[str, list[str]] = {}
        self.result: Any = None
        self.refusal: DomainError | None = None
        self.token = request.form.get("form_token") or new_token()

    @property
    def fields(self) -> dict[str, Field[Any]]:
        return dict(self.schema.fields)

    @property
    def takes_files(self) -> bool:
        """Whether the form must be sent in parts (`forms.enctype` in its template)."""
        return any(field.metadata.get("input") == "file" for field in self.fields.values())

    def submitted(self) -> bool:
        """Read a POST; True when every field is right. Wrong input stays as it was typed."""
        if request.method != "POST":
            return False
        self.values = {name: self._raw(name, field) for name, field in self.fields.items()}
        if self.takes_files:
            db.session.rollback()  # nobody waits for us while a file is looked through
        filled = {name: value for name, value in self.values.items() if value not in ("", None)}
        try:
            self.data = self.schema.load(filled)
        except ValidationError as error:
            self.errors = _texts(error.messages_dict)
        return not self.errors

    def saved(
        self,
        act: Callable[[], Any],
        beside: Mapping[str, str] | None = None,
        *,
        once: bool = False,
    ) -> bool:
        """Run the service behind the form and commit; True when it was done.

        A refusal stands beside the field that `beside` names for its code, else on top.
        `once`: the same page sent a second time saves nothing.
        """
        try:
            if once:
                use_token(db.session, self.token)
            self.result = act()
            db.session.commit()
        except DomainError as error:
            db.session.rollback()
            self.refusal = error
            self.refuse((beside or {}).get(error.code, "form"), problems.problem(error))
        return not self.errors

    def page(self, template: str, **context: Any) -> tuple[str, int]:
        """The form's page: 422 when something on it is wrong."""
        return render_template(template, form=self, **context), 422 if self.errors else 200

    def refuse(self, name: str, message: Any) -> None:
        """Put an error that a service found beside its field."""
        self.errors.setdefault(name, []).append(str(message))

    def _raw(self, name: str, field: Field[Any]) -> Any:
        if isinstance(field, Choices):
            return request.form.getlist(name)
        if field.metadata.get("input") == "file":
            file = request.files.get(name)  # a browser sends a nameless one where none was chosen
            return file if file is not None and file.filename else None
        if field.metadata.get("input") == "levels":
            prefix = f"{name}."
            chosen = {key.removeprefix(prefix): v for key, v in request.form.items() if v}
            return {k: v for k, v in chosen.items() if f"{prefix}{k}" in request.form}
        return request.form.get(name, "").strip()


def _texts(messages: dict[Any, Any]) -> dict[str, list[str]]:
    """marshmallow's messages as lists of words, nested ones joined."""
    found: dict[str, list[str]] = {}
    for name, value in messages.items():
        if isinstance(value, dict):
            found[str(name)] = [text for texts in _texts(value).values() for text in texts]
        else:
            texts = value if isinstance(value, list) else [value]  # a lazy text comes alone
            found[str(name)] = [str(text) for text in texts]
    return found
