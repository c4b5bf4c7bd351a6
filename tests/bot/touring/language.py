"""A language that nobody speaks, in which every word that comes from the catalogues is marked.

What stands outside the marks was said past the catalogues, unless it is somebody else's: those words are Cyrillic here,
and names from Unicode's tables Greek, so that anything in Arabic or Latin letters gives itself away.
"""

from __future__ import annotations

import io
import re
import string
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from bot.words import language
from bot.words.language import LANGUAGES, LOCALE, catalogue, voice

CODE = "el"
OPEN, CLOSE = "⟦", "⟧"

_MARKED = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*(?:{CLOSE}|…|$)")
_ALLOWED = re.compile(
    r"/[a-z]+(?: add| remove| list)?\b"  # commands
    r"|(?:https?://)?[\w.-]+\.(?:example|com|org|sy|me)\b[\w/.?=&+%-]*"  # real hosts
    r"|English|العربية|Rasid|telegram\.access|rasid\.toml"  # languages are called what they call themselves
    r"|سارة"  # whoever writes to the fake server is called so
    r"|\b(?:UTC|AND|OR|NOT|Coyhaique)\b"  # the last is a city without a Greek name
    r"|\u2068[^\u2069]*(?:\u2069|…|$)"  # somebody else's words
)
_OURS = re.compile("[A-Za-z\u0621-\u064a]{2,}")


def strays(text: str) -> list[str]:
    """What of a text was neither taken from the catalogues nor is somebody else's."""
    return _OURS.findall(_ALLOWED.sub(" ", _MARKED.sub(" ", text)))


_OTHER = {"ar": re.compile("[A-Za-z]{2,}"), "en": re.compile("[\u0621-\u064a]{2,}")}
_IN_BOTH = {"AND", "OR", "NOT", "OPML", "TXT", "CSV", "JSON", "fr"}
_THEIRS = re.compile("[\u0400-\u04ff]")


def in_another(text: str, code: str) -> list[str]:
    """What of a text that speaks Arabic or English is in the other of the two, but for what is called so in both."""
    return [word for word in _OTHER[code].findall(_ALLOWED.sub(" ", text)) if word not in _IN_BOTH]


def ours(text: str) -> str:
    """The text, unless somebody else wrote it."""
    return "" if _THEIRS.search(text) else text


def taken(text: str) -> str:
    """What of a text was taken from the catalogues."""
    return "".join(part.strip(OPEN + CLOSE) for part in _MARKED.findall(text))


@contextmanager
def spoken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """While it lasts the bot speaks it, besides Arabic and English; its code."""
    folder.mkdir()
    for code in LANGUAGES:
        (folder / code).symlink_to(LOCALE / code)
    files = folder / CODE / "LC_MESSAGES"
    files.mkdir(parents=True)
    made = Catalog(locale="en")
    for one in catalogue("en"):
        if one.id:
            made.add(one.id, tuple(map(_marked, one.id)) if isinstance(one.id, tuple) else _marked(str(one.id)))
    written = io.BytesIO()
    write_po(written, made)
    (files / "rasid.po").write_bytes(written.getvalue())
    monkeypatch.setattr(language, "LOCALE", folder)
    monkeypatch.setitem(LANGUAGES, CODE, "Ρ")
    yield CODE
    voice.cache_clear()


def _marked(text: str) -> str:
    """The text with marks around everything but what is filled in."""
    parts = []
    for literal, name, _, _ in string.Formatter().parse(text):
        if literal:
            parts.append(f"{OPEN}{literal}{CLOSE}")
        if name is not None:
            parts.append("{" + name + "}")
    return "".join(parts)
