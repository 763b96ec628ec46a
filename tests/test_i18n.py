from datetime import UTC, date, datetime

import pytest
from flask import session as browser
from flask_babel import force_locale
from hypothesis import example, given
from hypothesis import strategies as st

from mentorship.i18n import (
    ALPHABET,
    LOCALES,
    chosen_language,
    like_patterns,
    normalise,
    search_key,
    show_date,
    show_distance,
    show_long_date,
    show_time,
    sort_key,
)
from tests import factories

KAZAKH_WORDS = st.text(alphabet=ALPHABET + ALPHABET.upper(), min_size=1, max_size=12)
TEXTS = st.text(max_size=40)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("канат", "Қанат"),
        ("ҚАНАТ", "Қанат"),
        ("әлия", "Алия"),
        ("алия", "Әлия"),
        ("гульнар", "Гульнар"),
        ("омирбек", "Өмірбек"),
        ("умит", "Үміт"),
        ("унгар", "Ұңғар"),
        ("шынгыс", "Шыңғыс"),
        ("артем", "Артём"),
        ("каhарман", "Қаһарман"),
        ("кахарман", "Қаһарман"),
        ("жетiм", "Жетім"),
    ],
)
def test_a_name_is_found_from_a_russian_keyboard(typed, stored):
    assert search_key(typed) == search_key(stored)


def test_the_alphabet_has_its_42_letters_in_order():
    assert len(ALPHABET) == len(set(ALPHABET)) == 42
    assert "".join(sorted(set(ALPHABET), key=sort_key)) == ALPHABET


def test_names_sort_in_kazakh_order():
    names = ["Яна", "Іңкәр", "Иван", "Ұлан", "Үміт", "Уәли", "Қанат", "Кенже", "Әлия", "Алма"]
    assert sorted(names, key=sort_key) == [
        "Алма", "Әлия", "Иван", "Кенже", "Қанат", "Уәли", "Ұлан", "Үміт", "Іңкәр", "Яна",
    ]  # fmt: skip


def test_a_shorter_last_name_comes_before_a_longer_one():
    assert sort_key("Ким", "Юрий") < sort_key("Кимов", "Андрей")


@pytest.mark.parametrize(
    ("official", "meant"),
    [
        ("Солтүстiк", "Солтүстік"),
        ("Жетiм бiлiм", "Жетім білім"),
        ("Ӛмір", "Өмір"),
        ("Əлия", "Әлия"),
        ("Cауле", "Сауле"),
    ],
)
def test_latin_lookalikes_inside_cyrillic_words_are_put_right(official, meant):
    assert normalise(official) == meant


@pytest.mark.parametrize("text", ["SOS", "Excel", "name@example.org", "O'Brien"])
def test_latin_words_stay_latin(text):
    assert normalise(text) == text


def test_latin_and_cyrillic_words_live_side_by_side():
    assert normalise("  «SOS   Балалар ауылы» ") == "«SOS Балалар ауылы»"


def test_composed_and_decomposed_letters_are_the_same():
    assert normalise("Йй") == "Йй"


@given(TEXTS)
@example("Солтүстiк Қазақстан")
def test_normalising_twice_changes_nothing_more(text):
    assert normalise(normalise(text)) == normalise(text)


@given(KAZAKH_WORDS)
def test_the_search_key_knows_no_case_and_no_kazakh_letter(word):
    assert search_key(word) == search_key(word.upper()) == search_key(word.lower())
    assert not set(search_key(word)) & set("әғқңөұүһіё")


@given(KAZAKH_WORDS, KAZAKH_WORDS)
def test_sorting_follows_the_alphabet_letter_by_letter(first, second):
    ranks = [[ALPHABET.index(letter) for letter in word.lower()] for word in (first, second)]
    keys = [sort_key(first), sort_key(second)]
    assert (keys[0] < keys[1]) == (ranks[0] < ranks[1])
    assert (keys[0] == keys[1]) == (ranks[0] == ranks[1])


@given(TEXTS)
def test_a_search_pattern_lets_no_wildcard_through(text):
    inside = " ".join(pattern[1:-1] for pattern in like_patterns(text)).replace("\\\\", "")
    for sign in "%_":
        assert inside.count(sign) == inside.count(f"\\{sign}")


def test_dates_are_written_in_each_language(app):
    written = {
        "kk": "2026 ж. 5 қаңтар",
        "ru": "5 января 2026 г.",
        "en_GB": "5 January 2026",
    }
    for locale, expected in written.items():
        with app.test_request_context(), force_locale(locale):
            assert " ".join(show_long_date(date(2026, 1, 5)).split()) == expected
            assert show_date(date(2026, 1, 5)) == "05.01.2026"
            assert show_date(None) == show_long_date(None) == "—"


def test_an_instant_is_shown_in_kazakhstans_time():
    late = datetime(2026, 1, 5, 20, 15, tzinfo=UTC)
    assert show_time(late) == "06.01.2026 01:15"
    assert show_date(late) == "06.01.2026"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 1, 5), "today"),
        (date(2026, 1, 6), "tomorrow"),
        (date(2026, 1, 4), "yesterday"),
        (date(2026, 1, 8), "in 3 days"),
        (date(2025, 12, 31), "5 days ago"),
        (date(2026, 3, 5), "in 59 days"),
        (date(2026, 3, 6), "in 2 months"),
        (date(2025, 7, 5), "6 months ago"),
        (date(2023, 1, 5), "3 years ago"),
        (date(2029, 1, 5), "in 3 years"),
    ],
)
def test_the_distance_of_a_date_is_told_in_words(app, day, words):
    with app.test_request_context(), force_locale("en_GB"):
        assert show_distance(day, date(2026, 1, 5)) == words


def test_russian_counts_days_in_three_forms(app):
    today = date(2026, 1, 5)
    with app.test_request_context(), force_locale("ru"):
        told = {show_distance(date(2026, 1, day), today) for day in (8, 10, 26)}
    assert len(told) == 3
    assert not any(word in text for text in told for word in ("day", "days"))


def test_a_page_speaks_kazakh_until_somebody_chooses(app):
    with app.test_request_context():
        assert chosen_language() == "kk"
        browser["language"] = "ru"
        assert chosen_language() == "ru"
        browser["language"] = "xx"
        assert chosen_language() == "kk"


@pytest.mark.parametrize("code", LOCALES)
def test_the_language_switch_changes_the_page_and_stays(client, code):
    page = client.page("/sign-in")
    client.send(page, "/language", language=code)
    assert client.page("/sign-in").find("html").attrs["lang"] == code


def test_a_person_is_met_in_their_own_language(store, sign_in):
    client = sign_in(factories.administrator(store, language="ru"))
    assert client.page("/users").find("html").attrs["lang"] == "ru"


def test_the_language_chosen_after_signing_in_is_remembered(store, sign_in):
    user = factories.administrator(store, language="ru")
    client = sign_in(user)
    client.send(client.page("/users"), "/language", language="kk")
    assert user.language == "kk"
