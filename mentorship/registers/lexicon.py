"""The words that may stand in a cell, in three languages, and the codes they mean."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import force_locale

from mentorship.i18n import LOCALES, search_key
from mentorship.people.vocabulary import INTERESTS

SYNONYMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "sex": {
        "male": (
            "m", "man", "boy", "м", "муж", "мужской", "мужчина", "мальчик", "ер", "еркек", "ұл",
        ),
        "female": (
            "f", "woman", "girl", "ж", "жен", "женский", "женщина", "девочка", "әйел", "қыз",
        ),
    },
    "languages": {
        "kk": ("kazakh", "қазақ", "қазақша", "қазақ тілі", "казахский", "казахский язык"),
        "ru": ("russian", "орыс", "орысша", "орыс тілі", "русский", "русский язык"),
        "uz": ("uzbek", "өзбек", "өзбекше", "өзбек тілі", "узбекский", "узбекский язык"),
        "ug": ("uyghur", "uighur", "ұйғыр", "ұйғырша", "ұйғыр тілі", "уйгурский", "уйгурский язык"),
        "tg": ("tajik", "тәжік", "тәжікше", "тәжік тілі", "таджикский", "таджикский язык"),
        "en": ("english", "ағылшын", "ағылшынша", "ағылшын тілі", "английский", "английский язык"),
        "sign": ("sign language", "ымдау тілі", "ым тілі", "жестовый язык", "язык жестов"),
    },
    "levels": {
        "fluent": (
            "fluently", "native", "еркін", "жетік", "ана тілі", "свободно", "свободный",
            "свободное владение", "родной",
        ),
        "basic": ("basics", "бастапқы", "негізгі", "базовый", "базовое", "начальный", "немного"),
    },
    "yes_no": {
        "yes": ("true", "1", "y", "on", "иә", "ия", "бар", "да", "есть", "истина", "ақиқат"),
        "no": ("false", "0", "n", "off", "жоқ", "нет", "ложь", "жалған"),
    },
    "results": {
        "clear": ("clean", "таза", "кедергі жоқ", "чисто", "нет препятствий", "не имеется"),
        "adverse": ("кедергі бар", "есть препятствия", "имеется"),
        "pending": ("күтілуде", "ожидается"),
    },
}  # fmt: skip
# What columns are often called besides their names and labels.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "last_name": ("surname", "тегі", "фамилия"),
    "first_name": ("given name", "аты", "есімі", "имя"),
    "patronymic": ("әкесінің аты", "отчество"),
    "sex": ("gender", "жынысы", "пол"),
    "birth_date": ("birthday", "туған күні", "дата рождения"),
    "iin": ("жсн", "иин"),
    "phone": ("телефон",),
    "email": ("mail", "электрондық пошта", "эл. почта", "электронная почта"),
    "region": ("өңір", "облыс", "регион", "область"),
    "town": ("city", "қала", "город"),
    "languages": ("тілдер", "языки"),
    "interests": ("қызығушылықтар", "интересы"),
    "centre": ("center", "орталық", "центр"),
}
_LEVEL = re.compile(r"(.*?)\s*[:=(–—]\s*([^():]+?)\s*\)?")
_SEPARATORS = re.compile(r"[;,\n|]")


class Lexicon:
    """Folded words to codes; made once for an import, inside an app context."""

    def __init__(self, options: Any, synonyms: str = "") -> None:
        self.codes: dict[str, str] = {}
        for word, code in _words(options):
            self.codes.setdefault(search_key(word), code)
        for code, words in SYNONYMS.get(synonyms, {}).items():
            for word in words:
                self.codes.setdefault(search_key(word), code)

    def find(self, text: str) -> str | None:
        """The code of a word, or None."""
        return self.codes.get(search_key(text))

    def find_all(self, text: str) -> tuple[list[str], list[str]]:
        """The codes of several words, and the words that mean nothing."""
        codes: list[str] = []
        unknown: list[str] = []
        for word in split(text):
            code = self.find(word)
            if code is None:
                unknown.append(word)
            elif code not in codes:
                codes.append(code)
        return codes, unknown


def split(text: str) -> list[str]:
    """The parts of a cell that holds several, separated by semicolons, commas or line breaks."""
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]


def read_languages(
    text: str, languages: Lexicon, levels: Lexicon
) -> tuple[dict[str, str], list[str]]:
    """Languages with their level, and what was not understood; no level means fluent."""
    spoken: dict[str, str] = {}
    unknown: list[str] = []
    for part in split(text):
        found = _LEVEL.fullmatch(part)
        code = languages.find(found[1] if found else part)
        level = levels.find(found[2]) if found else "fluent"
        if code is None or level is None or spoken.get(code, level) != level:
            unknown.append(part)
        else:
            spoken[code] = level
    return spoken, unknown


def in_every_language(word: Callable[[], Any]) -> list[str]:
    """What a lazy word says in each of the three languages."""
    found = []
    for locale in LOCALES:
        with force_locale(locale):
            found.append(str(word()))
    return found


def _words(options: Any) -> list[tuple[str, str]]:
    mapping: Mapping[str, Any] = options() if callable(options) else options
    pairs = [(str(code), str(code)) for code in mapping]
    for locale in LOCALES:
        with force_locale(locale):
            pairs += [(str(word), str(code)) for code, word in mapping.items()]
    if set(mapping) == set(INTERESTS):  # their names are not in the catalogues
        pairs += [(name, code) for code, names in INTERESTS.items() for name in names.values()]
    return pairs
