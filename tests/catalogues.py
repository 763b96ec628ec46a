"""`python -m tests.catalogues`: gather new messages into the three catalogues and compile them.

Nothing is guessed: a new message waits, empty, for its words in Kazakh and Russian. English
is filled from the message itself.
"""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "mentorship" / "translations"
NAMES = {"kk": "Kazakh", "ru": "Russian", "en": "English"}
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {"**.html": {"silent": "false"}, "**.txt": {"silent": "false"}}
HEADER = """\
# {name} words of the service.
msgid ""
msgstr ""
"Project-Id-Version: mentorship 1\\n"
"Language: {code}\\n"
"Plural-Forms: {forms}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def extracted() -> Catalog:
    """Every message of the code and the templates."""
    catalog = Catalog()
    for folder in ("mentorship", "templates"):
        found = extract_from_dir(
            ROOT / folder,
            METHODS,
            OPTIONS,
            KEYWORDS,
            directory_filter=lambda _: True,  # Babel's own passes over _macros
        )
        for name, _line, message, comments, context in found:
            catalog.add(message, None, [(f"{folder}/{name}", 1)], (), comments, context=context)
    return catalog


def path(code: str) -> Path:
    return FOLDER / code / "LC_MESSAGES" / "messages.po"


def read(code: str) -> Catalog:
    """The catalogue of a language as it is in the repository."""
    if not path(code).exists():
        return Catalog(locale=code)
    with path(code).open("rb") as file:
        return read_po(file, locale=code)


def messages(catalog: Catalog) -> Iterator[Message]:
    """Its messages without the header."""
    return (message for message in catalog if message.id)


def _fill_english(catalog: Catalog) -> None:
    for message in messages(catalog):
        message.string = message.id


def update(code: str) -> int:
    """Bring one catalogue up to date; how many messages wait for their words."""
    catalog = read(code)
    catalog.update(extracted(), no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    if code == "en":
        _fill_english(catalog)
    path(code).parent.mkdir(parents=True, exist_ok=True)
    with path(code).open("wb") as file:
        header = HEADER.format(name=NAMES[code], code=code, forms=catalog.plural_forms)
        file.write(header.encode())
        write_po(file, catalog, omit_header=True, no_location=True, sort_output=True)
    with path(code).with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)
    return len([message for message in messages(catalog) if is_empty(message)])


def is_empty(message: Message) -> bool:
    """Whether any form of the message has no words yet."""
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return not all(forms)


if __name__ == "__main__":
    for code in NAMES:
        print(f"{NAMES[code]}: {update(code)} messages wait for their words")
