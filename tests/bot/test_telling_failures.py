"""What the crawler writes about a source that failed, as readers are told."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import crawler
from bot.words.failures import failure_words
from bot.words.language import voice
from bot.words.notices import compose_notice

ARABIC, ENGLISH = voice("ar"), voice("en")
UNKNOWN = failure_words("Nobody ever wrote this.", ARABIC)
WRITERS = ("web", "feeds", "listings", "sites", "parsing", "service.py")
"""Parts of the crawler whose sentences end up as a source's last error."""

STATUS = "404 (Not Found)"


def sentences(tree: ast.Module) -> Iterator[str]:
    """Its sentences but for documentation, gaps filled with something."""
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if id(node) in documentation | parts:
            continue
        text = ""
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else STATUS for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        if text[:1].isupper() and text.endswith(".") and " " in text:
            yield text


def written() -> set[str]:
    root = Path(crawler.__file__).parent
    files = [path for name in WRITERS for path in ((root / name).rglob("*.py") if "." not in name else [root / name])]
    return {text for path in files for text in sentences(ast.parse(path.read_text(encoding="utf-8")))}


def test_every_sentence_the_crawler_writes_of_a_failure_has_its_words() -> None:
    assert "The site redirects in circles." in written()
    assert f"The site answered {STATUS}." in written()
    assert [text for text in sorted(written()) if failure_words(text, ARABIC) == UNKNOWN] == []


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("The site answered 404 (Not Found).", "أجاب الموقع برمز الخطأ 404."),
        ("The site's robots.txt does not allow it.", "لا يسمح بذلك ملف robots.txt في الموقع."),
        ("This is plain text, not a feed.", "ما هناك ليس قائمة أخبار."),
        ("This cannot be read safely: it defines entities.", "لا تمكن قراءة ما هناك بأمان."),
        ("Boom", "تعذّرت قراءته."),
    ],
)
def test_arabic_readers_are_told_in_arabic(reason: str, words: str) -> None:
    assert failure_words(reason, ARABIC) == words


def test_english_readers_are_told_precisely() -> None:
    assert failure_words("This is plain text, not a feed.", ENGLISH) == "This is plain text, not a feed."


def a_broken_outlet(language: str, **reason: object) -> str:
    payload = {"notice": "outlet_health", "outlet": "Horizon", "outlet_id": 1, "health": "broken", "reason": reason}
    return compose_notice({**payload, "since": "2026-03-20T12:00:00+00:00"}, voice(language)).body.text


def test_followers_hear_why_an_outlet_cannot_be_read() -> None:
    why = {"code": "failing", "failures": 4, "error": "The site answered 404 (Not Found)."}
    assert "404" in a_broken_outlet("en", **why)
    arabic = a_broken_outlet("ar", **why)
    assert "404" in arabic
    assert "Not Found" not in arabic


def test_nobody_is_promised_visits_to_what_is_gone_for_good() -> None:
    assert "I go on trying" in a_broken_outlet("en", code="failing", failures=4, error="")
    gone = a_broken_outlet("en", code="gone")
    assert "I go on trying" not in gone
    assert "visit it no more" in gone
