"""What people agree to: printable, in three languages, and simple enough for a child of ten."""

import re

import pytest

from mentorship.children.models import ConsentKind
from mentorship.moves import texts, words

LANGUAGES = ("kk", "ru", "en")


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("kind", list(ConsentKind))
def test_a_consent_text_is_a_page_in_each_language_for_everybody(client, kind, code):
    page = client.page(f"/consents/{kind}/text?language={code}")
    assert page.find("html").attrs["lang"] == code
    assert "111" in page.text and texts.VERSION in page.text


def test_a_page_without_a_language_speaks_the_readers(client):
    assert client.page("/consents/own/text?language=xx").find("html").attrs["lang"] == "kk"


def test_the_version_has_words_and_every_kind_has_a_text():
    assert texts.VERSION in words.VERSIONS
    assert set(texts.TEXTS) == set(ConsentKind)


def test_the_childs_text_has_short_sentences_says_no_is_fine_and_names_111():
    own = " ".join(str(paragraph) for paragraph in texts.OWN.paragraphs)
    sentences = [sentence for sentence in re.split(r"[.?]\s*", own) if sentence]
    assert max(len(sentence.split()) for sentence in sentences) <= 12
    assert "You can say no." in own and "You can stop at any time." in own and "111" in own
    assert not re.search(r"representative|programme|organisation|consent", own)
