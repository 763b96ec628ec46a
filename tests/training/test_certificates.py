from datetime import date, timedelta

import pytest

from mentorship import clock
from mentorship.clock import months_after
from mentorship.errors import DomainError
from mentorship.settings.services import change_setting
from mentorship.training import certificates
from tests import factories
from tests.training.conftest import AT, ON

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 3, 10), 12, date(2027, 3, 10)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 3, 10), -12, date(2025, 3, 10)),
        (date(2028, 2, 29), -12, date(2027, 2, 28)),
    ],
)
def test_months_are_calendar_months(day, months, then):
    assert months_after(day, months) == then


@pytest.fixture
def passed(database):
    adult = factories.mentor(database, birth_date=date(1985, 1, 1))
    return factories.passed(database, mentor=adult, on=ON - 5 * DAY)


def issue(database, row, staff, issued_on=ON):
    facts = {"issuer": "«Мейірім» қоры", "issued_on": issued_on, "by": staff, "on": ON, "at": AT}
    return certificates.issue_certificate(database, row, **facts)


def test_a_certificate_has_number_days_issuer_and_its_place_in_the_course(database, staff, passed):
    issued = issue(database, passed, staff)
    assert issued.number == "2026-35-0001"
    assert (issued.issued_on, issued.expires_on) == (ON, date(2027, 3, 10))
    assert (issued.issuer, issued.recorded_by) == ("«Мейірім» қоры", staff)
    assert passed.certificate is issued
    assert passed.mentor.certificate is issued


def test_it_is_valid_for_as_many_months_as_the_setting_says(database, staff, passed):
    facts = {"source": "order", "owner": "Programme", "decided_on": ON, "by": staff, "at": AT}
    change_setting(database, "certificate.valid_months", 36, **facts)
    assert issue(database, passed, staff).expires_on == date(2029, 3, 10)


def test_numbers_count_by_year_and_region_and_step_over_other_forms(database, staff):
    def number(on, region="35"):
        adult = factories.mentor(database, birth_date=date(1985, 1, 1), region=region)
        row = factories.passed(database, mentor=adult, on=on)
        return issue(database, row, staff, issued_on=on).number

    adult = factories.mentor(database, birth_date=date(1985, 1, 1))
    for known in ("2026-35-0041", "2026-35-А9", "2026-35-12", "2026-3599999"):
        factories.certificate(database, mentor=adult, issued_on=ON, expires_on=ON, number=known)
    assert number(ON) == "2026-35-0042"
    assert number(ON) == "2026-35-0043"
    assert number(ON, "39") == "2026-39-0001"
    assert number(date(2025, 12, 31)) == "2025-35-0001"


def test_no_second_certificate_for_one_course(database, staff, passed):
    issue(database, passed, staff)
    with pytest.raises(DomainError, match="certificate_issued"):
        issue(database, passed, staff)


@pytest.mark.parametrize(
    "result",
    [
        {"attended": None, "hours": None, "score": None, "passed": None, "test_on": None},
        {"attended": False, "hours": None, "score": None, "passed": None, "test_on": None},
        {"score": None, "passed": None, "test_on": None},
        {"score": 69, "passed": False},
    ],
)
def test_who_did_not_pass_gets_no_certificate(database, staff, result):
    adult = factories.mentor(database, birth_date=date(1985, 1, 1))
    row = factories.passed(database, mentor=adult, on=ON, **result)
    with pytest.raises(DomainError, match="course_not_passed"):
        issue(database, row, staff)


def test_a_topic_gives_no_certificate(database, staff):
    training = factories.training(database, starts_on=ON)
    adult = factories.mentor(database, birth_date=date(1985, 1, 1))
    row = factories.enrolment(
        database, training=training, mentor=adult, attended=True, hours=8, recorded_at=AT
    )
    with pytest.raises(DomainError, match="course_without_certificate"):
        issue(database, row, staff)


@pytest.mark.parametrize("issued_on", [ON - 6 * DAY, ON + DAY])
def test_the_day_of_issue_is_between_the_test_and_today(database, staff, passed, issued_on):
    with pytest.raises(DomainError, match="issued_outside"):
        issue(database, passed, staff, issued_on=issued_on)


def test_the_printed_page_names_the_mentor_but_never_the_iin(store, sign_in):
    on = clock.today()
    user = factories.coordinator(store)
    adult = factories.mentor(
        store, birth_date=date(1985, 1, 1), iin=factories.fictional_iin(), last_name="Сейітова"
    )
    row = factories.passed(store, mentor=adult, on=on)
    number = issue_today(store, row, user).number
    page = sign_in(user).page(f"/certificates/{row.certificate_id}")
    assert page.text.count("Сейітова") >= 2
    assert page.text.count(number) >= 2
    assert str(adult.iin) not in page.html
    halves = [e.attrs["lang"] for e in page.find_all("section") if "lang" in e.attrs]
    assert halves == ["kk", "ru"]


def issue_today(store, row, user):
    on = clock.today()
    facts = {"issuer": "Қор", "issued_on": on, "by": user.id, "on": on, "at": AT}
    issued = certificates.issue_certificate(store, row, **facts)
    store.commit()
    return issued
