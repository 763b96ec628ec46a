from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorship.people.iin import (
    disagrees,
    has_right_check_digit,
    is_twelve_digits,
    stated_birth_date,
    stated_sex,
)
from mentorship.people.vocabulary import Sex

MALE, FEMALE = Sex.MALE, Sex.FEMALE
STATED = [
    ("120315590005", date(2012, 3, 15), MALE),
    ("140701690003", date(2014, 7, 1), FEMALE),
    ("151231591233", date(2015, 12, 31), MALE),
    ("100228694563", date(2010, 2, 28), FEMALE),
    ("080808597776", date(2008, 8, 8), MALE),
    ("040229690007", date(2004, 2, 29), FEMALE),
    ("010101599994", date(2001, 1, 1), MALE),
    ("851130390001", date(1985, 11, 30), MALE),
    ("900228490109", date(1990, 2, 28), FEMALE),
    ("780609493216", date(1978, 6, 9), FEMALE),
    ("991231690008", date(2099, 12, 31), FEMALE),
    ("990101590011", date(2099, 1, 1), MALE),
    ("980517690028", date(2098, 5, 17), FEMALE),
]
SECOND_ROUND = ["120315590608", "140701690408", "851130390208", "991231690909"]
NO_DATE = ["120230590003", "121330590003", "120315790008"]
NOT_TWELVE_DIGITS = [
    "",
    "12031559000",
    "1203155900055",
    "12031559000A",
    "120315 590005",
    "120315590005\n",
    " 120315590005",
    "000000000000",
    "١٢٠٣١٥٥٩٠٠٠٥",
    "１２０３１５５９０００５",
]


@pytest.mark.parametrize(("iin", "born", "sex"), STATED)
def test_a_right_number_states_a_birth_date_and_a_sex(iin, born, sex):
    assert is_twelve_digits(iin)
    assert has_right_check_digit(iin)
    assert stated_birth_date(iin) == born
    assert stated_sex(iin) is sex
    assert not disagrees(iin, born, sex)


@pytest.mark.parametrize("iin", SECOND_ROUND)
def test_a_number_whose_first_round_is_ten_passes_the_second(iin):
    assert has_right_check_digit(iin)


@pytest.mark.parametrize("last", range(10))
def test_a_number_whose_both_rounds_are_ten_is_never_issued(last):
    assert not has_right_check_digit(f"12031559061{last}")


@pytest.mark.parametrize("iin", NO_DATE)
def test_a_right_number_without_a_date_is_worth_a_second_look_and_no_error(iin):
    assert has_right_check_digit(iin)
    assert stated_birth_date(iin) is None
    assert disagrees(iin, date(2012, 3, 15), MALE)


@pytest.mark.parametrize("text", NOT_TWELVE_DIGITS)
def test_anything_but_twelve_ascii_digits_is_refused(text):
    assert not is_twelve_digits(text)


def test_another_birth_date_or_sex_is_worth_a_second_look():
    assert disagrees("120315590005", date(2012, 3, 16), MALE)
    assert disagrees("120315590005", date(2012, 3, 15), FEMALE)


@given(st.sampled_from([row[0] for row in STATED]), st.integers(1, 9))
def test_any_other_check_digit_is_wrong(iin, change):
    assert not has_right_check_digit(f"{iin[:11]}{(int(iin[11]) + change) % 10}")


@given(st.from_regex(r"[0-9]{11}", fullmatch=True))
def test_at_most_one_check_digit_is_right(first):
    assert sum(has_right_check_digit(f"{first}{last}") for last in range(10)) <= 1
