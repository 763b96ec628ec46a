"""Which encoding a text file is in: UTF-8, UTF-16 with its mark, Windows-1251, or its Kazakh twin.

KZ-1048 is Windows-1251 with the nine Kazakh letters in the places of South Slavic ones, so a
file that seems to hold Serbian letters is Kazakh. Every other guess is refused: a register of
wrong letters looks right to a machine and to nobody else.
"""

import codecs
import re

from mentorship.registers.table import FileRefused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SERBIAN = frozenset("ЌќЈјЅѕЏџ")
_USUAL = re.compile("[А-яЁёІіЇїЄєҐґЎўҒғҮүҰұҚқҢңӘәӨөҺһ«»№–—’‘“”„…•°§\xa0]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_TURNED = re.compile(
    "[а-яё][А-ЯЁ]"
)  # Windows-1251 read from KOI8-R swaps capitals and small letters
_WORD = re.compile("[А-яЁё]{2,}")


def decode(data: bytes) -> str:
    """The text of a file; raises FileRefused where it is no text or in no encoding we know."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _text(_strict(data, encoding).removeprefix("\ufeff"))
    try:
        return _text(data.decode("utf-8"))
    except UnicodeDecodeError:
        _refuse_damaged_utf8(data)
    text = _text(_strict(data, "cp1251"))
    if _SERBIAN & set(text):
        text = _strict(data, "kz1048")
    _refuse_strange_letters(text)
    return text


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if b"\x00" in data and encoding == "cp1251":
            raise FileRefused("not_text") from error
        raise FileRefused("unknown_encoding") from error


def _text(text: str) -> str:
    if _CONTROL.search(text):
        raise FileRefused("not_text")
    return text


def _refuse_damaged_utf8(data: bytes) -> None:
    """One broken byte must not turn a whole UTF-8 register into rubbish in Windows-1251."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    sound = sum(1 for letter in text if letter > "\x7f") - broken
    if sound > broken:
        raise FileRefused("unknown_encoding")


def _refuse_strange_letters(text: str) -> None:
    foreign = [letter for letter in text if letter > "\x7f"]
    usual = sum(1 for letter in foreign if _USUAL.match(letter))
    words = len(_WORD.findall(text))
    if usual < 0.8 * len(foreign) or len(_TURNED.findall(text)) > max(1, 0.2 * words):
        raise FileRefused("unknown_encoding")
