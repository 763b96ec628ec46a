"""The browser of the tests: it inspects every page, and fills forms as a person would."""

from collections.abc import Callable
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.pages import Page, faults


class InspectingClient(FlaskClient):
    """Raises AssertionError for a page with a fault and for an unexpected failure.

    Before each request it commits what the test put into `store`, so that no test holds a
    transaction open beside the request; `may_fail` lets an answer of 500 through.
    """

    before: Callable[[], None] | None = None
    after: Callable[[], None] | None = None
    may_fail = False

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        assert not has_app_context(), "end the app context first: Flask-Login keeps the user in it"
        if self.before:
            self.before()
        response = super().open(*args, **({"buffered": True} | kwargs))
        # The test client writes a large upload to a temporary file and does not close it.
        for answer in (*response.history, response):
            answer.request.environ["wsgi.input"].close()
        if self.after:
            self.after()
        if response.status_code == 500 and not self.may_fail:
            errors = self.application.extensions.get("unexpected_errors") or [None]
            raise AssertionError(f"500 from {response.request.path}") from errors[-1]
        return self._inspected(response)

    def _inspected(self, response: TestResponse) -> TestResponse:
        response.page = None
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            address = response.request.full_path.rstrip("?")
            if response.request.method != "HEAD" and response.data:
                response.page = Page(response.get_data(as_text=True), address)
                wrong = faults(response.page, self.application)
                assert not wrong, f"{address}: " + "; ".join(wrong)
        return response

    def page(self, address: str, status: int = 200) -> Page:
        """Fetch a page, following redirects; its status must be as expected."""
        response = self.get(address, follow_redirects=True)
        assert response.status_code == status, f"{address}: {response.status}"
        assert response.page is not None, f"{address} is not a page: {response.mimetype}"
        return response.page

    def submit(self, address: str, _action: str | None = None, **fields: Any) -> TestResponse:
        """Fetch a page, fill its form, send it; the answer, redirects not followed.

        `_action` is part of the wanted form's action; without it, the form in <main>. A
        field given as a list sends several values, as None is left out.
        """
        return self.send(self.page(address), _action, **fields)

    def send(self, page: Page, _action: str | None = None, **fields: Any) -> TestResponse:
        """Send a form of a page that was fetched before."""
        form = page.form(_action)
        values: dict[str, Any] = dict(page.values(form))
        for name, value in fields.items():
            values[name] = value
        sent = {name: value for name, value in values.items() if value is not None}
        return self.post(form.attrs.get("action") or page.address, data=sent)
