from datetime import date

import pytest
from sqlalchemy import select

from mentorship import audit, clock
from mentorship.errors import Invalid
from mentorship.matches.problem import rules_of_today
from mentorship.matches.services import pair_refusals
from mentorship.mentors.models import ClearanceKind
from mentorship.records.words import SETTINGS as POLICY_WORDS
from mentorship.rules import words
from mentorship.rules.facts import FIXED
from mentorship.settings.catalogue import CATALOGUE
from mentorship.settings.models import Setting
from mentorship.settings.services import change_setting, value
from tests import factories

ON = date(2026, 3, 2)


@pytest.fixture
def office(sign_in, store):
    return sign_in(factories.administrator(store))


def test_every_setting_has_words_a_source_and_bounds_around_its_value():
    assert set(words.LABELS) == set(CATALOGUE)
    assert {key.partition(".")[0] for key in CATALOGUE} == set(words.GROUPS)
    assert {one.code for one in FIXED} == set(words.FIXED)
    for key, known in CATALOGUE.items():
        assert known.source and known.owner, key
        assert known.least <= known.value <= known.most, key


def test_a_setting_nobody_has_changed_has_the_value_of_the_catalogue(database):
    assert value(database, "papers.grace_days") == 0
    with pytest.raises(KeyError):
        value(database, "no.such_setting")


def decide(database, number, **given):
    by = factories.administrator(database).id
    said = {"source": "Order 7", "owner": "Ministry", "decided_on": ON} | given
    return change_setting(database, "papers.grace_days", number, **said, by=by, at=factories.AT)


def test_the_newest_decision_counts_and_the_older_ones_stay(database):
    decide(database, 3)
    decide(database, 5)
    assert value(database, "papers.grace_days") == 5
    assert database.scalars(select(Setting.value).order_by(Setting.id)).all() == [3, 5]


@pytest.mark.parametrize("number", [-1, 91])
def test_a_value_outside_its_bounds_is_refused(database, number):
    with pytest.raises(Invalid, match="setting_out_of_bounds"):
        decide(database, number)
    assert value(database, "papers.grace_days") == 0


def test_an_administrator_changes_a_setting_and_everybody_reads_who_says_so(office, store):
    answer = office.submit(
        "/rules/settings/papers.grace_days",
        number="2",
        source="Order of the Minister, 1 March 2026",
        owner="Ministry of Education",
        decided_on="01.03.2026",
    )
    assert answer.status_code == 302
    row = store.scalars(select(Setting)).one()
    assert (row.value, row.decided_on) == (2, date(2026, 3, 1))
    page = office.page("/rules")
    assert "2 days" in page.text and "Order of the Minister, 1 March 2026" in page.text
    assert "Order of the Minister" in office.page("/rules/settings/papers.grace_days").text
    entry = store.scalars(select(audit.AuditEntry).filter_by(action="changed_setting")).one()
    assert entry.details == {"key": "papers.grace_days", "was": 0, "now": 2}


@pytest.mark.parametrize(
    ("given", "field", "told"),
    [
        ({"number": "91"}, "number", "Enter a number from 0 to 90."),
        ({"number": "x"}, "number", "Enter a number."),
        ({"source": ""}, "source", "This field is required."),
        ({"decided_on": "01.01.2199"}, "decided_on", "The date cannot be in the future."),
    ],
)
def test_a_wrong_entry_is_told_beside_its_field_and_changes_nothing(
    office, store, given, field, told
):
    answer = office.submit("/rules/settings/papers.grace_days", **given)
    assert answer.status_code == 422
    assert answer.page.find("p", id=f"{field}-error").text == told
    assert store.scalars(select(Setting)).all() == []


def test_an_unknown_setting_and_an_unknown_kind_are_not_found(office):
    assert office.get("/rules/settings/nothing").status_code == 404
    assert office.get("/rules/clearances/nothing").status_code == 404


def test_nothing_unconfirmed_is_presented_as_law(office):
    page = office.page("/rules")
    assert page.text.count("Not confirmed") > len(CATALOGUE) - 3
    for kind in ("Proof of income", "Marital status"):
        assert kind in page.text
    assert "would refuse every single man" in page.text
    for label in POLICY_WORDS.values():
        assert str(label) in page.text or "learances" in str(label)


def test_a_kind_of_clearance_that_is_switched_on_is_asked_of_everybody_at_once(office, store):
    on = clock.today()
    mentor = factories.eligible_mentor(store, on=on)
    child = factories.eligible_child(store, on=on)
    store.commit()
    assert pair_refusals(store, mentor, child, on) == []
    page = office.page("/rules/clearances/income")
    assert "1 active mentor without this paper is not proposed any more" in page.text
    answer = office.submit("/rules/clearances/income", required="true")
    assert answer.status_code == 302
    store.expire_all()
    assert store.get_one(ClearanceKind, "income").required
    assert pair_refusals(store, mentor, child, on) == ["clearance_not_current"]
    assert "income" in rules_of_today(store)["limits.required_clearances"]


def test_a_new_kind_stands_last_and_its_code_is_used_once(office, store):
    given = {
        "code": "first_aid",
        "name_kk": "Алғашқы көмек",
        "name_ru": "Первая помощь",
        "name_en": "First aid",
        "months": "24",
        "source": "design",
        "owner": "Programme",
        "decided_on": "01.03.2026",
    }
    assert office.submit("/rules/clearances/new", **given).status_code == 302
    kind = store.get_one(ClearanceKind, "first_aid")
    assert (kind.required, kind.months, kind.position) == (False, 24, 11)
    again = office.submit("/rules/clearances/new", **given)
    assert again.page.find("p", id="code-error").text == ("There is a kind with this code already.")
    wrong = office.submit("/rules/clearances/new", **(given | {"code": "Алғашқы"}))
    assert wrong.status_code == 422
