from datetime import timedelta

import pytest

from mentorship import clock
from mentorship.voices import services, transport
from mentorship.voices.facts import Voice
from tests import factories


@pytest.fixture
def on():
    return clock.today()


@pytest.fixture
def staff(store):
    return factories.coordinator(store, name="Айгүл Сапарова")


@pytest.fixture
def match(store, staff, on):
    """A match in its third month, with a contact due with the child and with the carer."""
    row = factories.eligible_match(store, started_on=on - timedelta(days=80))
    row.child.first_name, row.child.last_name = "Еркежан", "Төлегенқызы"
    for kind in ("child", "carer"):
        factories.check_in(store, match=row, due_on=on + timedelta(days=2), kind=kind)
    store.commit()
    return row


@pytest.fixture
def secret(config):
    return config.secret_key


@pytest.fixture
def make(store, match, staff, secret):
    """`make("child")`: a new link; `address` is where it opens, `code` the digits to type."""

    def make(voice="child", language="en", at=None, of=None):
        row = services.make_link(
            store,
            of or match,
            Voice(voice),
            language=language,
            secret=secret,
            by=staff.id,
            at=at or clock.now(),
        )
        store.commit()
        row.address = f"/v/{transport.token_of(row, secret)}"
        row.code = transport.code_of(row.nonce, secret)
        return row

    return make
