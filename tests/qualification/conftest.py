from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.client import InspectingClient


@pytest.fixture
def freely(app: Any) -> None:
    """Posts need no page before them: the guard against forged forms has tests of its own."""
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def desk(store: Session, sign_in: Callable[..., InspectingClient]) -> InspectingClient:
    """A coordinator of Karaganda at work."""
    return sign_in(factories.coordinator(store))
