"""Every text in every language: none untranslated, none beside the catalogues, none with other gaps."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

import bot
from bot.words.language import LANGUAGES, LOCALE, catalogue, language_of, voice
from bot.words.query_errors import add_query_error
from bot.words.text import TextBuilder
from monitors.query.language import describing
from monitors.query.language.mistakes import Mistake, refusal

CODE = sorted(Path(bot.__file__).parent.rglob("*.py"))
MAX_LABEL = 20
"""Letters of a button's label that phones show even beside another button."""
NOT_SPOKEN = ("console.py", "service.py", "sending.py", "mentions.py")
"""Modules that speak with operators only, compare what Telegram says, or draw what they are given."""


def marked() -> set[str | tuple[str, str]]:
    """The texts the code marks for translation."""
    found: set[str | tuple[str, str]] = set()
    for path in (*CODE, Path(describing.__file__)):  # it gives its sentences to whoever translates them
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
                if name in ("say", "message") and texts and isinstance(texts[0], str):
                    found.add(texts[0])
                elif name == "count" and len(texts) >= 2:
                    found.add((str(texts[0]), str(texts[1])))
    return found


def forms(text: Any) -> tuple[str, ...]:
    """The one form of a text, or all of a counted one."""
    return tuple(text) if isinstance(text, tuple | list) else (text,)


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_exactly_what_the_code_says(language: str) -> None:
    assert {one.id for one in catalogue(language) if one.id} == marked()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_stands_in_one_file_of_its_language(language: str) -> None:
    ids = []
    for path in (LOCALE / language / "LC_MESSAGES").glob("*.po"):
        with path.open("rb") as file:
            ids += [one.id for one in read_po(file, locale=language) if one.id]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_with_the_same_gaps(language: str) -> None:
    entries = [one for one in catalogue(language) if one.id]
    for one in entries:
        assert not one.fuzzy
        originals, translations = forms(one.id), forms(one.string)
        assert all(translations), one.id
        allowed = set.union(*map(gaps, originals))
        for text in translations:
            assert gaps(text) <= allowed, text
            if len(originals) == 1:
                assert gaps(text) == allowed, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_of_buttons_can_be_read_whole(language: str) -> None:
    said = {one.id: one.string for one in catalogue(language) if one.id}
    labels = {str(said[text]) for text in _labels()}
    assert [label for label in labels if len(_without_gaps(label)) > MAX_LABEL] == []


def _labels() -> Iterator[str]:
    """The texts in the first argument of `button(…)`."""
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "button":
                said = [
                    part for part in ast.walk(node.args[0]) if getattr(getattr(part, "func", None), "attr", "") == "say"
                ]
                texts = [part.args[0] for part in said if isinstance(part, ast.Call)]
                yield from (str(text.value) for text in texts if isinstance(text, ast.Constant))


def test_arabic_is_written_in_arabic() -> None:
    for one in catalogue("ar"):
        if any(letter.isalpha() for text in forms(one.id) for letter in _without_gaps(text)):
            assert all(any("\u0600" <= letter <= "\u06ff" for letter in text) for text in forms(one.string))


OTHER_WORDS = r"[٠-٩٪]|[ء-ي][,;?]|\b(أزل|إزالة|لا مكان|متوقف\w*|معامل\w*|تعابير|يوافق|استعمل\w*|يستعمل\w*|اقتباس)\b"
"""Signs and words that have another one in the glossary at the head of the Arabic `rasid.po`."""


def test_arabic_has_one_word_for_one_thing() -> None:
    texts = [text for one in catalogue("ar") if one.id for text in forms(one.string)]
    assert [text for text in texts if re.search(OTHER_WORDS, text)] == []


OF_ONE_KIND_OF_CHAT = r"(?i)\bthis (chat|group|channel|topic)\b|[تي]صلك|هذه (المحادثة|المجموعة|القناة)"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_says_which_kind_of_chat_it_stands_in(language: str) -> None:
    """The same screens are shown in private and in groups, and in private they are also about channels."""
    texts = [text for one in catalogue(language) if one.id for text in forms(one.string)]
    assert [text for text in texts if re.search(OF_ONE_KIND_OF_CHAT, text)] == []


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "لا مراقبات"),
        (1, "مراقبة واحدة"),
        (2, "مراقبتان"),
        (3, "{n} مراقبات"),
        (10, "{n} مراقبات"),
        (11, "{n} مراقبة"),
        (99, "{n} مراقبة"),
        (100, "{n} مراقبة"),
        (103, "{n} مراقبات"),
    ],
)
def test_arabic_counts_in_six_forms(number: int, words: str) -> None:
    assert voice("ar").count("{n} watch", "{n} watches", number) == words


def test_texts_said_to_people_come_from_the_catalogues() -> None:
    """A sentence in code that is neither marked, documentation, an error of ours nor a log line is a stray."""
    known = {text for one in marked() for text in (one if isinstance(one, tuple) else (one,))}
    strays = []
    for path in CODE:
        if path.name in NOT_SPOKEN:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        silent = {
            id(part)
            for node in ast.walk(tree)
            if _is_docstring(node) or _is_for_operators(node)
            for part in ast.walk(node)
        }
        strays += [
            (path.name, node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in silent
            and node.value not in known
            and " " in node.value.strip()
            and not node.value.startswith("/")
            and sum(letter.isalpha() for letter in _without_gaps(node.value)) > 8
        ]
    assert strays == []


def _without_gaps(text: str) -> str:
    try:
        return "".join(literal for literal, *_ in string.Formatter().parse(text))
    except ValueError:
        return text


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_for_operators(node: ast.AST) -> bool:
    """Log lines, exceptions, reasons written into rows, regular expressions, names of tasks."""
    if isinstance(node, ast.Raise | ast.Assert):
        return True
    if not isinstance(node, ast.Call):
        return isinstance(node, ast.keyword) and node.arg == "name"
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    owner = getattr(getattr(node.func, "value", None), "id", "")
    return owner in ("logger", "re") or name in (
        *("put_back", "give_up_chat", "Halted", "NotSent", "Refused", "Unknown"),
    )


@pytest.mark.parametrize("mistake", Mistake)
def test_every_mistake_in_a_query_has_its_words(mistake: Mistake) -> None:
    error = refusal(mistake, "سد", 1)
    error.suggestion, error.understood = "سد النهضة", "نهر"
    for language in LANGUAGES:
        builder = TextBuilder()
        add_query_error(builder, error, voice(language))
        what, where, hint, understood, meant = builder.build().text.splitlines()
        assert "{" not in what + hint
        assert "س▶د" in where
        assert "نهر" in understood
        assert "سد النهضة" in meant


@pytest.mark.parametrize(
    ("code", "language"), [("ar-SA", "ar"), ("EN", "en"), ("en-GB", "en"), ("fr", "ar"), ("", "ar"), (None, "ar")]
)
def test_the_first_language_follows_the_app_or_the_setting(code: str | None, language: str) -> None:
    assert language_of(code, "ar") == language


def test_a_language_nobody_translated_is_english() -> None:
    assert voice("tlh").say("Help") == "Help"
