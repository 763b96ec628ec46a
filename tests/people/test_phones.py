import pytest

from mentorship.web.phones import parse_phone, show_phone


@pytest.mark.parametrize(
    "typed",
    [
        "+7 701 123 45 67",
        "8 701 123 45 67",
        "8 (701) 123-45-67",
        "7011234567",
        "77011234567",
        "+77011234567",
    ],
)
def test_every_way_of_writing_a_number_is_one_number(typed):
    assert parse_phone(typed) == "+77011234567"


def test_a_landline_is_a_number():
    assert parse_phone("8 (7212) 42-12-34") == "+77212421234"


@pytest.mark.parametrize(
    "typed", ["", "111", "102", "+7 495 123 45 67", "+1 212 555 0100", "701 123 45", "телефон"]
)
def test_what_is_no_number_of_kazakhstan_is_refused(typed):
    assert parse_phone(typed) is None


def test_a_number_is_shown_in_groups():
    assert show_phone("+77011234567") == "+7 701 123 45 67"
    assert show_phone(None) == ""
