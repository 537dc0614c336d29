"""Every text that a reader can meet is translated, and nothing else is."""

from __future__ import annotations

import re
import string

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from analysis_helpers.language import CATALOGUES
from analysis_helpers.translations import messages, refreshed

LANGUAGES = sorted(path.stem for path in CATALOGUES.glob("*.po"))


def entries(language: str) -> list[Message]:
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        return [message for message in read_po(file) if message.id]


def fields(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}


def forms(message: Message, of: str) -> list[str]:
    found = getattr(message, of)
    return list(found) if isinstance(found, (list, tuple)) else [found]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_missing_outdated_or_left_over(language: str) -> None:
    written = (CATALOGUES / f"{language}.po").read_text(encoding="utf-8")
    assert refreshed(language) == written, "run: make translations"
    for message in entries(language):
        assert all(forms(message, "string")), message.id
        assert not message.fuzzy, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_fills_in_what_the_text_fills_in(language: str) -> None:
    for message in entries(language):
        if "python-brace-format" not in message.flags:
            continue
        wanted = set.union(*map(fields, forms(message, "id")))
        for index, form in enumerate(forms(message, "string")):
            # One, two and none may say the count by themselves.
            spared = (
                {"count", "departed", "loose", "part"}
                if len(forms(message, "string")) > 1 and index < 3
                else set()
            )
            assert wanted - spared <= fields(form) | spared, message.id
            assert fields(form) <= wanted, message.id


def test_hebrew_says_nothing_in_latin_letters() -> None:
    for message in entries("he"):
        for form in forms(message, "string"):
            plain = re.sub(r"\{[^}]*\}|`[^`]*`|CSV|HTML|JSON|TOML|pandas", "", form)
            assert not re.search("[A-Za-z]", plain), form


def test_texts_of_code_pages_and_notebooks_are_all_found() -> None:
    found = {
        str(message.id if isinstance(message.id, str) else message.id[0]) for message in messages()
    }
    assert "{departed} of the {credited} {people} had left {company} by {month}" in found  # code
    assert "Skip to the content" in found  # a page
    assert "Show the work" in found  # a chapter of a page
    assert "# Where did they end up?" in found  # a notebook
