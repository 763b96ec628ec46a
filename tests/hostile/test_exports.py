"""The file of the register of mentors holds mentors."""

import pytest

from mentorship.permissions import Scope
from mentorship.registers.export import Export, export_table
from tests import factories
from tests.candidates.conftest import ADULT


@pytest.mark.parametrize("status", ["candidate", "refused", "withdrawn"])
def test_who_is_no_mentor_is_not_exported_as_one(app, database, one, status):
    factories.mentor(database, **ADULT, last_name="Тұңғышбаев", status=status)
    factories.mentor(database, **ADULT, last_name="Әлімбеков")
    with app.test_request_context():
        given = {"scope": Scope(None), "by": one, "in_words": False}
        text = export_table(database, Export.MENTORS, "csv", **given).decode("utf-8-sig")
    assert "Әлімбеков" in text and "Тұңғышбаев" not in text
